"""What a computer states again to a restored account, and in which order."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.sync.file import Slice
from app.sync.forms import form_of, forms, full_rows
from app.sync.lost import Lost
from app.sync.outbox import OpState
from app.sync.protocol.terms import Verb
from tests.sync.test_two_computers import person
from tests.sync.worlds import Desktop, settle


def versions(part: Slice) -> dict[tuple[str, bytes], int]:
    """Return the versions of all rows."""
    return {
        (form.entity, row[0]): row[1]
        for form in forms()
        for row in full_rows(part.connection, form, "1 = 1", ())
    }


def in_order(part: Slice, common: int) -> list[list[tuple[str, bytes]]]:
    """Return what is beyond ``common``, read a few rows at a time."""
    lost = Lost(common)
    while not lost.look_on(part, 3):
        pass
    return lost.in_order()


def test_rows_of_one_change_set_are_stated_as_one_and_parents_first(office: Desktop) -> None:
    """Rule 21 of 0022: a half of it would be seen else."""
    common = office.file.slice(lambda part: part.link().cursor_seq)
    person(office)
    settle(office)
    listed = office.file.slice(lambda part: in_order(part, common))
    known = office.file.slice(versions)
    found = [{known[key] for key in rows} for rows in listed]
    assert [len(each) for each in found] == [1] * len(listed)
    assert {key for rows in listed for key in rows} == {k for k, at in known.items() if at > common}
    place = {key: at for at, rows in enumerate(listed) for key in rows}
    for (entity, pk), at in place.items():
        form, said = form_of(entity), office.row(entity, UUID(bytes=pk))
        assert form is not None
        for name, target in form.links.items():
            if said[name] is not None:
                assert place.get((target, bytes.fromhex(said[name])), -1) <= at


def test_change_sets_that_point_at_each_other_are_stated_as_one(office: Desktop) -> None:
    """What was written first may point at what was changed later, and the other way round."""
    common = office.file.slice(lambda part: part.link().cursor_seq)
    person(office)
    settle(office)

    def apart(part: Slice) -> list[list[tuple[str, bytes]]]:
        change = part.connection.execute
        change("UPDATE care_case SET row_seq = ?", (common + 50,))
        change("UPDATE care_case SET identified_client_id = (SELECT id FROM client)")
        change("UPDATE client SET row_seq = ?", (common + 51,))
        change("UPDATE case_participant SET row_seq = ?", (common + 51,))
        return in_order(part, common)

    listed = office.file.slice(apart)
    tables = [{entity for entity, _ in rows} for rows in listed]
    assert {"care_case", "case_participant", "client"} in tables


def test_a_slice_looks_at_so_many_rows_and_no_more(office: Desktop) -> None:
    """Whoever types waits for a slice, however large the practice is."""
    for _ in range(5):
        person(office)
    settle(office)
    known = office.file.slice(versions)
    lost, slices, found = Lost(0), 0, 0
    while found < sum(at > 0 for at in known.values()):
        office.file.slice(lambda part: lost.look_on(part, 4))
        slices += 1
        rows = sum(map(len, lost.in_order()))
        assert rows - found <= 4
        found = rows
    assert slices >= found // 4


def test_sent_is_stored_before_it_is_sent(office: Desktop) -> None:
    """Rule 11 of 0022: a restored file cannot know else whether its earlier life had sent it."""
    seen: list[list[OpState]] = []

    def tap(verb: Verb, _message: Any) -> None:
        if verb is Verb.PUSH:
            seen.append(
                office.file.slice(
                    lambda part: [
                        OpState(state)
                        for (state,) in part.connection.execute("SELECT state FROM outbox")
                    ]
                )
            )

    office.desk.do(add_client, NewClient(PersonName(given="New", family="Client")))
    office.transport.tap = tap
    settle(office)
    assert seen
    assert set(seen[0]) == {OpState.SENT}

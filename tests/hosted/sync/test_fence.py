"""What a program that was tampered with says on an associate's behalf: nothing widens her view."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Boolean, Date, Integer, LargeBinary

from app.core.store.base import synced_tables
from app.core.store.columns import Cents, Json, Moment, WallTime, Word
from app.core.store.reading import HANGS_BY
from app.sync.protocol.records import Answer, Earlier
from hosted.store.kinds import kinds
from tests.hosted.sync.test_restored import Restorable, lost, restore, stated
from tests.hosted.sync.test_scope import Group, seen
from tests.hosted.worlds import CLIENT, Computer, Server

__all__ = ["lost"]

REFUSED = ("rejected", "server_owned")
MOTHER = {"name": "Her mother"}


@pytest.fixture
def group(server: Server) -> Group:
    """An owner, and an associate with one case of her own."""
    made = Group(server)
    made.associate.pull()
    return made


def said(answers: tuple[Answer, ...]) -> set[tuple[str, str]]:
    return {(each.verdict, each.refusal) for each in answers}


def links() -> Iterator[tuple[str, str, str]]:
    """Yield every link of the entity table to a record that not everybody sees."""
    cut = {"care_case", "client", "contact", "attachment", *HANGS_BY}
    for entity, kind in kinds("sqlite").items():
        for column, target in kind.links.items():
            if target in cut:
                yield entity, column, target


class Maker:
    """Makes a row of any table, and what it must point at, from one record's side."""

    def __init__(self, computer: Computer, roots: dict[str, UUID]) -> None:
        self._computer = computer
        self._made = dict(roots)

    def columns(self, entity: str, **given: str) -> dict[str, Any]:
        """Return what a new row needs, with ``given`` for some of its links."""
        kind = kinds("sqlite")[entity]
        table = synced_tables()[entity].__table__
        found: dict[str, Any] = {}
        for name in kind.columns:
            column = table.columns[name]
            if name in given:
                found[name] = given[name]
            elif HANGS_BY.get(entity) == name or (name in kind.links and not column.nullable):
                found[name] = self._one(kind.links[name]).hex
            elif not column.nullable and column.default is None:
                found[name] = _sample(column.type)
        return found

    def new(self, entity: str) -> UUID:
        """Make a row."""
        return self._computer.add(entity, self.columns(entity))

    def _one(self, entity: str) -> UUID:
        if entity not in self._made:
            self._made[entity] = self.new(entity)
        return self._made[entity]


def _sample(of: Any) -> Any:
    if isinstance(of, Word):
        words: Any = of.kind
        return next(iter(words)).value
    values: tuple[tuple[Any, Any], ...] = (
        (Moment, "2026-11-19T19:00:00+00:00"),
        (WallTime, "2026-11-19T09:00:00"),
        (Date, "2026-11-19"),
        (Boolean, False),
        (Cents, 1),
        (Integer, 1),
        (Json, {}),
        (LargeBinary, "AAAA"),
    )
    return next((value for kind, value in values if isinstance(of, kind)), "x")


def test_no_link_of_any_table_brings_anothers_record_into_view(group: Group) -> None:
    owner, kim = group.owner, group.associate
    theirs = Maker(owner, {**group.other, "member": owner.caller.member_id})
    service = theirs.new("service")
    hers = Maker(kim, {**group.hers, "member": group.associate_id, "service": service})
    named = {link: theirs.new(link[2]) for link in links()}
    assert len(named) > 40
    for (entity, column, _target), pk in named.items():
        row = hers.columns(entity, **{column: pk.hex})
        if entity == "care_case":
            row["provider_id"] = group.associate_id.hex
        kim.push(kim.write(entity, uuid4(), row, new=True))
    found = seen(kim) | {pk for _, pk in kim.rows}
    assert [link for link, pk in named.items() if pk in found] == []
    assert not set(group.other.values()) & found


@pytest.fixture
def known(group: Group) -> dict[str, UUID]:
    """A client and a contact of the owner's, whose ids an associate knows from earlier."""
    owner = group.owner
    contact = owner.add("contact", {"name": "Other mother"})
    tie = {"client_id": group.other["client"].hex, "contact_id": contact.hex, "type": "PARENT"}
    owner.add("relationship", tie)
    return {"client": group.other["client"], "contact": contact}


def bringing(group: Group, known: dict[str, UUID]) -> dict[str, dict[str, Any]]:
    """Return, by table, a row of her own case that names somebody of the owner's."""
    case, client, contact = group.hers["care_case"], known["client"], known["contact"]
    hers = group.hers["client"].hex
    return {
        "case_participant": {"case_id": case.hex, "client_id": client.hex},
        "case_billing_contact": {"case_id": case.hex, "contact_id": contact.hex},
        "relationship": {"client_id": hers, "contact_id": contact.hex, "type": "PARENT"},
        "care_case": {
            "kind": "INDIVIDUAL",
            "provider_id": group.associate_id.hex,
            "identified_client_id": client.hex,
        },
    }


@pytest.mark.parametrize(
    "entity", ["case_participant", "case_billing_contact", "relationship", "care_case"]
)
def test_a_new_row_that_names_anothers_person_is_refused_with_its_whole_change_set(
    group: Group, known: dict[str, UUID], entity: str
) -> None:
    kim, one = group.associate, uuid4()
    made = kim.write(entity, uuid4(), bringing(group, known)[entity], new=True, change_set=one)
    along = kim.write("client", group.hers["client"], {"notes": "along"}, change_set=one)
    after = kim.write("client", group.hers["client"], {"pronouns": "she"})
    first, second, third = kim.push(made, along, after)
    assert said((first, second)) == {REFUSED}
    assert third.verdict == "applied"
    assert not set(known.values()) & seen(kim)
    group.owner.pull()
    assert "notes" not in group.owner.row("client", group.hers["client"])
    # Told where refused work is told.
    told = {(each["entity"], each["reason"]) for each in group.owner.inbox()}
    assert told == {(entity, "server_owned"), ("client", "server_owned")}


@pytest.mark.parametrize(
    ("entity", "column"),
    [
        ("case_participant", "client_id"),
        ("case_billing_contact", "contact_id"),
        ("relationship", "contact_id"),
        ("care_case", "identified_client_id"),
    ],
)
def test_an_own_row_does_not_come_to_name_anothers_person(
    group: Group, known: dict[str, UUID], entity: str, column: str
) -> None:
    kim = group.associate
    mother = kim.write("contact", uuid4(), MOTHER, new=True)
    kim.push(mother)
    mine = {"client_id": group.hers["client"].hex, "contact_id": mother.pk.hex}
    row = {**bringing(group, known)[entity], column: mine.get(column)}
    own = kim.write(entity, uuid4(), row, new=True)
    assert kim.push(own)[0].verdict == "applied"
    kim.pull()
    theirs = known["contact" if column == "contact_id" else "client"].hex
    assert said(kim.push(kim.write(entity, own.pk, {column: theirs}))) == {REFUSED}
    assert not set(known.values()) & seen(kim)


def test_whom_she_sees_or_makes_she_may_name(group: Group) -> None:
    kim, case = group.associate, group.hers["care_case"].hex
    me = group.associate_id.hex
    # New in the same change set, whatever stands first in it.
    one, client, other = uuid4(), uuid4(), uuid4()
    tie = {"client_id": client.hex, "contact_id": other.hex, "type": "PARENT"}
    together = [
        kim.write("case_participant", uuid4(), {"case_id": case, "client_id": client.hex},
                  new=True, change_set=one),
        kim.write("relationship", uuid4(), tie, new=True, change_set=one),
        kim.write("client", client, CLIENT, new=True, change_set=one),
        kim.write("contact", other, MOTHER, new=True, change_set=one),
    ]  # fmt: skip
    assert said(kim.push(*together)) == {("applied", "")}
    # In another case of hers, by another change.
    mine = {"kind": "COUPLE", "provider_id": me, "identified_client_id": client.hex}
    couple = kim.write("care_case", uuid4(), mine, new=True)
    payer = {"case_id": couple.pk.hex, "contact_id": other.hex}
    paid = kim.write("case_billing_contact", uuid4(), payer, new=True)
    assert said(kim.push(couple, paid)) == {("applied", "")}
    # Made before, while in nobody's case, when even she did not see them.
    alone, friend = (
        kim.write("client", uuid4(), CLIENT, new=True),
        kim.write("contact", uuid4(), MOTHER, new=True),
    )
    assert said(kim.push(alone, friend)) == {("applied", "")}
    assert alone.pk not in seen(kim)
    named = kim.write("care_case", couple.pk, {"identified_client_id": alone.pk.hex})
    tie = {"client_id": client.hex, "contact_id": friend.pk.hex, "type": "FRIEND"}
    tied = kim.write("relationship", uuid4(), tie, new=True)
    assert kim.push(named)[0].verdict in {"applied", "merged"}
    assert kim.push(tied)[0].verdict == "applied"
    assert {alone.pk, friend.pk} <= seen(kim)


def test_whom_she_made_and_another_has_taken_on_is_not_hers_to_name(group: Group) -> None:
    kim, owner = group.associate, group.owner
    made = kim.write("client", uuid4(), CLIENT, new=True)
    kim.push(made)
    owner.pull()
    theirs = {"case_id": group.other["care_case"].hex, "client_id": made.pk.hex}
    tie = owner.add("case_participant", theirs)
    owner.change("case_participant", tie, deleted_at="2026-11-19T19:00:00+00:00")
    mine = {"case_id": group.hers["care_case"].hex, "client_id": made.pk.hex}
    assert said(kim.push(kim.write("case_participant", uuid4(), mine, new=True))) == {REFUSED}
    assert made.pk not in seen(kim)


def test_whom_she_made_and_another_was_given_is_not_hers_to_name(group: Group) -> None:
    """Who made a record has that word only until somebody else was given it, by whatever way."""
    kim, owner = group.associate, group.owner
    me, them = group.associate_id.hex, owner.caller.member_id.hex
    given, returned, by_herself, identified = (
        kim.write("client", uuid4(), {**CLIENT, "primary_member_id": me}, new=True)
        for _ in range(4)
    )
    mother = kim.write("contact", uuid4(), MOTHER, new=True)
    assert said(kim.push(given, returned, by_herself, identified, mother)) == {("applied", "")}
    owner.pull()
    kim.pull()
    owner.change("client", given.pk, primary_member_id=them)
    owner.change("client", returned.pk, primary_member_id=them)
    owner.pull()
    owner.change("client", returned.pk, primary_member_id=None)
    kim.change("client", by_herself.pk, primary_member_id=them)
    # In another's case, and taken out of it by naming somebody else.
    other = group.other["client"].hex
    owner.change("client", identified.pk, primary_member_id=None)
    owner.change("care_case", group.other["care_case"], identified_client_id=identified.pk.hex)
    owner.pull()
    owner.change("care_case", group.other["care_case"], identified_client_id=other)
    tie = owner.add(
        "relationship", {"client_id": other, "contact_id": mother.pk.hex, "type": "PARENT"}
    )
    friend = owner.add("contact", {"name": "A friend"})
    owner.change("relationship", tie, contact_id=friend.hex)
    hers = {"case_id": group.hers["care_case"].hex}
    for client in (given, returned, by_herself, identified):
        mine = {**hers, "client_id": client.pk.hex}
        assert said(kim.push(kim.write("case_participant", uuid4(), mine, new=True))) == {REFUSED}
    payer = {**hers, "contact_id": mother.pk.hex}
    assert said(kim.push(kim.write("case_billing_contact", uuid4(), payer, new=True))) == {REFUSED}
    people = {each.pk for each in (given, returned, by_herself, identified, mother)}
    assert not people & seen(kim)


def test_whom_she_made_and_nobody_else_was_given_she_may_name_again(group: Group) -> None:
    kim, owner = group.associate, group.owner
    made = kim.write("client", uuid4(), CLIENT, new=True)
    hers = {"kind": "COUPLE", "provider_id": group.associate_id.hex}
    couple = kim.write(
        "care_case", uuid4(), {**hers, "identified_client_id": made.pk.hex}, new=True
    )
    kim.push(made, couple)
    kim.pull()
    owner.pull()
    kim.change("care_case", couple.pk, identified_client_id=group.hers["client"].hex)
    owner.change("client", made.pk, chosen_name="Still nobody’s")
    assert made.pk not in seen(kim)
    kim.pull()
    again = kim.write("care_case", couple.pk, {"identified_client_id": made.pk.hex})
    assert kim.push(again)[0].verdict in {"applied", "merged"}
    assert made.pk in seen(kim)


def test_who_left_with_a_case_comes_back_by_no_other(group: Group) -> None:
    """Rule 9 of 0022: her late work is taken where it was, and gives nothing back."""
    owner, kim = group.owner, group.associate
    case, client = group.hers["care_case"], group.hers["client"]
    owner.pull()
    owner.change("care_case", case, provider_id=owner.caller.member_id.hex)
    new = kim.write("client", uuid4(), CLIENT, new=True)
    late = {"case_id": case.hex, "client_id": new.pk.hex}
    assert said(kim.push(new, kim.write("case_participant", uuid4(), late, new=True))) == {
        ("applied", "")
    }
    mine = {"kind": "INDIVIDUAL", "provider_id": group.associate_id.hex}
    opened = kim.write("care_case", uuid4(), mine, new=True)
    again = {"case_id": opened.pk.hex, "client_id": client.hex}
    tied = kim.write("case_participant", uuid4(), again, new=True)
    assert [each.verdict for each in kim.push(opened, tied)] == ["applied", "rejected"]
    assert not {client, new.pk} & seen(kim)


def test_who_sees_all_names_anybody(group: Group, known: dict[str, UUID]) -> None:
    owner, admin_id = group.owner, uuid4()
    owner.add("member", {"given": "Pat", "role": "ADMIN"}, admin_id)
    admin = owner.server.computer(owner.caller.practice_id, "Pat", admin_id)
    for computer in (owner, admin):
        for entity, row in bringing(group, known).items():
            assert said(computer.push(computer.write(entity, uuid4(), row, new=True))) == {
                ("applied", "")
            }
    assert set(known.values()) <= seen(group.associate)


def test_what_was_so_before_a_restore_is_so_again(lost: Restorable) -> None:
    group = Group(lost)
    owner, kim = group.owner, group.associate
    image = lost.image()
    shared = {"case_id": group.hers["care_case"].hex, "client_id": group.other["client"].hex}
    tie = owner.add("case_participant", shared)
    kim.pull()
    assert group.other["client"] in seen(kim)
    ended = restore(lost, image, owner, kim)
    again = stated(kim, "case_participant", tie, (ended, 90), shared)
    mine = {"kind": "INDIVIDUAL", "provider_id": group.associate_id.hex}
    named = {**mine, "identified_client_id": group.other["client"].hex}
    # What she writes meanwhile goes on from it.
    opened = kim.write("care_case", uuid4(), named, new=True)
    assert said(kim.push(again, opened)) == {("applied", "")}
    assert group.other["client"] in seen(kim)


def test_where_nothing_was_restored_nothing_was_so_before(
    group: Group, known: dict[str, UUID]
) -> None:
    kim = group.associate
    for entity, row in bringing(group, known).items():
        made = kim.write(entity, uuid4(), row, new=True)
        for earlier in (Earlier(was=(kim.epoch, 1), whole=True), Earlier(base=kim.epoch)):
            assert said(kim.push(replace(made, id=uuid4(), earlier=earlier))) == {REFUSED}
    assert not set(known.values()) & seen(kim)

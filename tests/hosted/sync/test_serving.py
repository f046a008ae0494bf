"""What the server writes itself: members, their roles, and work that changes hands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from app.sync.protocol.records import Earlier
from hosted.store.engine import For
from hosted.store.tables import Server as ServerRow
from hosted.sync import epochs
from hosted.sync.serving import Author, Written
from tests.hosted.sync.test_scope import Group, seen
from tests.hosted.worlds import Computer, Server


@pytest.fixture
def group(server: Server) -> Group:
    """A practice of two members."""
    return Group(server)


def served(computer: Computer, *changes: Written) -> int:
    """Let the server write into the computer's practice."""
    server = computer.server
    with server.database.write(For(computer.caller.practice_id)) as session:
        return Author(register=server.register).write(session, changes, server.clock.now())


def role(member: UUID, said: str) -> Written:
    """Return the change of a member's role."""
    return Written("member", member, {"role": said})


def gone(computer: Computer) -> set[UUID]:
    """Pull, and return what left the computer's view."""
    left = {pk for _, pk in computer.page().gone}
    computer.pull()
    return left


def clinical(case: dict[str, UUID]) -> Sequence[UUID]:
    """Return the ids of a client with case and note."""
    return list(case.values())


def test_a_new_member_and_a_change_reach_every_computer_as_one_change_set(group: Group) -> None:
    kim, head = uuid4(), group.owner.page().head
    assert served(group.owner, Written("member", kim, {"given": "Kim", "role": "ADMIN"})) > head
    (entry,) = group.owner.pull()
    assert (entry.entity, entry.pk, entry.is_new) == ("member", kim, True)
    assert group.owner.row("member", kim)["status"] == "ACTIVE"
    group.associate.pull()
    end = served(
        group.owner,
        Written("member", kim, {"status": "INACTIVE"}),
        Written("client", group.hers["client"], {"primary_member_id": kim.hex}),
    )
    first, second = group.associate.pull()
    assert first.change_set == second.change_set
    assert {first.version, second.version} == {end}
    assert group.associate.row("member", kim)["status"] == "INACTIVE"


def test_a_case_that_the_server_gives_comes_and_leaves_its_former_holder(group: Group) -> None:
    group.associate.pull()
    owner = group.owner.caller.member_id
    served(group.owner, Written("care_case", group.hers["care_case"], {"provider_id": owner.hex}))
    assert set(clinical(group.hers)) <= gone(group.associate)
    assert not set(clinical(group.hers)) & seen(group.associate)


@pytest.mark.parametrize(
    ("before", "after", "leaves", "comes"),
    [
        ("OWNER", "ASSOCIATE", {"client", "care_case", "client_email", "note"}, set()),
        ("OWNER", "ADMIN", {"note"}, set()),
        ("ADMIN", "PROVIDER", {"client", "care_case", "client_email", "note"}, set()),
        ("ADMIN", "OWNER", set(), {"note"}),
        ("PROVIDER", "OWNER", set(), {"client", "care_case", "client_email", "note"}),
        ("PROVIDER", "ADMIN", {"note"}, {"client", "care_case", "client_email"}),
    ],
)
def test_another_role_takes_what_it_does_not_show_and_has_the_rest_fetched(
    group: Group, before: str, after: str, leaves: set[str], comes: set[str]
) -> None:
    computer, member = group.associate, group.associate_id
    served(group.owner, role(member, before))
    computer.pull()
    version = computer.page().scope_version
    served(group.owner, role(member, after))
    page = computer.page()
    assert page.scope_version != version
    assert {entity for entity, pk in page.gone if pk in clinical(group.other)} == leaves
    computer.pull()
    assert gone(computer) == set()
    found = seen(computer)
    assert {name for name, pk in group.other.items() if pk in found} >= comes
    assert not {group.other[name] for name in leaves} & found


def test_a_provider_who_was_an_associate_is_told_no_id_of_other_members(group: Group) -> None:
    group.associate.pull()
    version = group.associate.page().scope_version
    served(group.owner, role(group.associate_id, "PROVIDER"))
    page = group.associate.page()
    assert (page.scope_version, page.gone) == (version, ())


def test_a_practice_of_an_earlier_epoch_enters_the_present_one_first(group: Group) -> None:
    server, practice = group.owner.server, group.owner.caller.practice_id
    began = epochs.begin_anew(server.database, server.clock.now())
    served(group.owner, role(group.associate_id, "ADMIN"))
    with server.database.read(For(practice)) as session:
        assert session.query(ServerRow.epoch).scalar() == began
        assert epochs.here(session).epoch == began


# A role changed while its holder was away with unsent work.


def test_work_that_arrives_after_the_role_changed_is_judged_by_the_role_now(group: Group) -> None:
    owner, kim = group.owner, group.associate
    kim.pull()
    note = group.hers["note"]
    begun = kim.write("note", note, {"sections": {"plan": "written in the basement"}})
    mine = {"sections": {"plan": "a new one"}, "author_id": group.associate_id.hex}
    said = {"kind": "PROGRESS", "format": "SOAP", "held_on": "2026-11-19", **mine}
    new = kim.write("note", uuid4(), {**said, "case_id": group.hers["care_case"].hex}, new=True)
    name = kim.write("client", group.hers["client"], {"legal_given": "Ada"})
    served(owner, role(group.associate_id, "ADMIN"))
    answers = kim.push(begun, new, name)
    assert [(each.verdict, each.refusal) for each in answers] == [
        ("rejected", "out_of_scope"),
        ("applied", ""),
        ("applied", ""),
    ]
    owner.pull()
    # Whole in the owner's inbox; the new note is there, and the admin gets no word of either.
    (item,) = owner.inbox()
    assert item["other"] == {"sections": {"plan": "written in the basement"}}
    assert owner.row("note", new.pk)["sections"] == {"plan": "a new one"}
    assert not {note, new.pk} & seen(kim)
    assert "basement" not in str([entry.columns for entry in kim.pull()])


@pytest.mark.parametrize("who", ["PROVIDER", "ASSOCIATE", "ADMIN"])
def test_nobody_but_an_owner_gives_a_role_or_makes_a_member(group: Group, who: str) -> None:
    kim, member = group.associate, group.associate_id
    served(group.owner, role(member, who))
    kim.pull()
    owner = group.owner.caller.member_id
    for pk, said in (
        (member, {"role": "OWNER"}),
        (owner, {"status": "INACTIVE"}),
        (owner, {"role": "ADMIN", "given": "Eve"}),
        (owner, {"deleted_at": "2026-11-19T18:00:00+00:00"}),
    ):
        (answer,) = kim.push(kim.write("member", pk, said))
        assert (answer.verdict, answer.refusal) == ("rejected", "server_owned")
    (answer,) = kim.push(kim.write("member", uuid4(), {"given": "X", "role": "OWNER"}, new=True))
    assert (answer.verdict, answer.refusal) == ("rejected", "server_owned")
    assert not set(clinical(group.other)) & seen(kim) or who == "ADMIN"
    # Everything else of one's own record, and the place that one has.
    (answer,) = kim.push(kim.write("member", member, {"given": "Kimmie", "role": who}))
    assert answer.verdict == "applied"
    group.owner.pull()
    assert group.owner.change("member", member, role="ADMIN").verdict == "applied"


@pytest.mark.parametrize("who", ["PROVIDER", "ASSOCIATE", "ADMIN"])
def test_nobody_but_an_owner_decides_what_a_role_may_do(group: Group, who: str) -> None:
    owner, kim = group.owner, group.associate
    served(owner, role(group.associate_id, who))
    given = {"key": f"permission.{who}.EXPORT", "value": False}
    decided = owner.add("setting", given)
    plain = owner.add("setting", {"key": "reminders.hours", "value": 24})
    kim.pull()
    for pk, said in (
        (decided, {"value": True}),
        (decided, {"key": "reminders.text"}),
        (decided, {"deleted_at": "2026-11-19T18:00:00+00:00"}),
        (plain, {"key": f"permission.{who}.REPORTS", "value": True}),
    ):
        (answer,) = kim.push(kim.write("setting", pk, said))
        assert (answer.verdict, answer.refusal) == ("rejected", "server_owned")
    made = kim.write("setting", uuid4(), {**given, "value": True}, new=True)
    (answer,) = kim.push(made)
    assert (answer.verdict, answer.refusal) == ("rejected", "server_owned")
    # Nor by claiming that it was so before a restore.
    before = Earlier(was=(owner.epoch, 1), whole=True)
    for forged in (
        kim.write("setting", decided, {**given, "value": True}),
        kim.write("setting", uuid4(), {**given, "value": True}, new=True),
        kim.write("member", uuid4(), {"given": "X", "role": "OWNER"}, new=True),
    ):
        (answer,) = kim.push(replace(forged, earlier=before))
        assert (answer.verdict, answer.refusal) == ("rejected", "server_owned")
    owner.pull()
    kept = [row for (entity, _), row in owner.rows.items() if entity == "setting"]
    assert sorted(kept, key=str) == [given, {"key": "reminders.hours", "value": 24}]
    assert owner.change("setting", decided, value=True).verdict == "applied"

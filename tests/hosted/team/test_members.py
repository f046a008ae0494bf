"""Another role, and the end of a membership: what opens nothing any more, and what goes to whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.membership.rules.seats import SeatCount
from app.sync.protocol.messages import Push, Refused
from app.sync.protocol.terms import Verb
from hosted.account.commands import connecting, reset
from hosted.account.queries import places, visitor
from hosted.account.tables import Account
from hosted.membership.facts import facts
from hosted.pairing import NotPaired
from hosted.store.engine import For
from hosted.sync import quarantine
from hosted.team.commands import members
from hosted.team.commands.means import Gone
from hosted.team.rules import NotNow
from tests.hosted.team.office import KIM, Office
from tests.hosted.worlds import APPOINTMENT, CLIENT, NOTE, Computer


def said(act: Callable[[], object]) -> str:
    """Return the sentence with which an act is refused."""
    with pytest.raises(NotNow) as refused:
        act()
    return str(refused.value)


def case_of(office: Office, member_id: UUID, **columns: Any) -> tuple[UUID, UUID]:
    """Make a client with a case of a member; return both ids."""
    add, whose = office.computer.add, member_id.hex
    client = add("client", {**CLIENT, "primary_member_id": whose})
    case = add("care_case", {"kind": "INDIVIDUAL", "provider_id": whose, **columns})
    add("case_participant", {"case_id": case.hex, "client_id": client.hex})
    return client, case


def draft_of(office: Office, case_id: UUID, author_id: UUID) -> UUID:
    """Make a draft note of a member; return its id."""
    links = {"case_id": case_id.hex, "author_id": author_id.hex}
    return office.computer.add("note", {**NOTE, **links})


def drafts(office: Office) -> list[str]:
    """Return the ids of the notes that hold Archive up."""
    with office.database.read(office.whose) as session:
        return [
            each.id for each in facts(session, session.get_one(Account, office.account_id)).drafts
        ]


def revoked(computer: Computer) -> Computer:
    """Return a computer as its token tells of it once it was taken off."""
    computer.caller = replace(computer.caller, revoked=True)
    return computer


# Roles.


def test_another_role_is_in_the_records_and_counts_another_seat(office: Office) -> None:
    kim = office.joined()
    members.change_role(office.team, office.whose, kim.member_id, Role.ADMIN)
    assert office.member(kim.member_id)["role"] == "ADMIN"
    assert (office.used().associates, office.used().admins) == (SeatCount(), SeatCount(active=1))
    head = office.computer.page().head
    members.change_role(office.team, office.whose, kim.member_id, Role.ADMIN)
    assert office.computer.page().head == head
    office.choose(Plan.PROFESSIONAL)
    refused = said(
        lambda: members.change_role(office.team, office.whose, kim.member_id, Role.PROVIDER)
    )
    assert refused == "A second clinician needs Group."
    assert office.member(kim.member_id)["role"] == "ADMIN"


def test_a_practice_keeps_an_owner(office: Office) -> None:
    kim = office.joined(role=Role.PROVIDER)
    last = "A practice keeps an owner: make Kim Park an owner first."
    team, whose, owner = office.team, office.whose, office.owner_id
    assert said(lambda: members.change_role(team, whose, owner, Role.PROVIDER)) == last
    assert said(lambda: members.end(team, whose, owner, kim.member_id)) == last
    assert said(lambda: members.leave(team, whose, owner)) == last
    members.change_role(team, whose, kim.member_id, Role.OWNER)
    members.change_role(team, whose, owner, Role.PROVIDER)
    back = str(office.member(owner)["given"])
    assert said(lambda: members.leave(team, whose, kim.member_id)).startswith(
        f"A practice keeps an owner: make {back}"
    )
    members.leave(team, whose, owner)
    assert office.member(owner)["status"] == "INACTIVE"


def test_work_of_a_role_that_changed_meanwhile_is_whole_in_the_inbox(office: Office) -> None:
    """Bad input: a role changed while its holder is offline with unsent work."""
    kim = office.joined(role=Role.PROVIDER)
    client, case = case_of(office, kim.member_id)
    note = draft_of(office, case, kim.member_id)
    laptop = office.connect(kim.member_id, "Kim's laptop")
    version = laptop.page().scope_version
    offline = [
        laptop.write("note", note, {"sections": {"plan": "written on the train"}}),
        laptop.write("client", client, {"chosen_name": "Annie"}),
    ]
    members.change_role(office.team, office.whose, kim.member_id, Role.ADMIN)
    answers = laptop.push(*offline)
    assert [(each.verdict, each.refusal) for each in answers] == [
        ("rejected", "out_of_scope"),
        ("applied", ""),
    ]
    page = laptop.page()
    assert page.scope_version > version
    assert ("note", note) in page.gone
    assert "train" not in str(page)
    office.computer.pull()
    (item,) = office.computer.inbox()
    assert (item["entity"], item["record_id"]) == ("note", note.hex)
    assert item["other"] == {"sections": {"plan": "written on the train"}}


# The end.


def test_a_draft_of_somebody_who_left_holds_archive_up_until_the_owner_discards_it(
    office: Office,
) -> None:
    kim = office.joined(role=Role.PROVIDER)
    _, case = case_of(office, kim.member_id)
    note = draft_of(office, case, kim.member_id)
    members.end(office.team, office.whose, kim.member_id, office.owner_id)
    office.computer.pull()
    assert drafts(office) == [note.hex]
    gone = office.computer.change("note", note, deleted_at=office.clock.now().isoformat())
    assert gone.verdict == "applied"
    assert drafts(office) == []


def test_after_the_end_nothing_opens_the_practice_and_unsent_work_is_quarantined(
    office: Office,
) -> None:
    kim = office.joined()
    laptop = office.connect(kim.member_id, "Kim's laptop")
    code = office.services.devices.new_code(office.practice_id, kim.member_id)
    _, case = case_of(office, kim.member_id)
    laptop.pull()
    unsent = laptop.write("care_case", case, {"name": "from the basement"})
    secret = office.browser(KIM)
    members.end(office.team, office.whose, kim.member_id, None)
    (letter,) = office.letters()
    assert (letter.to, letter.subject) == (KIM, "Your membership of a practice has ended")
    record = office.member(kim.member_id)
    assert (record["status"], record["role"]) == ("INACTIVE", "ASSOCIATE")
    assert (len(office.rows()), office.used().associates) == (1, SeatCount())
    assert visitor(office.database, secret, office.team.now()) is None
    assert places(office.database, kim.who.login_id) == ()
    assert connecting.place_in(office.database, kim.who.login_id, office.account_id) is None
    with pytest.raises(NotPaired):
        office.services.devices.pair(code, "Another", "test")
    (device,) = [
        each
        for each in office.services.devices.listed(office.practice_id)
        if each.id == laptop.caller.device_id
    ]
    assert device.revoked_at == office.clock.now()
    # Nothing was handed over: the owner sees the clients as they were.
    assert office.computer.row("care_case", case)["provider_id"] == kim.member_id.hex
    push = Push(laptop.epoch, laptop.incarnation, (unsent,))
    assert isinstance(revoked(laptop).ask(Verb.PUSH, push), Refused)
    laptop.ask(Verb.QUARANTINE, push)
    with office.database.read(For(office.practice_id)) as session:
        (kept,) = quarantine.kept(session)
    assert "from the basement" in kept.body
    # The login stays, and its password can be chosen anew.
    reset.begin(office.services.account, KIM, "https://account.example")
    assert [each.to for each in office.letters()] == [KIM]


def test_what_is_handed_over_goes_in_one_change_set_and_comes_to_the_heir(office: Office) -> None:
    kim, lee = office.joined(), office.joined("lee@b.example", Role.PROVIDER, "Lee Moss")
    client, case = case_of(office, kim.member_id)
    _, supervised = case_of(office, lee.member_id, supervisor_id=kim.member_id.hex)
    now, mine = office.clock.now(), kim.member_id.hex
    sessions = [
        office.computer.add(
            "appointment",
            {
                **APPOINTMENT,
                "case_id": case.hex,
                "member_id": mine,
                "starts_at": (now + timedelta(days=days)).isoformat(),
                "ends_at": (now + timedelta(days=days, minutes=50)).isoformat(),
            },
        )
        for days in (-7, 7)
    ]
    heir = office.connect(lee.member_id, "Lee's laptop")
    heir.pull()
    version = heir.page().scope_version
    head = office.computer.page().head
    members.end(office.team, office.whose, kim.member_id, lee.member_id)
    entries = office.computer.pull()
    assert len({each.change_set for each in entries}) == 1
    assert {each.entity for each in entries} == {"member", "care_case", "client", "appointment"}
    row, to = office.computer.row, lee.member_id.hex
    assert row("care_case", case)["provider_id"] == to
    assert row("client", client)["primary_member_id"] == to
    # Nobody supervises their own case.
    assert row("care_case", supervised)["supervisor_id"] is None
    held = [row("appointment", each)["member_id"] for each in sessions]
    assert held == [mine, to]
    page = heir.page()
    assert page.scope_version > version
    assert {case, client} <= {each.pk for each in heir.snapshot()}
    assert page.head > head


def test_a_supervised_case_in_the_trash_keeps_nobody_from_leaving(office: Office) -> None:
    kim = office.joined()
    _, case = case_of(office, office.owner_id, supervisor_id=kim.member_id.hex)
    office.computer.change("care_case", case, deleted_at="2026-11-19T19:00:00+00:00")
    members.end(office.team, office.whose, kim.member_id, office.owner_id)
    assert office.member(kim.member_id)["status"] == "INACTIVE"


def test_only_another_clinician_takes_over(office: Office) -> None:
    kim, pat = office.joined(), office.joined("pat@b.example", Role.ADMIN, "Pat Ames")

    def end(heir: UUID) -> Callable[[], None]:
        return lambda: members.end(office.team, office.whose, kim.member_id, heir)

    for heir, words in (
        (kim.member_id, "Choose somebody else"),
        (uuid4(), "Choose a clinician of the practice"),
        (pat.member_id, "Choose a clinician of the practice"),
    ):
        assert words in said(end(heir))
    assert office.member(kim.member_id)["status"] == "ACTIVE"


def test_who_is_no_member_of_the_practice_is_named_in_vain(office: Office) -> None:
    other = uuid4()
    acts: tuple[Callable[[], None], ...] = (
        lambda: members.end(office.team, office.whose, other, None),
        lambda: members.leave(office.team, office.whose, other),
        lambda: members.change_role(office.team, office.whose, other, Role.ADMIN),
        lambda: members.end(office.team, For(office.practice_id), office.owner_id, None),
        lambda: members.end(office.team, For(account=office.account_id), office.owner_id, None),
    )
    for act in acts:
        with pytest.raises(Gone):
            act()


def test_an_ended_plan_lets_a_member_go_and_changes_no_role(office: Office) -> None:
    kim = office.joined()
    office.clock.forward(days=61)
    ended = said(lambda: members.change_role(office.team, office.whose, kim.member_id, Role.ADMIN))
    assert "Your plan has ended" in ended
    members.end(office.team, office.whose, kim.member_id, None)
    assert len(office.rows()) == 1

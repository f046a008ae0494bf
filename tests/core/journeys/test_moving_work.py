"""A member's clients go to another in one act: what goes, what stays, and how it comes back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from app import bootstrap
from app.core.cases import queries as cases
from app.core.cases.commands import close_case
from app.core.cases.tables import Case
from app.core.journeys.work import Moved, move_work
from app.core.kernel.acting import Permission, Role, member_actor
from app.core.kernel.errors import NotAllowed, NotFound, UserError
from app.core.kernel.text import PersonName
from app.core.people import queries as people
from app.core.people.commands import add_client, change_details
from app.core.people.rules import DetailFields, NewClient
from app.core.scheduling.queries.reading import Bare, days, in_window
from app.core.store.capture import PracticeSession
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.tasks.queries.work import Work, work_of
from tests.core.team.test_permissions import end_membership
from tests.support.clock import StillClock
from tests.support.colleagues import FIRST, LAST, Colleagues, welcome
from tests.support.practice import TestDesk


@pytest.fixture
def desk(
    colleagues: Colleagues, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TestDesk]:
    """The desk of the practice of two clinicians, with its owner."""
    folder = colleagues.stored.copy_to(tmp_path, monkeypatch)
    opened = bootstrap.open_practice(folder, colleagues.stored.keys(), StillClock())
    yield opened.desk  # type: ignore[misc]
    opened.close()


@command(permission=Permission.MANAGE_TEAM, label="Supervise")
def supervise(uow: UnitOfWork, case_id: UUID, member_id: UUID) -> None:
    """Let a member supervise a case."""
    uow.get(Case, case_id).supervisor_id = member_id


def holders(desk: TestDesk, case_id: UUID) -> dict[datetime, UUID | None]:
    """Return who holds each session of a case, by its start."""
    found: list[Bare] = desk.ask(in_window, days(FIRST, LAST, [case_id]))
    return {each.starts: each.member_id for each in found}


def test_everything_ahead_goes_and_what_was_held_stays(
    desk: TestDesk, colleagues: Colleagues, owner_id: UUID
) -> None:
    owners, bea = colleagues.owners, colleagues.bea
    now = desk.clock.now()
    had = desk.ask(work_of, owner_id, now)
    assert had == Work(clients=1, cases=1, sessions=1, series=1, drafts=1)
    before = holders(desk, owners.case_id)
    done = desk.do(move_work, owner_id, bea)
    assert done.value == Moved(cases=1, clients=0, sessions=1, series=1)
    assert desk.ask(cases.case, owners.case_id).provider_id == bea
    after = holders(desk, owners.case_id)
    assert {start for start in after if after[start] == owner_id} == {
        datetime(2026, 11, 2, 9), datetime(2026, 11, 3, 9), datetime(2026, 11, 4, 9)
    }  # fmt: skip
    assert set(after.values()) == {owner_id, bea}
    left = desk.ask(work_of, owner_id, now)
    assert left == Work(clients=0, cases=0, sessions=0, series=0, drafts=1)
    assert done.undo is not None
    desk.undo(done.undo).result()
    assert holders(desk, owners.case_id) == before
    assert desk.ask(work_of, owner_id, now) == had


def test_a_closed_case_stays_and_whoever_is_primarily_theirs_goes(
    desk: TestDesk, colleagues: Colleagues, owner_id: UUID
) -> None:
    desk.do(close_case, colleagues.her_case)
    mine = desk.do(add_client, NewClient(PersonName("Noor", "", "Haddad"))).value
    desk.do(change_details, mine, DetailFields(primary_member_id=colleagues.bea))
    done = desk.do(move_work, colleagues.bea, owner_id).value
    assert (done.cases, done.clients) == (0, 1)
    assert desk.ask(cases.case, colleagues.her_case).provider_id == colleagues.bea
    assert desk.ask(people.client, mine).details.primary_member_id == owner_id


def test_chosen_cases_alone(desk: TestDesk, colleagues: Colleagues, owner_id: UUID) -> None:
    done = desk.do(move_work, owner_id, colleagues.bea, [uuid4()]).value
    assert done == Moved(0, 0, 0, 0)
    done = desk.do(move_work, owner_id, colleagues.bea, [colleagues.owners.case_id]).value
    assert done.cases == 1


def test_only_a_clinician_of_the_practice_takes_over(
    desk: TestDesk, colleagues: Colleagues, owner_id: UUID
) -> None:
    admin = desk.do(welcome, "Kim", "Aldous", Role.ADMIN).value
    former = desk.do(welcome, "Lee", "Brandt", Role.PROVIDER).value
    desk.do(end_membership, former)
    for taker in (owner_id, admin, former):
        with pytest.raises(UserError) as refused:
            desk.do(move_work, owner_id, taker)
        assert refused.value.field == "to"
    with pytest.raises(NotFound):
        desk.do(move_work, owner_id, uuid4())
    desk.do(move_work, former, colleagues.bea)
    desk.act_as(member_actor(desk.actor.practice_id, colleagues.bea, Role.PROVIDER))
    with pytest.raises(NotAllowed):
        desk.do(move_work, owner_id, colleagues.bea)


def test_supervision_goes_to_who_may_supervise(
    desk: TestDesk, colleagues: Colleagues, owner_id: UUID
) -> None:
    case_id = colleagues.her_case

    def supervised(session: PracticeSession, _scope: object) -> UUID | None:
        row = session.get(Case, (desk.actor.practice_id, case_id))
        assert row is not None
        return row.supervisor_id

    desk.do(supervise, case_id, owner_id)
    kim = desk.do(welcome, "Kim", "Aldous", Role.PROVIDER).value
    associate = desk.do(welcome, "Lee", "Brandt", Role.ASSOCIATE).value
    desk.do(move_work, owner_id, kim)
    assert desk.ask(supervised) == kim
    desk.do(move_work, colleagues.bea, kim)
    # Nobody supervises themselves.
    assert desk.ask(supervised) is None
    desk.do(supervise, case_id, colleagues.bea)
    desk.do(move_work, colleagues.bea, associate)
    assert desk.ask(supervised) is None

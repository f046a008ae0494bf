"""A draft whose author writes no more: who discards it, and that nobody signs another's words."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.core.cases.tables import Case
from app.core.clinical.commands.notes import (
    discard_draft,
    save_draft,
    sign_note,
    start_session_note,
)
from app.core.clinical.queries import notes as queries
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.work import move_work
from app.core.kernel.acting import Permission, Role, member_actor
from app.core.kernel.errors import NotAllowed, NotFound, UserError
from app.core.store import audit
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.team.tables import Member
from tests.core.clinical.conftest import Session
from tests.core.clinical.test_notes import SOAP
from tests.core.team.test_permissions import end_membership
from tests.support.colleagues import welcome
from tests.support.practice import TestDesk


@command(permission=Permission.MANAGE_TEAM, label="Change role")
def change_role(uow: UnitOfWork, member_id: UUID, role: Role) -> None:
    """Give a member another role, as the server does."""
    uow.get(Member, member_id).role = role


@command(permission=Permission.MANAGE_TEAM, label="Supervise")
def supervise(uow: UnitOfWork, case_id: UUID, member_id: UUID) -> None:
    """Let a member supervise a case."""
    uow.get(Case, case_id).supervisor_id = member_id


def sit(desk: TestDesk, member_id: UUID, role: Role) -> None:
    """Let another member sit at the desk, once it knows what the last act made of the team."""
    desk.on_writer(lambda: None).result()
    desk.ask(lambda _session, _scope: None)
    desk.act_as(member_actor(desk.actor.practice_id, member_id, role))


def hers(desk: TestDesk, walter: Session, owner_id: UUID) -> tuple[UUID, UUID]:
    """Give Walter's case to Bea, who begins the note of its session; return her and the note."""
    bea = desk.do(welcome, "Bea", "Lindahl", Role.PROVIDER).value
    desk.do(move_work, owner_id, bea)
    sit(desk, bea, Role.PROVIDER)
    note_id = desk.do(start_session_note, walter.appointment_id).value
    desk.do(save_draft, note_id, NoteFormat.SOAP, SOAP)
    sit(desk, owner_id, Role.OWNER)
    return bea, note_id


def refuses(desk: TestDesk, note_id: UUID) -> None:
    """Make sure that whoever sits here may not discard the draft, and is not offered it."""
    assert not desk.ask(queries.note, note_id).may_discard
    with pytest.raises(NotAllowed, match="Only its author"):
        desk.do(discard_draft, note_id)


def test_the_owner_discards_what_somebody_left_behind_and_can_undo_it(
    desk: TestDesk, walter: Session, owner_id: UUID
) -> None:
    bea, note_id = hers(desk, walter, owner_id)
    refuses(desk, note_id)
    desk.do(end_membership, bea)
    view = desk.ask(queries.note, note_id)
    assert (view.may_change, view.may_discard) == (False, True)
    with pytest.raises(NotAllowed):
        desk.do(sign_note, note_id, view.hash)
    with pytest.raises(NotAllowed):
        desk.do(save_draft, note_id, NoteFormat.SOAP, {})
    outcome = desk.do(discard_draft, note_id)
    assert desk.ask(queries.unsigned_notes) == []
    line = desk.ask(audit.entries)[0]
    assert (line.label, line.member_id) == ("Discard draft", owner_id)
    assert (line.subject_kind, line.subject_id) == ("note", note_id)
    assert outcome.undo is not None
    desk.undo(outcome.undo).result()
    assert desk.ask(queries.note, note_id).sections == SOAP


def test_an_author_who_reads_no_notes_any_more_has_left_the_draft_behind(
    desk: TestDesk, walter: Session, owner_id: UUID
) -> None:
    bea, note_id = hers(desk, walter, owner_id)
    desk.do(change_role, bea, Role.ASSOCIATE)
    refuses(desk, note_id)
    desk.do(change_role, bea, Role.ADMIN)
    desk.do(discard_draft, note_id)
    with pytest.raises(NotFound):
        desk.ask(queries.note, note_id)


def test_whoever_has_the_case_now_discards_it_and_a_colleague_does_not(
    desk: TestDesk, walter: Session, owner_id: UUID
) -> None:
    bea, note_id = hers(desk, walter, owner_id)
    ola = desk.do(welcome, "Ola", "Berg", Role.PROVIDER).value
    desk.do(move_work, bea, ola)
    sit(desk, ola, Role.PROVIDER)
    refuses(desk, note_id)
    sit(desk, owner_id, Role.OWNER)
    desk.do(end_membership, bea)
    kim = desk.do(welcome, "Kim", "Aldous", Role.PROVIDER).value
    sit(desk, kim, Role.PROVIDER)
    with pytest.raises(NotFound):
        desk.do(discard_draft, note_id)
    sit(desk, ola, Role.PROVIDER)
    assert desk.ask(queries.note, note_id).may_discard
    desk.do(discard_draft, note_id)


def test_supervising_a_case_is_not_having_it(
    desk: TestDesk, walter: Session, owner_id: UUID
) -> None:
    bea, note_id = hers(desk, walter, owner_id)
    kim = desk.do(welcome, "Kim", "Aldous", Role.PROVIDER).value
    desk.do(supervise, walter.case_id, kim)
    desk.do(end_membership, bea)
    sit(desk, kim, Role.PROVIDER)
    refuses(desk, note_id)


def test_a_signed_note_of_somebody_who_left_stays(
    desk: TestDesk, walter: Session, owner_id: UUID
) -> None:
    bea, note_id = hers(desk, walter, owner_id)
    sit(desk, bea, Role.PROVIDER)
    desk.do(sign_note, note_id, desk.ask(queries.note, note_id).hash)
    sit(desk, owner_id, Role.OWNER)
    desk.do(end_membership, bea)
    assert not desk.ask(queries.note, note_id).may_discard
    with pytest.raises(UserError, match="signed and locked"):
        desk.do(discard_draft, note_id)

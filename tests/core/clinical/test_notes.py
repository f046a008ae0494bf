"""Writing, signing and amending notes in a real practice file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session as DbSession

from app.core.clinical.commands.notes import (
    NewNote,
    amend_note,
    discard_draft,
    discard_empty_draft,
    open_note,
    save_amendment_draft,
    save_draft,
    sign_note,
    start_note,
    start_session_note,
)
from app.core.clinical.queries import notes as queries
from app.core.clinical.rules.notes import NoteFormat, NoteKind, NoteStatus
from app.core.clinical.tables import Amendment, Note
from app.core.kernel.acting import Permission, Scope
from app.core.kernel.errors import ChangedSince, NotAllowed, NotFound, UserError
from app.core.scheduling.commands import complete_session
from app.core.scheduling.tables import Appointment
from app.core.store import audit
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.team.commands import change_setting
from tests.core.clinical.conftest import Session, book
from tests.support.practice import TestDesk

SOAP = {
    "subjective": "Slept six hours on four nights.",
    "objective": "On time, rested. Arabic: قلق, emoji: 😀",
    "plan": "Keep the worry period at 6 PM.",
}


def begun(desk: TestDesk, walter: Session) -> UUID:
    return desk.do(start_session_note, walter.appointment_id).value


def signed(desk: TestDesk, walter: Session, texts: dict[str, str] = SOAP) -> UUID:
    note_id = begun(desk, walter)
    kept = desk.do(save_draft, note_id, NoteFormat.SOAP, texts).value
    desk.do(sign_note, note_id, kept.hash)
    return note_id


def read(desk: TestDesk, note_id: UUID) -> queries.NoteView:
    return desk.ask(queries.note, note_id)


def test_a_session_has_one_draft_at_a_time(desk: TestDesk, walter: Session) -> None:
    note_id = begun(desk, walter)
    assert begun(desk, walter) == note_id
    assert desk.ask(queries.draft_of_session, walter.appointment_id) == note_id
    view = read(desk, note_id)
    assert (view.kind, view.format, view.status) == (
        NoteKind.PROGRESS,
        NoteFormat.SOAP,
        NoteStatus.DRAFT,
    )
    assert (view.case_title, view.starts) == ("Walter Strand", datetime(2026, 11, 19, 9, 0))
    assert view.subject_id == walter.client_id
    assert view.is_draft
    assert view.may_change


def test_after_signing_a_session_may_get_another_note(desk: TestDesk, walter: Session) -> None:
    first = signed(desk, walter)
    second = begun(desk, walter)
    assert second != first
    assert desk.ask(queries.note_statuses, [walter.appointment_id]) == {
        walter.appointment_id: NoteStatus.DRAFT
    }
    assert desk.do(discard_empty_draft, second).value is True
    assert desk.ask(queries.note_statuses, [walter.appointment_id]) == {
        walter.appointment_id: NoteStatus.SIGNED
    }


def test_a_new_note_takes_the_format_of_the_last(desk: TestDesk, walter: Session) -> None:
    note_id = begun(desk, walter)
    desk.do(save_draft, note_id, NoteFormat.DAP, {"data": "Calm."})
    other = desk.do(start_note, NewNote(walter.case_id, date(2026, 11, 19))).value
    assert read(desk, other).format is NoteFormat.DAP
    assert read(desk, other).kind is NoteKind.CONTACT


def test_the_first_note_of_a_case_takes_the_format_of_the_settings(
    desk: TestDesk, walter: Session
) -> None:
    desk.do(change_setting, "notes.format", "BIRP")
    assert read(desk, begun(desk, walter)).format is NoteFormat.BIRP


def test_a_draft_is_kept_as_typed(desk: TestDesk, walter: Session) -> None:
    note_id = begun(desk, walter)
    first = desk.do(save_draft, note_id, NoteFormat.SOAP, {"plan": "Weekly"}).value
    again = desk.do(save_draft, note_id, NoteFormat.SOAP, {"plan": "Weekly", "objective": ""})
    assert again.value == first
    assert not again.changes.areas
    last = desk.do(save_draft, note_id, NoteFormat.SOAP, SOAP).value
    assert last.revision == first.revision + 1
    view = read(desk, note_id)
    assert view.sections == SOAP
    assert (view.revision, view.hash) == (last.revision, last.hash)


def test_a_change_of_format_loses_nothing(desk: TestDesk, walter: Session) -> None:
    note_id = begun(desk, walter)
    for format_ in (NoteFormat.SOAP, NoteFormat.DAP, NoteFormat.PLAIN, NoteFormat.SOAP):
        desk.do(save_draft, note_id, format_, SOAP)
        assert read(desk, note_id).sections == SOAP


def test_fifty_thousand_words_are_kept(desk: TestDesk, walter: Session) -> None:
    note_id = begun(desk, walter)
    pasted = " ".join(["word"] * 50_000)
    desk.do(save_draft, note_id, NoteFormat.PLAIN, {"text": pasted})
    assert read(desk, note_id).sections == {"text": pasted}


def test_signing_locks_exactly_what_was_seen(desk: TestDesk, walter: Session) -> None:
    note_id = begun(desk, walter)
    seen = desk.do(save_draft, note_id, NoteFormat.SOAP, {"plan": "Weekly."}).value
    newer = desk.do(save_draft, note_id, NoteFormat.SOAP, SOAP).value
    with pytest.raises(ChangedSince):
        desk.do(sign_note, note_id, seen.hash)
    outcome = desk.do(sign_note, note_id, newer.hash)
    assert outcome.undo is None
    view = read(desk, note_id)
    assert (view.status, view.signed_name) == (NoteStatus.SIGNED, "Dana Whitfield, LMFT")
    assert view.hash == outcome.value.hash == newer.hash
    assert view.signed_at == desk.clock.now().replace(microsecond=0)
    assert desk.ask(queries.broken_signatures) == []


def test_a_signed_note_refuses_every_change(desk: TestDesk, walter: Session) -> None:
    note_id = signed(desk, walter)
    for change in (
        lambda: desk.do(save_draft, note_id, NoteFormat.SOAP, {}),
        lambda: desk.do(sign_note, note_id, read(desk, note_id).hash),
        lambda: desk.do(discard_draft, note_id),
    ):
        with pytest.raises(UserError, match="signed and locked"):
            change()
    assert desk.do(discard_empty_draft, note_id).value is False


@command(permission=Permission.SCHEDULE, label="Move")
def move_to(uow: UnitOfWork, appointment_id: UUID, starts: datetime) -> None:
    """Move a session."""
    uow.get(Appointment, appointment_id).starts = starts


@command(permission=Permission.WRITE_NOTES, label="Forge")
def forge(uow: UnitOfWork, note_id: UUID) -> None:
    """Change a signed note past the rules."""
    uow.get(Note, note_id).sections = {"plan": "Something else."}


@command(permission=Permission.WRITE_NOTES, label="Forge")
def forge_amendment(uow: UnitOfWork) -> None:
    """Change an amendment past the rules."""
    uow.session.scalars(select(Amendment)).one().text = "Something else."


def test_the_file_itself_keeps_what_was_signed(desk: TestDesk, walter: Session) -> None:
    note_id = signed(desk, walter)
    desk.do(amend_note, note_id, "It was Monday.")
    with pytest.raises(DatabaseError, match="final"):
        desk.do(forge, note_id)
    with pytest.raises(DatabaseError, match="final"):
        desk.do(forge_amendment)
    assert read(desk, note_id).sections == SOAP


def test_amendments_stand_below_the_original_in_order(desk: TestDesk, walter: Session) -> None:
    note_id = signed(desk, walter)
    original = read(desk, note_id)
    desk.clock.set(datetime(2026, 11, 20, 18, 0, 0, 123_456, tzinfo=UTC))
    desk.do(amend_note, note_id, "It was Monday.\n")
    desk.do(amend_note, note_id, "And Tuesday.")
    view = read(desk, note_id)
    assert (view.sections, view.hash) == (original.sections, original.hash)
    assert [each.text for each in view.amendments] == ["It was Monday.", "And Tuesday."]
    assert view.amendments[0].author_name == "Dana Whitfield, LMFT"
    assert desk.ask(queries.notes_of_case, walter.case_id)[0].amendments == 2


def test_an_amendment_is_kept_while_it_is_typed(desk: TestDesk, walter: Session) -> None:
    note_id = signed(desk, walter)
    desk.do(save_amendment_draft, note_id, " ")
    assert read(desk, note_id).amendment_draft == ""
    for typed in ("It was", "It was Monday."):
        desk.do(save_amendment_draft, note_id, typed)
        assert read(desk, note_id).amendment_draft == typed
    desk.do(amend_note, note_id, "It was Monday.")
    assert read(desk, note_id).amendment_draft == ""


def test_an_amendment_says_something_about_a_signed_note(desk: TestDesk, walter: Session) -> None:
    note_id = begun(desk, walter)
    with pytest.raises(UserError, match="still a draft"):
        desk.do(amend_note, note_id, "Later.")
    kept = desk.do(save_draft, note_id, NoteFormat.SOAP, SOAP).value
    desk.do(sign_note, note_id, kept.hash)
    with pytest.raises(UserError) as refused:
        desk.do(amend_note, note_id, "  \n")
    assert refused.value.field == "text"


def test_an_empty_note_and_one_of_a_session_ahead_are_not_signed(
    desk: TestDesk, walter: Session
) -> None:
    note_id = begun(desk, walter)
    with pytest.raises(UserError, match="Write the note"):
        desk.do(sign_note, note_id, read(desk, note_id).hash)
    ahead = book(desk, walter.case_id, datetime(2026, 11, 26, 9, 0))
    other = desk.do(start_session_note, ahead).value
    kept = desk.do(save_draft, other, NoteFormat.SOAP, SOAP).value
    with pytest.raises(UserError, match="still ahead"):
        desk.do(sign_note, other, kept.hash)


def test_a_discarded_draft_comes_back_by_undo(desk: TestDesk, walter: Session) -> None:
    note_id = begun(desk, walter)
    desk.do(save_draft, note_id, NoteFormat.SOAP, SOAP)
    assert desk.do(discard_empty_draft, note_id).value is False
    outcome = desk.do(discard_draft, note_id)
    with pytest.raises(NotFound):
        read(desk, note_id)
    assert outcome.undo is not None
    desk.undo(outcome.undo).result()
    assert read(desk, note_id).sections == SOAP


def test_a_draft_follows_its_session_to_another_day(desk: TestDesk, walter: Session) -> None:
    note_id = begun(desk, walter)
    kept = desk.do(save_draft, note_id, NoteFormat.SOAP, SOAP).value
    desk.do(move_to, walter.appointment_id, datetime(2026, 11, 18, 15, 0))
    assert read(desk, note_id).held_on == date(2026, 11, 18)
    with pytest.raises(ChangedSince):
        desk.do(sign_note, note_id, kept.hash)
    desk.do(sign_note, note_id, read(desk, note_id).hash)
    assert desk.ask(queries.notes_of_case, walter.case_id)[0].held_on == date(2026, 11, 18)


def test_a_note_without_a_session(desk: TestDesk, walter: Session) -> None:
    note_id = desk.do(start_note, NewNote(walter.case_id, date(2026, 11, 18))).value
    assert read(desk, note_id).starts is None
    kept = desk.do(save_draft, note_id, NoteFormat.PLAIN, {"text": "Called the school."}).value
    desk.do(sign_note, note_id, kept.hash)
    assert read(desk, note_id).held_on == date(2026, 11, 18)
    with pytest.raises(NotFound, match="case"):
        desk.do(start_note, NewNote(uuid4(), date(2026, 11, 18)))


def test_an_empty_draft_that_is_gone_needs_no_discarding(desk: TestDesk) -> None:
    assert desk.do(discard_empty_draft, uuid4()).value is False


def test_the_audit_holds_no_word_of_a_note(desk: TestDesk, walter: Session) -> None:
    signed(desk, walter)
    lines = desk.ask(audit.entries)
    assert lines[0].act.endswith("sign_note")
    assert "worry" not in repr(lines)


def test_notes_are_found_by_their_words(desk: TestDesk, walter: Session) -> None:
    note_id = signed(desk, walter)
    desk.do(amend_note, note_id, "Marmalade.")

    def find(session: DbSession, _scope: Scope, words: str) -> list[UUID]:
        index = session.info["ports"].search
        return [found.id for found in index.find(session, words, body=True, limit=5)]

    assert desk.ask(find, "worry per") == [note_id]
    assert desk.ask(find, "marmal") == [note_id]
    assert desk.ask(find, "قلق") == [note_id]


def test_the_last_note_is_read_beside_the_new_one(desk: TestDesk, walter: Session) -> None:
    assert desk.ask(queries.last_plans, [walter.case_id]) == {}
    first = signed(desk, walter)
    second = begun(desk, walter)
    beside = desk.ask(queries.signed_before, walter.case_id, second)
    assert [each.id for each in beside] == [first]
    assert beside[0].opening.startswith("Slept six hours")
    assert desk.ask(queries.signed_before, walter.case_id, first) == []
    assert [each.id for each in desk.ask(queries.signed_before, walter.case_id)] == [first]
    plan = desk.ask(queries.last_plans, [walter.case_id, uuid4()])[walter.case_id]
    assert (plan.note_id, plan.text) == (first, "Keep the worry period at 6 PM.")


def test_a_clients_notes_leave_out_those_about_the_partner(desk: TestDesk, walter: Session) -> None:
    shared = desk.do(start_note, NewNote(walter.case_id, date(2026, 11, 18))).value
    own = desk.do(start_note, NewNote(walter.case_id, date(2026, 11, 17), walter.client_id)).value
    found = desk.ask(queries.notes_of_client, walter.client_id)
    assert [each.id for each in found] == [shared, own]
    assert desk.ask(queries.notes_of_client, uuid4()) == []


def test_unsigned_notes_are_listed_until_signed(desk: TestDesk, walter: Session) -> None:
    assert desk.ask(queries.unsigned_notes) == []
    note_id = begun(desk, walter)
    waiting = desk.ask(queries.unsigned_notes)
    assert [(each.note_id, each.case_title, each.held_on) for each in waiting] == [
        (note_id, "Walter Strand", date(2026, 11, 19))
    ]
    kept = desk.do(save_draft, note_id, NoteFormat.SOAP, SOAP).value
    desk.do(sign_note, note_id, kept.hash)
    assert desk.ask(queries.unsigned_notes) == []


def test_a_session_held_without_a_note_waits_for_one(desk: TestDesk, walter: Session) -> None:
    desk.do(complete_session, walter.appointment_id)
    waiting = desk.ask(queries.unsigned_notes)
    assert [(each.appointment_id, each.note_id) for each in waiting] == [
        (walter.appointment_id, None)
    ]
    assert [each.of("Walter Strand") for each in desk.ask(queries.unsigned)] == waiting
    signed(desk, walter)
    assert desk.ask(queries.unsigned_notes) == []
    assert desk.ask(queries.unsigned) == []


def test_no_note_is_fetched_to_know_whether_a_session_has_one(
    desk: TestDesk, walter: Session
) -> None:
    desk.do(complete_session, walter.appointment_id)
    sent: list[tuple[str, Any]] = []

    def plan(session: DbSession, scope: Scope) -> str:
        def note(*said: Any) -> None:
            sent.append((said[2], said[3]))

        event.listen(session.get_bind(), "before_cursor_execute", note)
        queries.unsigned(session, scope)
        event.remove(session.get_bind(), "before_cursor_execute", note)
        statement, parameters = sent[-1]
        explained = session.connection().exec_driver_sql(
            f"EXPLAIN QUERY PLAN {statement}", parameters
        )
        return "; ".join(row[3] for row in explained)

    # Texts are long and lie scattered: the index says all that is asked.
    assert "appointment_id=? AND deleted_at=?" in desk.ask(plan)


def test_reading_a_note_leaves_one_line_an_hour_in_the_audit(
    desk: TestDesk, walter: Session
) -> None:
    note_id = signed(desk, walter)
    for _ in range(2):
        desk.do(open_note, note_id)
    lines = desk.ask(audit.entries, subject_id=note_id)
    assert [line.label for line in lines].count("Open note") == 1


def test_readers_without_the_right_see_no_note_text(desk: TestDesk, walter: Session) -> None:
    note_id = signed(desk, walter)

    def as_admin(session: DbSession, scope: Scope) -> None:
        admin = Scope(scope.practice_id, uuid4(), note_text=False)
        with pytest.raises(NotAllowed):
            queries.note(session, admin, note_id)
        assert queries.notes_of_case(session, admin, walter.case_id) == []
        assert queries.last_plans(session, admin, [walter.case_id]) == {}

    desk.ask(as_admin)


def test_another_providers_cases_are_out_of_sight(desk: TestDesk, walter: Session) -> None:
    note_id = signed(desk, walter)

    def as_provider(session: DbSession, scope: Scope) -> None:
        stranger = uuid4()
        provider = Scope(scope.practice_id, stranger, note_text=True, cases_of=stranger)
        with pytest.raises(NotFound):
            queries.note(session, provider, note_id)
        assert queries.notes_of_case(session, provider, walter.case_id) == []
        assert queries.unsigned_notes(session, provider) == []
        assert queries.note_statuses(session, provider, [walter.appointment_id]) == {}

    desk.ask(as_provider)


@command(permission=Permission.WRITE_NOTES, label="Damage")
def damage(uow: UnitOfWork) -> None:
    """Change a signed note behind the program's back."""
    for trigger in ("keep_note_update", "guard_note_update"):
        uow.session.execute(text(f"DROP TRIGGER {trigger}"))
    uow.session.execute(text("UPDATE note SET revision = 99"))


def test_a_damaged_signature_is_found(desk: TestDesk, walter: Session) -> None:
    note_id = signed(desk, walter)
    desk.do(damage)
    assert desk.ask(queries.broken_signatures) == [note_id]

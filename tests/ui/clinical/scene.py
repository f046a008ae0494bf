"""Walter Strand's record as the design's pictures show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.diagnoses import add_diagnosis
from app.core.clinical.commands.notes import save_draft, sign_note, start_session_note
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.work import move_work
from app.core.kernel.acting import Role, member_actor
from app.core.kernel.desk import Desk
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.practice.commands import add_service
from app.core.practice.queries import services
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from app.core.vault.desk import VaultDesk
from tests.support.colleagues import welcome

USUAL = ServiceFields("Individual", "0001Z", 50, Money(16500))

MONDAY = {
    "subjective": "Two nights of six hours, the rest four to five. Worry period on three days. "
    "Describes the work deadline as “a cliff I keep walking toward.”",
    "objective": "Tired, slower speech, tearful once when naming his father. Oriented, no safety "
    "concern. GAD-7 not given.",
    "assessment": "Anxiety sustained by avoidance of the deadline talk. Ritual count down to one "
    "check on most nights.",
    "plan": "Keep the worry period at 6 PM. Write the first sentence to his manager before "
    "Tuesday. GAD-7 next session. Weekly.",
}
THURSDAY = {
    "subjective": "Slept six hours on four nights, up from two last week. Used the worry period "
    "on five of seven days and says the habit “finally feels like mine, not homework.”\n"
    "One hard evening on Tuesday after a call with his brother; sat with it for twenty minutes "
    "and did not check the door locks a second time.",
    "objective": "On time, rested, eye contact easy. Speech even, affect fuller than in October. "
    "No safety concern voiced; asked directly, denied thoughts of harm.\n"
    "GAD-7 today 9 (12 two weeks ago).",
    "assessment": "Steady progress toward goal 1 (sleep) and goal 2 (fewer checking rituals). The "
    "Tuesday call shows him tolerating uncertainty without the ritual, which is the mechanism we "
    "have been working on.",
}


@dataclass(frozen=True, slots=True)
class Walter:
    """His client, his case, his sessions of this week, Monday's signed note."""

    client_id: UUID
    case_id: UUID
    monday_id: UUID
    thursday_id: UUID
    monday_note: UUID


def session(desk: Desk, case_id: UUID, starts: datetime) -> UUID:
    """Book a session of the usual service."""
    known = desk.ask(services)
    service_id = known[0].id if known else desk.do(add_service, USUAL).value
    booking = Booking(case_id=case_id, starts=starts, minutes=50, lines=(Line(service_id),))
    return desk.do(book_session, booking).value


def signed_note(desk: Desk, appointment_id: UUID, texts: dict[str, str]) -> UUID:
    """Write and sign the note of a session."""
    note_id = desk.do(start_session_note, appointment_id).value
    kept = desk.do(save_draft, note_id, NoteFormat.SOAP, texts).value
    desk.do(sign_note, note_id, kept.hash)
    return note_id


def walter(desk: Desk) -> Walter:
    """Make the record."""
    added = desk.do(add_client_with_case, NewClient(PersonName("Walter", "", "Strand"))).value
    client_id = added.client_ids[0]
    for code, since in (("F41.1", date(2026, 3, 3)), ("G47.00", date(2026, 8, 13))):
        desk.do(add_diagnosis, NewDiagnosis(client_id, code, since))
    monday = session(desk, added.case_id, datetime(2026, 11, 16, 9, 0))
    thursday = session(desk, added.case_id, datetime(2026, 11, 19, 9, 0))
    note_id = signed_note(desk, monday, MONDAY)
    return Walter(client_id, added.case_id, monday, thursday, note_id)


def thursday_draft(desk: Desk, record: Walter) -> UUID:
    """Begin Thursday's note as far as the design's picture has it."""
    note_id = desk.do(start_session_note, record.thursday_id).value
    desk.do(save_draft, note_id, NoteFormat.SOAP, THURSDAY)
    return note_id


def colleagues_draft(desk: Desk, record: Walter) -> tuple[UUID, UUID]:
    """Give the case to Bea, a provider, who writes Thursday's draft; return her and the note."""
    assert isinstance(desk, VaultDesk)
    owner = desk.actor
    assert owner.member_id is not None
    bea = desk.do(welcome, "Bea", "Lindahl", Role.PROVIDER).value
    desk.do(move_work, owner.member_id, bea)
    desk.act_as(member_actor(owner.practice_id, bea, Role.PROVIDER))
    note_id = thursday_draft(desk, record)
    desk.act_as(owner)
    return bea, note_id

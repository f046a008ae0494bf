"""How people, cases and their states are worded and marked on screens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from app.core.cases.queries import CaseView
from app.core.clinical.rules.notes import NoteStatus
from app.core.kernel.phrases import date_words, plural, short_day, time_words, weekday_day
from app.core.people.queries import ClientRecord
from app.core.people.rules import Lifecycle
from app.core.practice.rules.catalogue import CaseKind
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.tasks.queries.roster import HeldSession, RecordOverview
from app.core.tasks.rules.attention import Workflow, WorkflowState
from app.ui.widgets.status import Status, Tone

DASH = "—"

_STATES: dict[WorkflowState, tuple[str, Tone]] = {
    WorkflowState.RECORD_TO_REVIEW: ("file-search", Tone.INFO),
    WorkflowState.NEEDS_ATTENTION: ("triangle-alert", Tone.WARN),
    WorkflowState.READY_TO_SCHEDULE: ("calendar-plus", Tone.QUIET),
    WorkflowState.NOTHING_BOOKED: ("calendar-x", Tone.QUIET),
    WorkflowState.ON_TRACK: ("circle-check", Tone.QUIET),
    WorkflowState.RESTING: ("minus", Tone.MUTED),
}
#: What *needs attention* is about, by the act that mends it.
_ASKED: dict[str, Status] = {
    "appointments": Status("calendar-clock", "Session to close", Tone.WARN),
    "unsigned": Status("pen-line", "Note to sign", Tone.WARN),
    "payment": Status("wallet", "Payment owing", Tone.WARN),
    "diagnosis": Status("triangle-alert", "Diagnosis missing", Tone.WARN),
}
_LIFECYCLES: dict[Lifecycle, tuple[str, Tone]] = {
    Lifecycle.ACTIVE: ("circle-check", Tone.OK),
    Lifecycle.PROSPECT: ("user-plus", Tone.QUIET),
    Lifecycle.INTAKE_PENDING: ("clipboard-list", Tone.WARN),
    Lifecycle.WAITLIST: ("clock", Tone.QUIET),
    Lifecycle.INACTIVE: ("minus", Tone.MUTED),
    Lifecycle.CONTACT: ("user-round", Tone.QUIET),
    Lifecycle.ARCHIVED: ("folder", Tone.MUTED),
}


def workflow_status(workflow: Workflow | None) -> Status:
    """Return the mark of a workflow state; a state that asks says what it asks for."""
    if workflow is None:
        return Status("minus", "No open case", Tone.MUTED)
    if workflow.state is WorkflowState.NEEDS_ATTENTION and workflow.act in _ASKED:
        return _ASKED[workflow.act]
    icon, tone = _STATES[workflow.state]
    return Status(icon, workflow.state.value, tone)


def lifecycle_status(lifecycle: Lifecycle) -> Status:
    """Return the mark of a lifecycle status."""
    icon, tone = _LIFECYCLES[lifecycle]
    return Status(icon, lifecycle.label, tone)


def case_icon(kind: CaseKind | None) -> str:
    """Return the icon of a kind of case: one person, two, several."""
    if kind is CaseKind.COUPLE:
        return "users"
    if kind in (None, CaseKind.INDIVIDUAL, CaseKind.CONSULTATION):
        return "user-round"
    return "users-round"


def session_words(starts: datetime | None, today: date) -> str:
    """Return when a session is: ``Today, 5:30 PM``, ``Thu, Dec 3, 3:30 PM``."""
    if starts is None:
        return DASH
    near = {0: "Today", 1: "Tomorrow"}.get((starts.date() - today).days)
    day = near or weekday_day(starts.date())
    year = f", {starts.year}" if starts.year != today.year else ""
    return f"{day}{year}, {time_words(starts)}"


def near_day(day: date | None, today: date) -> str:
    """Return a day at the end of a line: ``Today``, ``Nov 24``, ``Oct 3, 2025``, or nothing."""
    if day is None:
        return ""
    near = {0: "Today", 1: "Tomorrow"}.get((day - today).days)
    return near or (short_day(day) if day.year == today.year else date_words(day))


def record_detail(found: RecordOverview) -> str:
    """Return the line under a record's title: kind, since when, sessions, money."""
    parts = [_kind_words(found)]
    since = min(
        (each.details.first_seen for each in found.people if each.details.first_seen),
        default=found.case.opened_on if found.case else None,
    )
    if since is not None:
        parts[0] += f", with you since {since:%B %Y}"
    if found.held:
        parts.append(plural(found.held, "session"))
    if found.balance.owing:
        parts.append(f"{found.balance.owing} owing")
    if found.balance.credit:
        parts.append(f"{found.balance.credit} credit")
    if found.case is not None and found.case.closed_on is not None:
        parts.append(f"closed {date_words(found.case.closed_on)}")
    return " · ".join(parts)


def _kind_words(found: RecordOverview) -> str:
    if found.case is None:
        return "No open case"
    label = found.case.relationship_label
    return f"{found.case.kind.label} ({label})" if label else found.case.kind.label


def record_title(found: RecordOverview) -> str:
    """Return how the record is called."""
    return found.case.title if found.case is not None else found.people[0].name.display


def both_words(people: Sequence[ClientRecord]) -> str:
    """Return what follows a status that all people of a case share: ``both``, ``all 4``."""
    return {1: "", 2: "both"}.get(len(people), f"all {len(people)}")


def payers_words(case: CaseView, people: Sequence[ClientRecord]) -> str:
    """Return the billing arrangement: who pays, and whose superbill it is."""
    pays = case.billing_words or "The client pays"
    if case.kind not in (CaseKind.COUPLE, CaseKind.FAMILY):
        return pays
    identified = next((each for each in people if each.id == case.identified_client_id), None)
    if case.billing_words == "":
        pays = "The clients pay"
    if identified is None:
        return f"{pays}; no identified patient yet"
    return f"{pays}, superbill to {identified.name.called} as identified patient"


_SESSION_STATUSES: dict[AppointmentStatus, tuple[str, Tone]] = {
    AppointmentStatus.SCHEDULED: ("clock", Tone.WARN),
    AppointmentStatus.CONFIRMED: ("clock", Tone.WARN),
    AppointmentStatus.COMPLETED: ("circle-check", Tone.QUIET),
    AppointmentStatus.NO_SHOW: ("ban", Tone.WARN),
    AppointmentStatus.LATE_CANCELED: ("clock", Tone.WARN),
    AppointmentStatus.CANCELED: ("x", Tone.MUTED),
}


def session_status(status: AppointmentStatus) -> Status:
    """Return the mark of what became of a past session; one still open waits to be closed."""
    icon, tone = _SESSION_STATUSES[status]
    return Status(icon, status.label, tone)


def note_status(held: HeldSession) -> Status:
    """Return the mark of a past session's note."""
    if held.note is NoteStatus.SIGNED:
        return Status("lock", "Signed", Tone.OK)
    if held.note is NoteStatus.DRAFT:
        return Status("pen-line", "To sign", Tone.WARN)
    if held.session.status is AppointmentStatus.COMPLETED:
        return Status("pen-line", "No note", Tone.WARN)
    return Status("", "No note", Tone.QUIET)

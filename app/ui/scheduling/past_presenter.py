"""Quick entry of past sessions: several at once, with what was paid, saved all or none. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.cases.queries import CaseView
from app.core.journeys.sessions import PastEntry, Settled, enter_past
from app.core.kernel.canonical import from_plain, to_plain
from app.core.kernel.changes import Outcome
from app.core.kernel.clock import unix_ms
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.core.kernel.ids import new_id
from app.core.kernel.money import Money
from app.core.scheduling import queries
from app.core.scheduling.commands import PastSession
from app.core.scheduling.queries import BookingChoices
from app.core.scheduling.rules import AppointmentStatus
from app.core.scheduling.rules.booking import Booking, Line
from app.ui.shell.form_presenter import FormPresenter, Later, at_once
from app.ui.shell.presenter import Deliver

_USUAL_CLOCK = time(9)


class Became(StrEnum):
    """What became of a past session, as quick entry asks it."""

    ATTENDED = "Attended"
    MISSED = "Missed"
    CHARGED = "Missed, charged"


@dataclass(frozen=True, slots=True)
class PastRow:
    """One session as typed. ``problem`` is what is wrong with it, ``wrong`` the field's name."""

    day: date
    clock: time = _USUAL_CLOCK
    case_id: UUID | None = None
    service_id: UUID | None = None
    became: Became = Became.ATTENDED
    paid: Money | None = None
    method: Method = Method.CHECK
    problem: str = ""
    wrong: str = ""


class PastPresenter(FormPresenter):
    """Enters past sessions."""

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        did: Callable[[Outcome[Any]], None] | None = None,
        later: Later = at_once,
        unkept: Callable[[Exception], None] | None = None,
    ) -> None:
        super().__init__(desk, deliver, "past_sessions", did=did, later=later, unkept=unkept)
        self.choices: BookingChoices | None = None
        self.rows: tuple[PastRow, ...] = (PastRow(self.today() - timedelta(days=1)),)
        self.problem = ""
        self.busy = False
        self.saved: Callable[[UUID], None] | None = None
        """Hears which of the sessions entered is the latest."""
        # Made once: a second click on Save enters no payment twice.
        self._payment_ids: dict[int, UUID] = {}

    def today(self) -> date:
        """Return the date on the practice's wall."""
        return self.desk.clock.now().astimezone(ZoneInfo(self.desk.zone)).date()

    def refresh(self) -> None:
        """Read what can be chosen."""
        self.read("choices", queries.booking_choices, then=self._have_choices)

    def _have_choices(self, choices: BookingChoices) -> None:
        self.choices = choices
        self.begin()
        self.changed()

    def content(self) -> dict[str, Any]:
        """Return the rows, and the ids under which their payments will be entered."""
        payments = {str(index): str(each) for index, each in self._payment_ids.items()}
        return {"rows": to_plain(self.rows), "payments": payments}

    def take_up(self, content: dict[str, Any]) -> None:
        """Go on with the rows that were left."""
        known = {each.id for each in self._cases()}
        rows = tuple(from_plain(PastRow, each) for each in content["rows"])
        self.rows = tuple(
            row if row.case_id in known else replace(row, case_id=None) for row in rows
        )
        payments = content["payments"]
        self._payment_ids = {int(index): UUID(each) for index, each in payments.items()}

    def add(self) -> None:
        """Add a row: the same client and hour a week later, or today at the latest."""
        last = self.rows[-1]
        day = min(last.day + timedelta(days=7), self.today())
        self.rows = (*self.rows, replace(last, day=day, paid=None, problem="", wrong=""))
        self.touched()
        self.changed()

    def remove(self, index: int) -> None:
        """Drop a row; the last one stays."""
        if len(self.rows) > 1:
            self.rows = self.rows[:index] + self.rows[index + 1 :]
            self.touched()
            self.changed()

    def set(self, index: int, **values: Any) -> None:
        """Take what was typed in a row."""
        row = replace(self.rows[index], problem="", wrong="", **values)
        if "case_id" in values and row.service_id is None:
            row = replace(row, service_id=self._usual_service(row.case_id))
        self.rows = (*self.rows[:index], row, *self.rows[index + 1 :])
        self.problem = ""
        self.touched()
        self.changed()

    def _usual_service(self, case_id: UUID | None) -> UUID | None:
        if self.choices is None:
            return None
        case = next((each for each in self.choices.cases if each.id == case_id), None)
        first = next((each.id for each in self.choices.services), None)
        return (case.default_service_id if case else None) or first

    def save(self) -> None:
        """Enter all rows; what is wrong is said at its row, and nothing is entered."""
        checked = tuple(self._checked(row) for row in self.rows)
        self.rows = checked
        if any(row.problem for row in checked):
            self.changed()
            return
        self.busy = True
        self.changed()
        entries = [
            self._entry(index, row, row.case_id, row.service_id)
            for index, row in enumerate(checked)
            if row.case_id is not None and row.service_id is not None
        ]
        self.submit(enter_past, entries, then=self._done, failed=self._refused)

    def _checked(self, row: PastRow) -> PastRow:
        if row.case_id is None:
            return replace(row, problem="Choose who the session was with.", wrong="case")
        if row.service_id is None:
            return replace(row, problem="Choose the service.", wrong="service")
        if row.day > self.today():
            sentence = "This day has not come yet: book it in the calendar."
            return replace(row, problem=sentence, wrong="day")
        return replace(row, problem="", wrong="")

    def _entry(self, index: int, row: PastRow, case_id: UUID, service_id: UUID) -> PastEntry:
        starts = datetime.combine(row.day, row.clock)
        booking = Booking(case_id, starts, lines=(Line(service_id),))
        missed = row.became is not Became.ATTENDED
        status = AppointmentStatus.NO_SHOW if missed else AppointmentStatus.COMPLETED
        session = PastSession(booking, status, chargeable=row.became is Became.CHARGED)
        return PastEntry(session, payment=self._payment(index, row))

    def _payment(self, index: int, row: PastRow) -> PaymentEntry | None:
        case = next(each for each in self._cases() if each.id == row.case_id)
        if not row.paid or not case.people:
            return None
        fresh = new_id(unix_ms(self.desk.clock.now()))
        payment_id = self._payment_ids.setdefault(index, fresh)
        return PaymentEntry(
            payment_id, case.people[0].id, row.paid, row.method, row.day, case_id=case.id
        )

    def _cases(self) -> tuple[CaseView, ...]:
        return self.choices.cases if self.choices else ()

    def _done(self, outcome: Outcome[list[Settled]]) -> None:
        self.busy = False
        self.did(outcome)
        if self.saved is not None:
            when = [datetime.combine(row.day, row.clock) for row in self.rows]
            self.saved(outcome.value[when.index(max(when))].session_id)

    def _refused(self, error: Exception) -> None:
        self.busy = False
        if not isinstance(error, UserError):
            raise error
        self.problem = error.sentence
        self.changed()

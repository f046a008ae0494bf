"""The tab Appointments of a client's or a case's record."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget

from app.core.kernel.desk import Desk
from app.core.scheduling import queries
from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules import AppointmentStatus
from app.ui.scheduling.words import STATUS_ICONS
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.shell.presenter import Deliver, Presenter
from app.ui.widgets.buttons import Button
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.layout import column_layout, row
from app.ui.widgets.phrases import clock_range, date_words, plural, time_words, weekday_day
from app.ui.widgets.states import EmptyState, StateStack, Way
from app.ui.widgets.status import Status, Tone
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

_BACK, _AHEAD = timedelta(days=3653), timedelta(days=91)
_TONES = {
    AppointmentStatus.COMPLETED: Tone.OK,
    AppointmentStatus.NO_SHOW: Tone.WARN,
    AppointmentStatus.LATE_CANCELED: Tone.WARN,
}


class SessionsPresenter(Presenter):
    """The sessions of a case or of a client: ahead for three months, and what was."""

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        case_id: UUID | None = None,
        client_id: UUID | None = None,
    ) -> None:
        super().__init__(desk, deliver)
        self.case_id, self.client_id = case_id, client_id
        self.sessions: tuple[SessionView, ...] | None = None
        self.problem: Exception | None = None
        self.watch("scheduling")

    def now(self) -> datetime:
        """Return the time on the practice's wall."""
        return self.desk.clock.now().astimezone(ZoneInfo(self.desk.zone)).replace(tzinfo=None)

    def refresh(self) -> None:
        """Read the sessions, latest first."""
        today = self.now().date()
        if self.case_id is not None:
            self.read(
                "sessions",
                queries.sessions_of_case,
                self.case_id,
                today + _AHEAD,
                then=self._have,
                failed=self._failed,
            )
        elif self.client_id is not None:
            self.read(
                "sessions",
                queries.agenda,
                self.client_id,
                today - _BACK,
                today + _AHEAD,
                then=lambda found: self._have(found[::-1]),
                failed=self._failed,
            )

    def _have(self, found: list[SessionView]) -> None:
        self.sessions, self.problem = tuple(found), None
        self.changed()

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()

    @property
    def summary(self) -> str:
        """Return ``12 sessions, next on Thursday, Nov 26, 2:30 PM``."""
        found = self.sessions or ()
        held = sum(each.status is AppointmentStatus.COMPLETED for each in found)
        ahead = [each for each in found if each.starts >= self.now() and each.status.is_open]
        words = f"{plural(held, 'session')} attended"
        if not ahead:
            return f"{words}, none booked"
        upcoming = min(ahead, key=lambda each: each.starts)
        return f"{words}, next on {weekday_day(upcoming.day)}, {time_words(upcoming.starts)}"


class SessionsPanel(QWidget):
    """A table of sessions; opening one goes to it in the calendar."""

    def __init__(
        self,
        context: ScreenContext,
        *,
        case_id: UUID | None = None,
        client_id: UUID | None = None,
    ) -> None:
        super().__init__()
        self._context = context
        self._presenter = SessionsPresenter(
            context.desk, context.deliver, case_id=case_id, client_id=client_id
        )
        self._summary = Text("", tone="text.secondary")
        self._table = DataTable(_COLUMNS, name="Appointments")
        self._table.follow(context.unsent)
        self._table.opened.connect(self._open)
        self._states = StateStack(self._table)
        new = Button("New appointment", icon="plus", on_click=self._new)
        box = column_layout(self, gap=12, margin=(0, 16, 0, 0))
        box.addWidget(row(self._summary, None, new))
        box.addWidget(self._states, 1)
        self._presenter.on_change(self._show)
        self._states.loading()
        self._presenter.refresh()

    def refresh(self) -> None:
        """Read again; the tab is shown again."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Drop what reads."""
        self._presenter.close()

    def _show(self) -> None:
        presenter = self._presenter
        if presenter.problem is not None:
            self._states.error("The sessions could not be read.", presenter.refresh)
            return
        found = presenter.sessions or ()
        self._summary.set(presenter.summary)
        if not found:
            self._states.empty(
                EmptyState(
                    "calendar-days",
                    "No sessions yet",
                    "Booked and past sessions stand here.",
                    [Way("Book a session", self._new, icon="calendar-plus")],
                )
            )
            return
        self._table.set_rows([_row(each) for each in found])
        self._states.content()

    def _open(self, session_id: object) -> None:
        if isinstance(session_id, UUID):
            self._context.go(Place("scheduling", ("appointment", session_id)))

    def _new(self) -> None:
        named = (("case", self._presenter.case_id), ("client", self._presenter.client_id))
        ask = {kind: str(record_id) for kind, record_id in named if record_id}
        self._context.go(Place("scheduling", part="new", ask=ask))


_COLUMNS = (
    Column("day", "Date", width=120),
    Column("time", "Time", width=160),
    Column("service", "Service", stretch=1),
    Column("place", "Where", stretch=1),
    Column("status", "Status", width=150),
)


def _row(session: SessionView) -> TableRow:
    status = session.status
    tone = _TONES.get(status, Tone.QUIET)
    return TableRow(
        session.id,
        (
            Cell(date_words(session.day), sort=session.starts.isoformat()),
            Cell(clock_range(session.starts, session.ends)),
            Cell(session.service_name),
            Cell(session.location_name),
            Cell(status=Status(STATUS_ICONS[status], status.label, tone)),
        ),
    )

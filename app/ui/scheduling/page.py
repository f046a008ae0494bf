"""The calendar's page: week and day; in their place the editor of a session, or quick entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QWidget

from app.core.scheduling.queries import SessionView
from app.ui.scheduling.dragging import Draft
from app.ui.scheduling.editor import EditorPage
from app.ui.scheduling.editor_presenter import EditorPresenter
from app.ui.scheduling.past import PastPage
from app.ui.scheduling.past_presenter import PastPresenter
from app.ui.scheduling.presenter import CalendarPresenter, Mode
from app.ui.scheduling.week import WeekView
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place


class CalendarPage(QStackedWidget):
    """What the shell shows as Calendar."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self.presenter = CalendarPresenter(
            context.desk, context.deliver, did=context.did, fail=context.fail
        )
        self.week = WeekView(self.presenter)
        self.week.grid.canvas.follow(context.unsent)
        self._over: EditorPage | PastPage | None = None
        self.addWidget(self.week)
        self.week.drafted.connect(self._book_draft)
        self.week.new_asked.connect(self.new_appointment)
        self.week.past_asked.connect(self.enter_past)
        self.week.edit_asked.connect(self._edit)
        self.week.note_asked.connect(self._open_note)
        self.week.payment_asked.connect(self._take_payment)
        self.week.colors_asked.connect(self._change_colors)
        self.presenter.refresh()

    # What the shell asks

    def show_place(self, place: Place) -> None:
        """Go to a session, to a new one of a case, or to quick entry."""
        if place.record is not None and place.record[0] == "appointment":
            self.presenter.find(place.record[1])
            field = place.ask.get("field")
            if field:
                self._open_editor(session_id=place.record[1], field=field)
        elif place.part == "new":
            case, client = place.ask.get("case"), place.ask.get("client")
            self.new_appointment(
                case_id=UUID(case) if case else None, client_id=UUID(client) if client else None
            )
        elif place.part == "past":
            self.enter_past()
        elif "day" in place.ask:
            self._close_over()
            self.presenter.show(day=date.fromisoformat(place.ask["day"]))
        if self._over is None:
            # Without the mark of the keyboard until a key is pressed: a mouse may have come here.
            self.week.grid.canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def refresh(self) -> None:
        """Read again; the page is shown again."""
        self.presenter.refresh()

    def act(self, action_id: str) -> None:
        """Do an action of the calendar."""
        acts: dict[str, Callable[[], None]] = {
            "scheduling.new": self.new_appointment,
            "scheduling.past": self.enter_past,
            "scheduling.today": self.presenter.today,
            "scheduling.day": lambda: self.presenter.show(mode=Mode.DAY),
            "scheduling.week": lambda: self.presenter.show(mode=Mode.WEEK),
            "scheduling.months": self.week.months.toggle,
        }
        if action_id in acts:
            acts[action_id]()

    def can(self, action_id: str) -> bool:
        """Return whether an action can be done: none while something is being edited."""
        return self._over is None

    def left(self) -> None:
        """Keep what was typed in the editor; it stays open."""
        if self._over is not None:
            self._over.presenter.keep_now()

    def closing(self) -> None:
        """Drop what reads and writes; the window closes or locks."""
        self._close_over()
        self.week.stop()
        self.presenter.close()

    # Editing

    def new_appointment(
        self,
        *,
        starts: datetime | None = None,
        minutes: int | None = None,
        case_id: UUID | None = None,
        client_id: UUID | None = None,
    ) -> None:
        """Open the editor of a new appointment."""
        if starts is None and self.presenter.now().date() not in self.presenter.days:
            starts = datetime.combine(self.presenter.days[0], datetime.min.time().replace(hour=9))
        self._open_editor(starts=starts, minutes=minutes, case_id=case_id, client_id=client_id)

    def _book_draft(self, draft: Draft) -> None:
        self.new_appointment(starts=draft.starts, minutes=draft.minutes)

    def _edit(self, session: SessionView) -> None:
        self._open_editor(session_id=session.id)

    def _open_editor(
        self,
        *,
        starts: datetime | None = None,
        minutes: int | None = None,
        case_id: UUID | None = None,
        client_id: UUID | None = None,
        session_id: UUID | None = None,
        field: str = "",
    ) -> None:
        presenter = EditorPresenter(
            self._context.desk,
            self._context.deliver,
            starts=starts,
            minutes=minutes,
            case_id=case_id,
            client_id=client_id,
            session_id=session_id,
            did=self._context.did,
            later=self._context.later,
            unkept=self._context.fail,
        )
        # Somebody who is not chosen yet is typed first.
        nobody = session_id is None and case_id is None and client_id is None
        page = EditorPage(presenter, field=field or ("case" if nobody else ""))
        page.finished.connect(self._close_over)
        page.saved.connect(self._go_to_saved)
        page.start_over.connect(
            lambda: self._open_editor(
                starts=starts,
                minutes=minutes,
                case_id=case_id,
                client_id=client_id,
                session_id=session_id,
                field=field,
            )
        )
        self._show_over(page)
        presenter.refresh()

    def enter_past(self) -> None:
        """Open quick entry of past sessions."""
        presenter = PastPresenter(
            self._context.desk,
            self._context.deliver,
            did=self._context.did,
            later=self._context.later,
            unkept=self._context.fail,
        )
        page = PastPage(presenter)
        page.finished.connect(self._close_over)
        page.saved.connect(self._go_to_saved)
        page.start_over.connect(self.enter_past)
        self._show_over(page)
        presenter.refresh()

    def _show_over(self, page: EditorPage | PastPage) -> None:
        self._close_over()
        self._over = page
        self.addWidget(page)
        self.setCurrentWidget(page)
        page.setFocus()

    def _close_over(self) -> None:
        page, self._over = self._over, None
        if page is None:
            return
        page.presenter.close()
        self.setCurrentWidget(self.week)
        self.removeWidget(page)
        page.deleteLater()
        self.week.setFocus()

    # Going

    def _go_to_saved(self, session_id: UUID) -> None:
        """Show the day on which what was just booked stands, wherever one looked before."""
        self._close_over()
        self.presenter.find(session_id)

    def _open_note(self, session: SessionView) -> None:
        self.week.close_card()
        self._context.go(Place("clinical", ask={"appointment": str(session.id)}))

    def _take_payment(self, session: SessionView) -> None:
        self.week.close_card()
        client = str(session.people[0].id) if session.people else ""
        self._context.go(Place("billing", part="payments", ask={"client": client}))

    def _change_colors(self) -> None:
        self._context.go(Place("settings", part="services"))

    def current(self) -> QWidget:
        """Return what is in front: the week, the editor or quick entry."""
        return self._over or self.week

"""Week and day: toolbar, names of the days, the grid, and the popover of a session."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy

from app.core.scheduling.queries import SessionView
from app.core.scheduling.rules import AppointmentStatus
from app.ui.scheduling.card import SessionCard
from app.ui.scheduling.grid import DayGrid
from app.ui.scheduling.head import DayNames
from app.ui.scheduling.month_panel import MonthDock
from app.ui.scheduling.presenter import CalendarPresenter, Mode
from app.ui.scheduling.words import span_title
from app.ui.theme import look
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.choices import Segmented
from app.ui.widgets.layout import Surface, column_layout, row_layout
from app.ui.widgets.menus import Entry, MenuButton, menu
from app.ui.widgets.phrases import plural
from app.ui.widgets.popover import Popover
from app.ui.widgets.states import StateStack
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

#: The now line moves, and what is over turns past, once a minute.
_MINUTE_MS = 60_000
#: Narrower than these the toolbar leaves out the number of sessions, the words of the filter,
#: and the number of overlaps.
_ROOM_FOR_COUNTS, _ROOM_FOR_FILTER, _ROOM_FOR_OVERLAPS = 1040, 960, 880
_NARROWEST = 760


class WeekView(Surface):
    """What the calendar shows when nothing is being edited."""

    drafted = Signal(object)
    edit_asked = Signal(object)
    note_asked = Signal(object)
    payment_asked = Signal(object)
    new_asked = Signal()
    past_asked = Signal()
    colors_asked = Signal()

    def __init__(self, presenter: CalendarPresenter) -> None:
        super().__init__("page")
        self._presenter = presenter
        self.grid = DayGrid(presenter)
        self._names = DayNames()
        self._states = StateStack(self.grid)
        self._popover = Popover(self)
        self._shown_card: SessionCard | None = None
        self.months = MonthDock(self, presenter, leaves=_NARROWEST)
        self.months.shown.connect(self._months_shown)
        self.months.colors_asked.connect(self.colors_asked.emit)
        beside = row_layout(self, gap=0)
        box = column_layout()
        beside.addLayout(box, 1)
        beside.addWidget(self.months)
        box.addWidget(self._toolbar())
        box.addWidget(self._names)
        box.addWidget(self._states, 1)
        canvas = self.grid.canvas
        canvas.opened.connect(self.open_session)
        canvas.dropped.connect(presenter.drop)
        canvas.drafted.connect(self.drafted.emit)
        canvas.left_selection.connect(self.close_card)
        canvas.laid_out.connect(self._name_days)
        canvas.menu_asked.connect(self._open_menu)
        self._popover.closed.connect(self._card_closed)
        self._clock = QTimer(self)
        self._clock.setInterval(_MINUTE_MS)
        self._clock.timeout.connect(self.grid.render_sessions)
        presenter.on_change(self.show_state)

    def _toolbar(self) -> Surface:
        bar = Surface("page")
        bar.setFixedHeight(look.px(56))
        # Less than all of it asks for: ``_fit`` leaves out what has no room.
        bar.setMinimumWidth(look.px(_NARROWEST))
        line = row_layout(bar, gap=0, margin=(20, 0, 20, 0))
        self._title = Text("", "title", "semibold")
        self._counts = Text("", tone="text.secondary", tabular=True)
        self._overlaps = StatusLabel(Status("triangle-alert", "", Tone.WARN))
        self._mode = Segmented(
            [(Mode.DAY, "Day"), (Mode.WEEK, "Week")], self._presenter.mode, name="Days shown"
        )
        self._mode.chosen.connect(lambda mode: self._presenter.show(mode=mode))
        self._filter = MenuButton(
            "All services", self._filter_entries, icon="list-filter", name="Show services"
        )
        back = IconButton("chevron-left", "Earlier", keys="PgUp")
        back.clicked.connect(lambda: self._presenter.step(-1))
        ahead = IconButton("chevron-right", "Later", keys="PgDown")
        ahead.clicked.connect(lambda: self._presenter.step(1))
        today = Button("Today", kind="plain", keys="T", on_click=self._presenter.today)
        new = Button("New appointment", kind="primary", icon="plus", keys="N")
        new.clicked.connect(self.new_asked.emit)
        more = MenuButton("", self._more_entries, icon="ellipsis", name="More")
        self._show_months = IconButton("panel-right", "Month and colors", keys="M")
        self._show_months.setCheckable(True)
        self._show_months.clicked.connect(self.months.toggle)
        line.addWidget(self._title)
        line.addSpacing(look.px(10))
        for widget in (back, today, ahead):
            line.addWidget(widget)
        line.addSpacing(look.px(12))
        line.addWidget(self._counts)
        line.addSpacing(look.px(14))
        line.addWidget(self._overlaps)
        line.addStretch(1)
        for shown in (self._filter, self._mode, new):
            line.addWidget(shown)
            line.addSpacing(look.px(8))
        line.addWidget(more)
        line.addWidget(self._show_months)
        self._title.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        return bar

    def _more_entries(self) -> Sequence[Entry | None]:
        return [Entry("Enter past sessions", self.past_asked.emit, icon="history")]

    def _filter_entries(self) -> Sequence[Entry | None]:
        chosen = self._presenter.service_id
        every = Entry("All services", lambda: self._presenter.only(None), checked=chosen is None)
        return [
            every,
            None,
            *(
                Entry(
                    each.name,
                    lambda service_id=each.id: self._presenter.only(service_id),  # type: ignore[misc]
                    checked=chosen == each.id,
                )
                for each in self._presenter.services
            ),
        ]

    # Rendering

    def show_state(self) -> None:
        """Show what the presenter has."""
        presenter = self._presenter
        days = presenter.days
        self._title.set(span_title(days[0], days[-1]))
        if self._mode.value() is not presenter.mode:
            self._mode.set_value(presenter.mode)
        if presenter.problem is not None:
            self._states.error("The calendar could not be read.", presenter.refresh)
            return
        self._states.content()
        count, overlaps = presenter.counts
        self._counts.set(plural(count, "session"))
        self._overlaps.set(Status("triangle-alert", plural(overlaps, "overlap"), Tone.WARN))
        self._fit()
        self.grid.render_sessions()
        self.months.show_state()
        self._show_card()

    def _fit(self) -> None:
        """Leave out of the toolbar what has no room: the count, words of the filter, overlaps."""
        width, presenter = self.width() - self.months.docked_width(), self._presenter
        self._counts.setVisible(width >= look.px(_ROOM_FOR_COUNTS))
        services = {each.id: each.name for each in presenter.services}
        words = services.get(presenter.service_id, "") if presenter.service_id else "All services"
        self._filter.set_words(words if width >= look.px(_ROOM_FOR_FILTER) else "")
        wide = width >= look.px(_ROOM_FOR_OVERLAPS)
        self._overlaps.setVisible(presenter.counts[1] > 0 and wide)

    def _name_days(self) -> None:
        if self.grid.canvas.grid is not None:
            self._names.show_days(self.grid.canvas.grid, self._presenter.now().date())

    def _months_shown(self, shown: bool) -> None:
        self._show_months.setChecked(shown)
        self._popover.dismiss()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.months.fit()
        self._fit()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()
        self.show_state()
        self.grid.canvas.blocks.make_ready()

    def stop(self) -> None:
        """Stop the clock; the window closes."""
        self._clock.stop()
        self._popover.dismiss()

    # The popover

    def open_session(self, session_id: UUID) -> None:
        """Select a session and open its popover."""
        self._presenter.select(session_id)
        self.grid.render_sessions()

    def _show_card(self) -> None:
        detail = self._presenter.detail
        block = self.grid.canvas.blocks.of(self._presenter.selected)
        if detail is None or block is None or detail.session.id != self._presenter.selected:
            return
        before = self._shown_card.session if self._shown_card is not None else None
        if before == detail.session:
            return
        renewed = before is not None and before.id == detail.session.id
        card = SessionCard(self._presenter, detail)
        card.closed.connect(self.close_card)
        card.note_asked.connect(self.note_asked.emit)
        card.payment_asked.connect(self.payment_asked.emit)
        card.edit_asked.connect(self._edit)
        card.grown.connect(self._popover.refit)
        self._shown_card = card
        self.grid.ensureWidgetVisible(block, 0, look.px(24))
        corner = block.mapTo(self, QPoint(0, 0))
        self._popover.open_at(QRect(corner, block.size()), card, renewed=renewed)

    def _open_menu(self, session: SessionView, spot: QPoint) -> None:
        made = menu(self, self._session_entries(session))
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.popup(spot)

    def _session_entries(self, session: SessionView) -> list[Entry | None]:
        presenter, own = self._presenter, session.id
        found: list[Entry | None] = []
        if presenter.may_settle(session):
            found.append(Entry("Attended", lambda: presenter.attended(own), icon="check"))
        if session.status is AppointmentStatus.SCHEDULED:
            found.append(Entry("Confirm", lambda: presenter.confirm(own), icon="circle-check"))
        if not session.status.is_open:
            found.append(Entry("Reopen", lambda: presenter.reopen(own), icon="rotate-ccw"))
        found += [
            Entry("Open note", lambda: self.note_asked.emit(session), icon="pen-line"),
            Entry("Edit", lambda: self.edit_asked.emit(session), icon="calendar-clock"),
            None,
            Entry("Details, missed, cancel…", lambda: self.open_session(own), icon="ellipsis"),
        ]
        return found

    def _edit(self, session: object) -> None:
        self.close_card()
        self.edit_asked.emit(session)

    def close_card(self) -> None:
        """Close the popover and select nothing."""
        if self._shown_card is not None:
            self._popover.dismiss()
        else:
            self._card_closed()

    def _card_closed(self) -> None:
        self._shown_card = None
        self._presenter.select(None)
        self.grid.render_sessions()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pages = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        if event.key() in pages:
            self._presenter.step(pages[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

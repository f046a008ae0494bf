"""Today in three panes: the day, the session looked at, what needs attention. They reflow."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import Permission
from app.core.tasks.queries import Today
from app.core.tasks.rules.attention import NextAct
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.theme.tokens import tokens
from app.ui.today import acts
from app.ui.today.attentionpane import AttentionPane
from app.ui.today.contextpane import ContextPane
from app.ui.today.daylist import DayList
from app.ui.today.presenter import TodayPresenter
from app.ui.today.words import FOLLOWING, DayLine, day_lines, summary, title
from app.ui.widgets.bars import Toolbar
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.layout import Hairline, Surface, column_layout, row_layout
from app.ui.widgets.menus import Entry, menu
from app.ui.widgets.paint import PAINTED_AFTER
from app.ui.widgets.panes import Sheet
from app.ui.widgets.states import EmptyState, StateStack, Way
from app.ui.widgets.text import Text

#: How often the now line and *in 12 min* are brought up to date.
TICK_MS = 15_000
_NARROW_LIST = 440
_LEAST_LIST = 380
_LEAST_CONTEXT = 420


class TodayPage(Surface):
    """The day list, the context of one session, and the attention pane or its button."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__("page")
        self._context = context
        self._presenter = TodayPresenter(
            context.desk, context.deliver, did=context.did, fail=context.fail
        )
        # Asked before the panes are made: the day is read meanwhile.
        self._presenter.refresh()
        self._in_turn = False
        self._build()
        self._presenter.on_change(self._answered)
        self._clock = QTimer(self)
        self._clock.setInterval(TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.setInterval(PAINTED_AFTER)
        self._painted.timeout.connect(self._attention.begin)
        self._states.loading()

    # Building

    def _build(self) -> None:
        self._list = DayList()
        self._list.chosen.connect(self._chosen)
        self._list.opened.connect(lambda session_id: self._on(session_id, acts.NOTE))
        self._list.acted.connect(self._line_acted)
        self._list.menu_asked.connect(self._open_menu)
        self._pane = ContextPane(self._presenter, self.act, self._context.go)
        self._attention = AttentionPane(self._context)
        self._attention.counted.connect(self._counted)
        self._toolbar = self._make_toolbar()
        self._day = self._make_day()
        self._panes = Surface("page")
        line = row_layout(self._panes, gap=0)
        line.addWidget(self._day)
        self._divider = Hairline(vertical=True)
        line.addWidget(self._divider)
        line.addWidget(self._pane, 1)
        self._states = StateStack(self._panes, row="twoLine")
        self.setFocusProxy(self._list)
        box = column_layout(self)
        box.addWidget(self._toolbar)
        beside = row_layout(gap=0)
        beside.addWidget(self._states, 1)
        beside.addWidget(self._attention)
        box.addLayout(beside, 1)
        self._sheet = Sheet(self)
        self._reflow()

    def _make_toolbar(self) -> Toolbar:
        bar = Toolbar(height=52, margin=28)
        bar.add_stretch()
        self._attention_button = Button(
            "Needs attention", icon="list-checks", on_click=self.open_attention
        )
        self._turn = Button("Show session", on_click=self._take_turns)
        bar.add(self._turn)
        bar.add(self._attention_button)
        self._new = Button("New appointment", icon="plus", keys="N", on_click=self._book)
        self._new.setAccessibleName("New appointment")
        if not self._presenter.may(Permission.SCHEDULE):
            self._new.hide()
        bar.add(self._new)
        return bar

    def _make_day(self) -> QWidget:
        day = QWidget()
        self._head = QWidget()
        self._title = Text("", "display", "semibold", elide=True)
        self._summary = Text("", tone="text.secondary", elide=True)
        words = column_layout(gap=2)
        words.addWidget(self._title)
        words.addWidget(self._summary)
        head = row_layout(self._head, gap=8, margin=(8, 0, 12, 16))
        head.addLayout(words, 1)
        plus = IconButton("plus", "New appointment", framed=True, keys="N", on_click=self._book)
        beside_title = column_layout(margin=(0, 3, 0, 0))
        if not self._presenter.may(Permission.SCHEDULE):
            plus.hide()
        beside_title.addWidget(plus)
        beside_title.addStretch(1)
        head.addLayout(beside_title)
        self._day_box = column_layout(day, margin=(24, 28, 16, 0))
        self._day_box.addWidget(self._head)
        self._day_box.addWidget(self._list, 1)
        return day

    # Rendering

    def _answered(self) -> None:
        self._render()
        if not self._attention.begun:
            # What is shown is painted first.
            self._painted.start()

    def _render(self) -> None:
        if self._presenter.problem is not None:
            self._states.error("Today could not be read.", self._presenter.refresh)
            return
        today = self._presenter.today
        if today is None:
            return
        self._title.set(title(today))
        self._summary.set(summary(today, self._presenter.now()))
        self._say_day(brief=not self._turn.isHidden())
        self._attention.show_week(today.week)
        if not today.sessions and not today.following:
            self._states.empty(
                _nothing_booked(today, self._book, self._context.go, self._presenter.may)
            )
            return
        first = self._states.currentWidget() is not self._panes
        self._states.content()
        day = day_lines(today, self._presenter.now(), self._presenter.here())
        may = self._presenter.may
        lines = [
            each if may(acts.ACTS[_wanted(each)].needs) else replace(each, act="") for each in day
        ]
        self._list.set_lines(lines, self._presenter.selected)
        self._pane.show_context()
        self._order_tabs()
        if first and self.isVisible():
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _order_tabs(self) -> None:
        """Let Tab go from the day to the session's acts: the context is built after the rest."""
        before: QWidget = self._list
        for each in self._pane.stops():
            QWidget.setTabOrder(before, each)
            before = each

    def _say_day(self, *, brief: bool) -> None:
        today = self._presenter.today
        if today is not None:
            detail = "" if brief else summary(today, self._presenter.now())
            self._toolbar.say(title(today), detail)

    def _counted(self, count: int) -> None:
        self._attention_button.set_count(count or None, "warn.text" if count else "")

    def _tick(self) -> None:
        today = self._presenter.today
        if today is not None and today.day != self._presenter.here().date():
            self._presenter.refresh()
        else:
            self._render()

    # Reflow

    def _reflow(self) -> None:
        """Give the panes what the window has: all three, two, or list and context in turns."""
        number = tokens().number
        effective = self.window().width() * 100 / look.current().percent
        wide = effective >= number("layout.breakpoints.attentionBecomesButton")
        room = self.width() - look.px(_LEAST_CONTEXT)
        single = not wide and room < look.px(_LEAST_LIST)
        self._toolbar.setVisible(not wide)
        self._head.setVisible(wide)
        self._attention.setVisible(wide)
        self._turn.setVisible(single)
        self._new.set_words("" if single else "New appointment")
        self._say_day(brief=single)
        self._in_turn = self._in_turn and single
        self._day.setVisible(not self._in_turn)
        self._pane.setVisible(self._in_turn or not single)
        self._divider.setVisible(not single)
        full = look.px(number("layout.today.list"))
        if single:
            self._day.setMinimumWidth(0)
            self._day.setMaximumWidth(16_777_215)
        else:
            self._day.setFixedWidth(full if wide else min(look.px(_NARROW_LIST), room))
        margins = (24, 28, 16, 0) if wide else (16, 16, 12, 0)
        self._day_box.setContentsMargins(*(look.px(side) for side in margins))

    def _take_turns(self) -> None:
        """Show the context in place of the list, or the list again."""
        self._in_turn = not self._in_turn
        self._turn.set_words("Show day" if self._in_turn else "Show session")
        self._reflow()
        if not self._in_turn:
            self._list.setFocus(Qt.FocusReason.OtherFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._reflow()

    def showEvent(self, event: QEvent) -> None:
        self._reflow()
        self._clock.start()

    def hideEvent(self, event: QEvent) -> None:
        self._clock.stop()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and hasattr(self, "_sheet"):
            self._reflow()
            self._pane.restyle()
        super().changeEvent(event)

    # What the shell asks

    def refresh(self) -> None:
        """Read the day again when the page comes back."""
        self._presenter.refresh()
        self._attention.refresh()

    def closing(self) -> None:
        """Stop listening."""
        self._clock.stop()
        self._painted.stop()
        self._presenter.close()
        self._attention.closing()

    def can(self, action_id: str) -> bool:
        """Return whether the selected session allows an act."""
        if action_id == "today.book":
            return True
        each = self._presenter.session()
        return each is not None and action_id in acts.possible(each, self._presenter.may)

    def act(self, action_id: str) -> None:
        """Do an act with the selected session."""
        each = self._presenter.session()
        if action_id == "today.book":
            self._book()
        elif each is not None:
            self._do(action_id, each.session.id, each.session.case_id)

    def _do(self, action_id: str, session_id: UUID, case_id: UUID) -> None:
        presenter, go = self._presenter, self._context.go
        does: dict[str, Callable[[], None]] = {
            acts.NOTE: lambda: go(Place("clinical", ask={"appointment": str(session_id)})),
            acts.CONFIRM: lambda: presenter.confirm(session_id),
            acts.ATTENDED: lambda: presenter.attended(session_id),
            acts.MISSED: lambda: presenter.missed(session_id),
            acts.MISSED_CHARGED: lambda: presenter.missed(session_id, charged=True),
            acts.REOPEN: lambda: presenter.reopen(session_id),
            acts.PAYMENT: lambda: go(Place("billing", part="payments", ask={"case": str(case_id)})),
            acts.SHOW: lambda: go(Place("scheduling", ("appointment", session_id))),
            acts.RECORD: lambda: go(Place("people", ("case", case_id))),
            "today.billing": lambda: go(Place("people", ("case", case_id), part="billing")),
        }
        does[action_id]()

    # What the person does

    def _chosen(self, session_id: UUID) -> None:
        self._presenter.select(session_id)

    def _on(self, session_id: UUID, action_id: str) -> None:
        each = self._presenter.session(session_id)
        if each is not None:
            self._do(action_id, session_id, each.session.case_id)

    def _line_acted(self, line: DayLine) -> None:
        if line.kind == FOLLOWING:
            following = self._presenter.today.following if self._presenter.today else ()
            day = following[0].day.isoformat() if following else ""
            self._context.go(Place("scheduling", ask={"day": day}))
            return
        if line.session_id is not None:
            self._on(line.session_id, _wanted(line))

    def _open_menu(self, session_id: UUID, spot: QPoint) -> None:
        each = self._presenter.session(session_id)
        if each is None:
            return
        allowed = acts.possible(each, self._presenter.may)
        entries = [
            Entry(act.words, partial(self._on, session_id, act.id), act.keys, act.icon)
            for act in (acts.ACTS[act_id] for act_id in allowed)
        ]
        made = menu(self, entries)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        made.popup(spot)

    def _book(self) -> None:
        self._context.go(Place("scheduling", part="new"))

    def open_attention(self) -> None:
        """Open *Needs attention* over the page, where it is a button."""
        pane = AttentionPane(self._context, closable=True)
        pane.begin()
        pane.closed.connect(self._sheet.close_sheet)
        self._sheet.closed.connect(pane.closing)
        if self._presenter.today is not None:
            pane.show_week(self._presenter.today.week)
        self._sheet.open(pane)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._in_turn:
            self._take_turns()
        else:
            super().keyPressEvent(event)


def _wanted(line: DayLine) -> str:
    """Return the act that the link at a line's end does."""
    if line.kind == FOLLOWING:
        return acts.SHOW
    return {NextAct.ATTENDED: acts.ATTENDED, NextAct.CONFIRM: acts.CONFIRM}.get(
        line.next, acts.PAYMENT
    )


def _nothing_booked(
    today: Today,
    book: Callable[[], object],
    go: Callable[[Place], object],
    may: Callable[[Permission], bool],
) -> EmptyState:
    """Return what stands in place of a day on which, and after which, nothing is booked."""
    ways = {
        Permission.SCHEDULE: Way(
            "Book a session",
            book,
            "One session, or every week from now on.",
            "calendar-plus",
            "N",
        ),
        Permission.EDIT_CLIENTS: Way(
            "Add a client",
            lambda: go(Place("people", part="new")),
            "A name is enough; the rest can wait for intake.",
            "user-plus",
        ),
        Permission.IMPORT: Way(
            "Bring in your clients",
            lambda: go(Place("settings", part="import")),
            "You see every row before anything is kept, and can undo it.",
            "import",
        ),
    }
    open_ways = [way for needs, way in ways.items() if may(needs)]
    return EmptyState("sun", title(today), "Nothing is booked in the days ahead.", open_ways)

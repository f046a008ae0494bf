"""The area *Tasks*: what a person must decide first, then everything that needs attention."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.tasks.rules.attention import Attention, AttentionKind
from app.ui.shell.context import ScreenContext
from app.ui.shell.mending import place_to_mend
from app.ui.shell.places import Place
from app.ui.tasks.attention_list import AttentionList
from app.ui.tasks.decision_pane import DecisionPane
from app.ui.tasks.decision_presenter import DecisionPresenter
from app.ui.tasks.presenter import AttentionPresenter
from app.ui.theme import look
from app.ui.widgets.bars import PageHead
from app.ui.widgets.layout import (
    Hairline,
    ScrollPage,
    Section,
    Surface,
    column_layout,
    reveal,
    row_layout,
)
from app.ui.widgets.phrases import plural
from app.ui.widgets.states import EmptyState, StateStack
from app.ui.widgets.text import Text

#: The action that leaves a question.
ALL_TASKS = "tasks.all"
#: Width of the column of tasks beside a question, and of the list when it stands alone.
_COLUMN, _ALONE = 296, 660
#: Rows reach so far beyond the text above them.
_BLEED = 12
#: Pages narrower than this show the tasks and a question one at a time.
_BOTH_FROM = 1000


class TasksPage(Surface):
    """Tasks made by rules, which vanish when their cause does; a question opens beside them."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__("page")
        self._context = context
        self._head = PageHead("Tasks")
        self._asks = AttentionList("Needs you to choose", bleed=_BLEED)
        self._tasks = AttentionList("Tasks", bleed=_BLEED)
        self._ask_section = Section("Needs you to choose", gap=5)
        self._task_section = Section("To do", gap=5)
        self._column = self._build_column()
        self._question: DecisionPresenter | None = None
        self._pane: DecisionPane | None = None
        self._box = row_layout(self, gap=0)
        self._box.addWidget(self._column, 1)
        self._edge = Hairline(vertical=True)
        self._box.addWidget(self._edge)
        self.setFocusProxy(self._tasks)
        self._presenter = AttentionPresenter.shared(context, self._render)
        self._states.loading()
        self._presenter.refresh()

    def _build_column(self) -> QWidget:
        for each in (self._asks, self._tasks):
            each.mend_asked.connect(self._mend)
        self._ask_section.add(self._asks)
        self._task_section.add(self._tasks)
        for section in (self._ask_section, self._task_section):
            section.head.setContentsMargins(look.px(_BLEED), 0, look.px(_BLEED), 0)
        page = ScrollPage(margin=(40, 16, 40, 24), width=_ALONE, name="Tasks")
        page.body.addWidget(self._ask_section)
        page.body.addSpacing(look.px(20))
        page.body.addWidget(self._task_section)
        self._list = page
        self._states = StateStack(page, row="twoLine")
        column = Surface("page")
        box = column_layout(column)
        box.addWidget(self._head)
        box.addWidget(self._states, 1)
        return column

    # What the shell calls

    def show_place(self, place: Place) -> None:
        """Show the tasks, and the question that ``place`` names."""
        if place.record is not None and place.record[0] == "inbox_item":
            self._open(place.record[1])
        else:
            self._close_question()

    def refresh(self) -> None:
        """Read again when the page comes back."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Stop listening."""
        self._close_question()
        self._presenter.leave(self._render)

    def act(self, action_id: str) -> None:
        """Leave the question for the list."""
        if action_id == ALL_TASKS and self._pane is not None:
            self._context.go(Place("tasks"))

    def can(self, action_id: str) -> bool:
        """Return whether there is a question to leave."""
        return action_id == ALL_TASKS and self._pane is not None

    # The question

    def _mend(self, item: Attention) -> None:
        self._context.go(place_to_mend(item))

    def _open(self, item: UUID) -> None:
        if self._question is None:
            context = self._context
            self._question = DecisionPresenter(context.desk, context.deliver, self._decided)
            self._pane = DecisionPane(
                self._question, lambda: context.desk.zone, self._this_computer, self._go_to
            )
            self._box.addWidget(self._pane, 1)
        self._question.show(item)
        self._fit()
        if self._pane is not None:
            self._pane.focus_first()

    def _go_to(self, record: tuple[str, UUID]) -> None:
        kind, record_id = record
        self._context.go(self._context.place_of(kind, str(record_id)))

    def _this_computer(self) -> str:
        sync = self._context.sync
        return sync.status.device if sync is not None else ""

    def _open_record(self) -> tuple[str, UUID] | None:
        item = self._question.item if self._question is not None else None
        return ("inbox_item", item) if item is not None else None

    def _close_question(self) -> None:
        if self._pane is not None and self._question is not None:
            self._question.close()
            self._box.removeWidget(self._pane)
            self._pane.hide()
            self._pane.deleteLater()
            self._pane = self._question = None
        self._fit()

    def _decided(self) -> None:
        shown = self._question.item if self._question is not None else None
        left = [item for item in self._items() if item.record != ("inbox_item", shown)]
        following = [item for item in left if item.kind is AttentionKind.TO_DECIDE]
        if following:
            self._mend(following[0])
        else:
            self._context.go(Place("tasks"))

    def _fit(self) -> None:
        beside = self._pane is not None
        room = self.width() >= look.px(_BOTH_FROM)
        self._column.setVisible(room or not beside)
        if beside and room:
            self._column.setFixedWidth(look.px(_COLUMN))
        else:
            self._column.setMinimumWidth(0)
            self._column.setMaximumWidth(16_777_215)
        self._edge.setVisible(beside and room)
        self._box.setStretchFactor(self._column, 0 if beside else 1)
        side = look.px(20 if beside and room else 40)
        for part, inset in ((self._head, side), (self._list.widget(), side - look.px(_BLEED))):
            inner = part.layout() if part is not None else None
            if inner is not None:
                old = inner.contentsMargins()
                inner.setContentsMargins(inset, old.top(), inset, old.bottom())
        self._asks.show_open(self._open_record())
        self._say_count()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._fit()

    # Rendering

    def _say_count(self) -> None:
        count = len(self._items())
        words = plural(count, "thing needs", "things need") + " attention" if count else ""
        self._head.say("Tasks", "" if self._pane is not None else words)

    def _items(self) -> tuple[Attention, ...]:
        return self._presenter.items or ()

    def _render(self) -> None:
        if self._presenter.problem is not None:
            self._states.error("The tasks could not be read.", self._presenter.refresh)
            return
        items = self._items()
        self._say_count()
        if not items:
            words = "Notes to sign, money owing and missing identifiers appear here by themselves."
            self._states.empty(EmptyState("list-checks", "Nothing waits for you", words))
            return
        asks = [item for item in items if item.kind is AttentionKind.TO_DECIDE]
        rest = [item for item in items if item.kind is not AttentionKind.TO_DECIDE]
        for made, section, shown in (
            (self._asks, self._ask_section, asks),
            (self._tasks, self._task_section, rest),
        ):
            made.set_items(shown)
            made.setFixedHeight(made.sizeHint().height())
            section.set_count(len(shown))
            reveal(section, bool(shown))
        # One list needs no head of its own: the page's says it.
        for title in self._task_section.findChildren(Text):
            reveal(title, bool(asks))
        self._states.content()

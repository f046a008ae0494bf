"""The area *Tasks*: everything that needs attention, with its mend."""

from __future__ import annotations

from app.ui.shell.context import ScreenContext
from app.ui.shell.mending import place_to_mend
from app.ui.tasks.attention_list import AttentionList
from app.ui.tasks.presenter import AttentionPresenter
from app.ui.theme import look
from app.ui.widgets.bars import PageHead
from app.ui.widgets.layout import Surface, column_layout, row_layout
from app.ui.widgets.phrases import plural
from app.ui.widgets.states import EmptyState, StateStack


class TasksPage(Surface):
    """A list of tasks made by rules; a task vanishes when its cause does."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__("page")
        self._context = context
        self._head = PageHead("Tasks")
        self._list = AttentionList("Tasks")
        self._list.setMaximumWidth(look.px(660))
        self._list.mend_asked.connect(lambda item: context.go(place_to_mend(item)))
        self.setFocusProxy(self._list)
        self._states = StateStack(self._list, row="twoLine")
        box = column_layout(self)
        box.addWidget(self._head)
        line = row_layout(margin=(40, 16, 40, 24))
        line.addWidget(self._states, 1)
        box.addLayout(line, 1)
        self._presenter = AttentionPresenter.shared(context.desk, context.deliver, self._render)
        self._states.loading()
        self._presenter.refresh()

    def refresh(self) -> None:
        """Read again when the page comes back."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Stop listening."""
        self._presenter.leave(self._render)

    def _render(self) -> None:
        if self._presenter.problem is not None:
            self._states.error("The tasks could not be read.", self._presenter.refresh)
            return
        items = self._presenter.items or ()
        self._head.say(
            "Tasks",
            plural(len(items), "thing needs", "things need") + " attention" if items else "",
        )
        if not items:
            words = "Notes to sign, money owing and missing identifiers appear here by themselves."
            self._states.empty(EmptyState("list-checks", "Nothing waits for you", words))
            return
        self._list.set_items(items)
        self._states.content()

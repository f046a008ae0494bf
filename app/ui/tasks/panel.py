"""Needs attention beside the day: the same items and the same count as the area *Tasks*."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from app.ui.shell.context import ScreenContext
from app.ui.shell.mending import place_to_mend
from app.ui.tasks.attention_list import AttentionList
from app.ui.tasks.presenter import AttentionPresenter
from app.ui.theme import look
from app.ui.widgets.layout import Section, column_layout
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text


class AttentionPanel(QWidget):
    """The list under its head; says so when nothing asks."""

    counted = Signal(int)

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._section = Section("Needs attention", gap=5)
        self._list = AttentionList()
        self._list.mend_asked.connect(lambda item: context.go(place_to_mend(item)))
        self._none = StatusLabel(Status("circle-check", "Nothing waits for you.", Tone.QUIET))
        self._problem = Text("", tone="danger.text", wrap=True)
        self._none.hide()
        self._problem.hide()
        for widget in (self._list, self._none, self._problem):
            self._section.add(widget)
        box = column_layout(self)
        box.addWidget(self._section)
        self._presenter = AttentionPresenter.shared(context, self._render)
        if self._presenter.items is not None:
            self._render()

    def _render(self) -> None:
        problem = self._presenter.problem
        self._problem.setVisible(problem is not None)
        if problem is not None:
            self._problem.set("What needs attention could not be read.")
            return
        items = self._presenter.items or ()
        self._section.set_count(len(items) or None)
        self._list.set_items(items)
        self._list.setVisible(bool(items))
        self._list.setFixedHeight(self._list.sizeHint().height())
        self._none.setVisible(not items)
        self.counted.emit(len(items))

    def refresh(self) -> None:
        """Read again: a day may have begun since."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Stop listening."""
        self._presenter.leave(self._render)

    def changeEvent(self, event: object) -> None:
        super().changeEvent(event)  # type: ignore[arg-type]
        if hasattr(self, "_list"):
            self._list.setFixedHeight(max(self._list.sizeHint().height(), look.px(1)))

"""The sheet of shortcuts that ``?`` opens, made from the table of actions."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.ui.shell.actions import Action, ActionTable
from app.ui.theme import look
from app.ui.widgets.keys import shown_keys
from app.ui.widgets.layout import Section, row
from app.ui.widgets.panes import Inspector, Sheet
from app.ui.widgets.text import Text


class KeySheet(Sheet):
    """This screen's shortcuts first, then those that work everywhere."""

    def __init__(self, host: QWidget, actions: ActionTable, area: str) -> None:
        super().__init__(host)
        self._pane = Inspector("Keyboard shortcuts", width=380)
        self._pane.closed.connect(self.close_sheet)
        self.closed.connect(self.deleteLater)
        here = [action for action in actions if area in action.areas and action.keys]
        always = [action for action in actions if not action.areas and action.keys]
        for title, found in (("On this screen", here), ("Everywhere", always)):
            if found:
                self._add(title, found)
        lists = (("Up", "Choose in a list"), ("Return", "Open what is chosen"),
                 ("Space", "Peek, or check"), ("Esc", "Back, or close"))  # fmt: skip
        self._add("In lists", [Action(keys, words, keys=keys) for keys, words in lists])

    def _add(self, title: str, found: list[Action]) -> None:
        section = Section(title)
        for action in found:
            keys = Text(shown_keys(action.keys), "caption", tone="text.muted")
            line = row(Text(action.words, elide=True), None, keys)
            line.setFixedHeight(look.row("menu"))
            line.setAccessibleName(f"{action.words}: {shown_keys(action.keys)}")
            section.add(line)
        self._pane.body.addWidget(section)
        self._pane.body.addSpacing(look.px(24))

    def open(self, content: QWidget | None = None) -> None:
        """Show the sheet."""
        super().open(content or self._pane)

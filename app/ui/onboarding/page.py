"""What the pages of the first run have in common: title, sentence, fields in two columns, aside."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from app.core.kernel.errors import UserError
from app.ui.onboarding.drafts import Draft
from app.ui.theme import look
from app.ui.widgets.forms import Form
from app.ui.widgets.layout import ScrollPage, column_layout, row_layout, two_columns
from app.ui.widgets.problem import Problem
from app.ui.widgets.text import Text

#: Widths of the design: the fields, and what stands beside them.
FIELDS, ASIDE = 656, 304
#: With less room than this the aside goes under the fields.
BESIDE = 1000


class PageView(ScrollPage):
    """A page of the first run. ``take`` adds what was typed to the draft."""

    def __init__(
        self, title: str, sentence: str, *, aside: QWidget | None = None, aside_top: int = 114
    ) -> None:
        super().__init__(margin=(72, 44, 64, 32), name=title)
        self.form = Form()
        self.fields = column_layout(gap=20)
        self._problem = Problem()
        head = column_layout(gap=6)
        head.addWidget(Text(title, "display", "semibold"))
        words = Text(sentence, "lead", tone="text.secondary", wrap=True)
        words.setMaximumWidth(look.px(620))
        head.addLayout(_at_its_width(words))
        main = QWidget()
        main.setMaximumWidth(look.px(FIELDS + 32))
        column = column_layout(main, gap=24)
        column.addLayout(head)
        column.addLayout(self.fields)
        column.addWidget(self._problem)
        column.addStretch(1)
        self._line = line = row_layout(gap=48)
        line.addLayout(_at_its_width(main), 1)
        line.addStretch(0)
        self._beside = column_layout()
        self._aside_top = aside_top
        if aside is not None:
            aside.setFixedWidth(look.px(ASIDE))
            self._beside.addLayout(_at_its_width(aside))
            self._beside.addStretch(1)
            line.addLayout(self._beside)
        self.body.addLayout(line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.viewport().width() >= look.px(BESIDE)
        ways = QBoxLayout.Direction
        self._line.setDirection(ways.LeftToRight if wide else ways.TopToBottom)
        self._beside.setContentsMargins(0, look.px(self._aside_top) if wide else 0, 0, 0)

    def add(self, *widgets: QWidget) -> None:
        """Put widgets under each other, as wide as the fields."""
        for widget in widgets:
            self.fields.addWidget(widget)

    def add_pairs(self, *widgets: QWidget | None) -> None:
        """Put widgets in two columns of one width; None leaves its place empty."""
        self.fields.addLayout(two_columns(widgets))

    def first_control(self) -> QWidget | None:
        """Return the control in which typing begins."""
        at = self.nextInFocusChain()
        while at is not None and at is not self:
            takes_keys = at.focusPolicy() & Qt.FocusPolicy.TabFocus and at.focusProxy() is None
            if takes_keys and at.isEnabled() and self.isAncestorOf(at):
                return at
            at = at.nextInFocusChain()
        return None

    def take(self, draft: Draft) -> Draft:
        """Return ``draft`` with what was typed; raises ``UserError`` naming a field of the form."""
        return draft

    def show_problem(self, problem: Exception | None) -> None:
        """Say what went wrong, at its field where it has one."""
        self.form.clear()
        self._problem.hide()
        if problem is None:
            return
        if isinstance(problem, UserError) and self.form.show(problem):
            return
        words = getattr(problem, "sentence", "Something went wrong. Try again.")
        self._problem.say(words)


def _at_its_width(widget: QWidget) -> QHBoxLayout:
    """Return a row that holds a widget of limited width.

    A column would reckon the height of wrapped words from its own, greater width.
    """
    held = row_layout(gap=0)
    held.addWidget(widget, 1)
    held.addStretch(0)
    return held


def advice(*parts: tuple[str, str]) -> QWidget:
    """Return bold questions with their answers, for the aside."""
    made = QWidget()
    column = column_layout(made, gap=24)
    for question, answer in parts:
        part = column_layout(gap=6)
        part.addWidget(Text(question, weight="semibold"))
        part.addWidget(Text(answer, tone="text.secondary", wrap=True))
        column.addLayout(part)
    return made

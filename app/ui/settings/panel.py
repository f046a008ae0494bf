"""What the pages of Settings have in common: head, measure, and a problem that has no field."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.core.kernel.errors import MachineError, UserError
from app.ui.theme import look
from app.ui.widgets.cells import GUTTER
from app.ui.widgets.forms import Form
from app.ui.widgets.layout import ScrollPage, column_layout, reveal, row_layout
from app.ui.widgets.problem import Problem
from app.ui.widgets.text import Text

#: The measure of a form in Settings.
WIDE = 620


class SettingsPanel(ScrollPage):
    """A page of Settings: title, what it is about, and its body."""

    def __init__(
        self,
        title: str,
        sentence: str = "",
        *,
        acts: tuple[QWidget, ...] = (),
        width: int = WIDE,
        bleeds: bool = False,
    ) -> None:
        """``bleeds`` is for a page that is one table, whose rows reach 12 px over the text grid."""
        side = GUTTER if bleeds else 0
        super().__init__(margin=(40 - side, 24, 40 - side, 24), width=width + 2 * side, name=title)
        self.form = Form()
        self._wanted: tuple[str, str] | None = None
        self._problem = Problem()
        head = row_layout(gap=16, margin=(side, 0, side, 0))
        words = column_layout(gap=2)
        words.addWidget(Text(title, "title", "semibold"))
        self._sentence = Text(sentence, tone="text.secondary", wrap=True)
        words.addWidget(self._sentence)
        reveal(self._sentence, bool(sentence))
        head.addLayout(words, 1)
        for act in acts:
            beside = column_layout()
            beside.addWidget(act)
            beside.addStretch(1)
            head.addLayout(beside)
        self.body.addLayout(head)
        self.body.addSpacing(look.px(24))
        self.content = column_layout(gap=24)
        self.body.addLayout(self.content)
        self.body.addSpacing(look.px(12))
        told = column_layout(margin=(side, 0, side, 0))
        told.addWidget(self._problem)
        self.body.addLayout(told)

    def set_sentence(self, sentence: str) -> None:
        """Say something else under the title."""
        self._sentence.set(sentence)
        reveal(self._sentence, bool(sentence))

    def show_problem(self, problem: Exception | None, beside: Problem | None = None) -> None:
        """Say what went wrong: at its field where the page has it, else ``beside`` what was done.

        Where nothing stands beside it, the foot of the page says it.
        """
        place = beside or self._problem
        self.form.clear()
        for each in (self._problem, place):
            each.hide()
        if problem is None or (isinstance(problem, UserError) and self.form.show(problem)):
            return
        if not isinstance(problem, (UserError, MachineError)):
            raise problem
        place.say(problem.sentence)

    def show_field(self, field: str, record: str) -> None:
        """Put the cursor where ``field`` is mended, as soon as the page has been read."""
        # A link leads here before the first answer has come; the page has no editors yet.
        self._wanted = (field, record)
        self.go_where_wanted()

    def go_where_wanted(self) -> None:
        """Go where a link led, if the page has been read and nobody went there yet."""
        if self._wanted is not None and self.is_read():
            wanted, self._wanted = self._wanted, None
            self.mend(*wanted)

    def is_read(self) -> bool:
        """Return whether the page shows what the practice says."""
        return True

    def mend(self, field: str, _record: str) -> None:
        """Put the cursor in ``field``."""
        self.form.focus(field)

    def left(self) -> None:
        """Forget where a link led: the person went elsewhere."""
        self._wanted = None

"""The bars of a page: its head, a toolbar, the acts at its foot, and what is selected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from app.ui.theme import look
from app.ui.widgets.layout import Surface, column_layout, reveal, row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.text import Text

#: How far 13-px words beside a 20-px title go down to its baseline.
_DROP = 2
_ALL_ROOM = 1000
#: Height of the selection bar with its acts beside the words, and below them.
_BESIDE, _BELOW = 64, 104


class PageHead(QWidget):
    """Title, a line of detail, acts at the right; the title's center is 38 px below the top."""

    def __init__(
        self,
        title: str,
        detail: str = "",
        *,
        acts: Sequence[QWidget] = (),
        beside: bool = True,
        margin: tuple[int, int, int, int] = (40, 24, 40, 0),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = Text(title, "title", "semibold", elide=True)
        drop = _DROP if beside else 0
        self._detail = Text(detail, tone="text.secondary", elide=beside, wrap=not beside, drop=drop)
        reveal(self._detail, bool(detail))
        self.acts = row_layout(gap=8)
        line = row_layout(gap=12)
        line.addWidget(self._title, 0, Qt.AlignmentFlag.AlignVCenter)
        if beside:
            # An equal share beside it would take half of its room.
            line.addWidget(self._detail, _ALL_ROOM, Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(1)
        line.addLayout(self.acts)
        for act in acts:
            self.acts.addWidget(act)
        box = column_layout(self, gap=2, margin=margin)
        box.addLayout(line)
        if not beside:
            box.addWidget(self._detail)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def title(self) -> str:
        """The title shown."""
        return self._title.text()

    def say(self, title: str, detail: str = "") -> None:
        """Show another title and detail."""
        self._title.set(title)
        self._detail.set(detail)
        reveal(self._detail, bool(detail))


class Crumbs(QWidget):
    """Where one is among the steps of a task; the last is the step at hand."""

    def __init__(self, steps: Sequence[str], *, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        line = row_layout(self, gap=8)
        for place, step in enumerate(steps):
            here = place == len(steps) - 1
            if place:
                line.addWidget(IconMark("chevron-right", "text.muted", 12))
            tone = "text.primary" if here else "text.secondary"
            line.addWidget(Text(step, weight="semibold" if here else "regular", tone=tone))
        line.addStretch(1)
        self.setAccessibleName(", ".join(steps))


class Toolbar(Surface):
    """A bar of 56 px over a page: title, detail, and what is added to it."""

    def __init__(
        self,
        title: str = "",
        detail: str = "",
        *,
        height: int = 56,
        margin: int = 20,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__("page", edges="bottom", parent=parent)
        self._title = Text(title, "title", "semibold", elide=True)
        self._detail = Text(detail, tone="text.secondary", elide=True, drop=_DROP)
        reveal(self._detail, bool(detail))
        reveal(self._title, bool(title))
        self.line = row_layout(self, gap=8, margin=(margin, 0, margin, 0))
        self.line.addWidget(self._title)
        self.line.addWidget(self._detail)
        self.setFixedHeight(look.px(height))

    def say(self, title: str, detail: str = "") -> None:
        """Show another title and detail."""
        self._title.set(title)
        reveal(self._title, bool(title))
        self._detail.set(detail)
        reveal(self._detail, bool(detail))

    def add(self, widget: QWidget) -> QWidget:
        """Add at the right of what is there; returns the widget."""
        self.line.addWidget(widget)
        return widget

    def add_stretch(self) -> None:
        """Let what follows stand at the right."""
        self.line.addStretch(1)


class ActsBar(Surface):
    """The foot of a page: the sentence that says what will happen, then buttons, primary last."""

    def __init__(
        self,
        sentence: str = "",
        acts: Sequence[QWidget] = (),
        *,
        surface: str = "page",
        margin: int = 40,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(surface, edges="top", parent=parent)
        self._sentence = Text(sentence, tone="text.secondary", wrap=True)
        self.line = row_layout(self, gap=8, margin=(margin, 12, margin, 12))
        self.line.addWidget(self._sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        for act in acts:
            self.line.addWidget(act)
        self.setMinimumHeight(look.px(60))
        # Fixed would hold it to one line of the sentence, whatever its width.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    def say(self, sentence: str, tone: str = "text.secondary") -> None:
        """Show another sentence."""
        self._sentence.set(sentence)
        self._sentence.set_tone(tone)

    def lead(self, widget: QWidget) -> None:
        """Put ``widget`` before the sentence (a status, a check)."""
        self.line.insertWidget(0, widget)


class SelectionBar(Surface):
    """What is selected, its sum, and the act that fits all of it; hidden while nothing is.

    Where both do not fit side by side, the acts go below the words: sums are never cut. Two bars
    that end one page side by side both ``stand_high``.
    """

    def __init__(
        self,
        acts: Sequence[QWidget] = (),
        *,
        surface: str = "page",
        margin: int = 40,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(surface, edges="top", parent=parent)
        self._high = False
        self._title = Text("", "lead", "semibold", tabular=True)
        self._detail = Text("", tone="text.secondary", elide=True)
        words = column_layout(gap=0)
        words.addWidget(self._title)
        words.addWidget(self._detail)
        self._box = row_layout(self, gap=8, margin=(margin, 8, margin, 8))
        self._box.addLayout(words, 1)
        self.line = row_layout(gap=8)
        for act in acts:
            self.line.addWidget(act)
        self._box.addLayout(self.line)
        self._fit()
        self.hide()

    def _fit(self) -> None:
        """Put the acts beside the words, or below them."""
        margins = self._box.contentsMargins()
        words = max(self._title.sizeHint().width(), self._detail.sizeHint().width())
        wanted = words + self._box.spacing() + self.line.sizeHint().width()
        narrow = self.isVisible() and self.width() < wanted + margins.left() + margins.right()
        below = self._high or narrow
        way = QBoxLayout.Direction.TopToBottom if below else QBoxLayout.Direction.LeftToRight
        self._box.setDirection(way)
        left = Qt.AlignmentFlag.AlignLeft if below else Qt.AlignmentFlag(0)
        self._box.setAlignment(self.line, left)
        self.setFixedHeight(look.px(_BELOW if below else _BESIDE))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def stand_high(self, high: bool) -> None:
        """Put the acts below the words at any width, or only where they need it."""
        self._high = high
        self._fit()

    def say(self, title: str, detail: str = "") -> None:
        """Show what is selected; an empty title hides the bar."""
        self._title.set(title)
        self._detail.set(detail)
        self.setVisible(bool(title))
        self._fit()

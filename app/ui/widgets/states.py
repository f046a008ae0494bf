"""What stands in place of content: empty, nothing found, loading, could not load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.buttons import Link
from app.ui.widgets.keys import shown_keys
from app.ui.widgets.layout import Hairline, column_layout, row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

#: Nothing is shown for the first tenth of a second: most reads are faster than an eye.
PATIENCE_MS = 100
_EMPTY_WIDTH = 432


@dataclass(frozen=True, slots=True)
class Way:
    """A way forward: what it is called, what it does; perhaps why, its icon and its shortcut."""

    words: str
    act: Callable[[], object]
    sentence: str = ""
    icon: str = "arrow-right"
    keys: str = ""


class EmptyState(QWidget):
    """An icon, a title, one sentence, and at most three ways forward as rows."""

    def __init__(
        self,
        icon: str,
        title: str,
        sentence: str = "",
        ways: Sequence[Way] = (),
        *,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(f"{title}. {sentence}")
        inner = QWidget()
        inner.setMaximumWidth(look.px(_EMPTY_WIDTH))
        box = column_layout(inner, gap=0)
        box.addWidget(IconMark(icon, "text.muted", 32))
        box.addSpacing(look.px(12))
        box.addWidget(Text(title, "title", "semibold", wrap=True))
        if sentence:
            box.addSpacing(look.px(4))
            box.addWidget(Text(sentence, "body", tone="text.secondary", wrap=True))
        if ways:
            box.addSpacing(look.px(16))
            box.addWidget(Hairline())
        for way in ways[:3]:
            box.addWidget(_WayRow(way))
            box.addWidget(Hairline())
        across = row_layout(gap=0, margin=(40, 24, 40, 24))
        across.addStretch(1)
        across.addWidget(inner, 1000)
        across.addStretch(1)
        # A little above the middle, where the eye looks first.
        down = column_layout(self)
        down.addStretch(2)
        down.addLayout(across)
        down.addStretch(5)


class _WayRow(QWidget):
    """One way: icon, words, the reason under them, the shortcut at the right."""

    def __init__(self, way: Way) -> None:
        super().__init__()
        line = row_layout(self, gap=12, margin=(0, 12, 0, 12))
        text = column_layout(gap=1)
        # Without a reason under it the link alone would make the column, and the row, narrow.
        text.addWidget(Link(way.words, on_click=way.act), 0, Qt.AlignmentFlag.AlignLeft)
        if way.sentence:
            text.addWidget(Text(way.sentence, tone="text.secondary", wrap=True))
        top = Qt.AlignmentFlag.AlignTop
        mark = column_layout(margin=(0, 2, 0, 0))
        mark.addWidget(IconMark(way.icon, "accent.text"))
        line.addLayout(mark)
        line.setAlignment(mark, top)
        line.addLayout(text, 1)
        if way.keys and look.current().hints:
            line.addWidget(Text(shown_keys(way.keys), "caption", tone="text.muted"), 0, top)


class NothingFound(QWidget):
    """One line that says what matches nothing, and the way to see everything."""

    def __init__(
        self, sentence: str, on_show_all: Callable[[], object], *, words: str = "Show all"
    ) -> None:
        super().__init__()
        box = column_layout(self)
        line = row_layout(gap=12, margin=(12, 8, 12, 8))
        line.addWidget(Text(sentence, tone="text.secondary"))
        line.addWidget(Link(words, on_click=on_show_all))
        line.addStretch(1)
        box.addLayout(line)
        box.addStretch(1)


class ErrorState(QWidget):
    """The sentence in place of the content, and another try."""

    def __init__(self, sentence: str, on_retry: Callable[[], object]) -> None:
        super().__init__()
        box = column_layout(self)
        line = row_layout(gap=12, margin=(12, 8, 12, 8))
        line.addWidget(StatusLabel(Status("circle-alert", sentence, Tone.DANGER)))
        line.addWidget(Link("Try again", on_click=on_retry))
        line.addStretch(1)
        box.addLayout(line)
        box.addStretch(1)


class LoadingRows(QWidget):
    """Gray bars in the rhythm of the rows that are coming."""

    def __init__(self, rows: int = 8, *, row: str = "table") -> None:
        super().__init__()
        self._count, self._row = rows, row
        self.setAccessibleName("Loading")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def sizeHint(self) -> QSize:
        return QSize(look.px(240), self._count * look.row(self._row))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(120), look.row(self._row))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        height, bar = look.row(self._row), look.px(8)
        fill = look.color("surface.pressed")
        for number in range(self._count):
            middle = number * height + height / 2
            long = look.px((132, 168, 104, 150)[number % 4])
            short = look.px(56)
            left = QRectF(look.px(12), middle - bar / 2, long, bar)
            right = QRectF(self.width() - look.px(12) - short, middle - bar / 2, short, bar)
            for spot in (left, right):
                paint.box(painter, spot, bar / 2, fill=fill)
            paint.hairline(painter, 0, self.width(), (number + 1) * height - 1)


def _takes_keys(widget: QWidget) -> bool:
    """Return whether the keyboard is of use there."""
    reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return reached and widget.isVisible() and widget.isEnabled()


class StateStack(QStackedWidget):
    """Content, or what stands in its place. Loading shows itself only after 100 ms."""

    def __init__(self, content: QWidget, *, rows: int = 8, row: str = "table") -> None:
        super().__init__()
        self._content = content
        self._loading = LoadingRows(rows, row=row)
        self._blank = QWidget()
        self._other: QWidget | None = None
        for widget in (content, self._loading, self._blank):
            self.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PATIENCE_MS)
        self._timer.timeout.connect(self._show_loading)

    def _show_loading(self) -> None:
        self.setCurrentWidget(self._loading)

    def content(self) -> None:
        """Show the content."""
        self._timer.stop()
        self.setCurrentWidget(self._content)
        self._take_keyboard()

    def loading(self) -> None:
        """Show nothing yet, and gray bars if it takes longer than 100 ms."""
        self.setCurrentWidget(self._blank)
        self._timer.start()

    def empty(self, widget: QWidget) -> None:
        """Show ``widget`` (empty or nothing found) in place of the content."""
        self._timer.stop()
        if self._other is not None:
            self.removeWidget(self._other)
            self._other.deleteLater()
        self._other = widget
        self.addWidget(widget)
        self.setCurrentWidget(widget)
        self._take_keyboard()

    def _take_keyboard(self) -> None:
        """Take it where it was left on nothing: a page is gone to before it has been read."""
        has: QWidget | None = self.window().focusWidget()
        useless = has is None or (
            not _takes_keys(has) and (has.isAncestorOf(self) or self.isAncestorOf(has))
        )
        if not self.isVisible() or not useless:
            return
        shown = self.currentWidget()
        inside = [] if shown is None else [shown, *shown.findChildren(QWidget)]
        for each in inside:
            if _takes_keys(each):
                each.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def error(self, sentence: str, on_retry: Callable[[], object]) -> None:
        """Show why nothing could be read, and another try."""
        self.empty(ErrorState(sentence, on_retry))

    def hideEvent(self, event: object) -> None:
        self._timer.stop()

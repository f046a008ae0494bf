"""A session in the grid: a small button that paints itself, with name and focus."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QPixmap,
    QStaticText,
    QTransform,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.core.scheduling.queries import SessionView
from app.ui.scheduling.words import session_icons, short_title, spoken
from app.ui.theme import icons, look
from app.ui.widgets.unsent import paint_dot, with_words

_ICON, _ICON_GAP = 12, 5
#: What stands between the time and what is out of the ordinary.
_ASIDE = " · "
#: From this height on a name may take two lines.
TALL = 74
#: Pixels at the lower edge where a drag changes the length.
HANDLE = 6


@dataclass(frozen=True, slots=True)
class Face:
    """What a block shows: its words, icons and standing."""

    title: str
    short: str
    second: str
    icons: tuple[str, ...]
    color: str
    past: bool
    gone: bool

    @property
    def time(self) -> str:
        """Return the second line without what is out of the ordinary."""
        return self.second.split(_ASIDE, 1)[0]


def face_of(session: SessionView, second: str, *, past: bool) -> Face:
    """Return the face of a session."""
    return Face(
        session.title,
        short_title(session),
        second,
        session_icons(session),
        session.color.value,
        past,
        session.status.is_gone,
    )


@dataclass(frozen=True, slots=True)
class _Style:
    """How faces of one color and standing are painted in one look; made once."""

    fill: QColor
    edge: QPen
    inset: float
    bar: QColor
    bar_width: int
    ink: QColor
    ink_token: str
    title: QFont
    title_key: str
    second: QFont
    second_key: str
    baseline: float
    line: int
    left: int
    room: int
    top: int
    beyond: int
    tall: int
    radius: int
    icon: int
    step: int
    dot: int
    """What the dot takes of the title's room."""
    corner: int
    """From the corner to the dot's middle."""


@lru_cache(maxsize=128)
def _style(now: look.Look, color: str, past: bool, gone: bool) -> _Style:
    contrast = now.theme == "highContrast"
    token = "text.secondary" if past or gone else f"calendar.{color}.text"
    title = look.font("caption", "medium" if past and not gone else "semibold")
    title.setStrikeOut(gone)
    second = look.font("caption", tabular=True)
    metrics = QFontMetricsF(second)
    line = look.px(16)
    fill = "grid.open" if gone else f"calendar.{color}.{'quiet' if past else 'tint'}"
    edge = QPen(Qt.PenStyle.NoPen)
    if gone:
        edge = QPen(look.color("line.strong"), 1, Qt.PenStyle.DashLine)
        edge.setDashPattern([2.5, 2.5])
    elif past:
        edge = QPen(look.color("line.hair" if contrast else f"calendar.{color}.edge"), 1)
    elif contrast:
        edge = QPen(look.color(f"calendar.{color}.bar"), 2)
    return _Style(
        fill=look.color(fill),
        edge=edge,
        inset=0.0 if edge.style() == Qt.PenStyle.NoPen else edge.widthF() / 2,
        bar=look.color(f"calendar.{color}.bar"),
        bar_width=look.px(3 if past or gone else 6 if contrast else 4),
        ink=look.color(token),
        ink_token=token,
        title=title,
        title_key=title.toString(),
        second=second,
        second_key=second.toString(),
        baseline=(line + metrics.ascent() - metrics.descent()) / 2,
        line=line,
        left=look.px(10),
        room=look.px(16),
        top=look.px(3),
        beyond=look.px(2),
        tall=look.px(TALL),
        radius=look.px(4),
        icon=look.px(_ICON),
        step=look.px(_ICON + _ICON_GAP),
        dot=look.px(8),
        corner=look.px(8),
    )


def paint_face(painter: QPainter, area: QRectF, face: Face, *, dotted: bool = False) -> None:
    """Paint a session as the design has it: ahead, past or gone, in any theme.

    With ``dotted`` its words leave room for the dot, which stands in the upper right corner.
    """
    style = _style(look.current(), face.color, face.past, face.gone)
    _paint_ground(painter, area, style)
    left, width, bottom = area.left() + style.left, area.width() - style.room, area.bottom()
    lines = 2 if area.height() >= style.tall else 1
    top = area.top() + style.top
    painter.setPen(style.ink)
    painter.setFont(style.title)
    beside_dot = int(width - style.dot if dotted else width)
    for words in _broken(face.title, face.short, style.title_key, beside_dot, lines):
        _draw(painter, left, top + style.baseline, words, style.title_key)
        top += style.line
    if dotted:
        spot = QPointF(area.right() - style.corner, area.top() + style.corner)
        paint_dot(painter, spot, "text.secondary")
    if top + style.line > bottom + style.beyond:
        return
    room = width
    if face.icons:
        # At least one icon stands beside the time; else they take a line of their own.
        beside = width - _width(face.time, style.second_key)
        if style.step <= beside:
            room -= _paint_icons(painter, face, style, left + width, top, beside)
        elif top + 2 * style.line <= bottom + style.beyond:
            _paint_icons(painter, face, style, left + width, top + style.line, beside)
    painter.setFont(style.second)
    words = _shortened(face.second, face.gone, style.second_key, int(room))
    _draw(painter, left, top + style.baseline, words, style.second_key)


def _draw(painter: QPainter, left: float, baseline: float, words: str, font_key: str) -> None:
    shaped = _shaped(words, font_key)
    if shaped is None:
        painter.drawText(QPointF(left, baseline), words)
    else:
        painter.drawStaticText(QPointF(left, baseline - _metrics(font_key).ascent()), shaped)


@lru_cache(maxsize=1024)
def _shaped(words: str, font_key: str) -> QStaticText | None:
    """Return words that need no shaping any more: it is most of drawing them.

    There are none for words from right to left, which would stand a pixel lower, and for struck
    ones, whose line Qt forgets.
    """
    leftward = any(unicodedata.bidirectional(char) in ("R", "AL") for char in words)
    if leftward or _font(font_key).strikeOut():
        return None
    shaped = QStaticText(words)
    shaped.setTextFormat(Qt.TextFormat.PlainText)
    shaped.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    shaped.prepare(QTransform(), _font(font_key))
    return shaped


def _paint_ground(painter: QPainter, area: QRectF, style: _Style) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(style.edge)
    painter.setBrush(style.fill)
    inset, radius = style.inset, style.radius
    whole = area.adjusted(inset, inset, -inset, -inset) if inset else area
    painter.drawRoundedRect(whole, radius, radius)
    bar = _bar(style.bar_width, area.height(), radius)
    painter.fillPath(bar.translated(area.topLeft()), style.bar)


@lru_cache(maxsize=256)
def _bar(width: float, height: float, radius: float) -> QPainterPath:
    """Return the bar at the left of a session, within its round corners."""
    whole, bar = QPainterPath(), QPainterPath()
    whole.addRoundedRect(QRectF(0, 0, width + 2 * radius, height), radius, radius)
    bar.addRect(QRectF(0, 0, width, height))
    return whole.intersected(bar)


def _paint_icons(
    painter: QPainter, face: Face, style: _Style, right: float, top: float, beside: float
) -> float:
    """Paint the icons at the right of the second line; return the room that they take."""
    side, step = style.icon, style.step
    # In a narrow column what warns stays, and the time before it.
    shown = face.icons[-max(int(beside // step), 1) :]
    now = look.current()
    for place, name in enumerate(reversed(shown)):
        spot = QPointF(right - side - place * step, top + (style.line - side) / 2)
        painter.drawPixmap(spot, _icon(name, style.ink_token, now))
    return len(shown) * step


@lru_cache(maxsize=256)
def _icon(name: str, token: str, _now: look.Look) -> QPixmap:
    return icons.pixmap(name, token, _ICON)


@lru_cache(maxsize=64)
def _font(font_key: str) -> QFont:
    font = QFont()
    font.fromString(font_key)
    return font


@lru_cache(maxsize=64)
def _metrics(font_key: str) -> QFontMetricsF:
    return QFontMetricsF(_font(font_key))


@lru_cache(maxsize=1024)
def _width(words: str, font_key: str) -> float:
    return _metrics(font_key).horizontalAdvance(words)


@lru_cache(maxsize=1024)
def _shortened(second: str, keep: bool, font_key: str, width: int) -> str:
    """Return the second line, without what is out of the ordinary where that does not fit."""
    if _width(second, font_key) <= width:
        return second
    said = second if keep else second.split(_ASIDE, 1)[0]
    return _metrics(font_key).elidedText(said, Qt.TextElideMode.ElideRight, width)


@lru_cache(maxsize=1024)
def _broken(title: str, short: str, font_key: str, width: int, lines: int) -> tuple[str, ...]:
    """Return ``title`` in one or two lines, in its short form where one line is too narrow."""
    metrics = _metrics(font_key)
    if metrics.horizontalAdvance(title) <= width:
        return (title,)
    elide = Qt.TextElideMode.ElideRight
    if lines == 1:
        return (metrics.elidedText(short, elide, width),)
    first, *rest = title.split(" ")
    while rest and metrics.horizontalAdvance(f"{first} {rest[0]}") <= width:
        first = f"{first} {rest.pop(0)}"
    both = (first, " ".join(rest)) if rest else (first,)
    return tuple(metrics.elidedText(each, elide, width) for each in both)


class SessionBlock(QAbstractButton):
    """One session of the grid. The grid that holds it handles keys and drags."""

    def __init__(self, parent: QWidget, focused: Callable[[SessionBlock, bool], None]) -> None:
        super().__init__(parent)
        self._focused = focused
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.session: SessionView | None = None
        self.face: Face | None = None
        self._selected = self._unsent = False

    def show_session(self, session: SessionView, face: Face, *, selected: bool) -> None:
        """Show a session."""
        if (session, face, selected) == (self.session, self.face, self._selected):
            return
        self.session, self.face, self._selected = session, face, selected
        words = with_words(spoken(session), self._unsent)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def mark_unsent(self, unsent: bool) -> None:
        """Put the dot on, or take it off: whether the account lacks this session as it is."""
        if unsent == self._unsent or self.session is None:
            return
        self._unsent = unsent
        words = with_words(spoken(self.session), unsent)
        self.setAccessibleName(words)
        self.setToolTip(words)
        self.update()

    def over_handle(self, y: float) -> bool:
        """Return whether a point is at the lower edge, where a drag changes the length."""
        is_open = self.session is not None and self.session.status.is_open
        return is_open and y >= self.height() - look.px(HANDLE)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._focused(self, True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._focused(self, False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        handle = self.over_handle(event.position().y())
        self.setCursor(Qt.CursorShape.SizeVerCursor if handle else Qt.CursorShape.ArrowCursor)
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.click()
        else:
            event.ignore()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.face is None:
            return
        painter = QPainter(self)
        paint_face(painter, QRectF(self.rect()), self.face, dotted=self._unsent)

    @property
    def is_ringed(self) -> bool:
        """Whether the grid draws the ring around it: it is selected, or has the keyboard."""
        return self.isVisible() and (self._selected or self.hasFocus())

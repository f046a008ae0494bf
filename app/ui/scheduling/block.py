"""A session in the grid: a small button that paints itself, with name and focus."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.core.scheduling.queries import SessionView
from app.ui.scheduling.words import session_icons, short_title, spoken
from app.ui.theme import icons, look
from app.ui.widgets import paint

_ICON, _ICON_GAP = 12, 5
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
        return self.second.split(" · ", 1)[0]


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


def paint_face(painter: QPainter, area: QRectF, face: Face) -> None:
    """Paint a session as the design has it: ahead, past or gone, in any theme."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    _paint_ground(painter, area, face)
    ink = look.color("text.secondary" if face.past or face.gone else f"calendar.{face.color}.text")
    left = area.left() + look.px(10)
    inner = QRectF(left, area.top() + look.px(3), area.right() - look.px(6) - left, 0)
    font = look.font("caption", "medium" if face.past and not face.gone else "semibold")
    font.setStrikeOut(face.gone)
    line = look.px(16)
    lines = 2 if area.height() >= look.px(TALL) else 1
    painter.setPen(ink)
    painter.setFont(font)
    top = inner.top()
    fits = lines > 1 or QFontMetricsF(font).horizontalAdvance(face.title) <= inner.width()
    for words in broken(face.title if fits else face.short, font, inner.width(), lines):
        painter.drawText(QRectF(inner.left(), top, inner.width(), line), int(_LINE), words)
        top += line
    if top + line > area.bottom() + look.px(2):
        return
    room = inner.width() - _paint_icons(painter, face, inner, top, line)
    font = look.font("caption", tabular=True)
    whole = QFontMetricsF(font).horizontalAdvance(face.second) <= room
    said = face.second if whole or face.gone else face.time
    paint.words(painter, QRectF(inner.left(), top, room, line), said, font, ink)


_LINE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


def _paint_ground(painter: QPainter, area: QRectF, face: Face) -> None:
    radius = look.px(4)
    contrast = look.is_high_contrast()
    if face.gone:
        fill = look.color("grid.open")
        paint.box(painter, area, radius, fill=fill, edge=look.color("line.strong"), dashed=True)
    else:
        shade = "quiet" if face.past else "tint"
        paint.box(painter, area, radius, fill=look.color(f"calendar.{face.color}.{shade}"))
    bar = look.px(3 if face.past or face.gone else 6 if contrast else 4)
    clip = QPainterPath()
    clip.addRoundedRect(area, radius, radius)
    painter.save()
    painter.setClipPath(clip)
    stripe = QRectF(area.left(), area.top(), bar, area.height())
    painter.fillRect(stripe, look.color(f"calendar.{face.color}.bar"))
    painter.restore()
    if face.past and not face.gone:
        edge = look.color("line.hair" if contrast else f"calendar.{face.color}.edge")
        paint.box(painter, area, radius, edge=edge)
    elif contrast and not face.gone:
        paint.box(painter, area, radius, edge=look.color(f"calendar.{face.color}.bar"), width=2)


def _paint_icons(painter: QPainter, face: Face, inner: QRectF, top: float, line: float) -> float:
    """Paint the icons at the right of the second line; return the room that they take."""
    token = "text.secondary" if face.past or face.gone else f"calendar.{face.color}.text"
    step = look.px(_ICON + _ICON_GAP)
    least = QFontMetricsF(look.font("caption", tabular=True)).horizontalAdvance(face.time)
    # In a narrow column what warns stays, and the words before it.
    fitting = max(int((inner.width() - least) // step), 1)
    shown = face.icons[-fitting:]
    right = inner.right() - look.px(_ICON)
    for name in reversed(shown):
        spot = QPointF(right, top + (line - look.px(_ICON)) / 2)
        painter.drawPixmap(spot, _icon(name, token, look.current().theme, look.px(_ICON)))
        right -= step
    return len(shown) * step


@lru_cache(maxsize=256)
def _icon(name: str, token: str, _theme: str, _side: int) -> QPixmap:
    return icons.pixmap(name, token, _ICON)


@lru_cache(maxsize=1024)
def _broken(title: str, key: str, width: int, lines: int) -> tuple[str, ...]:
    font = QFont()
    font.fromString(key)
    metrics = QFontMetricsF(font)
    if metrics.horizontalAdvance(title) <= width:
        return (title,)
    words = title.split(" ")
    first = words[0]
    at = 1
    while at < len(words) and metrics.horizontalAdvance(f"{first} {words[at]}") <= width:
        first = f"{first} {words[at]}"
        at += 1
    rest = " ".join(words[at:])
    elide = Qt.TextElideMode.ElideRight
    if lines == 1 or not rest:
        return (metrics.elidedText(title, elide, width),)
    return (metrics.elidedText(first, elide, width), metrics.elidedText(rest, elide, width))


def broken(title: str, font: QFont, width: float, lines: int) -> tuple[str, ...]:
    """Return ``title`` in one or two lines of ``width``, its end elided."""
    return _broken(title, font.toString(), int(width), lines)


class SessionBlock(QAbstractButton):
    """One session of the grid. The grid that holds it handles keys and drags."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.session: SessionView | None = None
        self.face: Face | None = None
        self._selected = False

    def show_session(self, session: SessionView, face: Face, *, selected: bool) -> None:
        """Show a session."""
        if (session, face, selected) == (self.session, self.face, self._selected):
            return
        self.session, self.face, self._selected = session, face, selected
        self.setAccessibleName(spoken(session))
        self.setToolTip(spoken(session))
        self.update()

    def over_handle(self, y: float) -> bool:
        """Return whether a point is at the lower edge, where a drag changes the length."""
        is_open = self.session is not None and self.session.status.is_open
        return is_open and y >= self.height() - look.px(HANDLE)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        handle = self.over_handle(event.position().y())
        self.setCursor(Qt.CursorShape.SizeVerCursor if handle else Qt.CursorShape.ArrowCursor)
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
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
        paint_face(QPainter(self), QRectF(self.rect()), self.face)

    @property
    def is_ringed(self) -> bool:
        """Whether the grid draws the ring around it: it is selected, or has the keyboard."""
        return self.isVisible() and (self._selected or self.hasFocus())

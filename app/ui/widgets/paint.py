"""Strokes that several controls share: rounded boxes that stay crisp, and text on a baseline."""

from __future__ import annotations

import re

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout

from app.ui.theme import look

_BREAKS = re.compile("(?<=[ -])")
#: Milliseconds until what was shown is painted, if nothing is in its way: Qt waits five for more
#: to paint, and a timer of zero would come before.
PAINTED_AFTER = 15


def box(
    painter: QPainter,
    rect: QRectF,
    radius: float,
    *,
    fill: QColor | None = None,
    edge: QColor | None = None,
    width: float = 1.0,
    dashed: bool = False,
) -> None:
    """Draw a rounded box; its edge lies inside ``rect``."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inset = width / 2 if edge is not None else 0.0
    inner = rect.adjusted(inset, inset, -inset, -inset)
    if edge is None:
        painter.setPen(Qt.PenStyle.NoPen)
    else:
        style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
        pen = QPen(edge, width, style)
        if dashed:
            pen.setDashPattern([2.5, 2.5])
        painter.setPen(pen)
    painter.setBrush(fill if fill is not None else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(inner, max(0.0, radius - inset), max(0.0, radius - inset))


def initials(
    painter: QPainter, area: QRectF, words: str, *, quiet: bool = False, pending: bool = False
) -> None:
    """Draw a person's initials in a circle: filled, gray where ``quiet``, dashed if ``pending``."""
    muted = quiet or pending
    if pending:
        edge = look.color("line.control")
        box(painter, area, area.width() / 2, edge=edge, width=1.25, dashed=True)
    else:
        # A soft fill is none in high contrast: there the circle has a line.
        line = look.color("line.control") if look.is_high_contrast() else None
        fill = look.color("surface.pressed" if quiet else "accent.soft")
        box(painter, area, area.width() / 2, fill=fill, edge=line)
    painter.setFont(look.font("caption", "semibold"))
    painter.setPen(look.color("text.secondary" if muted else "accent.text"))
    painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter), words)


def with_its_end(text: str, font: QFont, room: float) -> str:
    """Return ``Name, since Nov 17`` as it fits: the name gives way, dates and sums never do."""
    metrics = QFontMetricsF(font)
    name, comma, end = text.rpartition(", ")
    left = room - metrics.horizontalAdvance(comma + end)
    if metrics.horizontalAdvance(text) <= room or left < metrics.horizontalAdvance("M…"):
        return text
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, left) + comma + end


def words(
    painter: QPainter,
    rect: QRectF,
    text: str,
    font: QFont,
    ink: QColor,
    *,
    right: bool = False,
    elide: bool = True,
) -> float:
    """Write one line, centered on its height; return the width that it took."""
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text)
    if elide and width > rect.width():
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width())
        width = metrics.horizontalAdvance(text)
    painter.setFont(font)
    painter.setPen(ink)
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    painter.drawText(
        rect, int(side | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text
    )
    return width


def _flow(text: str, font: QFont, width: float, line: float) -> QTextLayout:
    flow = QTextLayout(text, font)
    flow.beginLayout()
    lead, top = (line - QFontMetricsF(font).height()) / 2, 0.0
    while (each := flow.createLine()).isValid():
        each.setLineWidth(width)
        each.setPosition(QPointF(0, top + lead))
        top += line
    flow.endLayout()
    return flow


def lines_of(text: str, font: QFont, width: float) -> int:
    """Return how many lines ``text`` takes where it wraps at ``width``."""
    return max(1, _flow(text, font, width, 1).lineCount())


def paragraph(
    painter: QPainter, rect: QRectF, text: str, font: QFont, ink: QColor, line: float
) -> None:
    """Write text that wraps at the width of ``rect``, its lines ``line`` apart."""
    painter.setPen(ink)
    _flow(text, font, rect.width(), line).draw(painter, rect.topLeft())


def broken(text: str, font: QFont, width: float, most: int) -> list[str]:
    """Return ``text`` in at most ``most`` lines, broken after spaces and hyphens.

    What has no room in its line elides at the end.
    """
    metrics = QFontMetricsF(font)
    first, *rest = _BREAKS.split(text)
    lines = [first]
    for part in rest:
        longer = lines[-1] + part
        if len(lines) == most or metrics.horizontalAdvance(longer.rstrip()) <= width:
            lines[-1] = longer
        else:
            lines.append(part)
    elide = Qt.TextElideMode.ElideRight
    return [metrics.elidedText(each.rstrip(), elide, width) for each in lines]


def width_of(text: str, font: QFont) -> float:
    """Return the width of one line of ``text``."""
    return QFontMetricsF(font).horizontalAdvance(text)


def hairline(
    painter: QPainter, left: float, right: float, y: float, token: str = "line.hair"
) -> None:
    """Draw a crisp horizontal line, one pixel at any text size."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.fillRect(QRectF(left, y, right - left, 1), look.color(token))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)

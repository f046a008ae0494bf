"""The soft shadow under what floats: popover, menu, palette, undo bar."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QRadialGradient

from app.ui.theme import look
from app.ui.widgets import paint

#: Room that a floating surface leaves around itself for its shadow, in design pixels.
REACH = 28
DROP = 8


@lru_cache(maxsize=8)
def _corner(rgba: int, reach: int) -> QPixmap:
    """Return a blurred square of 2 × reach: corners and middle lines of a nine-patch."""
    side = reach * 2 + 2
    patch = QPixmap(side, side)
    patch.fill(Qt.GlobalColor.transparent)
    painter = QPainter(patch)
    ink = QColor.fromRgba(rgba)
    glow = QRadialGradient(side / 2, side / 2, side / 2)
    # A Gaussian edge in five steps, half its strength where the surface ends.
    for stop, part in ((0.0, 1.0), (0.25, 0.84), (0.5, 0.5), (0.75, 0.16), (1.0, 0.0)):
        shade = QColor(ink)
        shade.setAlphaF(ink.alphaF() * part)
        glow.setColorAt(stop, shade)
    painter.fillRect(0, 0, side, side, glow)
    painter.end()
    return patch


def paint_floating(painter: QPainter, surface: QRectF, *, fill: str = "surface.raised") -> None:
    """Paint a floating surface with shadow and edge; around it there must be ``REACH``."""
    ink = look.color("shadow")
    if ink.alpha():
        _paint_shadow(painter, surface.translated(0, look.px(DROP)), ink)
    heavy = look.is_high_contrast()
    edge = look.color("line.strong")
    radius = look.px(10)
    paint.box(painter, surface, radius, fill=look.color(fill), edge=edge, width=2 if heavy else 1)


def _paint_shadow(painter: QPainter, surface: QRectF, ink: QColor) -> None:
    reach = look.px(2 * (REACH - DROP) - 4)
    patch = _corner(ink.rgba(), reach)
    around = surface.adjusted(-reach / 2, -reach / 2, reach / 2, reach / 2)
    left, top, right, bottom = around.left(), around.top(), around.right(), around.bottom()
    middle = reach + 1
    columns = ((left, reach, 0, reach), (left + reach, around.width() - 2 * reach, middle, 1),
               (right - reach, reach, middle, reach))  # fmt: skip
    rows = ((top, reach, 0, reach), (top + reach, around.height() - 2 * reach, middle, 1),
            (bottom - reach, reach, middle, reach))  # fmt: skip
    for x, width, from_x, from_width in columns:
        for y, height, from_y, from_height in rows:
            if width > 0 and height > 0:
                target = QRectF(x, y, width, height)
                painter.drawPixmap(target, patch, QRectF(from_x, from_y, from_width, from_height))

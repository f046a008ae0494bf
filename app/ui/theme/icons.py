"""Lucide icons, tinted with a token and drawn with the same stroke at every size."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from app.ui.theme import look
from app.ui.theme.tokens import RESOURCES

#: Width of a stroke on screen; the calendar's 12-px icons are a little finer.
STROKE = 1.25
FINE_STROKE = 1.15
_VIEW_BOX = 24
_STROKE_WIDTH = re.compile(r'stroke-width="[\d.]+"')


@cache
def _source(name: str) -> str:
    return (RESOURCES / "icons" / f"{name}.svg").read_text("utf-8")


@lru_cache(maxsize=512)
def _renderer(name: str, rgba: int, size: float) -> QSvgRenderer:
    ink = QColor.fromRgba(rgba).name()
    wanted = FINE_STROKE if size <= 12 else STROKE
    stroke = wanted * _VIEW_BOX / size
    drawn = _STROKE_WIDTH.sub(f'stroke-width="{stroke:.3f}"', _source(name))
    return QSvgRenderer(QByteArray(drawn.replace("currentColor", ink).encode()))


def paint(painter: QPainter, box: QRectF, name: str, ink: QColor) -> None:
    """Draw icon ``name`` into ``box``; its stroke grows with the text size."""
    size = box.height() * 100 / look.current().percent
    renderer = _renderer(name, ink.rgba(), size)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    renderer.render(painter, box)


def pixmap(name: str, token: str, size: float = 16, ratio: float = 0.0) -> QPixmap:
    """Return icon ``name`` in the color of ``token`` at a design ``size``, sharp at ``ratio``.

    ``ratio`` 0 means that of the finest screen.
    """
    ratio = ratio or _finest_ratio()
    side = look.px(size)
    picture = QPixmap(QSize(round(side * ratio), round(side * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint(painter, QRectF(0, 0, side, side), name, look.color(token))
    painter.end()
    return picture


def icon(name: str, token: str = "text.primary", size: float = 16) -> QIcon:
    """Return icon ``name`` for menus and the like, muted where it is unavailable."""
    made = QIcon(pixmap(name, token, size))
    made.addPixmap(pixmap(name, "text.muted", size), QIcon.Mode.Disabled)
    return made


def _finest_ratio() -> float:
    return max((screen.devicePixelRatio() for screen in QGuiApplication.screens()), default=1.0)

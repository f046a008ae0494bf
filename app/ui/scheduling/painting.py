"""Painting the grid under the sessions: open and closed hours, lines, the gutter, now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.ui.scheduling.geometry import GUTTER, Grid
from app.ui.scheduling.words import grid_clock
from app.ui.theme import look
from app.ui.widgets import paint

_GUTTER_TEXT = 50


@dataclass(frozen=True, slots=True)
class GridPainting:
    """What is painted: the columns, the closed minutes of each, and the time on the wall."""

    grid: Grid
    closed: tuple[tuple[tuple[int, int], ...], ...]
    now: datetime


def paint_grid(painter: QPainter, dirty: QRectF, width: int, what: GridPainting) -> None:
    """Paint the part of the grid that ``dirty`` covers."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    gutter = look.px(GUTTER)
    painter.fillRect(dirty, look.color("surface.page"))
    painter.fillRect(QRectF(gutter, dirty.top(), width, dirty.height()), look.color("grid.open"))
    _paint_closed(painter, what, edges=False)
    _paint_hours(painter, dirty, width, what.grid)
    _paint_columns(painter, dirty, what.grid)
    _paint_closed(painter, what, edges=True)
    _paint_now(painter, what)


def _paint_closed(painter: QPainter, what: GridPainting, *, edges: bool) -> None:
    grid = what.grid
    fill, edge = look.color("grid.closed"), look.color("grid.edge")
    for left, width, stretches in zip(grid.lefts, grid.widths, what.closed, strict=True):
        for begin, end in stretches:
            top = grid.y(begin) if begin else 0
            bottom = grid.y(end) if end < 24 * 60 else grid.height
            if not edges:
                painter.fillRect(QRectF(left, top, width, bottom - top), fill)
                continue
            # Where opening hours begin and end, none at the ends of the day; over the hour lines.
            for at, minute in ((top, begin), (bottom, end)):
                if 0 < minute < 24 * 60:
                    painter.fillRect(QRectF(left, round(at), width - 1, 1), edge)


def _paint_hours(painter: QPainter, dirty: QRectF, width: int, grid: Grid) -> None:
    line, ink = look.color("grid.line"), look.color("text.muted")
    font, height = look.font("caption", tabular=True), look.px(16)
    gutter = look.px(GUTTER)
    for hour in range(25):
        y = grid.y(hour * 60)
        if not dirty.top() - height <= y <= dirty.bottom() + height:
            continue
        painter.fillRect(QRectF(gutter, round(y), width - gutter, 1), line)
        if 0 < hour < 24:
            words = f"{hour % 12 or 12} {'AM' if hour < 12 else 'PM'}"
            area = QRectF(0, y - height / 2, look.px(_GUTTER_TEXT), height)
            paint.words(painter, area, words, font, ink, right=True, elide=False)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_columns(painter: QPainter, dirty: QRectF, grid: Grid) -> None:
    line = look.color("grid.line")
    for left in grid.lefts:
        painter.fillRect(QRectF(round(left) - 1, dirty.top(), 1, dirty.height()), line)


def _paint_now(painter: QPainter, what: GridPainting) -> None:
    grid, now = what.grid, what.now
    index = grid.index(now.date())
    if index is None:
        return
    ink = look.color("now.line")
    y = grid.y(now.hour * 60 + now.minute)
    gutter, height = look.px(GUTTER), look.px(16)
    faint = look.color("now.line")
    faint.setAlphaF(0.5)
    painter.fillRect(QRectF(gutter, round(y), grid.lefts[index] - gutter, 1), faint)
    painter.fillRect(QRectF(grid.lefts[index], round(y), grid.widths[index], 2), ink)
    area = QRectF(0, y - height / 2, look.px(_GUTTER_TEXT), height)
    painter.fillRect(area, look.color("surface.page"))
    font = look.font("caption", "semibold", tabular=True)
    paint.words(painter, area, grid_clock(now), font, ink, right=True, elide=False)
    radius = look.px(9) / 2
    dot = QRectF(grid.lefts[index] - radius, y + 1 - radius, 2 * radius, 2 * radius)
    paint.box(painter, dot, radius, fill=ink)

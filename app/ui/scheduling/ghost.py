"""What a drag shows before the drop: the new place, the old one dashed, the time, what is there."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.ui.scheduling.block import Face, face_of, paint_face
from app.ui.scheduling.dragging import Draft
from app.ui.scheduling.geometry import Box, Grid
from app.ui.scheduling.words import grid_clock
from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.phrases import clock_range, weekday_day
from app.ui.widgets.shadow import paint_floating

_NEW_COLOR = "spruce"


class Ghost(QWidget):
    """Lies over the grid, lets every event through, and is there only during a drag."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._draft: Draft | None = None
        self._grid: Grid | None = None
        self._conflict = ""
        self._beside: QPointF | None = None
        self.hide()

    def show_draft(
        self, draft: Draft, grid: Grid, conflict: str, beside: QPointF | None = None
    ) -> None:
        """Show where ``draft`` would be, what it would lie over, and its time at ``beside``."""
        self._draft, self._grid, self._conflict, self._beside = draft, grid, conflict, beside
        self.setAccessibleName(self.words())
        self.raise_()  # over sessions that came since
        self.show()
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._draft = None
        self.hide()

    def words(self) -> str:
        """Return the new time, and what is there already."""
        if self._draft is None:
            return ""
        when = f"{weekday_day(self._draft.starts.date())}, "
        when += clock_range(self._draft.starts, self._draft.ends)
        return f"{when}. {self._conflict}" if self._conflict else when

    def paintEvent(self, event: QPaintEvent) -> None:
        draft, grid = self._draft, self._grid
        if draft is None or grid is None:
            return
        painter = QPainter(self)
        if draft.session is not None:
            self._paint_old(painter, grid.box(draft.session.starts, draft.session.minutes))
        box = grid.box(draft.starts, draft.minutes)
        if box is not None:
            area = QRectF(box.left, box.top, box.width, box.height)
            paint_face(painter, area, self._face(draft))
            paint.box(painter, area, look.px(4), edge=look.color("focus.ring"), width=2)
            self._paint_label(painter, area)

    @staticmethod
    def _paint_old(painter: QPainter, box: Box | None) -> None:
        if box is not None:
            area = QRectF(box.left, box.top, box.width, box.height)
            fill, edge = look.color("grid.open"), look.color("line.strong")
            paint.box(painter, area, look.px(4), fill=fill, edge=edge, dashed=True)

    @staticmethod
    def _face(draft: Draft) -> Face:
        second = f"{grid_clock(draft.starts)} – {grid_clock(draft.ends)}"
        if draft.session is None:
            return Face(
                "New session", "New session", second, (), _NEW_COLOR, past=False, gone=False
            )
        return face_of(draft.session, second, past=False)

    def _paint_label(self, painter: QPainter, area: QRectF) -> None:
        draft = self._draft
        if draft is None:
            return
        when = f"{weekday_day(draft.starts.date())}, {clock_range(draft.starts, draft.ends)}"
        bold, font = look.font("body", "semibold", tabular=True), look.font("caption")
        line, margin, icon = look.px(20), look.px(10), look.px(14)
        width = paint.width_of(when, bold)
        if self._conflict:
            width = max(width, paint.width_of(self._conflict, font) + icon + look.px(6))
        lines = 2 if self._conflict else 1
        spot = self._beside or QPointF(area.right(), area.top())
        left = min(spot.x() + look.px(16), self.width() - width - 3 * margin)
        label = QRectF(left, spot.y() + look.px(14), width + 2 * margin, lines * line + margin)
        paint_floating(painter, label)
        row = QRectF(label.left() + margin, label.top() + margin / 2, width + 1, line)
        paint.words(painter, row, when, bold, look.color("text.primary"), elide=False)
        if self._conflict:
            row.translate(0, line)
            ink = look.color("warn.text")
            mark = QRectF(row.left(), row.top() + (line - icon) / 2, icon, icon)
            icons.paint(painter, mark, "triangle-alert", ink)
            row.setLeft(row.left() + icon + look.px(6))
            paint.words(painter, row, self._conflict, font, ink, elide=False)

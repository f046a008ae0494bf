"""The grid of the calendar: painted hours, one small button per session, drags and keys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Protocol
from uuid import UUID

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QScrollArea, QScrollBar, QWidget

from app.core.scheduling.queries import SessionView
from app.ui.scheduling.block import SessionBlock, face_of
from app.ui.scheduling.blocks import Blocks
from app.ui.scheduling.dragging import MORNING, STEP, Draft, Drag, Kind, LastDrop, time_from
from app.ui.scheduling.geometry import (
    Box,
    Grid,
    closed_stretches,
    grid_of,
    lanes,
    wall_minutes,
)
from app.ui.scheduling.ghost import Ghost
from app.ui.scheduling.painting import GridPainting, paint_grid
from app.ui.scheduling.words import second_line, usual_services
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.unsent import Unsent

#: Pixels that the pointer moves before a press becomes a drag.
_SLACK = 5


class Shown(Protocol):
    """What a grid shows and asks; the calendar's presenter, or the day beside the editor."""

    selected: UUID | None

    @property
    def days(self) -> tuple[date, ...]: ...

    @property
    def sessions(self) -> tuple[SessionView, ...]: ...

    @property
    def usual_minutes(self) -> int: ...

    def now(self) -> datetime:
        """Return the time on the practice's wall."""
        ...

    def is_past(self, session: SessionView) -> bool:
        """Return whether a session lies behind."""
        ...

    def opening(self, day: date) -> list[tuple[time, time]]:
        """Return when the practice is open."""
        ...

    def conflict(self, draft: Draft) -> str:
        """Return the sentence about what a draft would lie over."""
        ...


class GridCanvas(QWidget):
    """A whole day high. Tells what was chosen, opened, drafted or dropped; saves nothing."""

    opened = Signal(object)
    drafted = Signal(object)
    dropped = Signal(object)
    left_selection = Signal()
    laid_out = Signal()
    menu_asked = Signal(object, QPoint)

    def __init__(self, presenter: Shown, *, always_drafts: bool = False) -> None:
        super().__init__()
        self._presenter = presenter
        # In the calendar a click beside an open popover only closes it.
        self._always_drafts = always_drafts
        self.grid: Grid | None = None
        self.blocks = Blocks(self, self._open, self._focus_changed)
        self._ghost = Ghost(self)
        self._press: QPointF | None = None
        self._drag: Drag | None = None
        self._draft: Draft | None = None
        self._last_drop = LastDrop()
        self._unsent: Unsent | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Calendar")
        self.setAccessibleDescription(
            "A grid of days and hours. On a session arrow keys go to the next one, and with Alt"
            " they move it. Esc leaves the sessions for the hours: there arrow keys choose a time,"
            " with Shift its length, and Return books it."
        )
        self.setMouseTracking(True)

    # Content

    def render_sessions(self) -> None:
        """Lay out what the presenter shows."""
        shown = self._presenter.sessions
        days = self._presenter.days
        scale = look.current().percent / 100
        busy = frozenset(each.day for each in shown)
        self.grid = grid_of(days, self.width(), busy, scale)
        self.setFixedHeight(round(self.grid.height))
        in_lanes = lanes(shown)
        usual = usual_services(shown)
        used = 0
        for session in sorted(shown, key=lambda each: (each.starts, each.id)):
            lane = in_lanes[session.id]
            box = self.grid.box(session.starts, wall_minutes(session), lane.number, lane.of)
            if box is None:
                continue
            block = self.blocks.at(used)
            used += 1
            past = self._presenter.is_past(session)
            face = face_of(session, second_line(session, usual, wide=len(days) == 1), past=past)
            block.show_session(session, face, selected=session.id == self._presenter.selected)
            block.setGeometry(_rect(box))
            if block.isHidden():
                block.show()
        for spare in self.blocks.all[used:]:
            spare.hide()
            spare.session = None
        self._mark_unsent()
        self._ghost.setGeometry(self.rect())
        self._ghost.raise_()
        self.update()
        self.laid_out.emit()

    def follow(self, unsent: Unsent | None) -> None:
        """Put a dot on sessions that are not uploaded yet; one not kept waits with its series."""
        self._unsent = unsent
        if unsent is not None:
            unsent.changed.connect(self._mark_unsent)

    def _mark_unsent(self) -> None:
        unsent = self._unsent
        if unsent is None:
            return
        for block in self.blocks.all:
            if (session := block.session) is not None:
                own = session.id if session.is_kept else session.series_id
                block.mark_unsent(own in unsent)

    def draft_rect(self, draft: Draft) -> QRect:
        """Return where a draft stands, to put a popover beside it."""
        box = self.grid.box(draft.starts, draft.minutes) if self.grid else None
        return _rect(box) if box else QRect()

    def first_minute(self) -> int:
        """Return the minute of the day that should be at the top when the grid is first seen."""
        starts = [each.starts.hour * 60 for each in self._presenter.sessions]
        return min([MORNING * 60, *starts])

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.grid is None:
            return
        closed = tuple(
            tuple(closed_stretches(self._presenter.opening(day))) for day in self.grid.days
        )
        painting = GridPainting(self.grid, closed, self._presenter.now())
        painter = QPainter(self)
        paint_grid(painter, QRectF(event.rect()), self.width(), painting)
        for block in self.blocks.all:
            if block.is_ringed:
                # Outside the block, as every ring of the program; it needs no room of its own.
                around = QRectF(block.geometry()).adjusted(-3, -3, 3, 3)
                paint.box(painter, around, look.px(6), edge=look.color("focus.ring"), width=2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self.render_sessions()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and self.grid is not None:
            self.render_sessions()
        super().changeEvent(event)

    # The pointer

    def _open(self, block: QAbstractButton) -> None:
        if isinstance(block, SessionBlock) and block.session is not None:
            self.opened.emit(block.session.id)

    def _block_at(self, point: QPointF) -> SessionBlock | None:
        child = self.childAt(point.toPoint())
        return child if isinstance(child, SessionBlock) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self.grid is None:
            return
        point = event.position()
        self.give_up()
        self._press = point
        block = self._block_at(point)
        session = block.session if block else None
        kind = Kind.CREATE
        if block is not None:
            handle = block.over_handle(point.y() - block.y())
            kind = Kind.RESIZE if handle else Kind.MOVE
        origin = self.grid.spot(point.x(), point.y())
        usual = self._presenter.usual_minutes
        self._drag = Drag(kind, self.grid, origin, usual, session)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or self._press is None or self.grid is None:
            return
        point = event.position()
        if self._draft is None and (point - self._press).manhattanLength() < look.px(_SLACK):
            return
        session = self._drag.session
        if session is not None and not session.status.is_open:
            return
        self._show_draft(self._drag.to(self.grid.spot(point.x(), point.y())), point)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, draft = self._drag, self._draft
        self._press = self._drag = None
        if drag is None:
            return
        if draft is not None:
            self._drop()
        elif drag.session is not None:
            self.opened.emit(drag.session.id)
        elif self._presenter.selected is not None and not self._always_drafts:
            self.left_selection.emit()
        else:
            self.drafted.emit(drag.clicked())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        block = self._block_at(QPointF(event.pos()))
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            focused = self.focusWidget()
            block = focused if isinstance(focused, SessionBlock) else None
        if block is not None and block.session is not None:
            self.menu_asked.emit(block.session, block.mapToGlobal(block.rect().center()))

    # A draft, by pointer or by keys

    def _show_draft(self, draft: Draft, beside: QPointF | None = None) -> None:
        if self.grid is None:
            return
        self._draft = draft
        self._ghost.show_draft(draft, self.grid, self._presenter.conflict(draft), beside)
        self.setAccessibleName(f"Calendar, {self._ghost.words()}")

    def _drop(self) -> None:
        draft = self._draft
        self.give_up()
        if draft is None:
            return
        block = self.blocks.of(draft.session.id) if draft.session else None
        self._last_drop = LastDrop(draft, block.session if block is not None else None)
        (self.drafted if draft.session is None else self.dropped).emit(draft)

    def give_up(self) -> bool:
        """Forget the draft; return whether there was one."""
        was = self._draft is not None
        self._draft = self._drag = self._press = None
        self._ghost.clear()
        self.setAccessibleName("Calendar")
        return was

    # Keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        block = self.focusWidget()
        session = block.session if isinstance(block, SessionBlock) else None
        if event.key() == Qt.Key.Key_Escape:
            self._escape(session)
        elif event.key() in _ARROWS:
            self._arrow(event, session)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._draft is not None:
            self._drop()
        else:
            event.ignore()

    def _escape(self, session: SessionView | None) -> None:
        """Give up a draft, else leave the sessions for the hours, else close what is open."""
        if self.give_up():
            return
        if self._presenter.selected is None and session is not None:
            self.setFocus(Qt.FocusReason.OtherFocusReason)
            self._choose(self._time_at(session.starts))
        else:
            self.left_selection.emit()

    def _arrow(self, event: QKeyEvent, session: SessionView | None) -> None:
        days, minutes = _ARROWS[event.key()]
        if session is None and self.hasFocus():
            self._choose_by_arrow(event, days, minutes)
            return
        if not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._go(session, days, minutes)
            return
        if session is None or not session.status.is_open:
            return
        draft = self._draft or self._last_drop.standing(session)
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._choose(draft.resized(minutes * STEP))
        else:
            self._choose(draft.shifted(days=days, minutes=minutes * STEP))

    def _choose_by_arrow(self, event: QKeyEvent, days: int, minutes: int) -> None:
        draft = self._draft
        if draft is None or draft.session is not None:
            self._choose(self._time_at(self._presenter.now()))
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._choose(draft.resized(minutes * STEP))
        else:
            self._choose(draft.shifted(days=days, minutes=minutes * STEP))

    def _time_at(self, wanted: datetime) -> Draft:
        days = self.grid.days if self.grid is not None else ()
        return time_from(days, wanted, self._presenter.usual_minutes)

    def _choose(self, draft: Draft) -> None:
        """Show a draft that keys made, unless it would lie outside the days shown."""
        if self.grid is None or self.grid.index(draft.starts.date()) is None:
            return
        self._show_draft(draft)
        self._bring_into_view(self.draft_rect(draft))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        moves = self._draft is not None and self._draft.session is not None
        if event.key() == Qt.Key.Key_Alt and moves and self._drag is None:
            self._drop()
        else:
            super().keyReleaseEvent(event)

    def _go(self, session: SessionView | None, days: int, minutes: int) -> None:
        found = neighbour(self._presenter.sessions, session, days, minutes, self._presenter.now())
        block = self.blocks.of(found.id) if found else None
        if block is not None:
            block.setFocus(Qt.FocusReason.TabFocusReason)

    def _focus_changed(self, block: SessionBlock, has_it: bool) -> None:
        self.update()
        if has_it:
            self._bring_into_view(block.geometry())

    def _bring_into_view(self, place: QRect) -> None:
        view = self.parentWidget()
        area = view.parentWidget() if view else None
        if isinstance(area, QScrollArea):
            middle = place.center()
            area.ensureVisible(middle.x(), middle.y(), 0, place.height() // 2 + look.px(24))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in _FORWARD:
            self._go(None, 0, 1)
        if event.reason() in (*_FORWARD, Qt.FocusReason.BacktabFocusReason) and self.hasFocus():
            self._choose(self._time_at(self._presenter.now()))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() in _COMES_BACK:
            return
        if self._draft is not None and self._draft.session is None and self._drag is None:
            self.give_up()


#: The window steps back for a moment: what was chosen is still chosen when it is in front again.
_COMES_BACK = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
_FORWARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.ShortcutFocusReason)
_ARROWS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


def neighbour(
    sessions: Sequence[SessionView],
    current: SessionView | None,
    days: int,
    minutes: int,
    now: datetime,
) -> SessionView | None:
    """Return the session that an arrow leads to: within the day, or at that hour of another day."""
    ordered = sorted(sessions, key=lambda each: (each.starts, each.id))
    if current is None:
        return next((each for each in ordered if each.ends > now), ordered[0] if ordered else None)
    if minutes:
        same = [each for each in ordered if each.day == current.day]
        at = [each.id for each in same].index(current.id) + minutes
        return same[at] if 0 <= at < len(same) else None
    beyond = [each for each in ordered if (each.day - current.day).days * days > 0]
    if not beyond:
        return None
    day = (min if days > 0 else max)(each.day for each in beyond)
    hour = datetime.combine(day, current.starts.time())
    return min((each for each in beyond if each.day == day), key=_distance(hour))


def _distance(hour: datetime) -> Callable[[SessionView], float]:
    return lambda each: abs((each.starts - hour).total_seconds())


def _rect(box: Box) -> QRect:
    # Both edges are rounded, so that what touches in time touches on screen.
    left, top = round(box.left), round(box.top)
    return QRect(left, top, round(box.left + box.width) - left, round(box.top + box.height) - top)


class DayGrid(QScrollArea):
    """The canvas in its scroll area; its bar lies over it while the pointer is there."""

    def __init__(self, presenter: Shown, *, always_drafts: bool = False) -> None:
        super().__init__()
        self.canvas = GridCanvas(presenter, always_drafts=always_drafts)
        self.setWidget(self.canvas)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        self._bar.setAccessibleName("Hours of the day")
        self._bar.hide()
        own = self.verticalScrollBar()
        own.rangeChanged.connect(self._follow_range)
        own.valueChanged.connect(self._bar.setValue)
        self._bar.valueChanged.connect(own.setValue)
        self._scrolled_for = 0

    def render_sessions(self) -> None:
        """Show what the presenter has; at first, and in another text size, from the morning."""
        self.canvas.render_sessions()
        percent = look.current().percent
        if self._scrolled_for != percent and self.canvas.grid is not None and self.isVisible():
            self._scrolled_for = percent
            self.scroll_to(self.canvas.first_minute())

    def scroll_to(self, minute: int) -> None:
        """Bring a minute of the day to the top."""
        if self.canvas.grid is not None:
            top = self.canvas.grid.y(minute) - self.canvas.grid.y(0)
            own = self.verticalScrollBar()
            own.setRange(0, max(self.canvas.height() - self.viewport().height(), 0))
            own.setValue(round(top))

    def _follow_range(self, least: int, most: int) -> None:
        self._bar.setRange(least, most)
        self._bar.setPageStep(self.viewport().height())

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self._bar.setVisible(self._bar.maximum() > 0)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._bar.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self._bar.sizeHint().width()
        self._bar.setGeometry(self.width() - width, 0, width, self.height())
        self._bar.raise_()

"""The first run's own controls: the rail of steps, and the groups in which a key is typed back."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QEvent, QModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QPainter
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.fields import LineField, mark
from app.ui.widgets.lists import Index


class _Group(LineField):
    """Four characters of the key; full ones go on to the next, a paste fills them all."""

    def __init__(self, number: int, entry: KeyEntry) -> None:
        super().__init__(name=f"Group {number + 1} of {entry.count}", tall=True)
        self._number, self._entry = number, entry
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFont(look.font("body", "semibold", tabular=True))
        self.textEdited.connect(self._typed)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setFont(look.font("body", "semibold", tabular=True))

    def _typed(self, text: str) -> None:
        cleaned = "".join(char for char in text.upper() if char.isalnum())
        self._entry.spread(self._number, cleaned)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste):
            self._entry.spread(self._number, QGuiApplication.clipboard().text())
        elif event.key() == Qt.Key.Key_Backspace and not self.text():
            self._entry.go_back(self._number)
        else:
            super().keyPressEvent(event)


class KeyEntry(QWidget):
    """A key typed in groups. ``changed`` after every change; ``mark`` shows which groups agree."""

    changed = Signal()

    def __init__(self, groups: int = 8, length: int = 4, *, name: str = "Recovery key") -> None:
        super().__init__()
        self.count, self._length = groups, length
        self.setAccessibleName(name)
        self._groups = [_Group(number, self) for number in range(groups)]
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(look.px(8))
        for group in self._groups:
            line.addWidget(group)
        self.setFocusProxy(self._groups[0])

    def text(self) -> str:
        """Return what is typed, groups joined by hyphens."""
        return "-".join(group.text() for group in self._groups)

    def groups(self) -> list[str]:
        """Return what is typed in each group."""
        return [group.text() for group in self._groups]

    def mark(self, right: Sequence[bool | None]) -> None:
        """Show which groups are wrong (False); None is not said yet."""
        for group, verdict in zip(self._groups, right, strict=True):
            mark(group, "wrong", verdict is False)

    def spread(self, number: int, text: str) -> None:
        """Put ``text`` into the groups from ``number`` on and go to the first that is not full."""
        rest = "".join(char for char in text.upper() if char.isalnum())
        while number < self.count:
            self._groups[number].setText(rest[: self._length])
            rest = rest[self._length :]
            if not rest:
                break
            number += 1
        full = number < self.count and len(self._groups[number].text()) == self._length
        target = min(number + 1, self.count - 1) if full else min(number, self.count - 1)
        self._groups[target].setFocus()
        self.changed.emit()

    def go_back(self, number: int) -> None:
        """Go to the group before ``number``."""
        self._groups[max(0, number - 1)].setFocus()


class _Steps(QAbstractListModel):
    def __init__(self, steps: Sequence[str], parent: QWidget) -> None:
        super().__init__(parent)
        self.steps = list(steps)
        self.states = ["ahead"] * len(self.steps)

    def replace(self, steps: Sequence[str]) -> None:
        self.beginResetModel()
        self.steps = list(steps)
        self.states = ["ahead"] * len(self.steps)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return len(self.steps)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> str | None:
        if role == Qt.ItemDataRole.DisplayRole:
            return self.steps[index.row()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = self.states[index.row()]
            return f"Step {index.row() + 1}, {self.steps[index.row()]}, {state}"
        return None


class _StepDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(look.px(120), look.px(36))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model: _Steps = index.model()  # type: ignore[assignment]
        state = model.states[index.row()]
        painter.save()
        side = look.px(20)
        area = QRectF(option.rect)
        spot = QRectF(area.left(), area.center().y() - side / 2, side, side)
        current = state == "current"
        if current:
            paint.box(painter, spot, side / 2, fill=look.color("accent.base"))
        elif state == "done" and not look.is_high_contrast():
            paint.box(painter, spot, side / 2, fill=look.color("accent.soft"))
        else:
            paint.box(painter, spot, side / 2, edge=look.color("line.control"))
        if state == "done":
            inner = spot.adjusted(side * 0.2, side * 0.2, -side * 0.2, -side * 0.2)
            icons.paint(painter, inner, "check", look.color("accent.text"))
        else:
            number, font = (
                str(index.row() + 1),
                look.font("caption", "semibold" if current else "regular"),
            )
            ink = look.color("text.onAccent" if current else "text.secondary")
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), number)
        words = area.adjusted(side + look.px(12), 0, 0, 0)
        ink = look.color("text.primary" if current else "text.secondary")
        paint.words(
            painter,
            words,
            model.steps[index.row()],
            look.font("body", "semibold" if current else "regular"),
            ink,
        )
        painter.restore()


class StepRail(QListView):
    """The steps of the first run: done, current, ahead, skipped. A click goes to a done one."""

    step_asked = Signal(int)

    def __init__(self, steps: Sequence[str], *, name: str = "Steps") -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._steps = _Steps(steps, self)
        self.setModel(self._steps)
        self.setItemDelegate(_StepDelegate(self))
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._clicked)
        self.set_current(0)

    def set_current(self, step: int) -> None:
        """Make ``step`` the current one; those before it are done unless they were skipped."""
        for number, state in enumerate(self._steps.states):
            kept = "skipped" if state == "skipped" else "done"
            self._steps.states[number] = (
                kept if number < step else "current" if number == step else "ahead"
            )
        self.viewport().update()

    def set_steps(self, steps: Sequence[str]) -> None:
        """Show another way through, from its first step."""
        if list(steps) != self._steps.steps:
            self._steps.replace(steps)
            self.set_current(0)

    def set_state(self, step: int, state: str) -> None:
        """Set one step's state: done, current, ahead or skipped."""
        self._steps.states[step] = state
        self.viewport().update()

    def _clicked(self, index: QModelIndex) -> None:
        step = index.row()
        if self._steps.states[step] in ("done", "skipped"):
            self.step_asked.emit(step)

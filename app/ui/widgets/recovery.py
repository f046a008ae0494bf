"""A recovery key on the page, and the ways to take it away: print, save, copy."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.layout import row_layout
from app.ui.widgets.recovery_sheet import print_sheet, sheet_text
from app.ui.widgets.text import Text


class KeyCard(QLabel):
    """The recovery key in two rows of four groups; a screen reader spells it group by group."""

    def __init__(self, groups: list[str]) -> None:
        super().__init__()
        self._groups = groups
        self.setFixedHeight(look.px(113))
        self.setAccessibleName("Recovery key: " + ", ".join(" ".join(group) for group in groups))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint.box(
            painter,
            QRectF(self.rect()),
            look.px(10),
            fill=look.color("surface.raised"),
            edge=look.color("line.strong"),
        )
        font = look.font("title", "semibold", tabular=True)
        font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, look.px(1))
        painter.setFont(font)
        painter.setPen(look.color("text.primary"))
        margin, top, line = look.px(14), look.px(12), look.px(45)
        width = (self.width() - 2 * margin) / 4
        for number, group in enumerate(self._groups):
            row, column = divmod(number, 4)
            spot = QRectF(margin + column * width, top + row * line, width, line)
            painter.drawText(spot, int(Qt.AlignmentFlag.AlignCenter), group)


class KeyActs(QWidget):
    """Print, save as a file, copy; and what came of it."""

    def __init__(self, groups: list[str]) -> None:
        super().__init__()
        self._groups = groups
        acts = row_layout(self, gap=8)
        acts.addWidget(Button("Print", icon="printer", on_click=self._print))
        acts.addWidget(Button("Save as a file…", icon="download", on_click=self._save))
        acts.addSpacing(look.px(8))
        acts.addWidget(Link("Copy", on_click=self._copy))
        words = "On paper or a USB stick, never on this computer."
        right = Qt.AlignmentFlag.AlignRight
        self._said = Text(words, tone="text.secondary", elide=True, align=right)
        acts.addWidget(self._said, 1)

    def _print(self) -> None:
        if print_sheet(self, self._groups):
            self._said.set("Printed. Keep it away from this computer.")

    def _save(self) -> None:
        name, _kind = QFileDialog.getSaveFileName(
            self, "Save the recovery key", "recovery key.txt", "Text (*.txt)"
        )
        if not name:
            return
        try:
            Path(name).write_text(sheet_text(self._groups), encoding="utf-8")
        except OSError as refused:
            self._said.set(f"It could not be saved there: {refused.strerror}.")
        else:
            self._said.set("Saved. Take the stick out of this computer.")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText("-".join(self._groups))
        self._said.set("Copied. Paste it where it is safe, then copy something else.")

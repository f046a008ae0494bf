"""A session's face is painted with words shaped beforehand, to the very pixels of plain ones."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.ui.scheduling import block
from app.ui.theme import look


def pixels(font: QFont, draw: Any) -> bytes:
    image = QImage(220, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(font)
    draw(painter)
    painter.end()
    return bytes(image.constBits())


@pytest.mark.parametrize("struck", [False, True])
@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize(
    "words", ["Ana Villanueva", "9:00 · Couples", "Żaneta Ødegård", "ניצן כהן", "<b>Q</b>"]
)
def test_shaped_words_are_drawn_as_plain_ones(
    qapp: QApplication, words: str, percent: int, struck: bool
) -> None:
    look.use(qapp, percent=percent)
    font = look.font("caption", "semibold")
    font.setStrikeOut(struck)
    plain = pixels(font, lambda painter: painter.drawText(QPointF(5, 20.3), words))
    ours = pixels(font, lambda painter: block._draw(painter, 5, 20.3, words, font.toString()))
    look.use(qapp, percent=100)
    assert ours == plain

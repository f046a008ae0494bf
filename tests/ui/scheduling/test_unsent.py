"""Sessions that are not uploaded yet, in the real calendar."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from app.ui.scheduling.block import Face, paint_face
from app.ui.theme import look
from app.ui.widgets.unsent import NOT_UPLOADED, Unsent
from tests.ui.scheduling.room import Room


def test_a_session_that_waits_says_so_until_it_is_uploaded(room: Room) -> None:
    unsent = Unsent()
    room.canvas.follow(unsent)
    block = room.block("Noor Haddad")
    session = room.find("Noor Haddad")
    own = session.id if session.is_kept else session.series_id
    assert own is not None
    plain = block.grab().toImage()
    unsent.set(frozenset({own}))
    assert block.accessibleName().endswith(f", {NOT_UPLOADED}")
    assert block.toolTip() == block.accessibleName()
    assert block.grab().toImage() != plain
    room.canvas.render_sessions()
    assert block.accessibleName().endswith(f", {NOT_UPLOADED}")
    unsent.set(frozenset())
    assert NOT_UPLOADED not in block.accessibleName()
    assert block.grab().toImage() == plain


def painted(face: Face, width: int, height: int) -> QImage:
    image = QImage(width, height, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    paint_face(painter, QRectF(0, 0, width, height), face, dotted=True)
    painter.end()
    return image


@pytest.mark.parametrize("height", [24, 70])
@pytest.mark.usefixtures("looked")
def test_the_dot_stands_beside_the_words_never_on_them(height: int) -> None:
    title = "Bartholomew Montgomery-Winterbottom"
    face = Face(title, "B. Montgomery-W.", "9:00 – 9:50", (), "clay", False, False)
    wide = QFontMetricsF(look.font("caption", "semibold")).horizontalAdvance(title)
    for width in range(int(wide) + look.px(12), int(wide) + look.px(22)):
        dot = (width - look.px(12), look.px(4), look.px(9), look.px(9))
        bare = painted(replace(face, title="", short=""), width, height)
        assert painted(face, width, height).copy(*dot) == bare.copy(*dot), width

"""A note of 50,000 words is typed in, kept and signed without the window standing still."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from tests.support.blocking import LIMIT_MS, LoopWatch
from tests.ui.clinical.test_note_page import Room, room

__all__ = ["room"]

WORDS = 50_000


def test_keeping_a_very_long_draft_never_holds_up_the_window(room: Room, qtbot: Any) -> None:
    room.go()
    field = room.fields()["Subjective"]
    field.insertPlainText(("morning walks help " * 30 + "\n") * (WORDS // 90))
    room.wait(lambda: len(room.kept().get("subjective", "")) > WORDS)
    watch = LoopWatch()
    for _turn in range(3):
        before = len(room.kept()["subjective"])
        with watch:
            qtbot.keyClick(field, Qt.Key.Key_A)
            qtbot.wait(1800)
        room.wait(lambda before=before: len(room.kept()["subjective"]) > before)  # type: ignore[misc]
        assert watch.longest_ms < LIMIT_MS, sorted(watch.turns_ms)[-5:]
    watch.deleteLater()

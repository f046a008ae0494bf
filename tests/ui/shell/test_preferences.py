"""Looks and manners are kept per computer account, and nonsense in their file does no harm."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QApplication

from app.ui.shell.preferences import Preferences
from app.ui.theme import look


def test_what_is_chosen_is_kept(looked: QApplication, tmp_path: Path) -> None:
    chosen = Preferences.load(tmp_path)
    chosen.theme, chosen.percent, chosen.density = "dark", 125, "roomy"
    chosen.motion, chosen.hints = False, False
    chosen.save()
    chosen.keep_window_place(QByteArray(b"place"))
    chosen.keep_folder("import", "lists")
    again = Preferences.load(tmp_path)
    again.apply(looked)
    now = look.current()
    assert (now.theme, now.percent, now.density, now.motion, now.hints) == (
        "dark", 125, "roomy", False, False,
    )  # fmt: skip
    assert again.window_place() == QByteArray(b"place")
    assert again.last_folder("import") == "lists"
    look.use(looked, hints=True)


def test_nonsense_is_as_delivered(looked: QApplication, tmp_path: Path) -> None:
    (tmp_path / "window.ini").write_text("[look]\ntheme=sepia\npercent=999\nmotion=perhaps\n")
    loaded = Preferences.load(tmp_path)
    assert (loaded.theme, loaded.percent, loaded.motion) == ("system", 100, True)
    loaded.apply(looked)
    assert look.theme_name() in ("light", "dark")

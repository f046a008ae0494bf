"""The first, blank window: nothing of the program is read for it, and it has the page's color."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.shell.preferences import Preferences
from app.ui.shell.window import ShellWindow
from app.ui.theme.tokens import THEMES, tokens

ROOT = Path(__file__).resolve().parents[3]
_SHOWN = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from app.__main__ import first_window
app = QApplication([])
preferences, window = first_window(Path(sys.argv[1]))
window.show(); app.processEvents()
from PySide6 import QtCore
print(*(name for name in sys.modules if name.startswith("app.")), "Qt" in vars(QtCore))
"""
_NEEDED = {
    "app.__main__",
    "app.folders",
    "app.ui",
    "app.ui.shell",
    "app.ui.shell.preferences",
    "app.ui.shell.window",
    "app.ui.theme",
    "app.ui.theme.contrast",
    "app.ui.theme.tokens",
}


def test_the_first_window_reads_nothing_that_a_blank_page_does_not_need(tmp_path: Path) -> None:
    shown = subprocess.run(
        [sys.executable, "-c", _SHOWN, str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    *read, enumerations = shown.stdout.split()
    assert set(read) == _NEEDED
    # The hundred enumerations of the namespace Qt cost as much as all of the rest.
    assert enumerations == "False"


@pytest.mark.parametrize("theme", THEMES)
def test_the_blank_page_has_the_color_of_the_theme(qapp: QApplication, theme: str) -> None:
    window = ShellWindow(Preferences(theme=theme))
    color = window.grab().toImage().pixelColor(200, 300)
    window.deleteLater()
    assert color == QColor(tokens().colors[theme]["surface.page"])


def test_without_a_chosen_theme_the_systems_palette_tells(qapp: QApplication) -> None:
    preferences, before = Preferences(), qapp.palette()
    for shade, theme in (("#202020", "dark"), ("#f4f4f4", "light")):
        palette = QPalette(before)
        palette.setColor(QPalette.ColorRole.Window, QColor(shade))
        qapp.setPalette(palette)
        assert preferences.first_color(qapp) == tokens().colors[theme]["surface.page"]
    qapp.setPalette(before)

"""On Windows the high-contrast theme takes the system's own colors; elsewhere it has ours."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.shell.preferences import Preferences
from app.ui.theme import look
from app.ui.theme.contrast import (
    SystemColors,
    SystemContrast,
    UsualContrast,
    ratio,
    theme_of,
)
from app.ui.theme.tokens import tokens

#: The four contrast themes that Windows 11 comes with.
AQUATIC = SystemColors("#202020", "#ffffff", "#8ee3f0", "#263b50", "#75e9fc")
DESERT = SystemColors("#fffaef", "#3d3d3d", "#903909", "#fff5e3", "#00009f")
DUSK = SystemColors("#2d3236", "#ffffff", "#a1bfde", "#212d3b", "#70ebde")
NIGHT_SKY = SystemColors("#000000", "#ffffff", "#d6b4fd", "#2b2b2b", "#8080ff")
WINDOWS = pytest.mark.parametrize(
    "system", [AQUATIC, DESERT, DUSK, NIGHT_SKY], ids=["aquatic", "desert", "dusk", "night sky"]
)


@dataclass
class _Said:
    """What a system says, written down."""

    on: bool
    own: SystemColors | None = None

    def wanted(self) -> bool:
        return self.on

    def colors(self) -> SystemColors | None:
        return self.own


def test_black_on_white_is_twenty_one_to_one() -> None:
    assert ratio("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert ratio("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@WINDOWS
def test_every_token_has_a_color(system: SystemColors) -> None:
    assert theme_of(system).keys() == tokens().colors["highContrast"].keys()


@WINDOWS
def test_text_can_be_read_on_everything_it_stands_on(system: SystemColors) -> None:
    colors = theme_of(system)
    grounds = [token for token in colors if token.startswith("surface.")]
    grounds += ["selection.row", "selection.inactive", "selection.text", "grid.closed"]
    for ground in grounds:
        assert ratio(colors["text.muted"], colors[ground]) >= 7, ground
    assert ratio(colors["text.onAccent"], colors["accent.base"]) >= 4.5
    assert ratio(colors["focus.ring"], colors["surface.page"]) >= 3
    for name in ("spruce", "plum", "stone"):
        assert ratio(colors[f"calendar.{name}.bar"], colors["surface.page"]) >= 3


def test_a_highlight_that_nobody_sees_gives_way_to_the_text() -> None:
    faint = SystemColors("#ffffff", "#000000", "#f0f0f0", "#000000", "#eeeeee")
    colors = theme_of(faint)
    assert colors["focus.ring"] == colors["accent.text"] == "#000000"
    assert colors["text.onAccent"] == "#ffffff"


def test_colors_are_read_from_the_palette() -> None:
    palette = QPalette()
    for role, color in (
        (QPalette.ColorRole.Window, "#000000"),
        (QPalette.ColorRole.WindowText, "#ffffff"),
        (QPalette.ColorRole.Highlight, "#d6b4fd"),
        (QPalette.ColorRole.HighlightedText, "#2b2b2b"),
        (QPalette.ColorRole.Link, "#8080ff"),
    ):
        palette.setColor(role, QColor(color))
    assert SystemColors.of(palette) == NIGHT_SKY


def test_the_whole_program_follows_and_comes_back(looked: QApplication, tmp_path: Path) -> None:
    kept = Preferences.load(tmp_path)
    kept.contrast = _Said(True, NIGHT_SKY)
    kept.apply(looked)
    assert look.is_high_contrast()
    assert looked.palette().color(QPalette.ColorRole.Window) == QColor("#000000")
    assert look.color("accent.base") == QColor("#d6b4fd")
    kept.percent = 150
    kept.apply(looked)
    assert look.color("surface.canvas") == QColor("#000000")
    kept.contrast = _Said(False, NIGHT_SKY)
    kept.apply(looked)
    assert look.theme_name() == "light"
    assert look.color("surface.page") == QColor(tokens().colors["light"]["surface.page"])


def test_without_colors_of_its_own_the_system_gets_ours(
    looked: QApplication, tmp_path: Path
) -> None:
    kept = Preferences.load(tmp_path)
    kept.contrast = _Said(True)
    kept.apply(looked)
    assert look.is_high_contrast()
    assert look.color("accent.base") == QColor(tokens().colors["highContrast"]["accent.base"])


def test_a_theme_that_was_chosen_stays(looked: QApplication, tmp_path: Path) -> None:
    kept = Preferences.load(tmp_path)
    kept.theme, kept.contrast = "dark", _Said(True, NIGHT_SKY)
    kept.apply(looked)
    assert look.color("surface.page") == QColor(tokens().colors["dark"]["surface.page"])
    kept.save()
    assert isinstance(Preferences.load(tmp_path).contrast, UsualContrast)


def test_only_windows_has_colors_to_follow(looked: QApplication) -> None:
    look.use(looked, theme="dark")
    port = SystemContrast(looked, platform="win32")
    heard: list[int] = []
    port.when_changed(lambda: heard.append(1))
    assert not port.wanted()
    assert SystemContrast(looked, platform="linux").colors() is None
    # Not our own dark page: what the system paints with.
    found = port.colors()
    assert found is not None
    assert found.window != tokens().colors["dark"]["surface.page"].lower()
    assert heard == []

"""One call changes the look of the whole program."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QFontInfo, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.theme import icons, look
from app.ui.theme.tokens import RESOURCES, THEMES
from app.ui.widgets.text import Text

_COLOR = re.compile(r"#[0-9A-Fa-f]{6}\b|QColor\(\s*[\d\"']")
_UI = Path(look.__file__).resolve().parents[1]


@pytest.mark.parametrize("theme", THEMES)
def test_palette_and_sheet_follow_the_theme(looked: QApplication, theme: str) -> None:
    look.use(looked, theme=theme)
    window = looked.palette().color(QPalette.ColorRole.Window)
    assert window == look.color("surface.page")
    assert look.color("focus.ring").name() in looked.styleSheet()
    assert "$" not in looked.styleSheet()


def test_text_size_scales_type_rows_and_icons_but_not_hairlines(looked: QApplication) -> None:
    look.use(looked, percent=150)
    assert QFontInfo(look.font("display")).pixelSize() == 42
    assert look.row("list") == 78
    assert icons.pixmap("plus", "text.primary").deviceIndependentSize().height() == 24
    assert "1px solid" in looked.styleSheet()


def test_density_changes_rows_alone(looked: QApplication) -> None:
    look.use(looked, density="compact")
    assert (look.row("table"), look.px(36)) == (32, 36)
    look.use(looked, density="roomy")
    assert look.row("table") == 42


@pytest.mark.parametrize(
    "wrong", [{"theme": "sepia"}, {"percent": 90}, {"percent": 160}, {"density": "tight"}]
)
def test_a_look_that_does_not_exist_is_refused(looked: QApplication, wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match=r"look|percent"):
        look.use(looked, **wrong)  # type: ignore[arg-type]
    assert look.current().theme == "light"


def test_numbers_line_up(looked: QApplication) -> None:
    figures = {Text(digit * 8, tabular=True).sizeHint().width() for digit in "0123456789"}
    assert len(figures) == 1


def test_the_bundled_font_is_used(looked: QApplication) -> None:
    assert QFontInfo(look.font("body", "semibold")).family() == "Inter"


def test_reduced_motion_takes_no_time(looked: QApplication) -> None:
    assert look.duration("slow") == 0
    look.use(looked, motion=True)
    assert look.duration("slow") == 200


def test_every_icon_can_be_drawn(looked: QApplication) -> None:
    names = sorted(file.stem for file in (RESOURCES / "icons").glob("*.svg"))
    assert len(names) > 80
    for name in names:
        assert not icons.icon(name).isNull(), name


def test_a_muted_icon_stands_for_what_is_unavailable(looked: QApplication) -> None:
    made = icons.icon("plus")
    normal, disabled = (
        made.pixmap(16, mode).toImage() for mode in (QIcon.Mode.Normal, QIcon.Mode.Disabled)
    )
    assert normal != disabled


def test_no_color_stands_outside_the_theme() -> None:
    found = [
        f"{file.relative_to(_UI)}:{number}"
        for file in _UI.rglob("*.py")
        if "theme" not in file.relative_to(_UI).parts
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if _COLOR.search(line)
    ]
    assert found == []

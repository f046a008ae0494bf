"""The tokens are the design's, complete in every theme, and readable."""

from __future__ import annotations

import re

import pytest

from app.ui.theme.contrast import ratio
from app.ui.theme.tokens import THEMES, tokens

#: Text token → the surfaces on which it is written.
_PAIRS = [
    *((ink, f"surface.{ground}") for ink in ("text.primary", "text.secondary", "text.muted")
      for ground in ("canvas", "page", "raised", "sunken", "hover")),
    *((f"{tone}.text", f"{tone}.soft") for tone in ("success", "warn", "danger", "info")),
    *((f"{tone}.text", "surface.page") for tone in ("success", "warn", "danger", "info", "accent")),
    ("text.onAccent", "accent.base"),
    ("text.onAccent", "accent.hover"),
    ("text.primary", "selection.row"),
    ("text.primary", "selection.inactive"),
    ("accent.text", "accent.soft"),
]  # fmt: skip


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_has_the_same_tokens(theme: str) -> None:
    assert tokens().colors[theme].keys() == tokens().colors["light"].keys()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("pair", _PAIRS, ids=" on ".join)
def test_text_stands_out_from_its_ground(theme: str, pair: tuple[str, str]) -> None:
    colors = tokens().colors[theme]
    assert ratio(colors[pair[0]], colors[pair[1]]) >= 4.5


def test_five_sizes_and_three_weights() -> None:
    assert {name: size.px for name, size in tokens().sizes.items()} == {
        "caption": 12, "body": 13, "lead": 15, "title": 20, "display": 28,
    }  # fmt: skip
    assert tokens().weights == {"regular": 400, "medium": 500, "semibold": 600}


def test_an_unknown_length_is_a_bug() -> None:
    with pytest.raises(KeyError):
        tokens().number("control.depth")


def test_colors_are_hex_or_rgba() -> None:
    for colors in tokens().colors.values():
        for token, color in colors.items():
            assert re.fullmatch(r"#[0-9A-F]{6}|rgba\(\d+,\d+,\d+,[\d.]+\)", color), token

"""The design tokens, read once from ``resources/design/tokens.json``."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

RESOURCES = Path(__file__).resolve().parents[3] / "resources"
THEMES = ("light", "dark", "highContrast")
SCALES = (100, 110, 125, 140, 150)
"""Text sizes to choose from, in percent."""
DENSITIES = ("compact", "regular", "roomy")


@dataclass(frozen=True, slots=True)
class TypeSize:
    """One of the five sizes. Lengths in device-independent pixels, tracking in em."""

    px: int
    line: int
    tracking: float


@dataclass(frozen=True, slots=True)
class Tokens:
    """Every token by its path, as the data file names it."""

    colors: dict[str, dict[str, str]]
    """Theme → path (``surface.page``) → sRGB hex or ``rgba(…)``."""
    sizes: dict[str, TypeSize]
    weights: dict[str, int]
    rows: dict[str, int]
    density: dict[str, int]
    numbers: dict[str, int]
    """Lengths of controls, radii, layout and motion by path (``control.height``)."""

    def number(self, path: str) -> int:
        """Return a length or duration by path; a wrong path is a bug and raises ``KeyError``."""
        return self.numbers[path]


def _flat(tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in tree.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            found |= _flat(value, f"{path}.")
        else:
            found[path] = value
    return found


@cache
def tokens() -> Tokens:
    """Return the tokens of the data file."""
    data = json.loads((RESOURCES / "design" / "tokens.json").read_text("utf-8"))
    colors = {theme: _flat(data["color"][theme]) for theme in THEMES}
    for theme in THEMES:
        colors[theme]["scrim"] = data["scrim"][theme]
        for name, value in data["print"].items():
            if str(value).startswith("#"):
                colors[theme][f"print.{name}"] = value
        # Paper is white in every theme: what is wrong on it needs the ink of the light one.
        colors[theme]["print.danger"] = data["color"]["light"]["danger"]["text"]
        colors[theme]["shadow"] = _shadow_color(data["shadow"]["popover"][theme])
    lengths = _flat({key: data[key] for key in ("radius", "control", "layout", "motion", "space")})
    density = dict(data["row"].pop("density"))
    return Tokens(
        colors=colors,
        sizes={name: TypeSize(**size) for name, size in data["type"]["size"].items()},
        weights=data["type"]["weight"],
        rows=data["row"],
        density=density,
        numbers={path: value for path, value in lengths.items() if isinstance(value, int)},
    )


def _shadow_color(text: str) -> str:
    """Return the color of a shadow token, transparent where the theme has a border instead."""
    _, found, color = text.partition("rgba")
    return found + color if found else "rgba(0,0,0,0)"

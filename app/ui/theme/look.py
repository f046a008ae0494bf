"""The look at this moment: theme, text size and density, and what follows from them.

Widgets ask here while they paint, so one call of :func:`use` changes the whole program: the new
style sheet sends every widget a ``StyleChange``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication

from app.ui.theme import fonts
from app.ui.theme.contrast import SystemColors, theme_of
from app.ui.theme.palette import palette_of
from app.ui.theme.sheet import style_sheet
from app.ui.theme.tokens import DENSITIES, THEMES, tokens

_RGBA = re.compile(r"rgba\((\d+),(\d+),(\d+),([\d.]+)\)")


@dataclass(frozen=True, slots=True)
class Look:
    """Theme name, text size in percent (100 to 150), density; whether things may move.

    ``hints`` is whether controls show their shortcuts; ``system`` the system's own contrast colors,
    where the theme follows them.
    """

    theme: str = "light"
    percent: int = 100
    density: str = "regular"
    motion: bool = True
    hints: bool = True
    system: SystemColors | None = None


_current = Look()


def current() -> Look:
    """Return the look in use."""
    return _current


def use(
    app: QApplication,
    *,
    theme: str | None = None,
    percent: int | None = None,
    density: str | None = None,
    motion: bool | None = None,
    hints: bool | None = None,
    system: SystemColors | None = None,
) -> None:
    """Change the look of the whole program; what is not given stays.

    ``system`` goes with the theme ``highContrast`` alone, and is forgotten with the next theme.

    Raises ``ValueError`` for a theme, text size or density that does not exist.
    """
    global _current  # noqa: PLW0603  the one look of the one program
    wanted = Look(
        theme or _current.theme,
        percent or _current.percent,
        density or _current.density,
        _current.motion if motion is None else motion,
        _current.hints if hints is None else hints,
        _current.system if theme is None else system,
    )
    if wanted.theme not in THEMES or wanted.density not in DENSITIES:
        raise ValueError(f"no such look: {wanted}")
    if not 100 <= wanted.percent <= 150:
        raise ValueError("text size is 100 to 150 percent")
    _current = replace(wanted)
    fonts.load()
    app.setStyle("Fusion")
    app.setFont(font("body"))
    app.setPalette(palette_of(color))
    app.setStyleSheet(style_sheet(color, px, font("body").family()))


def color(token: str) -> QColor:
    """Return the color of a token path (``text.muted``) in the theme in use."""
    return QColor(_color(_current.theme, _current.system, token))


@cache
def _color(theme: str, system: SystemColors | None, token: str) -> QColor:
    text = tokens().colors[theme][token] if system is None else theme_of(system)[token]
    match = _RGBA.fullmatch(text)
    if match is None:
        return QColor(text)
    red, green, blue = (int(match[part]) for part in (1, 2, 3))
    return QColor(red, green, blue, round(float(match[4]) * 255))


def theme_name() -> str:
    """Return ``light``, ``dark`` or ``highContrast``."""
    return _current.theme


def is_high_contrast() -> bool:
    """Return whether outlines and weights must carry what tints carry elsewhere."""
    return _current.theme == "highContrast"


def px(size: float) -> int:
    """Return a length of the design, scaled with the text."""
    return round(size * _current.percent / 100)


def token_px(path: str) -> int:
    """Return a length token (``layout.sidebar``), scaled with the text."""
    return px(tokens().number(path))


def row(name: str) -> int:
    """Return the height of a row (menu, compact, table, list, twoLine) at the chosen density."""
    return px(tokens().rows[name] + tokens().density[_current.density])


def duration(name: str) -> int:
    """Return milliseconds of a motion token (fast, base, slow); 0 where motion is reduced."""
    return tokens().number(f"motion.{name}") if _current.motion else 0


def font(size: str, weight: str = "regular", *, tabular: bool = False) -> QFont:
    """Return the font of one of the five sizes; ``tabular`` for numbers that line up."""
    return QFont(_font(size, weight, tabular, _current.percent))


@cache
def _font(size: str, weight: str, tabular: bool, percent: int) -> QFont:
    step = tokens().sizes[size]
    pixels = step.px * percent / 100
    return fonts.inter(pixels, tokens().weights[weight], step.tracking * pixels, tabular=tabular)


def line_height(size: str) -> int:
    """Return the distance of two lines of text of that size."""
    return px(tokens().sizes[size].line)

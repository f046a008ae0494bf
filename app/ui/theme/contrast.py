"""The contrast colors of the system: what it was set to, made into the tokens of a theme."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from app.ui.theme.tokens import tokens

#: What large and graphic things need against what lies behind them, and what our texts keep.
_GRAPHIC, _TEXT = 3.0, 7.0


@dataclass(frozen=True, slots=True)
class SystemColors:
    """The five colors that a contrast theme of Windows is made of, as sRGB hex."""

    window: str
    text: str
    highlight: str
    highlighted: str
    link: str

    @classmethod
    def of(cls, palette: QPalette) -> SystemColors:
        """Read them from a palette that nobody has painted over yet."""
        role = QPalette.ColorRole
        roles = (role.Window, role.WindowText, role.Highlight, role.HighlightedText, role.Link)
        return cls(*(palette.color(QPalette.ColorGroup.Active, each).name() for each in roles))


class ContrastPort(Protocol):
    """What the system says about contrast."""

    def wanted(self) -> bool:
        """Return whether the person asked the system for high contrast."""
        ...

    def colors(self) -> SystemColors | None:
        """Return the system's own contrast colors, or None where it has none to follow."""
        ...


class UsualContrast:
    """A system that asks for nothing."""

    def wanted(self) -> bool:
        """Return False."""
        return False

    def colors(self) -> SystemColors | None:
        """Return None."""
        return None


class SystemContrast:
    """Contrast as Qt hears it from the system; only Windows has colors of its own for it."""

    def __init__(self, app: QApplication, *, platform: str = sys.platform) -> None:
        self._app, self._platform = app, platform

    def wanted(self) -> bool:
        """Return whether the system is set to high contrast."""
        # Imported here: a hundred enumerations come with it, and the first, blank page needs none.
        from PySide6.QtCore import Qt  # noqa: PLC0415

        hints = getattr(self._app.styleHints(), "accessibility", None)
        # Qt before 6.10 does not say; then the chosen theme is all there is.
        return hints is not None and (
            hints().contrastPreference() == Qt.ContrastPreference.HighContrast
        )

    def when_changed(self, act: Callable[[], object]) -> None:
        """Call ``act`` whenever contrast is switched on or off in the system."""
        hints = getattr(self._app.styleHints(), "accessibility", None)
        if hints is not None:
            hints().contrastPreferenceChanged.connect(lambda _preference: act())

    def colors(self) -> SystemColors | None:
        """Return the colors that Windows was set to."""
        if self._platform != "win32":
            return None
        # An empty palette takes our own away again: what is left is the system's.
        self._app.setPalette(QPalette())
        return SystemColors.of(self._app.palette())


def luminance(color: QColor) -> float:
    """Return the relative luminance of WCAG 2, 0 to 1."""

    def part(value: float) -> float:
        return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)

    return (
        0.2126 * part(color.redF()) + 0.7152 * part(color.greenF()) + 0.0722 * part(color.blueF())
    )


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colors as WCAG 2 counts it, 1 to 21."""
    low, high = sorted(luminance(QColor(each)) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


@cache
def theme_of(system: SystemColors) -> Mapping[str, str]:
    """Return every color token of the high-contrast theme in the system's own colors."""
    window, text = system.window, system.text
    highlight = system.highlight if ratio(system.highlight, window) >= _GRAPHIC else text
    link = system.link if ratio(system.link, window) >= _TEXT else text
    line = _mix(window, text, 0.55)
    known = tokens().colors["highContrast"]
    made = {
        token: color
        for token, color in known.items()
        if token.startswith("print.") or token in ("scrim", "shadow")
    }
    made |= dict.fromkeys((token for token in known if token.startswith("surface.")), window)
    made |= dict.fromkeys((token for token in known if token.endswith(".soft")), window)
    made |= dict.fromkeys((token for token in known if token.startswith("text.")), text)
    for family in ("success", "warn", "danger", "info"):
        # A status is its icon and its word.
        made |= {f"{family}.text": text, f"{family}.mark": text}
    quiet = _as_far_as_text_allows(window, text, text, 0.16)
    chosen = _as_far_as_text_allows(window, highlight, text, 0.5)
    made |= {
        "surface.hover": quiet,
        "surface.pressed": _as_far_as_text_allows(window, text, text, 0.24),
        "text.onAccent": system.highlighted if highlight == system.highlight else window,
        "line.hair": line,
        "line.strong": text,
        "line.control": text,
        "accent.base": highlight,
        "accent.hover": highlight,
        "accent.pressed": highlight,
        "accent.text": link,
        "selection.row": chosen,
        "selection.text": chosen,
        "selection.inactive": quiet,
        "focus.ring": highlight,
        "now.line": link,
        "grid.open": window,
        "grid.closed": quiet,
        "grid.edge": text,
        "grid.line": line,
        "grid.hatch": line,
    }
    for token in known:
        if token.startswith("calendar."):
            made[token] = _calendar(token, window, text, line)
    return made


def _calendar(token: str, window: str, text: str, line: str) -> str:
    """Return a color of the calendar: a bar keeps its hue where it can be told from the ground."""
    part = token.rpartition(".")[2]
    if part != "bar":
        return {"tint": window, "quiet": window, "edge": line, "text": text}[part]
    for theme in ("highContrast", "dark"):
        hue = tokens().colors[theme][token]
        if ratio(hue, window) >= _GRAPHIC:
            return hue
    return text


def _mix(one: str, other: str, share: float) -> str:
    a, b = QColor(one), QColor(other)
    parts = (
        round(x + (y - x) * share)
        for x, y in zip(a.getRgb()[:3], b.getRgb()[:3], strict=True)  # type: ignore[index]
    )
    return QColor(*parts).name()


def _as_far_as_text_allows(window: str, toward: str, text: str, share: float) -> str:
    """Return ``window`` tinted by at most ``share``, so that text on it can still be read."""
    while share > 0 and ratio(_mix(window, toward, share), text) < _TEXT:
        share -= 0.04
    return _mix(window, toward, max(0.0, share))

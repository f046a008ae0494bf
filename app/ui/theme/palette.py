"""Tokens as a ``QPalette``, for what Qt paints by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QColor, QPalette

_ROLES: tuple[tuple[QPalette.ColorRole, str], ...] = (
    (QPalette.ColorRole.Window, "surface.page"),
    (QPalette.ColorRole.WindowText, "text.primary"),
    (QPalette.ColorRole.Base, "surface.raised"),
    (QPalette.ColorRole.AlternateBase, "surface.sunken"),
    (QPalette.ColorRole.Text, "text.primary"),
    (QPalette.ColorRole.PlaceholderText, "text.muted"),
    (QPalette.ColorRole.Button, "surface.page"),
    (QPalette.ColorRole.ButtonText, "text.primary"),
    (QPalette.ColorRole.BrightText, "text.onAccent"),
    (QPalette.ColorRole.Highlight, "selection.text"),
    (QPalette.ColorRole.HighlightedText, "text.primary"),
    (QPalette.ColorRole.Link, "accent.text"),
    (QPalette.ColorRole.LinkVisited, "accent.text"),
    (QPalette.ColorRole.ToolTipBase, "surface.raised"),
    (QPalette.ColorRole.ToolTipText, "text.primary"),
    (QPalette.ColorRole.Light, "surface.raised"),
    (QPalette.ColorRole.Midlight, "surface.hover"),
    (QPalette.ColorRole.Mid, "line.strong"),
    (QPalette.ColorRole.Dark, "line.control"),
    (QPalette.ColorRole.Shadow, "line.control"),
    (QPalette.ColorRole.Accent, "accent.base"),
)
_MUTED_WHEN_DISABLED = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
)


def palette_of(color: Callable[[str], QColor]) -> QPalette:
    """Return the palette of the theme that ``color`` speaks for."""
    palette = QPalette()
    for role, token in _ROLES:
        palette.setColor(role, color(token))
    for role in _MUTED_WHEN_DISABLED:
        palette.setColor(QPalette.ColorGroup.Disabled, role, color("text.muted"))
    return palette

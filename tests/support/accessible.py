"""Walks what a screen reader sees: every control that takes the keyboard has a name and a role."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QWidget

#: Roles that say nothing of what a control is.
_ROLELESS = frozenset({QAccessible.Role.NoRole, QAccessible.Role.Client})


def controls(window: QWidget) -> Iterator[QWidget]:
    """Yield every visible, enabled widget under ``window`` that takes the keyboard by Tab."""
    for widget in [window, *window.findChildren(QWidget)]:
        if (
            widget.isVisibleTo(window)
            and widget.isEnabled()
            and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.focusProxy() is None
        ):
            yield widget


def speechless(window: QWidget) -> list[str]:
    """Return the controls under ``window`` that a screen reader could not announce."""
    return [
        f"{path_of(widget)}: {problem}"
        for widget in controls(window)
        if (problem := problem_of(widget))
    ]


def problem_of(widget: QWidget) -> str:
    """Return what a control lacks, empty for nothing."""
    interface = QAccessible.queryAccessibleInterface(widget)
    if not name_of(interface).strip():
        return "no name"
    explained = bool(interface.text(QAccessible.Text.Description).strip())
    if interface.role() in _ROLELESS and not explained:
        return "no role, and no description that says what it is"
    return ""


def name_of(interface: QAccessibleInterface) -> str:
    """Return how a screen reader names it: its name, else what it describes or says."""
    return interface.text(QAccessible.Text.Name)


def path_of(widget: QWidget) -> str:
    """Return where a widget is, for a person who looks for it."""
    names: list[str] = []
    at: QWidget | None = widget
    while at is not None and len(names) < 4:
        names.append(type(at).__name__)
        at = at.parentWidget()
    return " in ".join(names)

"""Where Tab leads. Qt's own walk stops for good at a page whose focus proxy is hidden."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

#: A widget with this property keeps the keyboard while it is open: a sheet, the palette.
TRAP = "keepsFocus"


def tab_on(window: QWidget, *, forward: bool) -> bool:
    """Give the keyboard to the next control of ``window``; return whether there is one."""
    focused: QWidget | None = window.focusWidget()
    start = window if focused is None else focused
    trap = _trap_around(start)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    within = window if trap is None else trap
    found = _step(start, forward=forward)
    while found is not start:
        if is_stop(found) and found.window() is window and within.isAncestorOf(found):
            found.setFocus(reason)
            return True
        found = _step(found, forward=forward)
    return False


def _step(widget: QWidget, *, forward: bool) -> QWidget:
    found = widget.nextInFocusChain() if forward else widget.previousInFocusChain()
    return widget if found is None else found


def is_stop(widget: QWidget) -> bool:
    """Return whether Tab stops at ``widget`` as it stands now."""
    return (
        bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        and widget.focusProxy() is None
        and widget.isVisible()
        and widget.isEnabled()
    )


def _trap_around(widget: QWidget | None) -> QWidget | None:
    while widget is not None and not widget.property(TRAP):
        widget = widget.parentWidget()
    return widget

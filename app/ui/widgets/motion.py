"""The little that moves: what floats up rises four pixels into its place. Nothing loops."""

from __future__ import annotations

from PySide6.QtCore import QAbstractAnimation, QEasingCurve, QPoint, QPropertyAnimation
from PySide6.QtWidgets import QWidget

from app.ui.theme import look

_RISE = 4


def rise(widget: QWidget, duration: str = "base") -> None:
    """Let ``widget``, already in its place, rise into it; at once where motion is reduced."""
    milliseconds = look.duration(duration)
    if not milliseconds:
        return
    place = widget.pos()
    moving = QPropertyAnimation(widget, b"pos", widget)
    moving.setDuration(milliseconds)
    moving.setEasingCurve(QEasingCurve.Type.OutCubic)
    moving.setStartValue(place + QPoint(0, look.px(_RISE)))
    moving.setEndValue(place)
    moving.start(QAbstractAnimation.DeletionPolicy.DeleteWhenStopped)

"""A viewport that Python made, for what scrolls on the first screen."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractScrollArea, QWidget


def own_viewport(area: QAbstractScrollArea, *, filled: bool = True) -> None:
    """Give ``area``, just made, a viewport of ours; ``filled`` paints its background, as lists do.

    Whoever asks for a widget that Qt made has PySide look through every kind of widget for what
    it is, and make all their enumerations: a hundredth of a second of a start.
    """
    viewport = QWidget()
    if filled:
        viewport.setBackgroundRole(QPalette.ColorRole.Base)
        viewport.setAutoFillBackground(True)
    area.setViewport(viewport)

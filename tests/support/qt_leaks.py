"""Counts what of Qt is alive, so that a test can be asked what it left behind."""

from __future__ import annotations

import gc
from collections.abc import Iterable
from typing import cast

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget


class QtCensus:
    """The top-level widgets, active timers and running threads at one moment."""

    def __init__(self) -> None:
        self._before = {shiboken6.getCppPointer(found)[0] for found in living()}

    def newcomers(self) -> list[str]:
        """Return what is alive now and was not then; what only waits to be deleted is deleted."""
        bury()
        if not self._fresh():
            return []
        # A view in a reference cycle is not left behind: nothing but the cycle holds it.
        gc.collect()
        bury()
        return [describe(found) for found in self._fresh()]

    def _fresh(self) -> list[QObject]:
        return [
            found for found in living() if shiboken6.getCppPointer(found)[0] not in self._before
        ]


def bury() -> None:
    """Carry out every pending ``deleteLater``."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def living() -> Iterable[QObject]:
    """Return every object of Qt that outlives a test only by mistake."""
    yield from QApplication.topLevelWidgets()
    # The wrappers of Qt's own objects alone: of Python's there are hundreds of thousands.
    kinds = {*kinds_of(QTimer), *kinds_of(QThread)}
    for found in shiboken6.getAllValidWrappers():
        if type(found) in kinds and is_going(cast("QTimer | QThread", found)):
            yield cast(QObject, found)


def kinds_of(kind: type) -> Iterable[type]:
    """Return a class and all that derive from it."""
    yield kind
    narrower: type
    for narrower in kind.__subclasses__():
        yield from kinds_of(narrower)


def is_going(found: QTimer | QThread) -> bool:
    """Whether a timer ticks or a thread runs."""
    return found.isActive() if isinstance(found, QTimer) else found.isRunning()


def describe(found: QObject) -> str:
    """Return a line that helps to find where an object came from."""
    name = found.objectName()
    if isinstance(found, QWidget):
        name = name or found.windowTitle() or found.accessibleName()
    return f"{type(found).__name__} {name!r}"

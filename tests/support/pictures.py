"""Pictures of widgets in every look, for people to lay beside the design."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.theme import look

OUT = Path(__file__).resolve().parents[2] / "out" / "shots"
#: What the window leaves for its content on the design's 1440 × 900 picture.
FULL = (1440, 872)


def application() -> QApplication:
    """Return the one application, made if there is none yet.

    It owns what has a timer and no widget: Python would end that on whatever thread looks for
    cycles, and Qt crashes.
    """
    existing = QApplication.instance()
    app = existing if isinstance(existing, QApplication) else QApplication([])
    # A cursor that blinks is in one picture and not in the next.
    app.setCursorFlashTime(0)
    return app


def settle(milliseconds: int = 30) -> None:
    """Let queued work, layout and painting happen."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(reached: Callable[[], object], *, seconds: int = 30) -> None:
    """Let things happen until something is so; raises ``TimeoutError`` if it never is."""
    for _moment in range(seconds * 40):
        if reached():
            return
        settle(25)
    raise TimeoutError("the screen never came so far")


def take(
    widget: QWidget,
    name: str,
    *,
    theme: str = "light",
    scale: float = 1.0,
    size: tuple[int, int] = FULL,
    out: Path = OUT,
) -> Path:
    """Show ``widget`` in a look and write ``<name>[-theme][-percent].png``; return the file."""
    app = application()
    percent = round(scale * 100)
    look.use(app, theme=theme, percent=percent, motion=False)
    widget.resize(*size)
    widget.show()
    settle()
    picture: QImage = widget.grab().toImage()
    parts = [
        name,
        *([theme] if theme != "light" else []),
        *([str(percent)] if percent != 100 else []),
    ]
    out.mkdir(parents=True, exist_ok=True)
    file = out / f"{'-'.join(parts)}.png"
    picture.save(str(file))
    return file

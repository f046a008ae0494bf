"""``dev.py shots``: every screen in every look, into ``out/shots``, for people to look at.

An area lists its pictures in ``tests/ui/<area>/shots.py`` as ``SHOTS``. Each is made anew for each
look on a practice of its own, so that no picture depends on another.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from app import bootstrap
from app.core.kernel.desk import Desk
from app.ui.theme import look
from tests.support import pictures
from tests.support.clock import StillClock
from tests.support.practice import OWNER, PASSPHRASE

_AREAS = Path(__file__).resolve().parents[1] / "ui"


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture: its name, and what makes its widget on a fresh practice.

    ``size`` is the design's picture without the title bar; ``looks`` limits it to some looks.
    """

    name: str
    factory: Callable[[Desk], QWidget]
    size: tuple[int, int] = pictures.FULL
    looks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """How a picture is taken."""

    key: str
    theme: str = "light"
    percent: int = 100
    size: tuple[int, int] | None = None


#: One answer may ask for the next: the day, then its session, then what the session shows. A
#: screen is done when it looks the same after so many of them; this many are waited for at most.
_ANSWERS, _PATIENCE = 5, 100


def _nothing(_session: object, _scope: object) -> None:
    """Stand at the end of the queue of reads."""


LOOKS = (
    Look("light"),
    Look("dark", "dark"),
    Look("contrast", "highContrast"),
    Look("150", percent=150),
    Look("1180", size=(1180, 732)),
    Look("1024", size=(1024, 652)),
)


def collected() -> list[Shot]:
    """Return the pictures of every area."""
    found: list[Shot] = []
    for file in sorted(_AREAS.glob("*/shots.py")):
        found += import_module(f"tests.ui.{file.parent.name}.shots").SHOTS
    return found


def wanted(words: Sequence[str]) -> Iterator[tuple[Shot, Look]]:
    """Yield the pictures whose name begins with one of ``words`` (all without words)."""
    keys = {word for word in words if word in {each.key for each in LOOKS}}
    names = [word for word in words if word not in keys]
    for shot in collected():
        if names and not any(shot.name.startswith(name) for name in names):
            continue
        for each in LOOKS:
            if (not keys or each.key in keys) and (not shot.looks or each.key in shot.looks):
                yield shot, each


class Studio:
    """Practices for pictures: one is set up, each picture gets a copy."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._state(root / "state")
        prepared = bootstrap.prepare_keys(PASSPHRASE)
        bootstrap.create_practice(root / "data", prepared, OWNER, StillClock()).close()
        self._count = 0

    @staticmethod
    def _state(folder: Path) -> None:
        os.environ["PRACTICERUNNER_STATE_DIR"] = str(folder)

    def take(self, shot: Shot, wanted_look: Look) -> QImage:
        """Take one picture."""
        self._count += 1
        folder = self._root / f"copy{self._count}"
        shutil.copytree(self._root / "data", folder)
        # Its own state folder too: a second copy of one practice numbers its papers differently.
        shutil.copytree(self._root / "state", self._root / f"state{self._count}")
        self._state(self._root / f"state{self._count}")
        app = pictures.application()
        theme, percent = wanted_look.theme, wanted_look.percent
        look.use(app, theme=theme, percent=percent, density="regular", motion=False)
        keys = bootstrap.unlock(folder, passphrase=PASSPHRASE)
        practice = bootstrap.open_practice(folder, keys, StillClock())
        widget = shot.factory(practice.desk)
        try:
            return self._grab(widget, shot, wanted_look, practice.desk)
        finally:
            closing = getattr(widget, "closing", None)
            if callable(closing):
                closing()
            widget.close()
            widget.deleteLater()
            pictures.settle()
            practice.close()

    @staticmethod
    def _grab(widget: QWidget, shot: Shot, wanted_look: Look, desk: Desk) -> QImage:
        size = wanted_look.size or shot.size
        widget.resize(*size)
        widget.show()
        picture, alike = QImage(), 0
        for _try in range(_PATIENCE):
            desk.ask(_nothing)
            pictures.settle(50)
            widget.resize(*size)
            again = widget.grab().toImage()
            alike = alike + 1 if again == picture else 0
            picture = again
            if alike == _ANSWERS:
                break
        return picture


def keep(picture: QImage, shot: Shot, taken: Look) -> Path:
    """Write a picture for people to look at; return its file."""
    name = shot.name if taken.key == "light" else f"{shot.name}-{taken.key}"
    pictures.OUT.mkdir(parents=True, exist_ok=True)
    file = pictures.OUT / f"{name}.png"
    picture.save(str(file))
    return file


def main(words: Sequence[str]) -> int:
    """Take the pictures that ``words`` name (``clients``, ``dark``), or all of them."""
    with tempfile.TemporaryDirectory(prefix="shots-") as root:
        studio = Studio(Path(root))
        failed = 0
        for shot, each in wanted(words):
            try:
                picture = studio.take(shot, each)
            except Exception as error:  # noqa: BLE001  one broken screen leaves the others' pictures
                failed += 1
                print(f"{shot.name} {each.key}: {type(error).__name__}: {error}", file=sys.stderr)
            else:
                print(keep(picture, shot, each))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

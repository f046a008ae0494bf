"""Small pictures of every screen, kept beside the tests and compared with what it looks like now.

``python -m tests.support.kept_pictures`` takes them anew after a screen was changed on purpose.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.support.shots import LOOKS, Shot, Studio, collected

FOLDER = Path(__file__).resolve().parents[1] / "data" / "pictures"
#: Width of a kept picture, and of one cell in which two pictures are compared.
WIDE, CELL = 480, 12
#: What a cell and the whole picture may differ by, of 255. Another rasterizer of the same font
#: moves ink within a cell; a control that has gone or moved empties one or fills another.
MOST, MEAN = 40.0, 3.0
#: One state of every screen.
SCREENS = (
    *("today", "calendar-week-panel", "appointment-editor", "past-sessions"),
    *("clients", "client-record", "client-details", "client-relationships", "client-activity"),
    *("client-adding", "record-clinical", "record-billing", "note-editor", "tasks", "help"),
    *("billing-to-bill", "billing-invoices", "billing-payments", "billing-ledger"),
    *("billing-superbills", "record-payment", "import-files", "import-review"),
    *("settings-practice", "settings-services", "settings-security", "settings-appearance"),
    *("settings-subscription", "settings-team"),
    *("first-run-keys", "first-run-proof", "first-run-identifiers", "locked"),
    *("command-palette", "components"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """How far two pictures are apart, 0 to 255: in the worst cell, and on the average."""

    most: float
    mean: float

    @property
    def is_small(self) -> bool:
        """Return whether they show the same."""
        return self.most <= MOST and self.mean <= MEAN


def shots() -> Iterator[Shot]:
    """Yield the pictures that are kept."""
    known = {shot.name: shot for shot in collected()}
    for name in SCREENS:
        yield known[name]


def small(picture: QImage) -> QImage:
    """Return a picture as it is kept."""
    smooth = Qt.TransformationMode.SmoothTransformation
    return picture.scaledToWidth(WIDE, smooth).convertToFormat(QImage.Format.Format_RGB888)


def file_of(shot: Shot) -> Path:
    """Return where the kept picture of a shot lies."""
    return FOLDER / f"{shot.name}.png"


def difference(one: QImage, other: QImage) -> Difference:
    """Compare two kept pictures cell by cell; different sizes are as far apart as can be."""
    if one.size() != other.size():
        return Difference(255.0, 255.0)
    apart = [abs(mine - its) for mine, its in zip(_cells(one), _cells(other), strict=True)]
    return Difference(max(apart), sum(apart) / len(apart))


def _cells(picture: QImage) -> bytes:
    """Return the mean of every cell, red, green and blue, row by row."""
    wide, high = picture.width() // CELL, picture.height() // CELL
    smooth, any_shape = (
        Qt.TransformationMode.SmoothTransformation,
        Qt.AspectRatioMode.IgnoreAspectRatio,
    )
    cells = picture.scaled(wide, high, any_shape, smooth).convertToFormat(
        QImage.Format.Format_RGB888
    )
    rows = (bytes(cast(memoryview, cells.constScanLine(row)))[: wide * 3] for row in range(high))
    return b"".join(rows)


def main() -> int:
    """Take every kept picture anew; say which changed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kept-") as root:
        studio = Studio(Path(root))
        for shot in shots():
            taken, file = small(studio.take(shot, LOOKS[0])), file_of(shot)
            before = QImage(str(file))
            if before.isNull() or not difference(before, taken).is_small:
                print(f"{shot.name}: new" if before.isNull() else f"{shot.name}: changed")
            taken.save(str(file))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Where later editions of the diagnosis codes may lie: said at an opening, before any is read.

Apart from ``icd``, so that a start loads neither its reader nor the engine under it.
"""

from __future__ import annotations

from pathlib import Path

FILE_NAME = "icd10cm.sqlite"

_having_one: list[Path] = []


def look_in(*folders: Path) -> None:
    """Say where newer tables may lie; bootstrap names the data folder when it opens a practice."""
    _having_one[:] = [folder for folder in folders if (folder / FILE_NAME).is_file()]


def folders() -> tuple[Path, ...]:
    """Return those of the named folders that had a table when they were named."""
    return tuple(_having_one)

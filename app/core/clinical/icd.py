"""The offline ICD-10-CM table: finds codes by code or words, and judges a code on a day.

The table is a read-only file of the program (`resources/icd`, built by `packaging/icd`). A file of
the same name with a later edition in the data folder wins, so that a new release of the
classification needs no new version of the program. It holds nothing of the practice.
"""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.core.clinical import editions
from app.core.clinical.editions import FILE_NAME
from app.core.clinical.rules.codes import (
    CATEGORY_LENGTH,
    CodeEntry,
    Release,
    Standing,
    Verdict,
    normal_code,
)
from app.core.kernel.errors import NotOurFile
from app.core.kernel.text import finds, fold

PACKAGED = Path(__file__).parents[3] / "resources" / "icd" / FILE_NAME
#: The shape of the tables that this reader knows; `packaging/icd/build.py` writes it.
FORMAT = 1

#: Matches read in table order before those that only match a synonym are put behind.
_RANKED = 80
_CODE_BEGUN = re.compile(r"[A-Za-z]\d[0-9A-Za-z]?\.?[0-9A-Za-z]{0,4}")
_LAST = "\U0010ffff"

_log = logging.getLogger(__name__)


class IcdTable:
    """One file of the classification. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open ``path``; raises ``NotOurFile`` when it is no such table."""
        self._lock = threading.Lock()
        self._connection = _open(path)
        try:
            self.edition: str = self._rows("SELECT day FROM edition")[0][0]
            self._releases = self._read_releases()
            self._wordings = self._read_wordings()
            self._abbreviations = {word for (word,) in self._rows("SELECT word FROM abbreviation")}
        except (sqlite3.DatabaseError, IndexError, ValueError) as error:
            self.close()
            raise NotOurFile("The file with the diagnosis codes is damaged.") from error

    def close(self) -> None:
        """Close the file; the table is of no use afterwards."""
        self._connection.close()

    @property
    def releases(self) -> tuple[Release, ...]:
        """Return the releases held, oldest first."""
        return tuple(release for _, release in self._releases)

    def find(self, text: str, day: date, limit: int = 12) -> list[CodeEntry]:
        """Return up to ``limit`` codes that ``text`` finds, best first.

        ``text`` is the beginning of a code, whatever stands behind it (those with children are
        listed too), or of words (billable codes alone). Codes are those of the release that
        governs ``day``, else of the newest one held. Nothing is found by fewer than two characters.
        """
        bit, _, _ = self._release_on(day)
        code = text.strip().partition(" ")[0]
        if _CODE_BEGUN.fullmatch(code):
            found = self._find_code(normal_code(code), bit, limit)
            if found or code == text.strip():
                return found
        words = _search_words(text)
        return self._find_words(words, bit, limit) if words else []

    def entry(self, code: str, day: date) -> CodeEntry | None:
        """Return ``code`` as worded on ``day``, or ``None`` where that release has no such code."""
        bit, _, _ = self._release_on(day)
        normal = normal_code(code)
        found = self._entries(
            "SELECT code, description, billable & :bit FROM entry "
            "WHERE code = :code AND held & :bit",
            {"code": normal, "bit": bit},
        )
        return found[0] if found else None

    def check(self, code: str, day: date) -> Verdict:
        """Return what the release of ``day`` says of ``code``.

        Where the release that governs ``day`` is not held it is the newest one, and the verdict
        says so.
        """
        bit, release, governing = self._release_on(day)
        normal = normal_code(code)
        entry = self.entry(normal, day)
        if entry is None:
            return Verdict(normal, Standing.NO_SUCH_CODE, release, governing)
        if entry.billable:
            return Verdict(normal, Standing.BILLABLE, release, governing)
        children = self._children(normal, bit)
        return Verdict(normal, Standing.HAS_CHILDREN, release, governing, children)

    def _release_on(self, day: date) -> tuple[int, Release, bool]:
        for bit, release in self._releases:
            if release.governs(day):
                return bit, release, True
        bit, newest = self._releases[-1]
        return bit, newest, False

    def _find_code(self, begun: str, bit: int, limit: int) -> list[CodeEntry]:
        return self._entries(
            "SELECT code, description, billable & :bit FROM entry "
            "WHERE code >= :begun AND code < :after AND held & :bit ORDER BY code LIMIT :limit",
            {"begun": begun, "after": begun + _LAST, "bit": bit, "limit": limit},
        )

    def _find_words(self, words: Sequence[str], bit: int, limit: int) -> list[CodeEntry]:
        short = [word for word in words if word in self._abbreviations]
        match = " ".join(f'"{word}"' if word in short else f'"{word}"*' for word in words)
        found = self._entries(
            "SELECT code, description, billable & :bit FROM finds "
            "JOIN entry ON entry.id = finds.rowid "
            "WHERE finds MATCH :words AND billable & :bit ORDER BY finds.rowid LIMIT :limit",
            {"words": match, "bit": bit, "limit": _RANKED},
        )
        if not short:
            # The sort is stable: within each half the table's own order stays.
            typed = " ".join(words)
            found.sort(key=lambda entry: not finds(typed, fold(entry.description)))
        return found[:limit]

    def _children(self, code: str, bit: int) -> tuple[CodeEntry, ...]:
        begun = code if len(code) > CATEGORY_LENGTH else f"{code}."
        below = self._entries(
            "SELECT code, description, billable & :bit FROM entry "
            "WHERE code > :begun AND code < :after AND held & :bit ORDER BY code",
            {"begun": begun, "after": begun + _LAST, "bit": bit},
        )
        children: list[CodeEntry] = []
        for entry in below:
            if not children or not entry.code.startswith(children[-1].code):
                children.append(entry)
        return tuple(children)

    def _entries(self, sql: str, values: dict[str, str | int]) -> list[CodeEntry]:
        bit = int(values["bit"])
        return [
            CodeEntry(code, self._wordings.get((code, bit), description), bool(billable))
            for code, description, billable in self._rows(sql, values)
        ]

    def _read_wordings(self) -> dict[tuple[str, int], str]:
        rows = self._rows(
            "SELECT code, wording.held, description FROM wording "
            "JOIN code ON code.id = wording.code_id"
        )
        return {
            (code, bit): description
            for code, held, description in rows
            for bit, _ in self._releases
            if held & bit
        }

    def _read_releases(self) -> list[tuple[int, Release]]:
        rows = self._rows("SELECT bit, name, governs_from, governs_to FROM release ORDER BY bit")
        if not rows:
            raise ValueError("no release")
        return [
            (1 << bit, Release(name, date.fromisoformat(first), date.fromisoformat(last)))
            for bit, name, first, last in rows
        ]

    def _rows(self, sql: str, values: dict[str, str | int] | None = None) -> list[Any]:
        with self._lock:
            return self._connection.execute(sql, values or {}).fetchall()


def _open(path: Path) -> sqlite3.Connection:
    # Immutable: no lock, no journal, nothing written beside a file in a read-only place.
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        connection = sqlite3.connect(address, uri=True, check_same_thread=False)
    except sqlite3.OperationalError as error:
        raise NotOurFile("The file with the diagnosis codes cannot be opened.") from error
    try:
        written = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError as error:
        connection.close()
        raise NotOurFile("The file with the diagnosis codes is damaged.") from error
    if written != FORMAT:
        connection.close()
        raise NotOurFile("The file with the diagnosis codes is not one that this version reads.")
    return connection


def _search_words(text: str) -> list[str]:
    # A lone letter finds a tenth of the table: it counts only once it is a word of two.
    return [word for word in fold(text).split() if len(word) > 1]


def newest_table(folders: Iterable[Path] = ()) -> IcdTable:
    """Open the packaged table, or the one of a later edition in one of ``folders``.

    A file that is no table is left alone: the packaged one serves.
    """
    best = IcdTable(PACKAGED)
    for folder in folders:
        path = folder / FILE_NAME
        if not path.is_file():
            continue
        try:
            table = IcdTable(path)
        except NotOurFile as error:
            _log.warning("%s is left alone: %s", path.name, error.sentence)
            continue
        if table.edition > best.edition:
            best, table = table, best
        table.close()
    return best


def table() -> IcdTable:
    """Return the table that the program uses, opened at its first use.

    Like the time-zone data it is reference data of the program, the same for every practice.
    """
    return _table_of(editions.folders())


@lru_cache(maxsize=1)
def _table_of(folders: tuple[Path, ...]) -> IcdTable:
    # The table before this one is closed with the last who reads it.
    return newest_table(folders)

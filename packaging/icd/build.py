"""Write `resources/icd/icd10cm.sqlite` from the releases in `releases.py`; run by hand."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from abbreviations import ABBREVIATIONS
from releases import EDITION, SOURCES, Source

HERE = Path(__file__).resolve().parent
TARGET = HERE.parents[1] / "resources" / "icd" / "icd10cm.sqlite"

#: The reader's `FORMAT`; raised when the tables below change shape.
FORMAT = 1

_SCHEMA = """
CREATE TABLE edition (day TEXT NOT NULL);
CREATE TABLE release (
    bit INTEGER PRIMARY KEY, name TEXT NOT NULL, governs_from TEXT NOT NULL,
    governs_to TEXT NOT NULL, source TEXT NOT NULL
);
-- A row per code of any release; `held` and `billable` have a bit for each release.
-- The id is the place in search results, best first. Where `stem_id` stands, `words` continue
-- the words of that row ("..., initial encounter"), which makes the file a third smaller.
CREATE TABLE code (
    id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, held INTEGER NOT NULL,
    billable INTEGER NOT NULL, stem_id INTEGER, words TEXT NOT NULL
);
CREATE VIEW entry AS
    SELECT code.id, code.code, code.held, code.billable,
        coalesce(stem.words, '') || code.words AS description
    FROM code LEFT JOIN code AS stem ON stem.id = code.stem_id;
-- What releases said whose wording differs from the newest one.
CREATE TABLE wording (
    code_id INTEGER NOT NULL, held INTEGER NOT NULL, description TEXT NOT NULL,
    PRIMARY KEY (code_id, held)
) WITHOUT ROWID;
-- Words that are found whole, not as the beginning of longer ones.
CREATE TABLE abbreviation (word TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE VIRTUAL TABLE finds USING fts5(
    text, content='', detail=none, columnsize=0, prefix='2',
    tokenize='unicode61 remove_diacritics 2'
);
"""

#: What a mental-health practice looks for: disorders, circumstances, symptoms, sleep.
_CHAPTERS_FIRST = "FZRG"


@dataclass(slots=True)
class Code:
    """One code over all releases."""

    code: str
    held: int = 0
    billable: int = 0
    descriptions: dict[int, str] = field(default_factory=dict)
    terms: dict[str, None] = field(default_factory=dict)

    @property
    def description(self) -> str:
        """Return the newest wording."""
        return self.descriptions[max(self.descriptions)]

    @property
    def search_text(self) -> str:
        """Return every word that finds the code."""
        short = [word for word, codes in ABBREVIATIONS.items() if self.code.startswith(codes)]
        return " ".join(dict.fromkeys([*self.descriptions.values(), *self.terms, *short]))

    @property
    def place(self) -> tuple[int, bool, int, str]:
        """Return the sort key of search results: chapter, billable first, short before long."""
        chapter = _CHAPTERS_FIRST.find(self.code[0])
        return (
            chapter if chapter >= 0 else len(_CHAPTERS_FIRST),
            not self.billable,
            len(self.description),
            self.code,
        )


def read(source: Source, folder: Path) -> list[tuple[str, str, bool, list[str]]]:
    """Install one release into ``folder`` and return its entries."""
    folder.mkdir()
    pinned = folder / "requirement.txt"
    pinned.write_text(f"{source.requirement} --hash=sha256:{source.sha256}\n")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps"]
    subprocess.run([*pip, "--target", str(folder), "-r", str(pinned)], check=True)
    reader = folder / "read_release.py"
    reader.write_bytes((HERE / "read_release.py").read_bytes())
    printed = subprocess.run(
        [sys.executable, str(reader)], check=True, capture_output=True, cwd=folder
    )
    entries: list[tuple[str, str, bool, list[str]]] = json.loads(printed.stdout)
    return entries


def gather() -> list[Code]:
    """Return the codes of all releases in the order of search results."""
    codes: dict[str, Code] = {}
    with tempfile.TemporaryDirectory() as scratch:
        for bit, source in enumerate(SOURCES):
            entries = read(source, Path(scratch) / str(bit))
            print(f"{source.name}: {len(entries):,} codes")
            for text, description, leaf, terms in entries:
                code = codes.setdefault(text, Code(text))
                code.held |= 1 << bit
                code.billable |= int(leaf) << bit
                code.descriptions[bit] = description
                code.terms.update(dict.fromkeys(terms))
    return sorted(codes.values(), key=lambda code: code.place)


def write(codes: list[Code], target: Path) -> None:
    """Write the table to ``target``, replacing it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target)
    connection.executescript(f"PRAGMA page_size = 4096; PRAGMA user_version = {FORMAT}; {_SCHEMA}")
    connection.execute("INSERT INTO edition VALUES (?)", (EDITION,))
    for bit, source in enumerate(SOURCES):
        connection.execute(
            "INSERT INTO release VALUES (?, ?, ?, ?, ?)",
            (bit, source.name, source.governs_from, source.governs_to, source.requirement),
        )
    connection.executemany(
        "INSERT INTO abbreviation VALUES (?)", [(word.lower(),) for word in ABBREVIATIONS]
    )
    write_codes(codes, connection)
    connection.execute("INSERT INTO finds (finds) VALUES ('optimize')")
    connection.commit()
    connection.execute("VACUUM")
    connection.close()


def write_codes(codes: list[Code], connection: sqlite3.Connection) -> None:
    """Write codes, earlier wordings and search words."""
    places = {code.code: place for place, code in enumerate(codes, start=1)}
    by_code = {code.code: code for code in codes}
    for code in codes:
        place = places[code.code]
        stem = stem_of(code, by_code)
        words = code.description.removeprefix(stem.description) if stem else code.description
        row = (
            place,
            code.code,
            code.held,
            code.billable,
            places[stem.code] if stem else None,
            words,
        )
        connection.execute("INSERT INTO code VALUES (?, ?, ?, ?, ?, ?)", row)
        for description in dict.fromkeys(code.descriptions.values()):
            if description != code.description:
                held = sum(
                    1 << bit for bit, said in code.descriptions.items() if said == description
                )
                connection.execute(
                    "INSERT INTO wording VALUES (?, ?, ?)", (place, held, description)
                )
        connection.execute(
            "INSERT INTO finds (rowid, text) VALUES (?, ?)", (place, code.search_text)
        )


def stem_of(code: Code, by_code: dict[str, Code]) -> Code | None:
    """Return the code whose words this one, of seven characters, continues."""
    if len(code.code) < len("S00.00XA"):
        return None
    stem = by_code.get(code.code[:-1].rstrip("X"))
    return stem if stem and code.description.startswith(stem.description) else None


def main() -> None:
    """Build the table and say what it holds."""
    codes = gather()
    write(codes, TARGET)
    print(
        f"{TARGET}: {len(codes):,} codes, {TARGET.stat().st_size / 1e6:.1f} MB, edition {EDITION}"
    )


if __name__ == "__main__":
    main()

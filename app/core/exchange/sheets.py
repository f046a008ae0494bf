"""Files of rows and columns as other programs write them: found out, decoded, cut into rows."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.core.exchange.values import unguard
from app.core.kernel.errors import MachineError, UserError

#: More bytes than any client list holds; keeps a video from being read into memory.
LARGEST_FILE = 64_000_000
#: More rows than any practice has clients. Beyond it the file is another report.
MOST_ROWS = 50_000
MOST_COLUMNS = 500

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OTHER_KINDS = (
    (b"PK\x03\x04", "a workbook or a zip archive"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook"),
    (b"%PDF", "a PDF"),
    (b"BEGIN:VCARD", "a file of contact cards"),
    (b"BEGIN:VCALENDAR", "a calendar file"),
)
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")
_DELIMITERS = (",", ";", "\t", "|")


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the headings. ``number`` counts from 1, ``line`` is the line in the file."""

    number: int
    line: int
    cells: tuple[str, ...]

    @property
    def blank(self) -> bool:
        """Whether nothing but spaces stands in the row."""
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as read. Headings are lower case, trimmed; of equal ones only the first counts.

    ``notices`` are sentences about how the file was read that a person should know.
    """

    name: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    notices: tuple[str, ...] = ()


def read_file(path: Path) -> Sheet:
    """Read a CSV file; raises ``UserError`` with one sentence when it cannot be one."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        raise UserError(f"There is no file {path}.", field="file") from None
    except IsADirectoryError:
        raise UserError(f"{path.name} is a folder; choose the files in it.", field="file") from None
    except PermissionError:
        raise MachineError(
            f"This computer does not let {path.name} be read; check its permissions."
        ) from None
    except OSError as error:
        raise MachineError(
            f"{path.name} cannot be read ({error.strerror}); choose another file."
        ) from None
    return read_bytes(content, path.name)


def read_bytes(content: bytes, name: str) -> Sheet:
    """Read the content of a CSV file called ``name``; raises ``UserError`` as ``read_file``."""
    if len(content) > LARGEST_FILE:
        raise UserError(
            f"{name} is larger than {LARGEST_FILE // 1_000_000} MB; choose the client list alone.",
            field="file",
        )
    if not content.strip():
        raise UserError(f"{name} is empty; export it again from the other program.", field="file")
    text, notices = _decode(content, name)
    return _cut(text, name, notices)


def _decode(content: bytes, name: str) -> tuple[str, list[str]]:
    for start, kind in _OTHER_KINDS:
        if content.lstrip().startswith(start):
            raise UserError(f"{name} is {kind}; export the list as CSV instead.", field="file")
    notices: list[str] = []
    encoding = _encoding(content)
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        # Windows programs still write their own code page; it never fails in Latin-1.
        text = content.decode("cp1252", errors="ignore")
        notices.append(f"{name} is not Unicode; it was read as Windows text. Look at accents.")
    text = text.rstrip("\x1a")
    if "\x00" in text or len(_CONTROLS.findall(text)) * 200 > len(text):
        raise UserError(f"{name} is not a text file; export the list as CSV.", field="file")
    return text, notices


def _encoding(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return encoding
    head = content[:400]
    # Text of a Western export has a zero in every second byte when it is UTF-16 without a mark.
    if len(head) >= 4 and head[1::2].count(0) * 10 > len(head) * 4:
        return "utf-16-le"
    if len(head) >= 4 and head[::2].count(0) * 10 > len(head) * 4:
        return "utf-16-be"
    return "utf-8"


def _cut(text: str, name: str, notices: list[str]) -> Sheet:
    records = _records(text, name)
    _, first = next(records, (0, ()))
    headings = tuple(" ".join(cell.split()).lower() for cell in first)
    if len(headings) > MOST_COLUMNS:
        raise UserError(
            f"{name} has {len(headings):,} columns; a client list has fewer than {MOST_COLUMNS}.",
            field="file",
        )
    repeated = sorted({heading for heading in headings if heading and headings.count(heading) > 1})
    if repeated:
        notices.append(f"{name} has the column {repeated[0]} more than once; the first one counts.")
    rows: list[Row] = []
    for line, cells in records:
        if len(rows) == MOST_ROWS:
            raise UserError(
                f"{name} has more than {MOST_ROWS:,} rows; split it, or choose the client list.",
                field="file",
            )
        rows.append(Row(len(rows) + 1, line, cells))
    if not any(not row.blank for row in rows):
        raise UserError(f"{name} has column names but nobody in it.", field="file")
    return Sheet(name, headings, tuple(rows), tuple(notices))


def _records(text: str, name: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield each record with the line it begins in; blank lines before the headings are skipped."""
    body = text.lstrip("\ufeff\r\n \t")
    skipped = text[: len(text) - len(body)].count("\n")
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=_delimiter(body), strict=True)
    while True:
        begins = skipped + reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error:
            # Strict reading stops at a quote that closes in the wrong place, at the end of the
            # file within one, and at a cell that has swallowed more than any cell holds.
            raise UserError(
                f"A quotation mark in line {begins:,} of {name} is never closed; "
                "correct that line, or export the list again.",
                field="file",
            ) from None
        if record is None:
            return
        yield begins, tuple(unguard(cell.strip()) for cell in record)


def _delimiter(body: str) -> str:
    heading_line = body.splitlines()[0] if body else ""
    return max(_DELIMITERS, key=heading_line.count)

"""How the command line writes values: cents, local times, and columns for people."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from app.cli.verbs import Call, read_path
from app.core.exchange.values import read_date
from app.core.kernel.clock import today, unix_ms
from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.ids import new_id
from app.core.kernel.text import elide
from app.core.practice.rules.places import Address, check_state, check_zip

#: More than any list, series or session counts.
LARGEST_COUNT = 999_999


def local(moment: datetime, zone: str) -> str:
    """Return a moment as local ISO time with its offset; naive wall time is of ``zone``."""
    if moment.tzinfo is None:
        return moment.replace(tzinfo=ZoneInfo(zone)).isoformat(timespec="minutes")
    return moment.astimezone(ZoneInfo(zone)).isoformat(timespec="seconds")


def day(value: date | None) -> str | None:
    """Return a date in ISO form."""
    return value.isoformat() if value else None


def check_period(call: Call) -> None:
    """Raise ``UserError`` when ``--to`` lies before ``--from``: nothing could be between."""
    if call["from"] and call["to"] and call["to"] < call["from"]:
        raise UserError("The last day lies before the first.", field="to")


def read_day(text: str) -> date:
    """Read a date typed as an argument; raises ``UserError`` for one that no calendar has."""
    # Only years of two digits need today, and an argument has four.
    found = read_date(text, date.max)
    if found is None:
        raise UserError(f"There is no date {text}; type it like 2026-11-19.", field="date")
    return found


def read_wall(text: str) -> datetime:
    """Read a wall time like ``2026-11-19T09:00``; raises ``UserError`` for any other."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    # A day alone would be midnight, which nobody means.
    if moment is None or ":" not in text:
        raise UserError(f"There is no time {text}; type it like 2026-11-19T09:00.", field="start")
    if moment.tzinfo is not None:
        raise UserError("Type the time on the practice's wall, without a zone.", field="start")
    return moment


def read_count(text: str) -> int:
    """Read a whole number from 1 to ``LARGEST_COUNT``."""
    typed = text.strip()
    if not typed.isascii() or not typed.isdigit() or not typed.strip("0"):
        raise UserError(f"{elide(text, 40)} is no whole number above 0.")
    if len(typed.lstrip("0")) > len(str(LARGEST_COUNT)):
        raise UserError(f"{elide(text, 40)} is more than {LARGEST_COUNT:,}.")
    return int(typed)


def today_of(desk: Desk) -> date:
    """Return the date on the practice's wall."""
    return today(desk.clock, desk.zone)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows as lines with their columns under each other."""
    if not rows:
        return []
    widths = [max(_width(row[index]) for row in rows) for index in range(len(rows[0]))]
    return [
        "  ".join(
            cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]


def _width(cell: str) -> int:
    """Return the columns that ``cell`` takes on a terminal: a Chinese character takes two."""
    return sum(
        0 if unicodedata.combining(char) else 1 + (unicodedata.east_asian_width(char) in "WF")
        for char in cell
    )


def read_address(text: str) -> Address:
    """Read an address in one line: ``214 Alder St, Suite 3, Portland, OR 97201``."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(parts) < 3:
        raise UserError(
            f"The address {text} lacks a part; type it like 214 Alder St, Portland, OR 97201.",
            field="address",
        )
    *lines, city, region = parts
    state, _, code = region.partition(" ")
    return Address(lines[0], ", ".join(lines[1:]), city, check_state(state), check_zip(code))


def new_record_id(desk: Desk) -> UUID:
    """Return the id of a record to be entered once."""
    return new_id(unix_ms(desk.clock.now()))


def read_id(text: str) -> UUID:
    """Read the id of a record that has no name."""
    try:
        return UUID(text)
    except ValueError:
        raise UserError(f"{text} is no id; list the records to see theirs.", field="id") from None


def read_target(text: str) -> Path:
    """Read the path of a file to write; raises ``MachineError`` where none can be.

    Asked before the work is done: a paper must not be issued that then finds no place.
    """
    path = read_path(text)
    try:
        refused = path.is_dir() or not os.access(path.parent, os.W_OK)
    except OSError:
        # A name longer than any system has.
        refused = True
    if refused:
        raise MachineError(f"{path} cannot be written; choose another folder.")
    return path


def save_paper(path: Path, content: bytes) -> str:
    """Write a PDF to ``path`` and return the sentence that says so."""
    try:
        path.write_bytes(content)
    except OSError:
        raise MachineError(f"{path} cannot be written; choose another folder.") from None
    return f"The PDF is in {path}."

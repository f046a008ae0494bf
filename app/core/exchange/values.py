"""Single values of other systems' exports, read into ours."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime

from app.core.people.rules import Lifecycle, Sex

_NUMBERED = re.compile(r"^(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T].*)?$", re.ASCII)
_WRITTEN = ("%B %d, %Y", "%b %d, %Y", "%d %B %Y", "%d %b %Y")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")

#: Words of status in other systems, folded to ours.
STATUSES: Mapping[str, Lifecycle] = {
    "active": Lifecycle.ACTIVE,
    "true": Lifecycle.ACTIVE,
    "current": Lifecycle.ACTIVE,
    "inactive": Lifecycle.INACTIVE,
    "false": Lifecycle.INACTIVE,
    "discharged": Lifecycle.INACTIVE,
    "former": Lifecycle.INACTIVE,
    "archived": Lifecycle.ARCHIVED,
    "prospect": Lifecycle.PROSPECT,
    "prospective": Lifecycle.PROSPECT,
    "inquiry": Lifecycle.PROSPECT,
    "waitlist": Lifecycle.WAITLIST,
    "waiting list": Lifecycle.WAITLIST,
    "waitlisted": Lifecycle.WAITLIST,
    "intake pending": Lifecycle.INTAKE_PENDING,
    "group participant": Lifecycle.CONTACT,
    "contact": Lifecycle.CONTACT,
}

SEXES: Mapping[str, Sex] = {
    "f": Sex.FEMALE,
    "female": Sex.FEMALE,
    "m": Sex.MALE,
    "male": Sex.MALE,
    "x": Sex.X,
    "intersex": Sex.X,
}


def read_date(text: str, today: date) -> date | None:
    """Read ``5/2/2026``, ``5/2/26``, ``2026-05-02``, ``May 2, 2026``; a time after it is left out.

    Month and day stand in US order. Of a year with two digits the latest one not after
    ``today``'s is meant. ``None`` for anything else.
    """
    text = text.strip()
    numbered = _NUMBERED.match(text)
    if numbered is None:
        return _written_date(text)
    first, second, third = numbered.groups()
    if len(first) == 4:
        year, month, day = int(first), int(second), int(third)
    else:
        year, month, day = _whole_year(third, today), int(first), int(second)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _whole_year(digits: str, today: date) -> int:
    if len(digits) > 2:
        return int(digits)
    year = today.year // 100 * 100 + int(digits)
    return year if year <= today.year else year - 100


def _written_date(text: str) -> date | None:
    for shape in _WRITTEN:
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None


def read_status(text: str) -> Lifecycle | None:
    """Read another system's word for where a client stands; ``None`` for an unknown one."""
    return STATUSES.get(_word(text))


def read_sex(text: str) -> Sex | None:
    """Read what an insurer's form asks; ``None`` for an unknown word."""
    return SEXES.get(_word(text))


def _word(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


def guard(cell: str) -> str:
    """Return ``cell`` so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith((*_FORMULA_STARTS, "'")) else cell


def unguard(cell: str) -> str:
    """Return what ``guard`` made safe."""
    guarded = cell.startswith("'") and cell[1:].startswith((*_FORMULA_STARTS, "'"))
    return cell[1:] if guarded else cell

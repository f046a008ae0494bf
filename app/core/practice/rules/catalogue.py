"""Services: kinds of case, the shape of codes and modifiers, the colors of the calendar.

CPT descriptors are the AMA's: the user types every code and every name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from app.core.kernel.text import clean_line

_CODE = re.compile(r"^(\d{4}[0-9A-Z]|[A-Z]\d{4})$")
_MODIFIER = re.compile(r"^[0-9A-Z]{2}$")
#: A claim line has room for four.
MOST_MODIFIERS = 4
#: Minutes of a day: no session is longer.
LONGEST = 24 * 60


class CaseKind(StrEnum):
    """What a case is. Services say for which kinds they are."""

    INDIVIDUAL = "INDIVIDUAL"
    COUPLE = "COUPLE"
    FAMILY = "FAMILY"
    THERAPY_GROUP = "THERAPY_GROUP"
    CONSULTATION = "CONSULTATION"
    CONSULTATION_GROUP = "CONSULTATION_GROUP"
    WORKSHOP = "WORKSHOP"

    @property
    def label(self) -> str:
        """Return the word that screens use."""
        return _KIND_LABELS[self]


_KIND_LABELS = {
    CaseKind.INDIVIDUAL: "Individual",
    CaseKind.COUPLE: "Couple",
    CaseKind.FAMILY: "Family",
    CaseKind.THERAPY_GROUP: "Group",
    CaseKind.CONSULTATION: "Consultation",
    CaseKind.CONSULTATION_GROUP: "Consultation group",
    CaseKind.WORKSHOP: "Workshop",
}


class CalendarColor(StrEnum):
    """The eight colors of the calendar, by their tokens' names."""

    SPRUCE = "spruce"
    SLATE = "slate"
    PLUM = "plum"
    CLAY = "clay"
    OCHRE = "ochre"
    MOSS = "moss"
    ROSE = "rose"
    STONE = "stone"


@dataclass(frozen=True, slots=True)
class ServiceFields:
    """What a person types of a service.

    ``minutes`` is its length; ``fee`` the usual charge of one unit. The last four say what an
    insurer's rule needs to know of the code.
    """

    name: str
    code: str = ""
    minutes: int = 50
    fee: Money = ZERO
    modifiers: tuple[str, ...] = ()
    case_kinds: tuple[CaseKind, ...] = ()
    bookable_online: bool = False
    color: CalendarColor | None = None
    patient_present: bool = True
    is_group: bool = False
    is_addon: bool = False
    is_crisis: bool = False


def check_code(text: str, *, field: str = "code") -> str:
    """Return a service code in capitals; raises ``UserError`` if it has not the shape of one."""
    code = text.strip().upper()
    if code and not _CODE.match(code):
        raise UserError(
            "A service code has five characters, like 0001Z: copy it from your code book.",
            field=field,
        )
    return code


def check_modifiers(words: tuple[str, ...], *, field: str = "modifiers") -> tuple[str, ...]:
    """Return modifiers in capitals, each once, in the order typed.

    Raises ``UserError`` for one that has not two characters, or for more than four.
    """
    modifiers = tuple(dict.fromkeys(word.strip().upper() for word in words if word.strip()))
    for modifier in modifiers:
        if not _MODIFIER.match(modifier):
            raise UserError(f"A modifier has two characters; {modifier} has not.", field=field)
    if len(modifiers) > MOST_MODIFIERS:
        raise UserError("A service line has room for four modifiers.", field=field)
    return modifiers


def check_minutes(minutes: int, *, field: str = "minutes") -> int:
    """Return ``minutes`` of a session; raises ``UserError`` outside 1 minute to 24 hours."""
    if not 1 <= minutes <= LONGEST:
        raise UserError("A session lasts from 1 minute to 24 hours.", field=field)
    return minutes


def check_service(fields: ServiceFields) -> ServiceFields:
    """Return the service as it is stored; raises ``UserError`` naming the field to mend."""
    name = clean_line(fields.name, field="name")
    if not name:
        raise UserError("Give the service a name, in your own words.", field="name")
    if fields.fee.cents < 0:
        raise UserError("A fee is zero or more.", field="fee")
    return ServiceFields(
        name=name,
        code=check_code(fields.code),
        minutes=check_minutes(fields.minutes),
        fee=fields.fee,
        modifiers=check_modifiers(fields.modifiers),
        case_kinds=tuple(dict.fromkeys(fields.case_kinds)),
        bookable_online=fields.bookable_online,
        color=fields.color,
        patient_present=fields.patient_present,
        is_group=fields.is_group,
        is_addon=fields.is_addon,
        is_crisis=fields.is_crisis,
    )


def next_color(used: list[str]) -> CalendarColor:
    """Return the color that the fewest services have, in the order of the palette."""
    return min(
        CalendarColor, key=lambda color: (used.count(color), list(CalendarColor).index(color))
    )


def suits(case_kinds: tuple[CaseKind, ...], kind: CaseKind) -> bool:
    """Return whether a service is for cases of ``kind``; none named means all."""
    return not case_kinds or kind in case_kinds

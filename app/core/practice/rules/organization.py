"""The practice as an organization: what a person types of it, and its office hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from itertools import pairwise

from app.core.kernel.errors import UserError
from app.core.kernel.text import clean_line, clean_text, fold
from app.core.practice.rules.contact_points import check_email, format_phone
from app.core.practice.rules.identifiers import TaxIdKind, check_npi, check_tax_id
from app.core.practice.rules.places import check_state, check_zip, check_zone

DEFAULT_ZONE = "America/New_York"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")


@dataclass(frozen=True, slots=True)
class PracticeFields:
    """What a person types of the practice. The fields are named as its columns."""

    name: str
    zone: str = DEFAULT_ZONE
    legal_name: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    address1: str = ""
    address2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    tax_id: str = ""
    tax_id_kind: TaxIdKind = TaxIdKind.EIN
    npi2: str = ""
    invoice_footer: str = ""
    payment_terms_days: int = 30


@dataclass(frozen=True, slots=True)
class Hours:
    """One stretch of a weekday (Monday is 0) in which the office is open, in wall time."""

    weekday: int
    opens: time
    closes: time


def check_practice(fields: PracticeFields) -> PracticeFields:
    """Return the practice as it is stored; raises ``UserError`` naming the field to mend."""
    name = clean_line(fields.name, field="name")
    if not name:
        raise UserError("Give the practice a name.", field="name")
    if not 0 <= fields.payment_terms_days <= 365:
        raise UserError("Invoices are due within 0 to 365 days.", field="payment_terms_days")
    return PracticeFields(
        name=name,
        zone=check_zone(fields.zone),
        legal_name=clean_line(fields.legal_name, field="legal_name"),
        phone=format_phone(clean_line(fields.phone, field="phone", limit=60)),
        email=check_email(fields.email),
        website=clean_line(fields.website, field="website"),
        address1=clean_line(fields.address1, field="address1"),
        address2=clean_line(fields.address2, field="address2"),
        city=clean_line(fields.city, field="city"),
        state=check_state(fields.state),
        zip=check_zip(fields.zip),
        tax_id=check_tax_id(fields.tax_id, fields.tax_id_kind),
        tax_id_kind=fields.tax_id_kind,
        npi2=check_npi(fields.npi2, field="npi2"),
        invoice_footer=clean_text(fields.invoice_footer, field="invoice_footer", limit=2_000),
        payment_terms_days=fields.payment_terms_days,
    )


def link_name(name: str) -> str:
    """Return the practice's part of a public address: ``alder-street-therapy``."""
    words = "".join(char if char.isascii() else " " for char in fold(name)).split()
    return "-".join(words) or "practice"


def read_time(text: str, *, field: str) -> time:
    """Read ``09:00``; raises ``UserError`` naming ``field`` for what is no time of day."""
    if not _TIME.match(text.strip()):
        raise UserError("Type a time like 09:00.", field=field)
    return time.fromisoformat(text.strip())


def check_hours(hours: tuple[Hours, ...]) -> tuple[Hours, ...]:
    """Return the week's stretches in order; raises ``UserError`` if one ends early or two meet."""
    ordered = tuple(sorted(hours, key=lambda each: (each.weekday, each.opens)))
    for each in ordered:
        if not 0 <= each.weekday <= 6:
            raise UserError("Choose a day of the week.", field="weekday")
        if each.closes <= each.opens:
            raise UserError(f"{WEEKDAYS[each.weekday]} closes before it opens.", field="closes")
    for before, after in pairwise(ordered):
        if before.weekday == after.weekday and after.opens < before.closes:
            raise UserError(f"{WEEKDAYS[after.weekday]} has hours that overlap.", field="opens")
    return ordered


#: What the assistant proposes: Monday to Friday, nine to five.
USUAL_HOURS = tuple(Hours(weekday, time(9), time(17)) for weekday in range(5))

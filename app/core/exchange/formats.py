"""The systems whose lists are read, as tables: their headings, and what each column holds.

Source: the reference *Import formats*. A file is known by its set of headings, never its name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.exchange.sheets import Row, Sheet
from app.core.kernel.errors import UserError
from app.core.people.rules import Lifecycle


class Column(StrEnum):
    """What a column holds, in our words."""

    NAME = "name"
    GIVEN = "given name"
    MIDDLE = "middle name"
    FAMILY = "family name"
    KIND = "kind of client"
    STATUS = "status"
    BIRTH_DATE = "birth date"
    SEX = "sex"
    EMAIL = "email"
    PHONE = "phone"
    STREET = "address"
    CITY = "city"
    STATE = "state"
    ZIP = "ZIP"
    COUNTRY = "country"
    PAYER = "insurance"
    MEMBER_NUMBER = "insurance ID"
    CONTACT = "contact"
    CONTACT_PHONE = "contact phone"
    CONTACT_EMAIL = "contact email"
    ADDED = "date added"
    LAST_APPOINTMENT = "last appointment"
    NEXT_APPOINTMENT = "next appointment"
    NOTES = "notes"
    CLINICIAN = "clinician"
    GENDER = "gender identity"
    RACE = "race"
    RELATIONSHIP_STATUS = "relationship status"
    EMPLOYMENT = "employment status"
    LANGUAGE = "preferred language"


@dataclass(frozen=True, slots=True)
class Format:
    """One report of one system.

    ``needs``: each group must have one of its headings in the file. ``unstated`` is the status
    of a row that says none. ``completes`` marks a report that adds to another one by name.
    """

    system: str
    report: str
    needs: tuple[frozenset[str], ...]
    columns: Mapping[str, Column]
    unstated: Lifecycle
    completes: bool = False


def _one_of(*headings: str) -> frozenset[str]:
    return frozenset(headings)


_GIVEN = ("first name", "firstname", "given name")
_FAMILY = ("last name", "surname", "family name")
_FULL = ("client", "name", "full name", "client name")

FORMATS = (
    Format(
        "SimplePractice",
        "Client Details",
        (_one_of("client"), _one_of("client type"), _one_of("status")),
        {
            "client": Column.NAME,
            "client type": Column.KIND,
            "date added": Column.ADDED,
            "primary clinician": Column.CLINICIAN,
            "last appointment": Column.LAST_APPOINTMENT,
            "next appointment": Column.NEXT_APPOINTMENT,
            "address": Column.STREET,
            "city": Column.CITY,
            "state": Column.STATE,
            "zip": Column.ZIP,
            "phone number": Column.PHONE,
            "email": Column.EMAIL,
            "contact name": Column.CONTACT,
            "contact phone": Column.CONTACT_PHONE,
            "contact email": Column.CONTACT_EMAIL,
            "primary insurance": Column.PAYER,
            "insurance id": Column.MEMBER_NUMBER,
            "status": Column.STATUS,
        },
        Lifecycle.INACTIVE,
    ),
    Format(
        "SimplePractice",
        "Client Demographics",
        (_one_of("client"), _one_of("date of birth"), _one_of("gender identity", "age")),
        {
            "client": Column.NAME,
            "contact": Column.CONTACT,
            "date of birth": Column.BIRTH_DATE,
            "sex": Column.SEX,
            "gender identity": Column.GENDER,
            "race": Column.RACE,
            "relationship status": Column.RELATIONSHIP_STATUS,
            "employment status": Column.EMPLOYMENT,
            "preferred language": Column.LANGUAGE,
            "city": Column.CITY,
            "zip": Column.ZIP,
        },
        Lifecycle.INACTIVE,
        completes=True,
    ),
    Format(
        "PracticeRunner",
        "contacts",
        (
            _one_of(*_GIVEN, *_FAMILY, *_FULL),
            _one_of("email", "phone", "date of birth", "dob", "status", "date added"),
        ),
        {
            **dict.fromkeys(_GIVEN, Column.GIVEN),
            "middle name": Column.MIDDLE,
            **dict.fromkeys(_FAMILY, Column.FAMILY),
            **dict.fromkeys(_FULL, Column.NAME),
            "email": Column.EMAIL,
            "phone": Column.PHONE,
            "date of birth": Column.BIRTH_DATE,
            "dob": Column.BIRTH_DATE,
            "address": Column.STREET,
            "street": Column.STREET,
            "city": Column.CITY,
            "state": Column.STATE,
            "zip": Column.ZIP,
            "postal": Column.ZIP,
            "country": Column.COUNTRY,
            "notes": Column.NOTES,
            "date added": Column.ADDED,
            "status": Column.STATUS,
            "primary clinician": Column.CLINICIAN,
            "clinician": Column.CLINICIAN,
            "primary insurance": Column.PAYER,
            "insurance": Column.PAYER,
            "payer": Column.PAYER,
            "insurance id": Column.MEMBER_NUMBER,
            "member id": Column.MEMBER_NUMBER,
        },
        Lifecycle.ACTIVE,
    ),
)

#: Headings that mark a file as something else, and what to call it.
OTHER_REPORTS: Mapping[str, str] = {
    "patient_guid": "an export from Jane",
    "appointment id": "a list of appointments from Acuity",
    "invitee name": "a list of appointments from Calendly",
    "date of service": "a list of appointments",
    "date_of_service": "a list of appointments",
    "date paid": "a list of payments",
    "date received": "a list of payments",
    "transaction type": "a list of card transactions",
    "clearinghouse reference": "a list of claims",
    "date submitted": "a list of claims",
    "subject": "a list of messages",
    "purchase date": "a list of sales",
}


@dataclass(frozen=True, slots=True)
class KnownSheet:
    """A sheet with the format that it was recognized as."""

    sheet: Sheet
    format: Format

    def read(self, row: Row) -> dict[Column, str]:
        """Return the cells of ``row`` that say something, by what they hold."""
        values: dict[Column, str] = {}
        seen: set[str] = set()
        for heading, cell in zip(self.sheet.headings, row.cells, strict=False):
            column = self.format.columns.get(heading)
            if column is not None and cell and heading not in seen:
                values.setdefault(column, cell)
            seen.add(heading)
        return values


def recognize(sheet: Sheet) -> KnownSheet:
    """Return ``sheet`` with its format; raises ``UserError`` when no format fits its headings."""
    headings = frozenset(sheet.headings)
    for heading, what in OTHER_REPORTS.items():
        if heading in headings:
            raise UserError(
                f"{sheet.name} is {what}; choose a client list from SimplePractice "
                "or PracticeRunner.",
                field="file",
            )
    for known in FORMATS:
        if all(group & headings for group in known.needs):
            return KnownSheet(sheet, known)
    raise UserError(
        f"The first line of {sheet.name} does not name the columns of a client list "
        "from SimplePractice or PracticeRunner.",
        field="file",
    )

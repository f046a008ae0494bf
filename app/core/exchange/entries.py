"""One row of a recognized sheet, read into a client or a couple; what cannot be read is noted."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from app.core.exchange.formats import Column
from app.core.exchange.plans import Decisions, PersonRef, Problem, RowRef, Trouble
from app.core.exchange.values import read_date, read_sex, read_status
from app.core.journeys.imports import ArrivingPerson, Helper
from app.core.kernel.errors import UserError
from app.core.kernel.text import PersonName, clean_line, clean_text, read_full_name, split_couple
from app.core.people.rules import (
    AddressFields,
    ContactFields,
    DetailFields,
    EmailFields,
    InsuranceFields,
    Lifecycle,
    NewClient,
    PhoneFields,
    RelationshipType,
    Sex,
    check_birth_date,
    check_name,
)
from app.core.practice.rules.contact_points import check_email, format_phone
from app.core.practice.rules.places import Address, check_address, check_state, check_zip

T = TypeVar("T")

#: Columns that our records have no field for; they are kept as lines of the client's notes.
_KEPT_AS_NOTES = (
    Column.GENDER,
    Column.RACE,
    Column.RELATIONSHIP_STATUS,
    Column.EMPLOYMENT,
    Column.LANGUAGE,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says: one person or two, and where they stand."""

    row: RowRef
    people: tuple[ArrivingPerson, ...]
    wanted: Lifecycle
    added: date | None
    last_appointment: date | None
    next_appointment: date | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class RawRow:
    """A row's cells by what they hold, the rows of completing sheets joined in."""

    row: RowRef
    values: Mapping[Column, str]
    unstated: Lifecycle

    @property
    def full_name(self) -> str:
        """The name as one text, wherever the format keeps it."""
        parts = (self.values.get(column, "") for column in (Column.GIVEN, Column.FAMILY))
        return " ".join(part for part in parts if part) or self.values.get(Column.NAME, "")


def read_entry(raw: RawRow, decisions: Decisions, today: date) -> Entry | Problem:
    """Read one row; a row that cannot be anybody comes back as the problem that refuses it."""
    reader = _Reader(raw, decisions, today)
    try:
        names = reader.names()
    except UserError:
        return Problem(Trouble.LONG_NAME, PersonRef(raw.row), raw.full_name[:60])
    if not names:
        return Problem(Trouble.NO_NAME, PersonRef(raw.row), reader.what_it_has())
    return reader.entry(names)


class _Reader:
    """Reads the values of one row and collects what is wrong with them."""

    def __init__(self, raw: RawRow, decisions: Decisions, today: date) -> None:
        self._raw = raw
        self._values = raw.values
        self._decisions = decisions
        self._today = today
        self._problems: list[Problem] = []

    def entry(self, names: tuple[PersonName, ...]) -> Entry:
        status = self._status()
        added = self._day(Column.ADDED)
        last, following = self._day(Column.LAST_APPOINTMENT), self._day(Column.NEXT_APPOINTMENT)
        people = self._people(names, status)
        return Entry(self._raw.row, people, status, added, last, following, tuple(self._problems))

    def what_it_has(self) -> str:
        """Return what a person may recognize a row without a name by."""
        texts = (self._text(column) for column in (Column.PHONE, Column.EMAIL, Column.STREET))
        return _shown(", ".join(text for text in texts if text))

    def names(self) -> tuple[PersonName, ...]:
        """Return the one or two names of the row; none where it has none."""
        row = self._raw.row
        if row in self._decisions.names:
            return tuple(check_name(name) for name in self._decisions.names[row])
        couple = split_couple(self._raw.full_name)
        if len(couple) < 2 and (self._text(Column.GIVEN) or self._text(Column.FAMILY)):
            return self._named_in_parts()
        read = [read_full_name(text) for text in couple]
        names = tuple(check_name(each.name) for each in read if each.name.display)
        for position, each in enumerate(read):
            if each.doubtful and each.name.display:
                self._note(Trouble.DOUBTFUL_NAME, couple[position], position)
        if len(names) == 1 and self._text(Column.KIND).casefold() == "couple":
            self._note(Trouble.LONE_COUPLE, names[0].display)
        return names

    def _named_in_parts(self) -> tuple[PersonName, ...]:
        words = self._text(Column.GIVEN).split()
        middle = [self._text(Column.MIDDLE)] if self._text(Column.MIDDLE) else []
        while len(words) > 1 and len(words[-1].rstrip(".")) == 1:
            middle.insert(0, words.pop())
        return (
            check_name(PersonName(" ".join(words), " ".join(middle), self._text(Column.FAMILY))),
        )

    def _people(
        self, names: tuple[PersonName, ...], status: Lifecycle
    ) -> tuple[ArrivingPerson, ...]:
        """Contact points go to both of a couple, marked shared; all else to the first."""
        shared = len(names) > 1
        common = self._contact_points(shared=shared)
        first = replace(
            common,
            name=names[0],
            lifecycle=status,
            details=DetailFields(
                birth_date=self._birth_date(couple=shared),
                sex=self._checked(Column.SEX, _sex, Sex.NOT_SAID),
                notes=self._notes(),
            ),
            insurances=self._insurances(),
        )
        clients = [first, *(replace(common, name=name, lifecycle=status) for name in names[1:])]
        helper = self._helper()
        return tuple(
            ArrivingPerson(client, helper if position == 0 else None)
            for position, client in enumerate(clients)
        )

    def _contact_points(self, *, shared: bool) -> NewClient:
        email = self._checked(Column.EMAIL, check_email, "")
        phone = self._checked(Column.PHONE, format_phone, "")
        address = self._address()
        return NewClient(
            PersonName(),
            emails=(EmailFields(email, is_main=True, is_shared=shared),) if email else (),
            phones=(PhoneFields(phone, is_main=True, is_shared=shared),) if phone else (),
            addresses=()
            if address.is_empty
            else (AddressFields(address, is_main=True, is_shared=shared),),
        )

    def _address(self) -> Address:
        country = self._checked(Column.COUNTRY, _country, "US")
        abroad = country != "US"
        line = self._text if abroad else None
        return Address(
            line1=self._checked(Column.STREET, clean_line, ""),
            city=self._checked(Column.CITY, clean_line, ""),
            state=line(Column.STATE) if line else self._checked(Column.STATE, check_state, ""),
            zip=line(Column.ZIP) if line else self._checked(Column.ZIP, check_zip, ""),
            country=country,
        )

    def _birth_date(self, *, couple: bool) -> date | None:
        typed = self._decisions.birth_dates.get(PersonRef(self._raw.row))
        if typed is not None:
            return check_birth_date(typed, self._today)
        text = self._text(Column.BIRTH_DATE)
        if couple and text:
            self._note(Trouble.WHOSE_BIRTH_DATE, text)
            return None
        born = read_date(text, self._today)
        try:
            check_birth_date(born, self._today)
        except UserError:
            born = None
        if text and born is None:
            self._note(Trouble.BIRTH_DATE, text)
        return born

    def _insurances(self) -> tuple[InsuranceFields, ...]:
        payer = self._checked(Column.PAYER, clean_line, "")
        number = self._checked(Column.MEMBER_NUMBER, clean_line, "")
        if number and not payer:
            self._note(Trouble.NO_PAYER, number)
        return (InsuranceFields(payer, number),) if payer else ()

    def _helper(self) -> Helper | None:
        name = self._checked(Column.CONTACT, clean_line, "")
        if not name:
            return None
        minor = self._text(Column.KIND).casefold() == "minor"
        return Helper(
            ContactFields(
                name,
                email=self._checked(Column.CONTACT_EMAIL, check_email, ""),
                phone=self._checked(Column.CONTACT_PHONE, format_phone, ""),
            ),
            RelationshipType.PARENT if minor else RelationshipType.OTHER,
        )

    def _notes(self) -> str:
        lines = [self._checked(Column.NOTES, clean_text, "")]
        lines += [
            f"{column.value.capitalize()}: {self._text(column)}"
            for column in _KEPT_AS_NOTES
            if self._text(column)
        ]
        return "\n".join(line for line in lines if line)

    def _status(self) -> Lifecycle:
        text = self._text(Column.STATUS)
        if not text:
            return self._raw.unstated
        status = read_status(text)
        if status is None:
            self._note(Trouble.FIELD, text, column=Column.STATUS)
            return Lifecycle.INACTIVE
        return status

    def _day(self, column: Column) -> date | None:
        text = self._text(column)
        day = read_date(text, self._today)
        if text and day is None:
            self._note(Trouble.FIELD, text, column=column)
        return day

    def _checked(self, column: Column, check: Callable[[str], T], empty: T) -> T:
        """Return what ``check`` makes of a cell; a cell that it refuses is noted and ``empty``."""
        text = self._text(column)
        if not text:
            return empty
        try:
            return check(text)
        except UserError:
            self._note(Trouble.FIELD, text, column=column)
            return empty

    def _text(self, column: Column) -> str:
        return self._values.get(column, "")

    def _note(self, trouble: Trouble, value: str, position: int = 0, *, column: str = "") -> None:
        at = PersonRef(self._raw.row, position)
        self._problems.append(Problem(trouble, at, _shown(value), str(column)))


def _sex(text: str) -> Sex:
    sex = read_sex(text)
    if sex is None:
        raise UserError("Type female, male or X.", field="sex")
    return sex


def _country(text: str) -> str:
    return check_address(Address(country=text)).country


def _shown(value: str) -> str:
    line = " ".join(value.split())
    return line if len(line) <= 60 else f"{line[:59]}\N{HORIZONTAL ELLIPSIS}"

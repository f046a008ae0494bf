"""The practice as the first run knows it so far, and how each step adds to it. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from app.core.kernel.errors import UserError
from app.core.kernel.money import parse_money
from app.core.practice.rules.catalogue import ServiceFields, check_service
from app.core.practice.rules.identifiers import TaxIdKind, check_start_number, tax_id_kind
from app.core.practice.rules.organization import (
    DEFAULT_ZONE,
    USUAL_HOURS,
    Hours,
    PracticeFields,
    check_hours,
    check_practice,
)
from app.core.practice.rules.places import (
    ZONES,
    LocationFields,
    SessionFormat,
    check_location,
    zone_of_state,
)
from app.core.team.commands import NewPractice
from app.core.team.rules import LicenseFields, MemberFields, check_license, check_member

#: What stands in for what was skipped; both are changed in Settings.
NAMELESS_PRACTICE = PracticeFields(name="My practice")
NAMELESS_OWNER = MemberFields(given="Owner")


@dataclass(frozen=True, slots=True)
class Draft:
    """Everything that was said so far; what was skipped is as it is here."""

    practice: PracticeFields = NAMELESS_PRACTICE
    owner: MemberFields = NAMELESS_OWNER
    license: LicenseFields | None = None
    zone_chosen: bool = False
    """Whether the person chose the time zone; until then a state proposes it."""
    hours: tuple[Hours, ...] = USUAL_HOURS
    services: tuple[ServiceFields, ...] = ()
    locations: tuple[LocationFields, ...] = ()
    """Besides *Office*, which every practice begins with."""
    backup_folder: Path | None = None
    first_invoice: int = 1
    first_superbill: int = 1
    import_now: bool = False


@dataclass(frozen=True, slots=True)
class TypedService:
    """A row of the services step, as it was typed."""

    name: str
    code: str
    minutes: str
    fee: str

    @property
    def is_empty(self) -> bool:
        """Return whether the row says nothing; its minutes are proposed, so they do not count."""
        return not (self.name.strip() or self.code.strip() or self.fee.strip())


def named(draft: Draft, practice: PracticeFields, owner: MemberFields) -> Draft:
    """Add the practice's and the owner's names and address.

    Raises ``UserError`` naming the field to mend. Identifiers stay as they were said, and so
    does a zone that was chosen.
    """
    kept = draft.practice
    typed = replace(
        practice, zone=kept.zone, tax_id=kept.tax_id, tax_id_kind=kept.tax_id_kind, npi2=kept.npi2
    )
    person = replace(owner, npi=draft.owner.npi, taxonomy=draft.owner.taxonomy)
    return in_zone(replace(draft, practice=check_practice(typed), owner=check_member(person)))


def zone_state(draft: Draft) -> str:
    """Return the state whose clock the practice keeps: of its address, else of the license."""
    return draft.practice.state or (draft.license.state if draft.license else "")


def in_zone(draft: Draft) -> Draft:
    """Propose the time zone of the practice's state, unless the person chose one."""
    zone = zone_of_state(zone_state(draft))
    if draft.zone_chosen or not zone:
        return draft
    return replace(draft, practice=replace(draft.practice, zone=zone))


@dataclass(frozen=True, slots=True)
class TypedIdentifiers:
    """The identifiers step, as it was typed."""

    npi: str = ""
    npi2: str = ""
    license_kind: str = ""
    license_state: str = ""
    license_number: str = ""
    valid_to: date | None = None
    taxonomy: str = ""
    tax_id: str = ""


def identified(draft: Draft, typed: TypedIdentifiers) -> Draft:
    """Add what insurers know the provider by; raises ``UserError`` naming the field to mend."""
    held = None
    if typed.license_number.strip():
        # The title stands before the number on papers, so it is not kept within it too.
        number = typed.license_number.strip().removeprefix(typed.license_kind).strip()
        held = check_license(
            LicenseFields(number, typed.license_state, typed.license_kind, valid_to=typed.valid_to)
        )
    owner = replace(draft.owner, npi=typed.npi, taxonomy=typed.taxonomy.partition(",")[0])
    kind = tax_id_kind(typed.tax_id) if typed.tax_id.strip() else TaxIdKind.EIN
    practice = replace(draft.practice, npi2=typed.npi2, tax_id=typed.tax_id, tax_id_kind=kind)
    return in_zone(
        replace(draft, practice=check_practice(practice), owner=check_member(owner), license=held)
    )


def timed(draft: Draft, zone: str, hours: tuple[Hours, ...]) -> Draft:
    """Add time zone and office hours; raises ``UserError`` naming the field to mend."""
    practice = check_practice(replace(draft.practice, zone=zone))
    chosen = draft.zone_chosen or practice.zone != draft.practice.zone
    return replace(draft, practice=practice, hours=check_hours(hours), zone_chosen=chosen)


def offering(draft: Draft, rows: tuple[TypedService, ...]) -> Draft:
    """Add services; an empty row is none.

    Raises ``UserError`` whose field is the row's number and the field in it, ``1.code``.
    """
    services = []
    for number, row in enumerate(rows):
        if row.is_empty:
            continue
        try:
            services.append(check_service(_service(row)))
        except UserError as error:
            raise UserError(error.sentence, field=f"{number}.{error.field}") from None
    return replace(draft, services=tuple(services))


def _service(row: TypedService) -> ServiceFields:
    minutes = row.minutes.strip()
    if not minutes.isdecimal():
        raise UserError("Type the length in minutes, like 50.", field="minutes")
    fee = parse_money(row.fee.strip() or "0", field="fee")
    return ServiceFields(row.name, row.code, int(minutes[:6]), fee)


def located(draft: Draft, formats: tuple[SessionFormat, ...]) -> Draft:
    """Add a location for each format beside the office."""
    locations = tuple(check_location(LocationFields(each.label, each)) for each in formats)
    return replace(draft, locations=locations)


def backed_up(draft: Draft, folder: str, first_invoice: str, first_superbill: str) -> Draft:
    """Add the backup folder and where numbers begin; raises ``UserError`` naming the field."""
    return replace(
        draft,
        backup_folder=Path(folder.strip()) if folder.strip() else None,
        first_invoice=_number(first_invoice, "first_invoice"),
        first_superbill=_number(first_superbill, "first_superbill"),
    )


def _number(text: str, field: str) -> int:
    typed = text.strip()
    if not typed.isdecimal():
        raise UserError("Type a number, like 1.", field=field)
    return check_start_number(int(typed[:9]), field=field)


def new_practice(draft: Draft) -> NewPractice:
    """Return what the file is made from."""
    return NewPractice(draft.practice, draft.owner, draft.license, draft.hours)


def beginning(here: datetime) -> Draft:
    """Return the draft that a first run begins with, on a computer where it is ``here``."""
    return Draft(practice=replace(NAMELESS_PRACTICE, zone=usual_zone(here)))


def usual_zone(here: datetime) -> str:
    """Return the zone of a US clock that stands where ``here`` does, else Eastern.

    ``here`` is this moment with the computer's own offset.
    """
    for zone in ZONES:
        if here.astimezone(ZoneInfo(zone)).utcoffset() == here.utcoffset():
            return zone
    return DEFAULT_ZONE

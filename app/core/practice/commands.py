"""Writes of the practice area."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from app.core.kernel.acting import Permission
from app.core.kernel.errors import UserError
from app.core.practice.rules.catalogue import ServiceFields, check_service, next_color
from app.core.practice.rules.identifiers import check_start_number
from app.core.practice.rules.organization import Hours, PracticeFields, check_hours, check_practice
from app.core.practice.rules.places import LocationFields, check_location
from app.core.practice.rules.settings import Home, Value, find_setting, read_value
from app.core.practice.tables import Location, OfficeHours, Practice, Service, Setting
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@command(permission=Permission.PRACTICE_SETTINGS, label="Change practice", undo=True)
def change_practice(uow: UnitOfWork, fields: PracticeFields) -> None:
    """Change the practice's name, address and identifiers."""
    row = uow.get(Practice, uow.actor.practice_id)
    uow.about("practice", row.id)
    _assign(row, asdict(check_practice(fields)))


@command(permission=Permission.PRACTICE_SETTINGS, label="Change setting", undo=True)
def set_setting(uow: UnitOfWork, key: str, text: str) -> None:
    """Set a setting that has a row of its own to what a person typed.

    Raises ``UserError`` for an unknown key, or a value that the setting does not take.
    """
    spec = find_setting(key)
    if spec.home is not Home.SETTING:
        raise UserError(f"{spec.label} is changed with the practice or the member.", field="key")
    keep_setting(uow, spec.key, read_value(spec, text))


def keep_setting(uow: UnitOfWork, key: str, value: Value) -> None:
    """Keep the checked value of a setting, or of what else the practice keeps by key."""
    row = uow.session.scalars(
        select(Setting)
        .where(Setting.practice_id == uow.actor.practice_id, Setting.key == key)
        .order_by(Setting.id)
    ).first()
    if row is None:
        row = uow.add(Setting(key=key, value=value))
    row.value = value
    uow.about("setting", row.id)


@command(permission=Permission.PRACTICE_SETTINGS, label="Set the first number")
def start_numbers_at(uow: UnitOfWork, prefix: str, first: int) -> None:
    """Say once with which number this year's papers of a kind (INV, SB, RC) begin."""
    uow.numbers.start_at(prefix, uow.today.year, check_start_number(first))


@command(permission=Permission.OPERATIONAL_SETTINGS, label="Add service", undo=True)
def add_service(uow: UnitOfWork, fields: ServiceFields) -> UUID:
    """Add a service to the end of the catalogue; without a color it gets the rarest one."""
    checked = check_service(fields)
    row = uow.add(Service(**_service_values(uow, checked), position=_count(uow, Service)))
    uow.about("service", row.id)
    return row.id


@command(permission=Permission.OPERATIONAL_SETTINGS, label="Change service", undo=True)
def change_service(uow: UnitOfWork, service_id: UUID, fields: ServiceFields) -> None:
    """Change a service; sessions that were held keep what they were charged."""
    row = uow.get(Service, service_id)
    uow.about("service", service_id)
    values = _service_values(uow, check_service(fields))
    if fields.color is None:
        del values["color"]
    _assign(row, values)


@command(permission=Permission.OPERATIONAL_SETTINGS, label="Retire service", undo=True)
def retire_service(uow: UnitOfWork, service_id: UUID, *, retired: bool = True) -> None:
    """Offer a service no longer, or again; what was booked with it stays."""
    uow.get(Service, service_id).retired = retired
    uow.about("service", service_id)


@command(permission=Permission.OPERATIONAL_SETTINGS, label="Add location", undo=True)
def add_location(uow: UnitOfWork, fields: LocationFields) -> UUID:
    """Add a location with its session format and place of service."""
    values = _location_values(check_location(fields))
    row = uow.add(Location(**values, position=_count(uow, Location)))
    uow.about("location", row.id)
    return row.id


@command(permission=Permission.OPERATIONAL_SETTINGS, label="Change location", undo=True)
def change_location(uow: UnitOfWork, location_id: UUID, fields: LocationFields) -> None:
    """Change a location; superbills already issued keep what they say."""
    uow.about("location", location_id)
    _assign(uow.get(Location, location_id), _location_values(check_location(fields)))


@command(permission=Permission.OPERATIONAL_SETTINGS, label="Retire location", undo=True)
def retire_location(uow: UnitOfWork, location_id: UUID, *, retired: bool = True) -> None:
    """Offer a location no longer, or again."""
    uow.get(Location, location_id).retired = retired
    uow.about("location", location_id)


@command(permission=Permission.OPERATIONAL_SETTINGS, label="Change office hours", undo=True)
def set_office_hours(uow: UnitOfWork, hours: tuple[Hours, ...]) -> None:
    """Replace the week's opening hours."""
    wanted = set(check_hours(hours))
    for row in uow.session.scalars(
        select(OfficeHours).where(OfficeHours.practice_id == uow.actor.practice_id)
    ):
        stretch = Hours(row.weekday, *row.stretch())
        if stretch in wanted:
            wanted.remove(stretch)
        else:
            uow.delete(row)
    for stretch in sorted(wanted, key=lambda each: (each.weekday, each.opens)):
        uow.add(
            OfficeHours(
                weekday=stretch.weekday,
                opens=stretch.opens.isoformat("minutes"),
                closes=stretch.closes.isoformat("minutes"),
            )
        )


def _service_values(uow: UnitOfWork, checked: ServiceFields) -> dict[str, Any]:
    values = asdict(checked)
    # asdict would also take the money apart.
    values["fee"] = checked.fee
    values["modifiers"] = list(checked.modifiers)
    values["case_kinds"] = [str(kind) for kind in checked.case_kinds]
    if checked.color is None:
        used = uow.session.scalars(
            select(Service.color).where(Service.practice_id == uow.actor.practice_id)
        )
        values["color"] = next_color([str(color) for color in used])
    return values


def _location_values(checked: LocationFields) -> dict[str, Any]:
    address = checked.address
    return {
        "name": checked.name,
        "format": checked.format,
        "place_of_service": checked.place_of_service,
        "address1": address.line1,
        "address2": address.line2,
        "city": address.city,
        "state": address.state,
        "zip": address.zip,
    }


def _count(uow: UnitOfWork, kind: type[Service | Location]) -> int:
    found = uow.session.scalar(
        select(func.count()).where(kind.practice_id == uow.actor.practice_id)
    )
    return found or 0


def _assign(row: Any, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)

"""Reads of the practice area."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.kernel.money import Money
from app.core.practice.rules.catalogue import CalendarColor, CaseKind, ServiceFields
from app.core.practice.rules.organization import Hours, PracticeFields
from app.core.practice.rules.places import Address, LocationFields, SessionFormat
from app.core.practice.rules.settings import SETTINGS, Home, Value, find_setting
from app.core.practice.tables import Location, OfficeHours, Practice, Service, Setting


@dataclass(frozen=True, slots=True)
class PracticeView:
    """The practice as screens and papers need it."""

    id: UUID
    fields: PracticeFields
    link_name: str
    is_demo: bool

    @property
    def name(self) -> str:
        """Return the name that screens show."""
        return self.fields.name

    @property
    def billing_name(self) -> str:
        """Return the name on papers: the legal one where there is one."""
        return self.fields.legal_name or self.fields.name

    @property
    def zone(self) -> str:
        """Return the IANA time zone."""
        return self.fields.zone

    @property
    def address(self) -> Address:
        """Return the postal address."""
        each = self.fields
        return Address(each.address1, each.address2, each.city, each.state, each.zip)


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A service of the catalogue."""

    id: UUID
    name: str
    code: str
    minutes: int
    fee: Money
    modifiers: tuple[str, ...]
    case_kinds: tuple[CaseKind, ...]
    bookable_online: bool
    color: CalendarColor
    patient_present: bool
    is_group: bool
    is_addon: bool
    is_crisis: bool
    retired: bool

    def as_fields(self) -> ServiceFields:
        """Return it as a form edits it."""
        return ServiceFields(
            **{each.name: getattr(self, each.name) for each in fields(ServiceFields)}
        )


@dataclass(frozen=True, slots=True)
class LocationView:
    """A location, with its session format."""

    id: UUID
    name: str
    format: SessionFormat
    place_of_service: str
    address: Address
    retired: bool

    def as_fields(self) -> LocationFields:
        """Return it as a form edits it."""
        return LocationFields(self.name, self.format, self.place_of_service, self.address)


def practice(session: Session, scope: Scope) -> PracticeView:
    """Return the practice; raises ``NotFound`` before it is set up."""
    row = session.scalars(_practice(scope.practice_id)).one_or_none()
    if row is None:
        raise NotFound("This file holds no practice yet: set it up first.")
    typed = PracticeFields(
        **{each.name: getattr(row, each.name) for each in fields(PracticeFields)}
    )
    return PracticeView(row.id, typed, row.link_name, row.is_demo)


@lru_cache(maxsize=8)
def _practice(practice_id: UUID) -> Select[Practice]:
    return select(Practice).where(Practice.practice_id == practice_id)


def services(session: Session, scope: Scope, *, retired: bool = False) -> list[ServiceView]:
    """Return the catalogue in the practice's order, with the retired ones if asked."""
    rows = session.scalars(_in_order(Service, scope.practice_id, retired))
    return [_service_view(row) for row in rows]


def service(session: Session, scope: Scope, service_id: UUID) -> ServiceView:
    """Return one service, also a retired one; raises ``NotFound``."""
    row = session.get(Service, (scope.practice_id, service_id))
    if row is None:
        raise NotFound("This service is no longer there.")
    return _service_view(row)


def locations(session: Session, scope: Scope, *, retired: bool = False) -> list[LocationView]:
    """Return the locations in the practice's order, with the retired ones if asked."""
    rows = session.scalars(_in_order(Location, scope.practice_id, retired))
    return [_location_view(row) for row in rows]


# The calendar reads catalogue and hours for every week: composing them anew would cost as much as
# their rows.
@lru_cache(maxsize=16)
def _in_order(kind: type[Service | Location], practice_id: UUID, retired: bool) -> Select[Any]:
    wanted = select(kind).where(kind.practice_id == practice_id)
    if not retired:
        wanted = wanted.where(kind.retired.is_(False))
    return wanted.order_by(kind.position, kind.id)


@lru_cache(maxsize=8)
def _hours(practice_id: UUID) -> Select[OfficeHours]:
    wanted = select(OfficeHours).where(OfficeHours.practice_id == practice_id)
    return wanted.order_by(OfficeHours.weekday, OfficeHours.opens)


def location(session: Session, scope: Scope, location_id: UUID) -> LocationView:
    """Return one location, also a retired one; raises ``NotFound``."""
    row = session.get(Location, (scope.practice_id, location_id))
    if row is None:
        raise NotFound("This location is no longer there.")
    return _location_view(row)


def office_hours(session: Session, scope: Scope) -> list[Hours]:
    """Return the week's opening hours, Monday first."""
    rows = session.scalars(_hours(scope.practice_id))
    return [Hours(row.weekday, *row.stretch()) for row in rows]


def setting(session: Session, scope: Scope, key: str) -> Value:
    """Return a setting that has a row of its own, or its default; ``UserError`` for no such."""
    spec = find_setting(key)
    return settings(session, scope).get(spec.key, spec.default)


def settings(session: Session, scope: Scope) -> dict[str, Value]:
    """Return the value of every setting that has a row of its own, by key."""
    rows = session.execute(_settings(scope.practice_id))
    kept = {row.key: row.value for row in rows}
    return {
        spec.key: kept.get(spec.key, spec.default) for spec in SETTINGS if spec.home is Home.SETTING
    }


def settings_under(session: Session, scope: Scope, prefix: str) -> dict[str, Any]:
    """Return by key what the practice keeps under ``prefix`` and a dot."""
    kept: dict[str, Any] = {}
    # Of two rows of one key, made on two computers, the older one is the one that is changed.
    rows = session.execute(_settings(scope.practice_id).order_by(Setting.id))
    for key, value in rows:
        if key.startswith(f"{prefix}."):
            kept.setdefault(key, value)
    return kept


@lru_cache(maxsize=8)
def _settings(practice_id: UUID) -> Select[Any]:
    return select(Setting.key, Setting.value).where(Setting.practice_id == practice_id)


def _service_view(row: Service) -> ServiceView:
    return ServiceView(
        id=row.id,
        name=row.name,
        code=row.code,
        minutes=row.minutes,
        fee=row.fee,
        modifiers=tuple(row.modifiers),
        case_kinds=tuple(CaseKind(kind) for kind in row.case_kinds),
        bookable_online=row.bookable_online,
        color=row.color,
        patient_present=row.patient_present,
        is_group=row.is_group,
        is_addon=row.is_addon,
        is_crisis=row.is_crisis,
        retired=row.retired,
    )


def _location_view(row: Location) -> LocationView:
    return LocationView(
        row.id, row.name, row.format, row.place_of_service, row.address, row.retired
    )

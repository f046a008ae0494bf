"""Bare sessions get the names of their case, people, service and location, in batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.cases import queries as cases
from app.core.cases.queries import CaseView
from app.core.kernel.acting import Scope
from app.core.kernel.clock import wall_time
from app.core.practice import queries as practice
from app.core.practice.queries import LocationView, ServiceView
from app.core.practice.rules.catalogue import CalendarColor
from app.core.practice.rules.places import place_of_service
from app.core.scheduling.queries.reading import Bare
from app.core.scheduling.queries.views import SessionView
from app.core.scheduling.rules.status import ClientPlace


def named(
    session: Session,
    scope: Scope,
    found: Sequence[Bare],
    overlapping: Iterable[UUID] = (),
) -> list[SessionView]:
    """Return ``found`` as views, in their order; what lies in no visible case is left out."""
    if not found:
        return []
    of_case = {
        each.id: each
        for each in cases.cases(session, scope, list({bare.case_id for bare in found}))
    }
    services = {each.id: each for each in practice.services(session, scope, retired=True)}
    locations = {each.id: each for each in practice.locations(session, scope, retired=True)}
    marked = frozenset(overlapping)
    return [
        _view(
            bare,
            of_case[bare.case_id],
            services.get(bare.service_id) if bare.service_id else None,
            locations.get(bare.location_id) if bare.location_id else None,
            bare.id in marked,
        )
        for bare in found
        if bare.case_id in of_case
    ]


def _view(
    bare: Bare,
    case: CaseView,
    service: ServiceView | None,
    location: LocationView | None,
    overlaps: bool,
) -> SessionView:
    return SessionView(
        id=bare.id,
        case_id=bare.case_id,
        case_kind=case.kind,
        title=case.title,
        people=case.people,
        member_id=bare.member_id,
        supervisor_id=bare.supervisor_id or case.supervisor_id,
        series_id=bare.series_id,
        original_start=bare.original_start,
        is_kept=bare.is_kept,
        starts=bare.starts,
        ends=wall_time(bare.ends_at, bare.zone),
        minutes=bare.minutes,
        zone=bare.zone,
        starts_at=bare.starts_at,
        ends_at=bare.ends_at,
        status=bare.status,
        chargeable=bare.chargeable,
        canceled_by=bare.canceled_by,
        reason=bare.reason,
        service_id=bare.service_id,
        service_name=service.name if service else "",
        color=service.color if service else CalendarColor.STONE,
        location_id=bare.location_id,
        location_name=location.name if location else "",
        format=location.format if location else None,
        place_of_service=_place_of_service(bare.client_place, location),
        client_place=bare.client_place,
        client_state=bare.client_state,
        memo=bare.memo,
        overlaps=overlaps,
    )


def _place_of_service(client_place: ClientPlace | None, location: LocationView | None) -> str:
    if location is None:
        return ""
    at_home = None if client_place is None else client_place is ClientPlace.HOME
    return place_of_service(location.format, location.place_of_service, client_at_home=at_home)

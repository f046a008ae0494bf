"""Bare sessions get the names of their case, people, service and location, in batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.orm import Session

from app.core.cases.queries import CasePerson
from app.core.cases.rules import case_title
from app.core.cases.tables import Case, CaseParticipant
from app.core.kernel.acting import Scope
from app.core.kernel.clock import wall_time
from app.core.kernel.text import PersonName
from app.core.people.tables import Client
from app.core.practice import queries as practice
from app.core.practice.queries import LocationView, ServiceView
from app.core.practice.rules.catalogue import CalendarColor, CaseKind
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
    of_case = _cases(session, scope, {bare.case_id for bare in found})
    services = {each.id: each for each in practice.services(session, scope, retired=True)}
    placed = any(bare.location_id for bare in found)
    known = practice.locations(session, scope, retired=True) if placed else ()
    locations = {each.id: each for each in known}
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


@dataclass(frozen=True, slots=True)
class _CaseNames:
    """What a list of sessions says of a case."""

    kind: CaseKind
    title: str
    supervisor_id: UUID | None
    people: tuple[CasePerson, ...]


def _cases(session: Session, scope: Scope, ids: Collection[UUID]) -> dict[UUID, _CaseNames]:
    """Return the names of cases in one statement: the calendar reads them for every week."""
    rows = session.execute(_names_of_cases(scope.practice_id), {"ids": list(ids)})
    people: defaultdict[UUID, list[CasePerson]] = defaultdict(list)
    kinds: dict[UUID, tuple[CaseKind, str, UUID | None]] = {}
    for case_id, kind, name, supervisor_id, client_id, *names in rows:
        kinds[case_id] = kind, name, supervisor_id
        if client_id is not None:
            people[case_id].append(CasePerson(client_id, PersonName(*names)))
    return {
        case_id: _CaseNames(
            kind,
            case_title(kind, name, [each.name for each in people[case_id]]),
            supervisor_id,
            tuple(people[case_id]),
        )
        for case_id, (kind, name, supervisor_id) in kinds.items()
    }


_NAMES_OF_CASE: tuple[Any, ...] = (
    Case.id,
    Case.kind,
    Case.name,
    Case.supervisor_id,
    Client.id,
    Client.legal_given,
    Client.legal_middle,
    Client.legal_family,
    Client.legal_suffix,
    Client.chosen_name,
)


@lru_cache(maxsize=8)
def _names_of_cases(practice_id: UUID) -> Select[Any]:
    return (
        select(*_NAMES_OF_CASE)
        .outerjoin(
            CaseParticipant,
            and_(
                CaseParticipant.practice_id == Case.practice_id,
                CaseParticipant.case_id == Case.id,
                CaseParticipant.to_on.is_(None),
            ),
        )
        .outerjoin(
            Client,
            and_(
                Client.practice_id == CaseParticipant.practice_id,
                Client.id == CaseParticipant.client_id,
            ),
        )
        .where(Case.practice_id == practice_id, Case.id.in_(bindparam("ids", expanding=True)))
        .order_by(CaseParticipant.position, CaseParticipant.id)
    )


def _view(
    bare: Bare,
    case: _CaseNames,
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

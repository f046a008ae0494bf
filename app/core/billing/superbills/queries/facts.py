"""Everything that superbills of a range of dates are made of, read in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.payments import PaidPart, PaidSummary, paid_by_charge
from app.core.billing.ledger.queries.sums import is_void, real_charges
from app.core.billing.ledger.rules.words import ChargeKind
from app.core.billing.ledger.tables import Charge
from app.core.billing.superbills.queries.issued import live_on
from app.core.billing.superbills.queries.patients import patients
from app.core.billing.superbills.rules import facts
from app.core.billing.superbills.rules.facts import (
    Clinician,
    Facts,
    HeldLicense,
    Holder,
    Judges,
)
from app.core.cases import queries as cases
from app.core.cases.queries import CaseView
from app.core.cases.rules import NEEDS_IDENTIFIED_PATIENT
from app.core.cases.tables import Case, CaseParticipant
from app.core.clinical.queries.diagnoses import diagnoses_of_clients
from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.clinical.rules.notes import NoteStatus
from app.core.clinical.tables import Note
from app.core.kernel.acting import Scope
from app.core.kernel.money import ZERO
from app.core.practice import queries as practice
from app.core.practice.rules.places import Address, SessionFormat, place_of_service
from app.core.practice.tables import Location, Service
from app.core.scheduling.rules.status import AppointmentStatus, ClientPlace
from app.core.scheduling.tables import Appointment, ServiceLine
from app.core.store.columns import Id
from app.core.team import queries as team

_CHARGE_COLUMNS: tuple[Any, ...] = (
    Charge.id,
    Charge.case_id,
    Charge.client_id,
    Charge.member_id,
    Charge.appointment_id,
    Charge.service_line_id,
    Charge.kind,
    Charge.held_on,
    Charge.code,
    Charge.description,
    Charge.modifiers,
    Charge.minutes,
    Charge.units,
    Charge.amount,
    Charge.usual_fee,
)
#: A year of weekly sessions: what waits longer is found by its dates.
_LOOKED_BACK = 60


@dataclass(frozen=True, slots=True)
class _Held:
    """What a session adds to its charges."""

    status: AppointmentStatus
    supervisor_id: UUID | None
    location_id: UUID | None
    format: SessionFormat | None
    place: str
    place_address: str


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read once for all charges."""

    cases: dict[UUID, CaseView]
    held: dict[UUID, _Held]
    lines: dict[UUID, tuple[UUID, str, tuple[str, ...]]]
    """Of a service line: its service, the service's code, its modifiers."""
    signed: frozenset[UUID]
    paid: dict[UUID, PaidSummary]
    live: dict[UUID, tuple[Holder, ...]]
    owner_id: UUID


def superbill_facts(
    session: Session,
    scope: Scope,
    first: date,
    last: date,
    judges: Judges,
    client_ids: Sequence[UUID] | None = None,
) -> Facts:
    """Return the facts about all charged sessions from ``first`` to ``last``, both included.

    With ``client_ids`` only the sessions that concern one of these clients.
    """
    asked: dict[str, Any] = {"first": first, "last": last}
    if client_ids is not None:
        asked["clients"] = client_ids
    charged = session.execute(_charged(scope, client_ids is not None), asked).all()
    known = _read(session, scope, charged)
    found = [_session(each, known) for each in charged]
    sessions = tuple(each for each in found if _concerns(each, client_ids))
    elsewhere = tuple(each for each in found if not _concerns(each, client_ids))
    seen = sorted({each.client_id for each in found if each.client_id})
    own = practice.practice(session, scope)
    return Facts(
        practice=own.fields,
        practice_id=own.id,
        is_demo=own.is_demo,
        people=patients(session, scope, seen),
        clinicians=_clinicians(session, scope, sessions),
        diagnoses=_diagnoses(session, scope, seen),
        sessions=sessions,
        judges=judges,
        elsewhere=elsewhere,
    )


def days_to_bill(session: Session, scope: Scope, client_id: UUID) -> list[date]:
    """Return the days of a client's latest sessions that are paid and on no live superbill."""
    charged = session.execute(
        select(Charge.id, Charge.held_on)
        .where(
            real_charges(scope),
            Charge.kind == ChargeKind.SESSION,
            ~is_void(),
            _of_clients(),
        )
        .order_by(Charge.held_on.desc(), Charge.id)
        .limit(_LOOKED_BACK),
        {"clients": [client_id]},
    ).all()
    ids = [charge_id for charge_id, _ in charged]
    paid, live = paid_by_charge(session, scope, ids), live_on(session, scope, ids)
    return sorted({day for each, day in charged if paid[each].paid > ZERO and each not in live})


def _concerns(found: facts.Session, client_ids: Sequence[UUID] | None) -> bool:
    return client_ids is None or any(found.concerns(each) for each in client_ids)


def _diagnoses(
    session: Session, scope: Scope, client_ids: Sequence[UUID]
) -> dict[UUID, tuple[Diagnosis, ...]]:
    found = diagnoses_of_clients(session, scope, client_ids)
    if practice.setting(session, scope, "superbill.diagnosis_words"):
        return found
    return {
        client_id: tuple(replace(each, description="") for each in own)
        for client_id, own in found.items()
    }


# A month is issued in many slices, and each reads these: composing them anew would cost more than
# their rows.
@lru_cache(maxsize=8)
def _charged(scope: Scope, of_clients: bool) -> Select[Any]:
    within = Charge.held_on.between(bindparam("first"), bindparam("last"))
    wanted = (
        select(*_CHARGE_COLUMNS)
        .where(real_charges(scope), within, Charge.kind != ChargeKind.OPENING_BALANCE, ~is_void())
        .order_by(Charge.held_on, Charge.id)
    )
    return wanted.where(_of_clients()) if of_clients else wanted


@cache
def _of_clients() -> Any:
    clients = bindparam("clients", type_=Id, expanding=True)
    inside = select(CaseParticipant.case_id).where(
        CaseParticipant.practice_id == Case.practice_id,
        CaseParticipant.client_id.in_(clients),
        CaseParticipant.to_on.is_(None),
    )
    together = and_(Case.kind.in_(NEEDS_IDENTIFIED_PATIENT), Case.id.in_(inside))
    shared = select(Case.id).where(
        Case.practice_id == Charge.practice_id,
        or_(Case.identified_client_id.in_(clients), together),
    )
    return or_(Charge.client_id.in_(clients), Charge.case_id.in_(shared))


def _read(session: Session, scope: Scope, charged: Sequence[Any]) -> _Known:
    charge_ids = [each.id for each in charged]
    appointment_ids = [each.appointment_id for each in charged if each.appointment_id]
    line_ids = [each.service_line_id for each in charged if each.service_line_id]
    views = cases.cases(session, scope, list({each.case_id for each in charged}))
    return _Known(
        cases={each.id: each for each in views},
        held=_held(session, scope, appointment_ids),
        lines=_lines(session, scope, line_ids),
        signed=_signed(session, scope, appointment_ids),
        paid=paid_by_charge(session, scope, charge_ids),
        live=live_on(session, scope, charge_ids),
        owner_id=team.owner(session, scope).id,
    )


def _held(session: Session, scope: Scope, ids: Sequence[UUID]) -> dict[UUID, _Held]:
    rows = session.execute(_held_among(scope.practice_id), {"ids": ids})
    return {held_id: _held_at(*row) for held_id, *row in rows}


@lru_cache(maxsize=8)
def _held_among(practice_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Appointment.id,
            Appointment.status,
            Appointment.supervisor_id,
            Appointment.location_id,
            Appointment.client_place,
            Location.format,
            Location.place_of_service,
            Location.address1,
            Location.address2,
            Location.city,
            Location.state,
            Location.zip,
        )
        .outerjoin(
            Location,
            and_(
                Location.practice_id == Appointment.practice_id,
                Location.id == Appointment.location_id,
            ),
        )
        .where(
            Appointment.practice_id == practice_id,
            Appointment.id.in_(bindparam("ids", expanding=True)),
        )
    )


def _held_at(
    status: AppointmentStatus,
    supervisor_id: UUID | None,
    location_id: UUID | None,
    client_place: ClientPlace | None,
    location_format: SessionFormat | None,
    usual_place: str,
    *address: str,
) -> _Held:
    place = where = ""
    if location_format is not None:
        at_home = None if client_place is None else client_place is ClientPlace.HOME
        place = place_of_service(location_format, usual_place, client_at_home=at_home)
        if location_format is SessionFormat.IN_PERSON:
            where = ", ".join(Address(*address).lines())
    return _Held(status, supervisor_id, location_id, location_format, place, where)


def _lines(
    session: Session, scope: Scope, ids: Sequence[UUID]
) -> dict[UUID, tuple[UUID, str, tuple[str, ...]]]:
    rows = session.execute(_lines_among(scope.practice_id), {"ids": ids})
    return {line_id: (service_id, code, tuple(words)) for line_id, service_id, code, words in rows}


@lru_cache(maxsize=8)
def _lines_among(practice_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(ServiceLine.id, Service.id, Service.code, ServiceLine.modifiers)
        .join(
            Service,
            and_(
                Service.practice_id == ServiceLine.practice_id,
                Service.id == ServiceLine.service_id,
            ),
        )
        .where(
            ServiceLine.practice_id == practice_id,
            ServiceLine.id.in_(bindparam("ids", expanding=True)),
        )
    )


def _signed(session: Session, scope: Scope, ids: Sequence[UUID]) -> frozenset[UUID]:
    # The status is compared here: given it, SQLite would walk the signed notes of all years.
    rows = session.execute(_noted_among(scope.practice_id), {"ids": ids})
    return frozenset(held for held, status in rows if held and status is NoteStatus.SIGNED)


@lru_cache(maxsize=8)
def _noted_among(practice_id: UUID) -> Select[*tuple[Any, ...]]:
    return select(Note.appointment_id, Note.status).where(
        Note.practice_id == practice_id,
        Note.appointment_id.in_(bindparam("ids", expanding=True)),
    )


def _session(charge: Any, known: _Known) -> facts.Session:
    case = known.cases[charge.case_id]
    held = known.held.get(charge.appointment_id) if charge.appointment_id else None
    service_id, code, modifiers = None, charge.code, tuple(charge.modifiers)
    if charge.service_line_id in known.lines:
        # The money stands in the ledger; code and modifiers may still be put right until the
        # superbill is issued.
        service_id, service_code, modifiers = known.lines[charge.service_line_id]
        code = code or service_code
    shared = case.kind in NEEDS_IDENTIFIED_PATIENT
    paid = known.paid[charge.id]
    return facts.Session(
        charge_id=charge.id,
        case_id=case.id,
        case_kind=case.kind,
        case_title=case.title,
        client_id=case.identified_client_id if shared else charge.client_id,
        held_on=charge.held_on,
        attended=charge.kind is ChargeKind.SESSION
        and (held is None or held.status is AppointmentStatus.COMPLETED),
        code=code,
        description=charge.description,
        modifiers=modifiers,
        minutes=charge.minutes,
        units=charge.units,
        amount=charge.amount,
        usual_fee=charge.usual_fee,
        paid=paid.paid,
        paid_by=tuple(_paid_words(part) for part in paid.parts),
        rendering_id=charge.member_id or case.provider_id or known.owner_id,
        supervisor_id=held.supervisor_id if held else None,
        place=held.place if held else "",
        place_address=held.place_address if held else "",
        format=held.format if held else None,
        appointment_id=charge.appointment_id,
        service_line_id=charge.service_line_id,
        service_id=service_id,
        location_id=held.location_id if held else None,
        note_signed=charge.appointment_id in known.signed,
        live_on=known.live.get(charge.id, ()),
        participants=tuple(person.id for person in case.people),
    )


def _paid_words(part: PaidPart) -> str:
    words = part.words[:1].lower() + part.words[1:]
    if part.words.startswith("Zelle"):
        words = part.words
    return f"{part.received_on:%m/%d/%Y} {words}"


def _clinicians(
    session: Session, scope: Scope, sessions: Sequence[facts.Session]
) -> dict[UUID, Clinician]:
    ids = {each.rendering_id for each in sessions}
    ids |= {each.supervisor_id for each in sessions if each.supervisor_id}
    return {
        member_id: Clinician(
            member_id=member_id,
            name=member.titled,
            npi=member.npi,
            taxonomy=member.taxonomy,
            licenses=tuple(HeldLicense(each.id, each.as_fields()) for each in licenses),
        )
        for member_id, (member, licenses) in team.providers_licensed(
            session, scope, sorted(ids)
        ).items()
    }

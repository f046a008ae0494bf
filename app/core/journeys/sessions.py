"""A session is settled: its status, and what it charges or gives back, in one unit of work.

A session that is only computed from its series becomes a row on the way. These acts write the
ledger, so they are reversed by ``reopen``, not by undo.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import select

from app.core.billing.fees.queries import fees_of_case
from app.core.billing.fees.rules import check_own_fee
from app.core.billing.invoices.queries.listing import invoices_of_charges
from app.core.billing.ledger.commands import Recorded, add_charges, record_payment, void_charge
from app.core.billing.ledger.queries.charges import charges_of_appointments
from app.core.billing.ledger.rules.charging import (
    ChargedLine,
    ChargedSession,
    charges_for_attended,
    charges_for_missed,
)
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.cases import queries as cases
from app.core.cases.tables import Case
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from app.core.practice.tables import Service
from app.core.scheduling import commands as scheduling
from app.core.scheduling.commands import PastSession
from app.core.scheduling.rules.status import AppointmentStatus, CanceledBy, is_charged
from app.core.scheduling.tables import Appointment, ServiceLine
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Settled:
    """What settling a session charged, and how much of that the payers' credit paid at once."""

    session_id: UUID
    charge_ids: tuple[UUID, ...] = ()
    charged: Money = ZERO
    from_credit: Money = ZERO


@dataclass(frozen=True, slots=True)
class PastEntry:
    """A past session as quick entry takes it, with what was paid for it, if anything."""

    session: PastSession
    fee: Money | None = None
    payment: PaymentEntry | None = None


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Mark attended")
def attend(uow: UnitOfWork, session_id: UUID) -> Settled:
    """Mark a session attended and charge its service lines.

    Raises ``UserError`` when it is settled already, or when its day has not come.
    """
    scheduling.complete_session(uow, session_id)
    return _charge(uow, session_id)


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Mark missed")
def miss(
    uow: UnitOfWork, session_id: UUID, *, charged: bool = False, fee: Money | None = None
) -> Settled:
    """Mark a session missed; if ``charged``, it owes ``fee``, else what it would have cost.

    Raises ``UserError`` when it is settled already, when its day has not come, or (field
    ``fee``) for a fee below zero.
    """
    scheduling.miss_session(uow, session_id, chargeable=charged)
    return _charge(uow, session_id, fee)


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Cancel session")
def cancel(
    uow: UnitOfWork,
    session_id: UUID,
    *,
    by: CanceledBy = CanceledBy.CLIENT,
    reason: str = "",
    late: bool = False,
    charged: bool = False,
    fee: Money | None = None,
) -> Settled:
    """Call a session off; a ``charged`` late cancellation owes ``fee`` or the full price."""
    scheduling.cancel_session(uow, session_id, by=by, reason=reason, late=late, chargeable=charged)
    return _charge(uow, session_id, fee)


@command(permission=Permission.SCHEDULE, act=Act.CLOSE, label="Reopen session")
def reopen(uow: UnitOfWork, session_id: UUID) -> Settled:
    """Make a settled session scheduled again; its charges are voided, what was paid is credit.

    Raises ``UserError`` while a live invoice asks for them: the invoice is voided first.
    """
    found = charges_of_appointments(uow.session, uow.scope, [session_id]).get(session_id, [])
    on_invoice = invoices_of_charges(uow.session, uow.scope, [each.id for each in found])
    if on_invoice:
        mark = next(iter(on_invoice.values()))
        raise UserError(
            f"This session is on invoice {mark.number}: void the invoice first.",
            record=("invoice", str(mark.id)),
        )
    scheduling.reopen_session(uow, session_id)
    for each in found:
        void_charge(uow, each.id, reason="Session reopened")
    return Settled(session_id)


@command(permission=Permission.SCHEDULE, label="Enter past sessions")
def enter_past(uow: UnitOfWork, entries: Sequence[PastEntry]) -> list[Settled]:
    """Enter sessions that were held or missed already, charge them, and take what was paid.

    A payment goes to its own session first; what exceeds it becomes credit. All are entered, or
    none. Raises ``UserError`` naming the field to mend.
    """
    ids = scheduling.enter_past_sessions(uow, [entry.session for entry in entries])
    settled: list[Settled] = []
    for session_id, entry in zip(ids, entries, strict=True):
        done = _charge(uow, session_id, entry.fee)
        settled.append(done)
        if entry.payment is not None:
            _take_payment(uow, entry.payment, done)
    return settled


def _take_payment(uow: UnitOfWork, payment: PaymentEntry, settled: Settled) -> Recorded:
    if payment.charge_ids is None:
        payment = replace(payment, charge_ids=settled.charge_ids)
    return record_payment(uow, payment)


def _charge(uow: UnitOfWork, session_id: UUID, fee: Money | None = None) -> Settled:
    """Charge a session that was just settled, if its status owes anything."""
    row = uow.get(Appointment, session_id)
    if not is_charged(row.status, row.chargeable):
        return Settled(session_id)
    session, lines = _charged_session(uow, row), _charged_lines(uow, row)
    if row.status is AppointmentStatus.COMPLETED:
        new = charges_for_attended(session, lines)
    else:
        asked = None if fee is None else check_own_fee(fee)
        late = row.status is AppointmentStatus.LATE_CANCELED
        new = charges_for_missed(session, lines, asked, late=late)
    charged = add_charges(uow, new)
    return Settled(session_id, charged.charge_ids, charged.amount, charged.from_credit)


def _charged_session(uow: UnitOfWork, row: Appointment) -> ChargedSession:
    case = uow.get(Case, row.case_id)
    people = cases.participants(uow.session, uow.scope, [row.case_id]).get(row.case_id, ())
    return ChargedSession(
        appointment_id=row.id,
        case_id=row.case_id,
        case_kind=case.kind,
        people=tuple(people),
        identified_client_id=case.identified_client_id,
        held_on=row.starts.date(),
        minutes=row.minutes,
        member_id=row.member_id,
    )


def _charged_lines(uow: UnitOfWork, row: Appointment) -> tuple[ChargedLine, ...]:
    found = uow.session.execute(
        select(ServiceLine, Service)
        .join(
            Service,
            (Service.practice_id == ServiceLine.practice_id)
            & (Service.id == ServiceLine.service_id),
        )
        .where(ServiceLine.appointment_id == row.id)
        .order_by(ServiceLine.position)
    ).all()
    fees = fees_of_case(uow.session, uow.scope, row.case_id, [service.id for _, service in found])
    return tuple(
        ChargedLine(
            id=line.id,
            service=service.name,
            code=service.code,
            modifiers=tuple(line.modifiers),
            units=line.units,
            # The session's own length is that of its first service; others lie inside it.
            minutes=row.minutes if line.position == 0 else service.minutes,
            fee=fees[service.id],
            said=line.fee,
        )
        for line, service in found
    )

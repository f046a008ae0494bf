"""Writes of the ledger: rows are added, never changed.

Credit pays a new charge by itself, the oldest money first: an overpayment of one session counts
toward the next, as a clinician expects. Credit that comes when charges are already open (a
payment that the person kept from them, a voided charge, a credit brought forward) stays until
*Apply credit* is asked for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from app.core.billing.ledger.queries.charges import charge, owed_by
from app.core.billing.ledger.queries.payments import (
    credits_left,
    payment,
    pieces_of_charge,
    pieces_of_payment,
)
from app.core.billing.ledger.rules.allocation import (
    Owed,
    Part,
    Piece,
    Plan,
    as_said,
    oldest_first,
    set_free,
    spend_credit,
    take_out,
)
from app.core.billing.ledger.rules.entries import (
    NewCharge,
    OpeningEntry,
    PaymentEntry,
    RefundEntry,
    check_opening,
    check_payment,
    check_refund,
)
from app.core.billing.ledger.rules.words import (
    OPENING_BALANCE_WORDS,
    SHARED_CASES,
    ChargeKind,
    Method,
    PaymentKind,
)
from app.core.billing.ledger.tables import Allocation, Charge, Payment
from app.core.cases.tables import Case, CaseParticipant
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money, total
from app.core.kernel.text import clean_line
from app.core.people.tables import Client
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class Recorded:
    """A payment as it went into the ledger."""

    payment_id: UUID
    plan: Plan


@dataclass(frozen=True, slots=True)
class Charged:
    """Charges as they went into the ledger, and how much of them credit paid at once."""

    charge_ids: tuple[UUID, ...]
    amount: Money
    from_credit: Money


@command(permission=Permission.BILL, act=Act.CLOSE, label="Charge")
def add_charges(uow: UnitOfWork, new: Sequence[NewCharge]) -> Charged:
    """Charge the lines of a session; credit that its payers have pays them at once."""
    from_credit = ZERO
    ids = uow.insert_many(Charge, [_charge_values(uow, each) for each in new])
    for case_id, client_id in dict.fromkeys((each.case_id, each.client_id) for each in new):
        fresh = [
            Owed(charge_id, each.held_on, each.amount)
            for charge_id, each in zip(ids, new, strict=True)
            if (each.case_id, each.client_id) == (case_id, client_id)
        ]
        held = credits_left(uow.session, uow.scope, _payers(uow, case_id, client_id))
        pieces = spend_credit(held, fresh)
        _allocate(uow, pieces)
        from_credit += total(piece.amount for piece in pieces)
    return Charged(tuple(ids), total(each.amount for each in new), from_credit)


@command(permission=Permission.BILL, act=Act.SETTLE, label="Void charge")
def void_charge(uow: UnitOfWork, charge_id: UUID, *, reason: str = "") -> None:
    """Reverse a charge as a whole; what was paid of it becomes the payers' credit.

    Raises ``UserError`` when it is void already.
    """
    found = charge(uow.session, uow.scope, charge_id)
    if found.is_void:
        raise UserError("This charge is void already.")
    uow.about("charge", charge_id)
    _allocate(uow, set_free(pieces_of_charge(uow.session, uow.scope, charge_id)))
    row = uow.get(Charge, charge_id)
    uow.add(
        Charge(
            case_id=row.case_id,
            client_id=row.client_id,
            appointment_id=row.appointment_id,
            service_line_id=row.service_line_id,
            member_id=row.member_id,
            kind=row.kind,
            held_on=row.held_on,
            code=row.code,
            description=row.description,
            modifiers=row.modifiers,
            units=row.units,
            minutes=row.minutes,
            amount=-row.amount,
            usual_fee=-row.usual_fee,
            reverses_id=charge_id,
            reason=clean_line(reason, field="reason"),
            recorded_at=uow.now,
        )
    )


@command(permission=Permission.BILL, act=Act.SETTLE, label="Record payment")
def record_payment(uow: UnitOfWork, entry: PaymentEntry) -> Recorded:
    """Take in money: to charges as the person says, else oldest first; the rest is credit.

    Given the same ``payment_id`` again it adds nothing and returns what it did. Raises
    ``UserError`` naming the field to mend.
    """
    known = uow.find(Payment, entry.payment_id)
    if known is not None:
        return Recorded(known.id, _plan_of(uow, known.id))
    checked = check_payment(entry, uow.today)
    uow.get(Client, checked.client_id)
    if checked.case_id is not None:
        uow.get(Case, checked.case_id)
    uow.about("payment", checked.payment_id)
    plan = _plan(uow, checked)
    uow.add(
        Payment(
            id=checked.payment_id,
            client_id=checked.client_id,
            case_id=checked.case_id,
            kind=PaymentKind.PAYMENT,
            method=checked.method,
            reference=checked.reference,
            note=checked.note,
            received_on=checked.received_on,
            amount=checked.amount,
            recorded_at=uow.now,
        )
    )
    _allocate(uow, _pieces(checked.payment_id, plan.parts))
    return Recorded(checked.payment_id, plan)


@command(permission=Permission.BILL, act=Act.SETTLE, label="Reverse payment")
def reverse_payment(uow: UnitOfWork, payment_id: UUID, *, reason: str = "") -> None:
    """Take out a payment that was a mistake or not honored; what it paid is owed again.

    The reversal has the payment's own date, so that the month it was entered in adds up. What
    was refunded before stays refunded. Raises ``UserError`` when nothing of it is left.
    """
    found = payment(uow.session, uow.scope, payment_id)
    if found.reverses_id is not None:
        raise UserError("A refund or reversal cannot be reversed; record a payment instead.")
    if found.is_gone:
        raise UserError("Nothing is left of this payment: it is reversed or refunded already.")
    _give_back(uow, payment_id, found.amount + found.taken, found.credit)
    uow.add(
        Payment(
            client_id=found.client_id,
            case_id=found.case_id,
            kind=PaymentKind.REVERSAL,
            method=found.method,
            reference=found.reference,
            note=clean_line(reason, field="reason"),
            received_on=found.received_on,
            amount=-(found.amount + found.taken),
            reverses_id=payment_id,
            recorded_at=uow.now,
        )
    )


@command(permission=Permission.BILL, act=Act.SETTLE, label="Refund")
def refund_payment(uow: UnitOfWork, entry: RefundEntry) -> UUID:
    """Give money back: of the payment's credit first, then of its newest allocation.

    Given the same ``refund_id`` again it adds nothing. Raises ``UserError`` naming the field to
    mend, above all when more is to be given back than is left.
    """
    if uow.find(Payment, entry.refund_id) is not None:
        return entry.refund_id
    found = payment(uow.session, uow.scope, entry.payment_id)
    if found.reverses_id is not None:
        raise UserError("Choose the payment that is given back.", field="payment")
    checked = check_refund(entry, found.received_on, uow.today)
    _give_back(uow, found.id, checked.amount, found.credit)
    uow.add(
        Payment(
            id=checked.refund_id,
            client_id=found.client_id,
            case_id=found.case_id,
            kind=PaymentKind.REFUND,
            method=checked.method,
            reference=checked.reference,
            note=checked.note,
            received_on=checked.refunded_on,
            amount=-checked.amount,
            reverses_id=found.id,
            recorded_at=uow.now,
        )
    )
    return checked.refund_id


@command(permission=Permission.BILL, act=Act.SETTLE, label="Apply credit")
def apply_credit(uow: UnitOfWork, client_id: UUID, *, case_id: UUID | None = None) -> Money:
    """Let a client's credit pay what is open, oldest date of service first; return how much."""
    owed = owed_by(uow.session, uow.scope, client_id, case_id)
    pieces = spend_credit(credits_left(uow.session, uow.scope, [client_id]), owed)
    uow.about("client", client_id)
    _allocate(uow, pieces)
    return total(piece.amount for piece in pieces)


@command(permission=Permission.BILL, label="Enter opening balance")
def enter_opening_balance(uow: UnitOfWork, entry: OpeningEntry) -> UUID:
    """Enter what was owed in a case before the practice used this program.

    Given the same ``entry_id`` again it adds nothing. No credit pays it unasked.
    """
    if uow.find(Charge, entry.entry_id) is not None:
        return entry.entry_id
    checked = check_opening(entry, uow.today)
    uow.get(Client, checked.client_id)
    uow.get(Case, checked.case_id)
    new = NewCharge(
        case_id=checked.case_id,
        client_id=checked.client_id,
        kind=ChargeKind.OPENING_BALANCE,
        held_on=checked.as_of,
        description=OPENING_BALANCE_WORDS,
        amount=checked.amount,
        usual_fee=checked.amount,
    )
    uow.about("charge", checked.entry_id)
    uow.insert_many(Charge, [{**_charge_values(uow, new), "id": checked.entry_id}])
    return checked.entry_id


@command(permission=Permission.BILL, label="Enter opening credit")
def enter_opening_credit(uow: UnitOfWork, entry: OpeningEntry) -> UUID:
    """Enter what a client had paid ahead before the practice used this program.

    Given the same ``entry_id`` again it adds nothing.
    """
    if uow.find(Payment, entry.entry_id) is not None:
        return entry.entry_id
    checked = check_opening(entry, uow.today)
    uow.get(Client, checked.client_id)
    uow.about("payment", checked.entry_id)
    uow.add(
        Payment(
            id=checked.entry_id,
            client_id=checked.client_id,
            case_id=checked.case_id,
            kind=PaymentKind.OPENING_CREDIT,
            method=Method.BROUGHT_FORWARD,
            received_on=checked.as_of,
            amount=checked.amount,
            recorded_at=uow.now,
        )
    )
    return checked.entry_id


def _plan(uow: UnitOfWork, entry: PaymentEntry) -> Plan:
    owed = [
        each
        for each in owed_by(uow.session, uow.scope, entry.client_id, entry.case_id)
        if entry.charge_ids is None or each.charge_id in entry.charge_ids
    ]
    if entry.parts is None:
        return oldest_first(entry.amount, owed)
    said: defaultdict[UUID, Money] = defaultdict(Money)
    for part in entry.parts:
        said[part.charge_id] += part.amount
    return as_said(entry.amount, owed, said)


def _plan_of(uow: UnitOfWork, payment_id: UUID) -> Plan:
    found = payment(uow.session, uow.scope, payment_id)
    return Plan(tuple(Part(part.charge_id, part.amount) for part in found.parts), found.credit)


def _give_back(uow: UnitOfWork, payment_id: UUID, amount: Money, credit: Money) -> None:
    uow.about("payment", payment_id)
    pieces = pieces_of_payment(uow.session, uow.scope, payment_id)
    _allocate(uow, take_out(amount, credit, pieces))


def _payers(uow: UnitOfWork, case_id: UUID, client_id: UUID) -> list[UUID]:
    """Return whose credit may pay a charge of the case for the client."""
    if uow.get(Case, case_id).kind not in SHARED_CASES:
        return [client_id]
    inside = uow.session.scalars(
        select(CaseParticipant.client_id).where(CaseParticipant.case_id == case_id)
    )
    return list({client_id, *inside})


def _pieces(payment_id: UUID, parts: Iterable[Part]) -> list[Piece]:
    return [Piece(payment_id, part.charge_id, part.amount) for part in parts]


def _allocate(uow: UnitOfWork, pieces: Iterable[Piece]) -> None:
    uow.insert_many(
        Allocation,
        [
            {
                "payment_id": piece.payment_id,
                "charge_id": piece.charge_id,
                "amount": piece.amount,
                "recorded_at": uow.now,
            }
            for piece in pieces
        ],
    )


def _charge_values(uow: UnitOfWork, new: NewCharge) -> dict[str, object]:
    return {
        "case_id": new.case_id,
        "client_id": new.client_id,
        "appointment_id": new.appointment_id,
        "service_line_id": new.service_line_id,
        "member_id": new.member_id,
        "kind": new.kind,
        "held_on": new.held_on,
        "code": new.code,
        "description": new.description,
        "modifiers": list(new.modifiers),
        "units": new.units,
        "minutes": new.minutes,
        "amount": new.amount,
        "usual_fee": new.usual_fee,
        "recorded_at": uow.now,
    }

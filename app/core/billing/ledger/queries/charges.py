"""Reads of charges: what was charged, what of it is paid, what is owed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from app.core.billing.ledger.queries.sums import (
    among,
    is_void,
    paid_of_charge,
    payable_by,
    real_charges,
    summed,
)
from app.core.billing.ledger.rules.aging import Aging, aging
from app.core.billing.ledger.rules.allocation import Owed
from app.core.billing.ledger.rules.words import ChargeKind
from app.core.billing.ledger.tables import Allocation, Charge
from app.core.cases import queries as cases
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.kernel.money import ZERO, Money
from app.core.people import queries as people
from app.core.store.reading import visible_cases


@dataclass(frozen=True, slots=True)
class Charged:
    """What a session costs, and what is still owed of that."""

    amount: Money = ZERO
    owing: Money = ZERO


@dataclass(frozen=True, slots=True)
class ChargeView:
    """A charge with what is paid of it.

    ``client`` is the display name of whom it is for, ``case`` the title of the case.
    """

    id: UUID
    case_id: UUID
    case: str
    client_id: UUID
    client: str
    kind: ChargeKind
    held_on: date
    code: str
    description: str
    modifiers: tuple[str, ...]
    units: int
    minutes: int
    amount: Money
    usual_fee: Money
    paid: Money
    is_void: bool
    appointment_id: UUID | None
    service_line_id: UUID | None
    member_id: UUID | None

    @property
    def owing(self) -> Money:
        """Return what is still owed; a void charge owes nothing."""
        return ZERO if self.is_void else self.amount - self.paid

    @property
    def adjustment(self) -> Money:
        """Return how far below the usual fee this client is charged, zero or below."""
        return min(self.amount - self.usual_fee, ZERO)

    @property
    def owed(self) -> Owed:
        """Return it as payments see it."""
        return Owed(self.id, self.held_on, self.owing)


@dataclass(frozen=True, slots=True)
class OwingCase:
    """A case in which something is owed: since which date of service, and how much."""

    case_id: UUID
    since: date
    amount: Money


def charge(session: Session, scope: Scope, charge_id: UUID) -> ChargeView:
    """Return one charge; raises ``NotFound``."""
    found = charges(session, scope, [charge_id])
    if not found:
        raise NotFound("This charge is no longer there; go back and choose again.")
    return found[0]


def charges(session: Session, scope: Scope, ids: Sequence[UUID]) -> list[ChargeView]:
    """Return the charges in ``ids``, void ones too, oldest date of service first."""
    return charges_where(session, scope, among(Charge.id, ids))


def charges_of_case(session: Session, scope: Scope, case_id: UUID) -> list[ChargeView]:
    """Return a case's charges, void ones too, oldest date of service first."""
    return charges_where(session, scope, Charge.case_id == case_id)


def charges_of_client(session: Session, scope: Scope, client_id: UUID) -> list[ChargeView]:
    """Return the charges that a client's money may pay or has paid, oldest first."""
    return charges_where(session, scope, payable_by(scope, client_id))


def charges_between(session: Session, scope: Scope, first: date, last: date) -> list[ChargeView]:
    """Return the charges of dates of service from ``first`` to ``last``, both included."""
    return charges_where(session, scope, Charge.held_on.between(first, last))


def charges_of_appointments(
    session: Session, scope: Scope, appointment_ids: Sequence[UUID]
) -> dict[UUID, list[ChargeView]]:
    """Return the charges of sessions that are not void; a session without any is absent."""
    found: defaultdict[UUID, list[ChargeView]] = defaultdict(list)
    for view in charges_where(
        session, scope, among(Charge.appointment_id, appointment_ids), ~is_void()
    ):
        if view.appointment_id is not None:
            found[view.appointment_id].append(view)
    return dict(found)


def charged_for(
    session: Session, scope: Scope, appointment_ids: Sequence[UUID]
) -> dict[UUID, Charged]:
    """Return what ``charges_of_appointments`` adds up to; a session without any is absent."""
    rows = session.execute(
        select(Charge.appointment_id, Charge.amount, paid_of_charge()).where(
            real_charges(scope), among(Charge.appointment_id, appointment_ids), ~is_void()
        )
    )
    found: dict[UUID, Charged] = {}
    for appointment_id, amount, paid in rows:
        if appointment_id is not None:
            known = found.get(appointment_id, Charged())
            found[appointment_id] = Charged(known.amount + amount, known.owing + amount - paid)
    return found


def open_charges(
    session: Session, scope: Scope, client_id: UUID, case_id: UUID | None = None
) -> list[ChargeView]:
    """Return the charges that a client still owes, oldest date of service first.

    For a couple or family that is all of the case's. With ``case_id`` those of this case alone.
    """
    conditions = [payable_by(scope, client_id), *_owing_only()]
    if case_id is not None:
        conditions.append(Charge.case_id == case_id)
    return charges_where(session, scope, *conditions)


def owed_by(
    session: Session, scope: Scope, client_id: UUID, case_id: UUID | None = None
) -> list[Owed]:
    """Return what ``open_charges`` does, as payments see it."""
    of_case = None if case_id is None else [case_id]
    return _owed(session, scope, payable_by(scope, client_id), among(Charge.case_id, of_case))


def all_owed(session: Session, scope: Scope, case_id: UUID | None = None) -> list[Owed]:
    """Return everything that the practice is owed, or what is owed in one case."""
    return _owed(session, scope, among(Charge.case_id, None if case_id is None else [case_id]))


def _owed(session: Session, scope: Scope, *conditions: Any) -> list[Owed]:
    found = [owed for _, owed in _open_rows(session, scope, *conditions)]
    return sorted(found, key=lambda each: (each.held_on, each.charge_id))


def _open_rows(session: Session, scope: Scope, *conditions: Any) -> Iterator[tuple[UUID, Owed]]:
    """Yield what is owed, each with its case."""
    rows = session.execute(
        select(Charge.case_id, Charge.id, Charge.held_on, Charge.amount, paid_of_charge()).where(
            real_charges(scope), *_owing_only(), *conditions
        )
    )
    for case_id, charge_id, held_on, amount, paid in rows:
        yield case_id, Owed(charge_id, held_on, amount - paid)


def _visible(scope: Scope) -> ColumnElement[bool]:
    return and_(Charge.practice_id == scope.practice_id, visible_cases(scope, Charge.case_id))


def aged(session: Session, scope: Scope, today: date) -> Aging:
    """Return what the practice is owed, by days since the date of service."""
    return aging(all_owed(session, scope), today)


def owing_cases(session: Session, scope: Scope) -> list[OwingCase]:
    """Return every case in which something is owed, the one that waits longest first."""
    # Gathered here: SQLite would look up what is paid of every charge once more for the sums.
    waits: dict[UUID, OwingCase] = {}
    for case_id, owed in _open_rows(session, scope):
        known = waits.get(case_id, OwingCase(case_id, owed.held_on, ZERO))
        since = min(known.since, owed.held_on)
        waits[case_id] = OwingCase(case_id, since, known.amount + owed.amount)
    return sorted(waits.values(), key=lambda each: (each.since, each.case_id))


def owing_in_all(session: Session, scope: Scope) -> Money:
    """Return what ``all_owed`` adds up to, without looking at each charge.

    A void charge and its reversal add up to nothing, and nothing is paid of either.
    """
    seen = Allocation.practice_id == scope.practice_id
    if scope.cases_of is not None:
        seen &= Allocation.charge_id.in_(select(Charge.id).where(_visible(scope)))
    charged = select(summed(Charge.amount)).where(_visible(scope)).scalar_subquery()
    paid = select(summed(Allocation.amount)).where(seen).scalar_subquery()
    sums = session.execute(select(charged, paid)).one()
    return (sums[0] or ZERO) - (sums[1] or ZERO)


@cache
def _owing_only() -> tuple[Any, ...]:
    return Charge.amount > paid_of_charge(), ~is_void()


def charges_where(session: Session, scope: Scope, *conditions: Any) -> list[ChargeView]:
    """Return the charges that fulfil ``conditions`` on ``Charge``, oldest date of service first."""
    rows = session.execute(
        select(Charge, paid_of_charge(), is_void())
        .where(real_charges(scope), *conditions)
        .order_by(Charge.held_on, Charge.id)
    ).all()
    titles, names = cases.called(session, scope, {row.case_id for row, _, _ in rows})
    elsewhere = {row.client_id for row, _, _ in rows} - names.keys()
    names = names | people.names(session, scope, elsewhere)
    return [
        ChargeView(
            id=row.id,
            case_id=row.case_id,
            case=titles.get(row.case_id, ""),
            client_id=row.client_id,
            client=names[row.client_id].display if row.client_id in names else "",
            kind=row.kind,
            held_on=row.held_on,
            code=row.code,
            description=row.description,
            modifiers=tuple(row.modifiers),
            units=row.units,
            minutes=row.minutes,
            amount=row.amount,
            usual_fee=row.usual_fee,
            paid=paid,
            is_void=bool(void),
            appointment_id=row.appointment_id,
            service_line_id=row.service_line_id,
            member_id=row.member_id,
        )
        for row, paid, void in rows
    ]

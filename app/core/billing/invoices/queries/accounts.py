"""What a payer, a case and the practice as a whole owe, for the screens of money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.billing.invoices.queries.listing import (
    InvoiceMark,
    InvoiceRow,
    invoice_totals,
    invoices_of_case,
    invoices_of_charges,
)
from app.core.billing.ledger.queries.balances import (
    Balance,
    balance_of_case,
    credits_of_clients,
)
from app.core.billing.ledger.queries.charges import (
    ChargeView,
    charges_of_case,
    open_charges,
    owing_in_all,
)
from app.core.billing.ledger.queries.payments import (
    PaymentView,
    payments_of_clients,
    received_between,
)
from app.core.cases import queries as cases
from app.core.cases.queries import CasePerson
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people import queries as people


@dataclass(frozen=True, slots=True)
class Marked:
    """A charge, and the live invoice that asks for it."""

    charge: ChargeView
    invoice: InvoiceMark | None


@dataclass(frozen=True, slots=True)
class Payer:
    """Who can pay, what they have as credit, and the open charges that their money reaches."""

    client_id: UUID
    name: PersonName
    credit: Money
    open: tuple[Marked, ...]


@dataclass(frozen=True, slots=True)
class CaseAccount:
    """The money of one case: its charges and invoices, and the payments of its people."""

    case_id: UUID
    title: str
    people: tuple[CasePerson, ...]
    balance: Balance
    charges: tuple[Marked, ...]
    payments: tuple[PaymentView, ...]
    invoices: tuple[InvoiceRow, ...]


@dataclass(frozen=True, slots=True)
class MoneySummary:
    """What the practice is owed, what of it is overdue, and what came in this month."""

    owing: Money
    overdue: Money
    received: Money


def payer(session: Session, scope: Scope, client_id: UUID, case_id: UUID | None = None) -> Payer:
    """Return a client as one who pays; with ``case_id`` only that case's charges are open."""
    name = people.names(session, scope, [client_id]).get(client_id)
    if name is None:
        raise NotFound("This client is no longer there; go back and choose again.")
    found = open_charges(session, scope, client_id, case_id)
    credit = credits_of_clients(session, scope, [client_id])[client_id]
    return Payer(client_id, name, credit, _marked(session, scope, found))


def case_account(session: Session, scope: Scope, case_id: UUID, today: date) -> CaseAccount:
    """Return the money of a case, the newest first."""
    case = cases.case(session, scope, case_id)
    ids = [person.id for person in case.people]
    return CaseAccount(
        case_id=case_id,
        title=case.title,
        people=case.people,
        balance=balance_of_case(session, scope, case_id),
        charges=_marked(session, scope, charges_of_case(session, scope, case_id)[::-1]),
        payments=tuple(payments_of_clients(session, scope, ids)),
        invoices=tuple(invoices_of_case(session, scope, case_id, today)),
    )


def money_summary(session: Session, scope: Scope, today: date) -> MoneySummary:
    """Return the three sums over the money screens."""
    return MoneySummary(
        owing=owing_in_all(session, scope),
        overdue=invoice_totals(session, scope, today).overdue,
        received=received_between(session, scope, today.replace(day=1), today),
    )


def _marked(session: Session, scope: Scope, found: list[ChargeView]) -> tuple[Marked, ...]:
    marks = invoices_of_charges(session, scope, [each.id for each in found])
    return tuple(Marked(each, marks.get(each.id)) for each in found)

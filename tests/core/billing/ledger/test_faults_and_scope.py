"""*Verify* finds what does not add up, and nobody reads the money of others' cases."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.billing.ledger.queries.balances import balance_of_client
from app.core.billing.ledger.queries.charges import all_owed, charges_of_case
from app.core.billing.ledger.queries.faults import ledger_faults
from app.core.billing.ledger.queries.lines import ledger_lines
from app.core.billing.ledger.queries.payments import payments_of_clients, received_between
from app.core.billing.ledger.rules.words import within_sentence
from app.core.billing.ledger.tables import Allocation, Charge
from app.core.kernel.acting import Permission, Role, Scope, member_actor
from app.core.kernel.errors import NotAllowed
from app.core.kernel.money import ZERO, Money
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from tests.core.billing.conftest import TODAY, Walter
from tests.support.practice import TestDesk

NOV_1 = date(2026, 11, 1)


@command(permission=Permission.BILL, label="Break the ledger")
def break_it(uow: UnitOfWork, payment_id: UUID, charge_id: UUID, cents: int) -> None:
    """Write an allocation that no rule would allow, as a broken copy of the program might."""
    uow.add(
        Allocation(
            payment_id=payment_id,
            charge_id=charge_id,
            amount=Money(cents),
            recorded_at=uow.now,
        )
    )


@command(permission=Permission.BILL, label="Break the ledger")
def reverse_half(uow: UnitOfWork, charge_id: UUID) -> None:
    """Reverse a charge by another amount than it charged."""
    row = uow.get(Charge, charge_id)
    uow.add(
        Charge(
            case_id=row.case_id,
            client_id=row.client_id,
            kind=row.kind,
            held_on=row.held_on,
            description=row.description,
            amount=Money(-1),
            usual_fee=ZERO,
            reverses_id=charge_id,
            recorded_at=uow.now,
        )
    )


@pytest.mark.parametrize(
    ("cents", "words"),
    [
        (100_00, ("is paid on the charge", "holds $50.00, but pays $150.00")),
        (-60_00, ("is paid on the charge", "but pays", "took $10.00 more")),
    ],
)
def test_what_does_not_add_up_is_said(
    desk: TestDesk, walter: Walter, cents: int, words: tuple[str, ...]
) -> None:
    charge_id = walter.hold(9, fee=Money(100_00)).charge_ids[0]
    payment_id = walter.pay(50_00).payment_id
    assert desk.ask(ledger_faults) == []
    desk.do(break_it, payment_id, charge_id, cents)
    said = " ".join(desk.ask(ledger_faults))
    for each in words:
        assert each in said


def test_a_reversal_of_another_amount_is_said(desk: TestDesk, walter: Walter) -> None:
    desk.do(reverse_half, walter.hold(9).charge_ids[0])
    (fault,) = desk.ask(ledger_faults)
    assert "is reversed by" in fault


def test_every_row_stands_in_the_ledger(desk: TestDesk, walter: Walter) -> None:
    walter.hold(9)
    walter.pay(200_00)
    lines = desk.ask(ledger_lines, NOV_1, TODAY)
    assert [(line.words, line.charged, line.received) for line in lines] == [
        ("Payment, check 318", None, Money(200_00)),
        ("Individual session", Money(165_00), None),
    ]


def test_means_of_paying_inside_a_line() -> None:
    assert within_sentence("Check 1042") == "check 1042"
    assert within_sentence("Zelle, 77") == "Zelle, 77"


def test_a_provider_sees_the_money_of_own_cases_alone(
    desk: TestDesk, walter: Walter, owner_id: UUID
) -> None:
    walter.hold(9)
    walter.pay(100_00)
    practice = desk.actor.practice_id

    def seen(member_id: UUID) -> list[Any]:
        scope = Scope(practice, member_id, note_text=True, cases_of=member_id)

        def read(session: Any, _scope: Scope) -> list[Any]:
            return [
                len(charges_of_case(session, scope, walter.case_id)),
                len(all_owed(session, scope)),
                len(payments_of_clients(session, scope, [walter.client_id])),
                received_between(session, scope, NOV_1, TODAY),
                balance_of_client(session, scope, walter.client_id).owing,
            ]

        return desk.ask(read)

    assert seen(owner_id) == [1, 1, 1, Money(100_00), Money(65_00)]
    assert seen(uuid4()) == [0, 0, 0, ZERO, ZERO]


def test_who_may_not_bill_records_nothing(desk: TestDesk, walter: Walter) -> None:
    nobody = member_actor(desk.actor.practice_id, uuid4(), Role.ADMIN)
    without = nobody.permissions - {Permission.BILL}
    desk.actor = type(nobody)(nobody.practice_id, nobody.member_id, nobody.role, without)
    with pytest.raises(NotAllowed):
        walter.pay(1_00)

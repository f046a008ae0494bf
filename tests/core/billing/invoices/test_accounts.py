"""What a payer, a case and the practice owe, as the money screens read it."""

from __future__ import annotations

from uuid import uuid4

import pytest

from app.core.billing.invoices.queries.accounts import case_account, money_summary, payer
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.journeys.invoices import create_invoice
from app.core.kernel.errors import NotFound
from app.core.kernel.money import ZERO, Money
from tests.core.billing.conftest import TODAY, Walter
from tests.support.practice import TestDesk


def test_a_payer_with_open_charges_and_their_invoices(desk: TestDesk, walter: Walter) -> None:
    billed, plain = walter.hold(9).charge_ids, walter.hold(16).charge_ids
    invoice_id = desk.do(create_invoice, InvoiceOrder(uuid4(), billed)).value
    found = desk.ask(payer, walter.client_id)
    assert found.name.display == "Walter Strand"
    assert [each.charge.id for each in found.open] == [*billed, *plain]
    assert [each.invoice and each.invoice.id for each in found.open] == [invoice_id, None]
    assert desk.ask(payer, walter.client_id, uuid4()).open == ()
    with pytest.raises(NotFound):
        desk.ask(payer, uuid4())


def test_the_account_of_a_case(desk: TestDesk, couple: tuple[Walter, Walter]) -> None:
    daniel, ruth = couple
    daniel.hold(9)
    daniel.hold(16)
    ruth.pay(400_00)
    account = desk.ask(case_account, ruth.case_id, TODAY)
    assert account.title == "Daniel & Ruth Okonkwo"
    assert [each.charge.held_on.day for each in account.charges] == [16, 9]
    assert account.balance.credit == Money(70_00)
    assert [each.client for each in account.payments] == ["Ruth Okonkwo"]


def test_the_sums_over_all_screens(desk: TestDesk, walter: Walter) -> None:
    walter.hold(9)
    walter.pay(65_00)
    found = desk.ask(money_summary, TODAY)
    assert (found.owing, found.overdue, found.received) == (Money(100_00), ZERO, Money(65_00))

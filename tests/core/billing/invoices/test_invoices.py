"""Invoices against a real encrypted file."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

import pytest

from app.core.billing.invoices.commands import take_out_invoice, void_invoice
from app.core.billing.invoices.content import read_invoice
from app.core.billing.invoices.queries.drafting import invoice_draft
from app.core.billing.invoices.queries.listing import (
    invoice,
    invoice_by_number,
    invoice_paper,
    invoice_totals,
    invoices,
    invoices_of_case,
    invoices_of_charges,
    to_bill,
)
from app.core.billing.invoices.rules import InvoiceOrder, Standing
from app.core.billing.ledger.commands import enter_opening_credit
from app.core.billing.ledger.rules.entries import OpeningEntry, PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.cases.commands import set_payers
from app.core.cases.rules import PayerFields
from app.core.journeys.invoices import create_invoice
from app.core.journeys.payments import pay_invoice, void_charge
from app.core.kernel.errors import NotFound, UserError
from app.core.kernel.money import ZERO, Money
from app.core.people.commands import add_contact
from app.core.people.rules import ContactFields
from app.core.store.audit import entries
from tests.core.billing.conftest import TODAY, Walter
from tests.support.practice import TestDesk

DEC_19 = date(2026, 12, 19)


def issue(walter: Walter, *charge_ids: UUID, due_on: date | None = None) -> UUID:
    order = InvoiceOrder(uuid4(), charge_ids, due_on=due_on)
    return walter.desk.do(create_invoice, order).value


def check(walter: Walter, cents: int) -> PaymentEntry:
    return PaymentEntry(uuid4(), walter.client_id, Money(cents), Method.CHECK, TODAY, "1042")


def test_an_invoice_asks_for_what_is_owed(desk: TestDesk, walter: Walter) -> None:
    first, second = walter.hold(9).charge_ids[0], walter.hold(16).charge_ids[0]
    walter.pay(100_00)
    assert [each.id for each in desk.ask(to_bill)] == [first, second]
    invoice_id = issue(walter, second, first)
    view = desk.ask(invoice, invoice_id, TODAY)
    assert (view.row.number, view.row.bill_to) == ("INV-2026-0001", "Walter Strand")
    assert (view.row.total, view.row.owing) == (Money(330_00), Money(230_00))
    assert view.row.words == "Part paid"
    assert view.row.due_on == DEC_19
    content = view.content
    assert content.subject == "Individual sessions, November 2026"
    assert [line.held_on.day for line in content.lines] == [9, 16]
    assert content.lines[0].provider == "Dana Whitfield, LMFT"
    assert content.lines[0].service == "0001Z, Individual session, 50 min"
    assert content.entity.address == "418 Alder Street, Suite 2B, Alder Bay, CA 95999"
    assert (content.paid, content.due) == (Money(100_00), Money(230_00))
    assert content.payments[0].method == "Check 318"
    assert read_invoice(content.canonical()) == content
    assert desk.ask(to_bill) == []
    assert desk.ask(invoice_paper, invoice_id).startswith(b"%PDF")
    assert desk.ask(invoice_by_number, "inv-2026-0001") == invoice_id


def test_a_second_click_issues_nothing_twice(desk: TestDesk, walter: Walter) -> None:
    order = InvoiceOrder(uuid4(), walter.hold(9).charge_ids)
    assert desk.do(create_invoice, order).value == desk.do(create_invoice, order).value
    assert len(desk.ask(invoices, TODAY)) == 1


def test_a_refused_invoice_uses_no_number(desk: TestDesk, walter: Walter) -> None:
    charge_id = walter.hold(9).charge_ids[0]
    with pytest.raises(UserError) as refused:
        issue(walter, charge_id, due_on=date(2026, 11, 1))
    assert refused.value.field == "due_on"
    issue(walter, charge_id)
    assert desk.ask(invoices, TODAY)[0].number == "INV-2026-0001"


def test_what_cannot_be_invoiced(
    desk: TestDesk, walter: Walter, couple: tuple[Walter, Walter]
) -> None:
    own, shared = walter.hold(9).charge_ids[0], couple[0].hold(9).charge_ids[0]
    for charge_ids, words in (((), "Choose the charges"), ((own, shared), "one case")):
        with pytest.raises(UserError, match=words):
            issue(walter, *charge_ids)
    issue(walter, own)
    with pytest.raises(UserError, match="already on invoice INV-2026-0001"):
        issue(walter, own)
    desk.do(void_charge, shared)
    with pytest.raises(UserError, match="void"):
        issue(walter, shared)
    order = InvoiceOrder(uuid4(), walter.hold(16).charge_ids, bill_to=uuid4())
    with pytest.raises(UserError, match="who the invoice is for"):
        desk.do(create_invoice, order)


def test_paying_an_invoice(desk: TestDesk, walter: Walter) -> None:
    walter.hold(2)
    invoice_id = issue(walter, walter.hold(9).charge_ids[0])
    recorded = desk.do(pay_invoice, invoice_id, check(walter, 200_00)).value
    assert recorded.plan.credit == Money(35_00)
    view = desk.ask(invoice, invoice_id, TODAY)
    assert view.row.standing is Standing.PAID
    assert [(part.words, part.amount) for part in view.payments] == [("Check 1042", Money(165_00))]
    assert view.client_id == walter.client_id


def test_one_check_for_two_sessions_is_one_payment(desk: TestDesk, walter: Walter) -> None:
    invoice_id = issue(walter, *walter.hold(9).charge_ids, *walter.hold(16).charge_ids)
    desk.do(pay_invoice, invoice_id, check(walter, 330_00))
    view = desk.ask(invoice, invoice_id, TODAY)
    assert [(part.words, part.amount) for part in view.payments] == [("Check 1042", Money(330_00))]


def test_only_its_people_pay_an_invoice(
    desk: TestDesk, walter: Walter, couple: tuple[Walter, Walter]
) -> None:
    invoice_id = issue(walter, walter.hold(9).charge_ids[0])
    with pytest.raises(UserError, match="somebody else") as refused:
        desk.do(pay_invoice, invoice_id, check(couple[0], 10_00))
    assert refused.value.field == "client"
    desk.do(void_invoice, invoice_id, reason="Wrong person")
    with pytest.raises(UserError, match="is void"):
        desk.do(pay_invoice, invoice_id, check(walter, 10_00))


def test_overdue_and_void(desk: TestDesk, walter: Walter) -> None:
    overdue = issue(walter, walter.hold(9).charge_ids[0], due_on=TODAY)
    later = date(2026, 11, 22)
    assert desk.ask(invoice, overdue, later).row.words == "Overdue 3 days"
    assert desk.ask(invoice_totals, later).overdue == Money(165_00)
    assert desk.ask(invoice_totals, TODAY).overdue == ZERO
    desk.do(void_invoice, overdue, reason="Sent to the wrong person")
    assert desk.ask(invoice, overdue, later).row.standing is Standing.VOID
    assert desk.ask(invoice_totals, later).owing == ZERO
    assert len(desk.ask(to_bill, walter.case_id)) == 1
    with pytest.raises(UserError, match="void already"):
        desk.do(void_invoice, overdue)


def test_a_charge_on_an_invoice_is_not_voided(desk: TestDesk, walter: Walter) -> None:
    charge_id = walter.hold(9).charge_ids[0]
    invoice_id = issue(walter, charge_id)
    assert desk.ask(invoices_of_charges, [charge_id])[charge_id].id == invoice_id
    with pytest.raises(UserError, match="void the invoice first"):
        desk.do(void_charge, charge_id)
    desk.do(void_invoice, invoice_id)
    desk.do(void_charge, charge_id)
    assert desk.ask(to_bill) == []


def test_the_billing_contact_is_billed(desk: TestDesk, walter: Walter) -> None:
    contact = desk.do(add_contact, ContactFields("Harbor Pediatrics", True)).value
    desk.do(set_payers, walter.case_id, [PayerFields(100, contact_id=contact)])
    charge_id = walter.hold(9).charge_ids[0]
    view = desk.ask(invoice, issue(walter, charge_id), TODAY)
    assert (view.row.bill_to, view.client_id) == ("Harbor Pediatrics", walter.client_id)


def test_credit_brought_forward_stands_apart(desk: TestDesk, walter: Walter) -> None:
    opening = OpeningEntry(uuid4(), walter.client_id, walter.case_id, Money(40_00), TODAY)
    desk.do(enter_opening_credit, opening)
    order = InvoiceOrder(uuid4(), walter.hold(9).charge_ids)
    content = desk.ask(invoice_draft, order, TODAY).content
    assert (content.credit, content.payments, content.due) == (Money(40_00), (), Money(125_00))
    assert content.providers == ("Dana Whitfield, LMFT",)
    assert not content.has_adjustments


def test_old_paid_invoices_leave_the_list_but_debts_never(desk: TestDesk, walter: Walter) -> None:
    paid, owed = walter.hold(2).charge_ids[0], walter.hold(9).charge_ids[0]
    paid_id, owed_id = issue(walter, paid), issue(walter, owed)
    desk.do(pay_invoice, paid_id, check(walter, 165_00))
    later = date(2027, 3, 1)
    assert [row.id for row in desk.ask(invoices, later, date(2027, 1, 1))] == [owed_id]
    assert [row.id for row in desk.ask(invoices, later, None, TODAY)] == [owed_id, paid_id]
    assert len(desk.ask(invoices_of_case, walter.case_id, later)) == 2


def test_printing_leaves_a_line_in_the_audit(desk: TestDesk, walter: Walter) -> None:
    invoice_id = issue(walter, walter.hold(9).charge_ids[0])
    paper = desk.do(take_out_invoice, invoice_id).value
    assert paper == desk.ask(invoice_paper, invoice_id)
    line = desk.ask(entries, subject_id=invoice_id)[0]
    assert line.label == "Print invoice"


def test_an_invoice_that_is_not_there(desk: TestDesk) -> None:
    with pytest.raises(NotFound):
        desk.ask(invoice_paper, uuid4())
    with pytest.raises(NotFound):
        desk.ask(invoice, uuid4(), TODAY)
    with pytest.raises(NotFound):
        desk.ask(invoice_by_number, "INV-2026-9999")

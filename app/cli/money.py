"""Charges, payments and invoices."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from app.cli import naming
from app.cli.shown import (
    check_period,
    columns,
    day,
    new_record_id,
    read_day,
    read_id,
    read_target,
    save_paper,
    today_of,
)
from app.cli.verbs import Argument, Call, Reply, Verb
from app.core.billing.invoices import commands as invoice_commands
from app.core.billing.invoices.queries import listing
from app.core.billing.invoices.queries.listing import InvoiceRow
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger import commands as ledger
from app.core.billing.ledger.queries import charges as charge_queries
from app.core.billing.ledger.queries import payments as payment_queries
from app.core.billing.ledger.queries.charges import ChargeView
from app.core.billing.ledger.queries.payments import PaymentView
from app.core.billing.ledger.rules.allocation import Plan
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import OFFERED_METHODS, Method
from app.core.journeys.invoices import create_invoice
from app.core.journeys.payments import pay_invoice
from app.core.kernel.errors import UserError
from app.core.kernel.money import Money, parse_money
from app.core.kernel.phrases import plural


def _charges(call: Call) -> Reply:
    check_period(call)
    first: date = call["from"] or date.min
    last: date = call["to"] or date.max
    if call["client"]:
        client_id = naming.client(call.desk, call["client"])
        rows = call.desk.ask(charge_queries.charges_of_client, client_id)
    elif call["case"]:
        rows = call.desk.ask(charge_queries.charges_of_case, naming.case(call.desk, call["case"]))
    else:
        rows = call.desk.ask(charge_queries.charges_between, first, last)
    rows = [row for row in rows if first <= row.held_on <= last]
    return Reply(
        {"charges": [_charge(row) for row in rows]},
        columns(
            [
                (
                    str(row.id),
                    row.held_on.isoformat(),
                    row.client,
                    row.description,
                    str(row.amount),
                    str(row.paid),
                )
                for row in rows
            ]
        ),
    )


def _charge(row: ChargeView) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "date": day(row.held_on),
        "case_id": str(row.case_id),
        "client_id": str(row.client_id),
        "client": row.client,
        "code": row.code,
        "description": row.description,
        "units": row.units,
        "amount": row.amount.cents,
        "paid": row.paid.cents,
        "void": row.is_void,
    }


def _record(call: Call) -> Reply:
    desk = call.desk
    entry = PaymentEntry(
        payment_id=new_record_id(desk),
        client_id=naming.client(desk, call["client"]),
        amount=call["amount"],
        method=Method(call["method"].upper()),
        received_on=call["date"] or today_of(desk),
        reference=call["reference"],
    )
    if call["invoice"]:
        recorded = desk.do(pay_invoice, _invoice_id(call, call["invoice"]), entry).value
    else:
        recorded = desk.do(ledger.record_payment, entry).value
    plan = recorded.plan
    lines = _recorded(entry.amount, plan)
    return Reply(
        {
            "id": str(recorded.payment_id),
            "amount": entry.amount.cents,
            "allocated": [
                {"charge_id": str(part.charge_id), "amount": part.amount.cents}
                for part in plan.parts
            ],
            "credit": plan.credit.cents,
        },
        lines,
    )


def _recorded(amount: Money, plan: Plan) -> list[str]:
    if not plan.parts:
        return [f"Recorded {amount}: nothing was open, so all of it is credit."]
    lines = [f"Recorded {amount}: {plan.allocated} on {plural(len(plan.parts), 'charge')}."]
    if plan.credit:
        lines.append(f"{plan.credit} is more than was open and is credit.")
    return lines


def _reverse(call: Call) -> Reply:
    call.desk.do(ledger.reverse_payment, call["id"], reason=call["reason"])
    row = call.desk.ask(payment_queries.payment, call["id"])
    return Reply(_payment(row), [f"The payment of {row.amount} is reversed."])


def _payments(call: Call) -> Reply:
    check_period(call)
    first: date = call["from"] or date.min
    last: date = call["to"] or date.max
    if call["client"]:
        client_id = naming.client(call.desk, call["client"])
        rows = call.desk.ask(payment_queries.payments_of_clients, [client_id])
        rows = [row for row in rows if first <= row.received_on <= last]
    else:
        rows = call.desk.ask(payment_queries.payments_between, first, last)
    return Reply(
        {"payments": [_payment(row) for row in rows]},
        columns(
            [
                (
                    str(row.id),
                    row.received_on.isoformat(),
                    row.client,
                    row.method.label,
                    str(row.amount),
                )
                for row in rows
            ]
        ),
    )


def _payment(row: PaymentView) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "date": day(row.received_on),
        "client_id": str(row.client_id),
        "client": row.client,
        "kind": str(row.kind),
        "method": str(row.method),
        "reference": row.reference,
        "amount": row.amount.cents,
        "credit": row.credit.cents,
        "reversed": row.is_gone,
    }


def _create(call: Call) -> Reply:
    charge_ids: tuple[UUID, ...] = tuple(call["charge"])
    if not charge_ids:
        if not call["case"]:
            raise UserError("Name --case, or each --charge.", field="case")
        case_id = naming.case(call.desk, call["case"])
        open_ones = call.desk.ask(listing.to_bill, case_id=case_id)
        charge_ids = tuple(row.id for row in open_ones)
    if not charge_ids:
        raise UserError("There is nothing to bill in this case.", field="case")
    order = InvoiceOrder(new_record_id(call.desk), charge_ids, due_on=call["due"])
    invoice_id = call.desk.do(create_invoice, order).value
    row = call.desk.ask(listing.invoice, invoice_id, today_of(call.desk)).row
    lines = [f"Invoice {row.number} for {row.bill_to}: {row.total}, due {day(row.due_on)}."]
    if call["out"]:
        paper = call.desk.do(invoice_commands.take_out_invoice, invoice_id).value
        lines.append(save_paper(call["out"], paper))
    return Reply(_invoice(row), lines)


def _invoices(call: Call) -> Reply:
    rows = call.desk.ask(listing.invoices, today_of(call.desk))
    return Reply(
        {"invoices": [_invoice(row) for row in rows]},
        columns([(row.number, row.bill_to, str(row.total), row.words) for row in rows]),
    )


def _void(call: Call) -> Reply:
    invoice_id = _invoice_id(call, call["invoice"])
    call.desk.do(invoice_commands.void_invoice, invoice_id, reason=call["reason"])
    row = call.desk.ask(listing.invoice, invoice_id, today_of(call.desk)).row
    return Reply(_invoice(row), [f"Invoice {row.number} is void."])


def _invoice(row: InvoiceRow) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "number": row.number,
        "bill_to": row.bill_to,
        "case_id": str(row.case_id),
        "issued_on": day(row.issued_on),
        "due_on": day(row.due_on),
        "total": row.total.cents,
        "owing": row.owing.cents,
        "standing": str(row.standing),
    }


def _invoice_id(call: Call, text: str) -> UUID:
    rows = call.desk.ask(listing.invoices, today_of(call.desk))
    return naming.pick("invoice", text, [(row.id, row.number) for row in rows])


_CHARGE_KEYS = {
    "id": "the charge",
    "date": "date of service",
    "case_id": "its case",
    "client_id": "who owes it",
    "client": "that client's name",
    "code": "service code",
    "description": "service",
    "units": "units",
    "amount": "what is owed, in cents",
    "paid": "what is paid of it, in cents",
    "void": "whether it was reversed",
}
_PAYMENT_KEYS = {
    "id": "the payment",
    "date": "when it was received",
    "client_id": "who paid",
    "client": "that client's name",
    "kind": "PAYMENT, OPENING_CREDIT, REFUND or REVERSAL",
    "method": "by what means",
    "reference": "check number and the like",
    "amount": "in cents; below zero for what was taken back",
    "credit": "what of it is not allocated, in cents",
    "reversed": "whether nothing is left of it",
}
_INVOICE_KEYS = {
    "id": "the invoice",
    "number": "its number",
    "bill_to": "who is asked to pay",
    "case_id": "its case",
    "issued_on": "date of issue",
    "due_on": "when it is due",
    "total": "in cents",
    "owing": "what is still open, in cents",
    "standing": "OPEN, PART_PAID, PAID, OVERDUE or VOID",
}
_PERIOD = (
    Argument("--from", "first day", read=read_day),
    Argument("--to", "last day", read=read_day),
)

VERBS = (
    Verb(
        "charge list",
        "list the charges",
        _charges,
        (
            Argument("--client", "id or exact name"),
            Argument("--case", "id or exact title"),
            *_PERIOD,
        ),
        {f"charges[].{key}": words for key, words in _CHARGE_KEYS.items()},
    ),
    Verb(
        "payment record",
        "record money received; what exceeds the charges becomes credit",
        _record,
        (
            Argument("--client", "who paid: id or exact name", required=True),
            Argument("--amount", "dollars and cents", read=parse_money, required=True),
            Argument(
                "--method",
                "by what means",
                required=True,
                choices=tuple(each.lower() for each in OFFERED_METHODS),
            ),
            Argument(
                "--date",
                "when it was received; today otherwise",
                read=read_day,
                fields=("received_on",),
            ),
            Argument("--invoice", "only for this invoice: number or id"),
            Argument("--reference", "check number and the like", default=""),
        ),
        {
            "id": "the payment",
            "amount": "in cents",
            "allocated[].charge_id": "a charge that it pays",
            "allocated[].amount": "how much of it, in cents",
            "credit": "what exceeds the charges, in cents",
        },
    ),
    Verb(
        "payment reverse",
        "take out a payment that was a mistake or not honored",
        _reverse,
        (
            Argument("ID", "the payment", read=read_id, required=True),
            Argument("--reason", "why", default=""),
        ),
        _PAYMENT_KEYS,
    ),
    Verb(
        "payment list",
        "list the payments",
        _payments,
        (Argument("--client", "id or exact name"), *_PERIOD),
        {f"payments[].{key}": words for key, words in _PAYMENT_KEYS.items()},
    ),
    Verb(
        "invoice create",
        "issue an invoice for a case's charges that are on none",
        _create,
        (
            Argument("--case", "id or exact title, for all its open charges"),
            Argument("--charge", "only this charge; may be repeated", read=read_id, many=True),
            Argument(
                "--due",
                "due date; by the practice's terms otherwise",
                read=read_day,
                fields=("due_on",),
            ),
            Argument("--out", "write the PDF to this file", read=read_target),
        ),
        _INVOICE_KEYS,
    ),
    Verb(
        "invoice list",
        "list the invoices",
        _invoices,
        keys={f"invoices[].{key}": words for key, words in _INVOICE_KEYS.items()},
    ),
    Verb(
        "invoice void",
        "withdraw an invoice; its number stays used",
        _void,
        (
            Argument("INVOICE", "number or id", required=True),
            Argument("--reason", "why", default=""),
        ),
        _INVOICE_KEYS,
    ),
)

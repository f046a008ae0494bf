"""Sessions are settled and charged in one unit of work."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

import pytest

from app.core.billing.fees.commands import set_client_fee
from app.core.billing.invoices.commands import void_invoice
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.queries.balances import Balance, balance_of_case
from app.core.billing.ledger.queries.charges import charges_of_case, open_charges
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import ChargeKind, Method
from app.core.journeys.invoices import create_invoice
from app.core.journeys.sessions import PastEntry, attend, cancel, enter_past, miss, reopen
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from app.core.scheduling.commands import PastSession, book_series
from app.core.scheduling.queries.reading import days, in_window
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.recurrence import Repeat
from app.core.scheduling.rules.status import AppointmentStatus
from tests.core.billing.conftest import TODAY, Walter
from tests.support.practice import TestDesk

NOV_9 = date(2026, 11, 9)


def status(desk: TestDesk, session_id: UUID) -> AppointmentStatus:
    window = days(date(2026, 1, 1), date(2026, 12, 31))
    return next(each.status for each in desk.ask(in_window, window) if each.id == session_id)


def past(walter: Walter, day: int, **changes: object) -> PastSession:
    starts = datetime(2026, 11, day, 10)
    booking = Booking(walter.case_id, starts, lines=(Line(walter.service_id),))
    return PastSession(booking, **changes)  # type: ignore[arg-type]


def test_attending_charges_the_clients_fee(desk: TestDesk, walter: Walter) -> None:
    desk.do(set_client_fee, walter.case_id, walter.service_id, Money(82_50))
    session_id = walter.book(9)
    settled = desk.do(attend, session_id).value
    assert settled.charged == Money(82_50)
    (charge,) = desk.ask(charges_of_case, walter.case_id)
    assert (charge.held_on, charge.usual_fee, charge.adjustment) == (
        NOV_9,
        Money(165_00),
        Money(-82_50),
    )
    assert (charge.code, charge.minutes, charge.case) == ("0001Z", 50, "Walter Strand")
    assert status(desk, session_id) is AppointmentStatus.COMPLETED


def test_a_second_click_charges_nothing_twice(desk: TestDesk, walter: Walter) -> None:
    session_id = walter.book(9)
    desk.do(attend, session_id)
    with pytest.raises(UserError, match="already marked attended"):
        desk.do(attend, session_id)
    assert len(desk.ask(charges_of_case, walter.case_id)) == 1


def test_a_session_still_to_come_is_neither_held_nor_charged(
    desk: TestDesk, walter: Walter
) -> None:
    session_id = walter.book(25)
    with pytest.raises(UserError, match="once the day has come"):
        desk.do(attend, session_id)
    assert desk.ask(charges_of_case, walter.case_id) == []


def test_an_occurrence_of_a_series_becomes_a_row(desk: TestDesk, walter: Walter) -> None:
    booking = Booking(walter.case_id, datetime(2026, 11, 19, 14), lines=(Line(walter.service_id),))
    desk.do(book_series, booking, Repeat())
    today = desk.ask(in_window, days(TODAY, TODAY))
    assert [each.is_kept for each in today] == [False]
    settled = desk.do(attend, today[0].id).value
    assert settled.session_id == today[0].id
    (charge,) = desk.ask(charges_of_case, walter.case_id)
    assert charge.appointment_id == today[0].id
    assert charge.service_line_id is not None


def test_a_missed_session_is_charged_only_if_said(desk: TestDesk, walter: Walter) -> None:
    free, asked, full = walter.book(9), walter.book(10), walter.book(11)
    assert desk.do(miss, free).value.charge_ids == ()
    assert desk.do(miss, asked, charged=True, fee=Money(75_00)).value.charged == Money(75_00)
    assert desk.do(miss, full, charged=True).value.charged == Money(165_00)
    assert {each.kind for each in desk.ask(charges_of_case, walter.case_id)} == {ChargeKind.MISSED}


def test_a_late_cancellation_may_be_charged(desk: TestDesk, walter: Walter) -> None:
    late, early = walter.book(25), walter.book(26)
    desk.do(cancel, late, late=True, charged=True, fee=Money(50_00), reason="Flu")
    desk.do(cancel, early, charged=True)
    (charge,) = desk.ask(charges_of_case, walter.case_id)
    assert (charge.description, charge.amount) == ("Late cancellation", Money(50_00))
    with pytest.raises(UserError, match="zero or more") as refused:
        desk.do(miss, walter.book(9), charged=True, fee=Money(-1))
    assert refused.value.field == "fee"


def test_reopening_gives_the_money_back_as_credit(desk: TestDesk, walter: Walter) -> None:
    session_id = walter.book(9)
    desk.do(attend, session_id)
    walter.pay(165_00)
    desk.do(reopen, session_id)
    assert status(desk, session_id) is AppointmentStatus.SCHEDULED
    assert desk.ask(balance_of_case, walter.case_id) == Balance(ZERO, Money(165_00))
    again = desk.do(attend, session_id).value
    assert again.from_credit == Money(165_00)
    assert desk.ask(balance_of_case, walter.case_id) == Balance()


def test_an_invoiced_session_is_not_reopened(desk: TestDesk, walter: Walter) -> None:
    session_id = walter.book(9)
    charge_ids = desk.do(attend, session_id).value.charge_ids
    invoice_id = desk.do(create_invoice, InvoiceOrder(uuid4(), charge_ids)).value
    with pytest.raises(UserError, match="INV-2026-0001") as refused:
        desk.do(reopen, session_id)
    assert refused.value.record == ("invoice", str(invoice_id))
    assert status(desk, session_id) is AppointmentStatus.COMPLETED
    desk.do(void_invoice, invoice_id)
    desk.do(reopen, session_id)


def test_quick_entry_of_past_sessions(desk: TestDesk, walter: Walter) -> None:
    paid = PaymentEntry(uuid4(), walter.client_id, Money(200_00), Method.CASH, NOV_9)
    entries = [
        PastEntry(past(walter, 3)),
        PastEntry(past(walter, 9), payment=paid),
        PastEntry(
            past(walter, 16, status=AppointmentStatus.NO_SHOW, chargeable=True), Money(60_00)
        ),
    ]
    first, second, third = desk.do(enter_past, entries).value
    assert (first.charged, second.charged, third.charged) == (
        Money(165_00),
        Money(165_00),
        Money(60_00),
    )
    assert third.from_credit == Money(35_00)
    owing = {each.held_on.day: each.owing for each in desk.ask(open_charges, walter.client_id)}
    assert owing == {3: Money(165_00), 16: Money(25_00)}


def test_quick_entry_is_all_or_nothing(desk: TestDesk, walter: Walter) -> None:
    wrong = PaymentEntry(uuid4(), walter.client_id, ZERO, Method.CASH, NOV_9)
    entries = [PastEntry(past(walter, 3)), PastEntry(past(walter, 9), payment=wrong)]
    with pytest.raises(UserError):
        desk.do(enter_past, entries)
    assert desk.ask(charges_of_case, walter.case_id) == []
    assert desk.ask(in_window, days(date(2026, 11, 1), TODAY)) == []

"""The money screens without a window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.billing.invoices.commands import void_invoice
from app.core.billing.invoices.rules import InvoiceOrder, Standing
from app.core.billing.ledger.queries.balances import Balance
from app.core.journeys.invoices import create_invoice
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from app.ui.billing.invoices_presenter import ALL, InvoicesPresenter
from app.ui.billing.ledger_presenter import LedgerPresenter, SummaryPresenter
from app.ui.billing.payments_presenter import PaymentsPresenter
from app.ui.billing.record_presenter import BillingTabPresenter
from app.ui.billing.tobill_presenter import ToBillPresenter
from app.ui.billing.words import Period
from app.ui.shell.presenter import Presenter
from tests.core.billing.conftest import Walter, couple, office, walter
from tests.support.practice import TestDesk
from tests.support.pumping import Pump

__all__ = ["couple", "office", "walter"]

TODAY = date(2026, 11, 19)


class Stage:
    """Presenters of one test, their pump, and what was refused."""

    def __init__(self, desk: TestDesk) -> None:
        self.desk, self.pump = desk, Pump()
        self.refused: list[Exception] = []
        self.made: list[Presenter] = []

    def make(self, kind: Any, *args: Any, **more: Any) -> Any:
        made = kind(self.desk, self.pump, *args, **more)
        self.made.append(made)
        made.refresh()
        return made

    def until(self, reached: Any) -> None:
        self.pump.until(reached)


@pytest.fixture
def stage(desk: TestDesk) -> Iterator[Stage]:
    made = Stage(desk)
    yield made
    for presenter in made.made:
        presenter.close()


def _invoices(stage: Stage) -> InvoicesPresenter:
    made: InvoicesPresenter = stage.make(
        InvoicesPresenter, today=lambda: TODAY, refused=stage.refused.append
    )
    stage.until(lambda: made.rows is not None)
    return made


def _billed(walter: Walter, day: int, due_on: date | None = None) -> Any:
    order = InvoiceOrder(uuid4(), walter.hold(day).charge_ids, due_on=due_on)
    return walter.desk.do(create_invoice, order).value


def test_invoices_are_filtered_and_counted(stage: Stage, walter: Walter) -> None:
    _billed(walter, 9)
    walter.pay(165_00)
    _billed(walter, 16)
    page = _invoices(stage)
    assert page.counts == {ALL: None, "OPEN": 1, "OVERDUE": 0, "PART_PAID": 0, "PAID": 1}
    page.show_filter("PAID")
    assert [row.standing for row in page.shown] == [Standing.PAID]
    page.show_period(Period.ALL)
    stage.until(lambda: page.rows is not None)
    assert len(page.rows or ()) == 2


def test_an_invoice_is_looked_at_paid_and_voided(stage: Stage, walter: Walter) -> None:
    invoice_id = _billed(walter, 9)
    page = _invoices(stage)
    page.choose(invoice_id)
    stage.until(lambda: page.view is not None)
    page.show_paper(True)
    stage.until(lambda: page.paper is not None)
    papers: list[tuple[bytes, str]] = []
    page.take_out(lambda paper, number: papers.append((paper, number)))
    stage.until(lambda: bool(papers))
    assert papers[0][1] == "INV-2026-0001"
    walter.pay(65_00)
    stage.until(lambda: page.row is not None and page.row.standing is Standing.PART_PAID)
    page.void("Twice")
    stage.until(lambda: page.row is not None and page.row.standing is Standing.VOID)
    page.void("Twice")
    stage.until(lambda: bool(stage.refused))
    assert isinstance(stage.refused[0], UserError)
    page.choose(None)
    assert page.row is None


def test_cases_are_billed_one_invoice_each(
    stage: Stage, walter: Walter, couple: tuple[Walter, Walter]
) -> None:
    walter.hold(9)
    walter.hold(16)
    couple[0].hold(10)
    created: list[tuple[UUID, ...]] = []
    page: ToBillPresenter = stage.make(
        ToBillPresenter, created=created.append, refused=stage.refused.append
    )
    stage.until(lambda: page.rows is not None)
    rows = page.rows or ()
    assert [(row.case, row.owing, len(row.charges)) for row in rows] == [
        ("Walter Strand", Money(330_00), 2),
        ("Daniel & Ruth Okonkwo", Money(165_00), 1),
    ]
    assert not page.to_create
    page.choose(walter.case_id)
    assert [row.case_id for row in page.to_create] == [walter.case_id]
    page.check([row.case_id for row in rows])
    page.create()
    page.create()
    stage.until(lambda: page.rows == ())
    assert [len(each) for each in created] == [2]
    assert not page.busy
    assert len(_invoices(stage).rows or ()) == 2


def test_what_was_voided_can_be_billed_again(stage: Stage, walter: Walter) -> None:
    walter.hold(9)
    created: list[tuple[UUID, ...]] = []
    page: ToBillPresenter = stage.make(
        ToBillPresenter, created=created.append, refused=stage.refused.append
    )
    for count in (1, 2):
        stage.until(lambda: bool(page.rows))
        page.choose(walter.case_id)
        page.create()
        stage.until(lambda count=count: len(created) == count)
        walter.desk.do(void_invoice, created[-1][0])
        stage.until(lambda: bool(page.rows))
    assert created[0] != created[1]


def test_a_refused_invoice_stops_the_rest(stage: Stage, walter: Walter) -> None:
    walter.hold(9)
    created: list[tuple[UUID, ...]] = []
    page: ToBillPresenter = stage.make(
        ToBillPresenter, created=created.append, refused=stage.refused.append
    )
    stage.until(lambda: bool(page.rows))
    page.choose(walter.case_id)
    # Another window bills it first.
    order = InvoiceOrder(uuid4(), tuple(each.id for each in (page.rows or ())[0].charges))
    walter.desk.do(create_invoice, order)
    page.create()
    stage.until(lambda: bool(stage.refused))
    assert "already on invoice" in str(stage.refused[0])
    assert not page.busy
    assert created == []


def test_a_payment_is_reversed(stage: Stage, walter: Walter) -> None:
    walter.hold(9)
    payment = walter.pay(100_00)
    page: PaymentsPresenter = stage.make(
        PaymentsPresenter, today=lambda: TODAY, refused=stage.refused.append
    )
    stage.until(lambda: bool(page.rows))
    page.choose(payment.payment_id)
    assert page.selected is not None
    page.reverse("Bounced")
    stage.until(lambda: len(page.rows or ()) == 2)
    assert page.selected.is_gone
    page.reverse("Bounced")
    stage.until(lambda: bool(stage.refused))
    page.show_period(Period.MONTH)
    stage.until(lambda: page.rows is not None)


def test_the_ledger_shows_every_row(stage: Stage, walter: Walter) -> None:
    walter.hold(9)
    walter.pay(100_00)
    page: LedgerPresenter = stage.make(LedgerPresenter, today=lambda: TODAY)
    stage.until(lambda: page.rows is not None and page.aging is not None)
    assert (page.charged, page.received) == (Money(165_00), Money(100_00))
    assert page.aging is not None
    assert page.aging.to_30 == Money(65_00)
    assert [row.words for row in page.rows or ()] == ["Payment, check 318", "Individual session"]
    page.show_period(Period.YEAR)
    stage.until(lambda: page.rows is not None)
    sums: SummaryPresenter = stage.make(SummaryPresenter, today=lambda: TODAY)
    stage.until(lambda: sums.summary is not None)
    assert sums.summary is not None
    assert (sums.summary.owing, sums.summary.received) == (Money(65_00), Money(100_00))
    assert sums.summary.overdue == ZERO


def _tab(stage: Stage, record: tuple[str, Any]) -> BillingTabPresenter:
    made: BillingTabPresenter = stage.make(
        BillingTabPresenter,
        record,
        today=lambda: TODAY,
        did=lambda _: None,
        refused=stage.refused.append,
    )
    stage.until(lambda: made.account is not None or made.nobody)
    return made


def _invoices_of(tab: BillingTabPresenter) -> int:
    return 0 if tab.account is None else len(tab.account.invoices)


def test_the_money_of_a_case(stage: Stage, walter: Walter) -> None:
    walter.hold(9)
    tab = _tab(stage, ("client", walter.client_id))
    assert tab.case_id == walter.case_id
    (charge_id,) = (each.charge.id for each in tab.to_invoice)
    tab.create_invoice()
    stage.until(lambda: _invoices_of(tab) == 1)
    assert not tab.to_invoice
    tab.void(charge_id, "")
    stage.until(lambda: bool(stage.refused))
    assert "void the invoice first" in str(stage.refused[0])


def test_opening_entries_and_credit(stage: Stage, walter: Walter) -> None:
    tab = _tab(stage, ("case", walter.case_id))
    tab.enter_opening(walter.client_id, Money(80_00), None, credit=False)
    assert tab.opening_problem is not None
    tab.enter_opening(walter.client_id, ZERO, TODAY, credit=False)
    stage.until(lambda: "above zero" in str(tab.opening_problem))
    for amount, credit in ((Money(80_00), False), (Money(30_00), True)):
        before = tab.entry_id
        tab.enter_opening(walter.client_id, amount, TODAY, credit=credit)
        stage.until(lambda before=before: tab.entry_id != before)
    wanted = Balance(Money(80_00), Money(30_00))
    stage.until(lambda: tab.account is not None and tab.account.balance == wanted)
    assert tab.may_apply_credit
    tab.use_credit()
    paid = Balance(Money(50_00), ZERO)
    stage.until(lambda: tab.account is not None and tab.account.balance == paid)


def test_a_fee_of_the_case(stage: Stage, walter: Walter) -> None:
    tab = _tab(stage, ("case", walter.case_id))
    stage.until(lambda: bool(tab.fees))
    tab.set_fee(walter.service_id, Money(82_50))
    stage.until(lambda: tab.fees[walter.service_id].own == Money(82_50))
    tab.set_fee(walter.service_id, None)
    stage.until(lambda: tab.fees[walter.service_id].own is None)


def test_periods_begin_where_people_expect() -> None:
    firsts = [each.first(TODAY) for each in Period]
    assert firsts[:3] == [date(2026, 11, 1), date(2026, 10, 1), date(2026, 1, 1)]
    assert firsts[3] < date(1950, 1, 1)

"""Recording a payment without a window: what the form proposes, says live, and records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

import pytest

from app.core.billing.ledger.commands import Recorded, reverse_payment
from app.core.billing.ledger.queries.payments import payments_of_clients
from app.core.billing.ledger.rules.words import Method
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from app.ui.billing.payment_presenter import PaymentPresenter
from app.ui.billing.words import Sums
from tests.core.billing.conftest import Walter, couple, office, walter
from tests.support.practice import TestDesk
from tests.support.pumping import Pump

__all__ = ["couple", "office", "walter"]

TODAY = date(2026, 11, 19)


@dataclass
class Filled:
    """The form of Walter's payment, and what it recorded."""

    desk: TestDesk
    walter: Walter
    pump: Pump = field(default_factory=Pump)
    recorded: list[Recorded] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.form = PaymentPresenter(
            self.desk, self.pump, today=lambda: TODAY, recorded=self.recorded.append
        )

    def open(self) -> PaymentPresenter:
        self.form.open(self.walter.client_id)
        self.pump.until(lambda: self.form.payer is not None)
        return self.form

    def record(self) -> None:
        before = len(self.recorded)
        self.form.record()
        self.pump.until(lambda: len(self.recorded) > before or self.form.problem is not None)

    def given(self) -> list[int]:
        return [line.given.cents for line in self.form.lines]


@pytest.fixture
def filled(desk: TestDesk, walter: Walter) -> Iterator[Filled]:
    walter.hold(9, fee=Money(82_50))
    walter.hold(18, fee=Money(82_50))
    made = Filled(desk, walter)
    yield made
    made.form.close()


def test_the_form_proposes_what_is_owed(filled: Filled) -> None:
    form = filled.open()
    assert (form.amount, form.received_on, form.method) == (Money(165_00), TODAY, Method.CHECK)
    assert filled.given() == [82_50, 82_50]
    assert form.sentence == "The $165.00 pays two charges in full."


def test_more_than_is_owed_is_kept(filled: Filled) -> None:
    form = filled.open()
    form.set_amount(Money(200_00))
    assert form.sums == Sums(Money(165_00), Money(35_00), ZERO)
    assert form.sentence == (
        "The $200.00 pays two charges in full and keeps $35.00 as Walter’s credit."
    )
    form.set_amount(Money(100_00))
    assert form.sentence == "The $100.00 pays one charge in full and pays part of one charge."


def test_what_the_person_says_goes_or_is_refused_at_once(filled: Filled) -> None:
    form = filled.open()
    first, second = (line.id for line in form.lines)
    form.set_amount(Money(100_00))
    form.give(first, Money(82_50))
    assert form.said is None
    form.give(first, ZERO)
    form.give(second, Money(82_50))
    assert filled.given() == [0, 82_50]
    form.give(second, Money(90_00))
    assert form.is_refused
    assert "Only $82.50 is owed there" in form.sentence
    filled.record()
    assert form.problem is not None
    assert form.problem.field == "parts"
    form.say_where(False)
    assert filled.given() == [82_50, 17_50]


def test_a_charge_can_be_left_out(filled: Filled) -> None:
    form = filled.open()
    first = form.lines[0].id
    form.switch(first, False)
    assert filled.given() == [0, 82_50]
    filled.record()
    plan = filled.recorded[0].plan
    assert [part.charge_id for part in plan.parts] == [form.lines[1].id]
    assert plan.credit == Money(82_50)


def test_recording_says_everything_and_only_once(filled: Filled) -> None:
    form = filled.open()
    form.method, form.reference, form.note = Method.ZELLE, " 77 ", "After the session"
    form.say_where(True)
    form.record()
    form.record()
    filled.pump.until(lambda: bool(filled.recorded))
    (kept,) = filled.desk.ask(payments_of_clients, [filled.walter.client_id])
    assert (kept.words, kept.note, kept.amount) == ("Zelle, 77", "After the session", Money(165_00))
    assert not form.busy


@pytest.mark.parametrize(
    ("name", "value", "wrong"),
    [
        ("amount", ZERO, "amount"),
        ("amount", None, "amount"),
        ("received_on", None, "received_on"),
        ("received_on", date(2026, 12, 1), "received_on"),
    ],
)
def test_what_is_missing_is_shown_at_its_field(
    filled: Filled, name: str, value: object, wrong: str
) -> None:
    form = filled.open()
    setattr(form, name, value)
    filled.record()
    assert isinstance(form.problem, UserError)
    assert form.problem.field == wrong
    assert not form.busy


def test_somebody_has_to_be_chosen(filled: Filled) -> None:
    form = filled.form
    form.open()
    filled.pump.until(lambda: bool(form.clients))
    assert form.clients == ((filled.walter.client_id, "Walter Strand"),)
    form.set_amount(Money(5_00))
    filled.record()
    assert form.problem is not None
    assert form.problem.field == "client"
    form.choose(filled.walter.client_id)
    filled.pump.until(lambda: form.payer is not None)
    assert form.amount == Money(5_00)
    assert filled.given() == [5_00, 0]


def test_a_payment_elsewhere_changes_the_open_form(filled: Filled) -> None:
    form = filled.open()
    payment = filled.walter.pay(82_50)
    filled.pump.until(lambda: len(form.lines) == 1)
    filled.desk.do(reverse_payment, payment.payment_id)
    filled.pump.until(lambda: len(form.lines) == 2)


def test_a_couple_says_which_of_them_paid(desk: TestDesk, couple: tuple[Walter, Walter]) -> None:
    daniel, ruth = couple
    daniel.hold(9)
    pump = Pump()
    form = PaymentPresenter(desk, pump, today=lambda: TODAY, recorded=lambda _: None)
    form.open(case_id=daniel.case_id)
    pump.until(lambda: form.payer is not None)
    assert [name for _, name in form.clients] == ["Daniel Okonkwo", "Ruth Okonkwo"]
    assert form.payer is not None
    assert form.payer.client_id == ruth.client_id
    assert form.is_asked_who
    form.choose(daniel.client_id)
    pump.until(lambda: form.name == "Daniel")
    form.close()

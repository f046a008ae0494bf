"""Recording a payment, without a window: the form, and live what it will do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from app.core.billing.invoices.queries.accounts import Marked, Payer, payer
from app.core.billing.ledger.commands import Recorded, record_payment
from app.core.billing.ledger.rules.allocation import Part, Plan, as_said, oldest_first
from app.core.billing.ledger.rules.entries import PaymentEntry, check_amount
from app.core.billing.ledger.rules.words import Method
from app.core.cases.queries import CaseView, case
from app.core.kernel.canonical import from_plain, to_plain
from app.core.kernel.changes import Outcome
from app.core.kernel.clock import unix_ms
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.core.kernel.ids import new_id
from app.core.kernel.money import ZERO, Money, total
from app.core.kernel.text import PersonName
from app.core.people.queries import names
from app.ui.billing.words import Sums, payment_sentence
from app.ui.shell.form_presenter import FormPresenter, Later, at_once
from app.ui.shell.presenter import Deliver


@dataclass(frozen=True, slots=True)
class Line:
    """A charge in the form: whether it takes part, and what it gets of the payment."""

    marked: Marked
    on: bool
    given: Money

    @property
    def id(self) -> UUID:
        """Return the charge's id."""
        return self.marked.charge.id


@dataclass(frozen=True, slots=True)
class LeftPayment:
    """What stands in a payment that was left half-way, under the id that it will be entered by."""

    payment_id: UUID
    amount: Money | None = None
    received_on: date | None = None
    method: Method = Method.CHECK
    said: tuple[Part, ...] | None = None
    off: tuple[UUID, ...] = ()
    wanted: UUID | None = None


class PaymentPresenter(FormPresenter):
    """The form of one payment. ``payer`` is None until somebody was chosen and read.

    ``said`` holds what the person gives to charges; while it is None the oldest comes first.
    ``problem`` is what to mend, in the form.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        today: Callable[[], date],
        recorded: Callable[[Recorded], None],
        later: Later = at_once,
        unkept: Callable[[Exception], None] | None = None,
    ) -> None:
        super().__init__(desk, deliver, "payment/new", later=later, unkept=unkept)
        self._today, self._recorded = today, recorded
        self.clients: tuple[tuple[UUID, str], ...] = ()
        self.is_asked_who = True
        self.payer: Payer | None = None
        self.case_id: UUID | None = None
        self.problem: UserError | None = None
        self.failure: Exception | None = None
        self.busy = False
        self._start()
        self.watch("billing", "people", "cases")

    def _start(self) -> None:
        # Made with the form, so that a second click cannot enter the payment twice.
        self.payment_id = new_id(unix_ms(self.desk.clock.now()))
        self.amount: Money | None = None
        self.received_on: date | None = self._today()
        self.method = Method.CHECK
        self.reference = ""
        self.note = ""
        self.said: dict[UUID, Money] | None = None
        self._off: set[UUID] = set()
        self._wanted: UUID | None = None
        self._first_read = True

    # What is shown

    @property
    def name(self) -> str:
        """Return what the payer is called."""
        return self.payer.name.called if self.payer is not None else ""

    @property
    def lines(self) -> tuple[Line, ...]:
        """Return the open charges with what each gets."""
        if self.payer is None:
            return ()
        given = {part.charge_id: part.amount for part in self.plan.parts}
        if self.said is not None:
            given = dict(self.said)
        return tuple(
            Line(each, each.charge.id not in self._off, given.get(each.charge.id, ZERO))
            for each in self.payer.open
        )

    @property
    def plan(self) -> Plan:
        """Return where the payment goes; where it cannot go as said, none of it goes anywhere."""
        amount = self.amount or ZERO
        try:
            return self._plan(amount)
        except UserError:
            return Plan((), amount)

    @property
    def sums(self) -> Sums:
        """Return the three sums under the charges."""
        plan = self.plan
        open_now = total(each.charge.owing for each in self.payer.open) if self.payer else ZERO
        return Sums(plan.allocated, plan.credit, open_now - plan.allocated)

    @property
    def sentence(self) -> str:
        """Return what recording will do, or what is wrong with what the person said."""
        if self.payer is None or not self.amount or self.amount < ZERO:
            return ""
        try:
            plan = self._plan(self.amount)
        except UserError as wrong:
            return wrong.sentence
        owing = {each.charge.id: each.charge.owing for each in self.payer.open}
        full = sum(part.amount == owing[part.charge_id] for part in plan.parts)
        return payment_sentence(self.name, self.amount, full, len(plan.parts) - full, plan.credit)

    @property
    def is_refused(self) -> bool:
        """Return whether what the person gives to charges cannot be."""
        try:
            self._plan(self.amount or ZERO)
        except UserError:
            return True
        return False

    def _plan(self, amount: Money) -> Plan:
        owed = [
            each.charge.owed
            for each in (self.payer.open if self.payer else ())
            if each.charge.id not in self._off
        ]
        return oldest_first(amount, owed) if self.said is None else as_said(amount, owed, self.said)

    # What the person does

    def open(self, client_id: UUID | None = None, *, case_id: UUID | None = None) -> None:
        """Begin a new payment, of ``client_id`` or of one of the people of a case, if known.

        What the payer owes is proposed as its amount.
        """
        self._start()
        about = case_id or client_id
        self.key = f"payment/{about or 'new'}"
        self.payer, self.case_id, self.problem, self.failure = None, case_id, None, None
        self._wanted = client_id
        self.is_asked_who = client_id is None
        self.refresh()
        self.begin()
        self.changed()

    def refresh(self) -> None:
        """Read the payer, or the list to choose one from."""
        if self.case_id is None:
            self.read("clients", names, then=self._have_names, failed=self._failed)
        else:
            self.read("clients", case, self.case_id, then=self._have_case, failed=self._failed)
        if self._wanted is not None:
            self.read(
                "payer",
                payer,
                self._wanted,
                self.case_id,
                then=self._have_payer,
                failed=self._failed,
            )

    def choose(self, client_id: UUID) -> None:
        """Take the payment from this client."""
        if client_id != self._wanted:
            self._wanted, self.payer = client_id, None
            self.said, self._off = None, set()
            self._first_read = self.amount is None
            self.touched()
            self.refresh()

    def set_amount(self, amount: Money | None) -> None:
        """Take the amount as typed."""
        if amount != self.amount:
            self.amount = amount
            self.touched()
            self.changed()

    def set_day(self, day: date | None) -> None:
        """Take the day on which it was received."""
        if day != self.received_on:
            self.received_on = day
            self.touched()

    def set_method(self, method: Method) -> None:
        """Take the means of payment."""
        self.method = method
        self.touched()

    def say_where(self, said: bool) -> None:
        """Let the person say where it goes, beginning with the oldest first; or go back."""
        if said == (self.said is not None):
            return
        self.said = {line.id: line.given for line in self.lines} if said else None
        self.touched()
        self.changed()

    def give(self, charge_id: UUID, amount: Money) -> None:
        """Give a charge this much of the payment."""
        given = {line.id: line.given for line in self.lines}
        if amount != given.get(charge_id, amount):
            self.said = {**given, charge_id: amount}
            self.touched()
            self.changed()

    def switch(self, charge_id: UUID, on: bool) -> None:
        """Let a charge take part in the payment, or not."""
        (self._off.discard if on else self._off.add)(charge_id)
        if self.said is not None:
            self.said[charge_id] = ZERO
        self.touched()
        self.changed()

    def record(self) -> None:
        """Record the payment; while it is under way another click does nothing."""
        if self.busy:
            return
        try:
            entry = self._entry()
        except UserError as wrong:
            self.fail(wrong)
            return
        self.busy, self.problem = True, None
        self.changed()
        self.submit(record_payment, entry, then=self._done, failed=self._refused)

    def fail(self, wrong: UserError) -> None:
        """Show what is to be mended."""
        self.problem = wrong
        self.changed()

    def _entry(self) -> PaymentEntry:
        if self._wanted is None:
            raise UserError("Choose who paid.", field="client")
        if self.received_on is None:
            raise UserError("Say on which day it was received.", field="received_on")
        amount = check_amount(self.amount or ZERO)
        self._plan(amount)
        taking_part = tuple(line.id for line in self.lines if line.on)
        said = tuple(Part(line.id, line.given) for line in self.lines if line.on and line.given)
        return PaymentEntry(
            payment_id=self.payment_id,
            client_id=self._wanted,
            amount=amount,
            method=self.method,
            received_on=self.received_on,
            reference=self.reference,
            note=self.note,
            case_id=self.case_id,
            charge_ids=taking_part if self._off else None,
            parts=None if self.said is None else said,
        )

    # Left half-way

    def content(self) -> dict[str, Any]:
        """Return what stands in the form."""
        said = None if self.said is None else tuple(Part(*each) for each in self.said.items())
        left = LeftPayment(
            self.payment_id,
            self.amount,
            self.received_on,
            self.method,
            said,
            tuple(self._off),
            self._wanted,
        )
        return {"typed": to_plain(left)}

    def take_up(self, content: dict[str, Any]) -> None:
        """Go on with the payment that was left; what is owed by now is read again."""
        left = from_plain(LeftPayment, content["typed"])
        self.payment_id, self.method, self._off = left.payment_id, left.method, set(left.off)
        self.amount, self.received_on = left.amount, left.received_on
        self.said = (
            None if left.said is None else {part.charge_id: part.amount for part in left.said}
        )
        self._first_read = False
        if left.wanted is not None and left.wanted != self._wanted:
            self._wanted, self.payer = left.wanted, None
            self.refresh()

    # What arrives

    def _have_names(self, found: dict[UUID, PersonName]) -> None:
        people = sorted(found.items(), key=lambda each: each[1].sort_key)
        self.clients = tuple((client_id, name.display) for client_id, name in people)
        self.changed()

    def _have_case(self, found: CaseView) -> None:
        self.clients = tuple((person.id, person.name.display) for person in found.people)
        self.is_asked_who = self.is_asked_who and len(self.clients) > 1
        if self._wanted is None and self.clients:
            self._wanted = found.identified_client_id or self.clients[0][0]
            self.refresh()
        self.changed()

    def _have_payer(self, found: Payer) -> None:
        self.payer = found
        if self.said is not None:
            # What was paid since it was said takes no part any more.
            open_now = {each.charge.id for each in found.open}
            self.said = {each: given for each, given in self.said.items() if each in open_now}
        if self._first_read and self.amount is None:
            self.amount = total(each.charge.owing for each in found.open) or None
        self._first_read = False
        self.changed()

    def _done(self, outcome: Outcome[Recorded]) -> None:
        self.busy = False
        self._recorded(outcome.value)
        self.did(outcome)

    def _refused(self, error: Exception) -> None:
        self.busy = False
        if isinstance(error, UserError):
            self.fail(error)
        else:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self.failure = error
        self.changed()

"""A fictional day in the practice, carried out through the journeys that people use."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from uuid import UUID

from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.billing.superbills.rules.orders import Order
from app.core.cases.commands import add_client_with_case, add_couple, close_case
from app.core.clinical.commands.diagnoses import add_diagnosis
from app.core.clinical.commands.notes import sign_note
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.clinical.rules.notes import NoteFormat
from app.core.demo import wording
from app.core.demo.lives import How, Life, Meeting
from app.core.demo.people import Crowd
from app.core.demo.sizes import Size
from app.core.journeys import sessions as journeys
from app.core.journeys.invoices import create_invoice
from app.core.journeys.notes import write_note
from app.core.journeys.sessions import Settled
from app.core.journeys.superbills import issue_superbills
from app.core.kernel.ids import occurrence_id
from app.core.kernel.money import Money
from app.core.people.commands import make_inactive
from app.core.scheduling.commands import book_series, book_session, end_series
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.recurrence import Repeat
from app.core.scheduling.rules.status import ClientPlace
from app.core.store.unit import UnitOfWork

#: Billable codes that every release of the table holds.
_DIAGNOSES = ("F41.1", "F33.1", "F32.1", "F43.23", "F40.10", "F34.1", "F90.0", "F51.01")
_OF_COUPLES = ("F43.23", "F41.1")
_METHODS = (Method.CHECK, Method.ZELLE, Method.CARD_ELSEWHERE, Method.CASH)
#: How long drafts of notes stay unsigned, so that some wait on the last day.
_SIGNED_WITHIN = timedelta(days=4)
#: Superbills of a month are made on this day of the next; the last ones are left to the person.
_SUPERBILL_DAY = 5
_LEFT_TO_DO = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The services and locations that a fictional practice books with."""

    individual: UUID
    couple: UUID
    intake: UUID
    office: UUID
    video: UUID


@dataclass(slots=True)
class _Known:
    """What is known of a life once its record is made."""

    case_id: UUID
    client_ids: tuple[UUID, ...]
    series_id: UUID | None
    service_id: UUID
    location_id: UUID
    at_home: bool
    superbills: bool
    months: set[date] = field(default_factory=set)
    """First days of the months with sessions that are on no superbill yet."""


@dataclass(slots=True)
class _Debt:
    """Money that comes later than the session."""

    client_id: UUID
    charge_ids: tuple[UUID, ...]
    amount: Money


@dataclass(slots=True)
class Living:
    """The practice as it lives through its days; see ``day``."""

    size: Size
    random: Random
    today: date
    catalogue: Catalogue
    known: dict[int, _Known] = field(default_factory=dict)
    _crowd: Crowd = field(init=False)
    _debts: dict[date, list[_Debt]] = field(default_factory=lambda: defaultdict(list))
    _endings: dict[date, list[Life]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        self._crowd = Crowd(self.random, self.today)

    def day(self, uow: UnitOfWork, day: date, meetings: list[tuple[Life, Meeting]]) -> None:
        """Live through ``day``: who begins, what is held, what is paid, who leaves."""
        for life, meeting in meetings:
            if life.number not in self.known:
                self._welcome(uow, life)
            self._meet(uow, life, meeting)
        for debt in self._debts.pop(day, ()):
            self._pay(uow, debt)
        if day.day == _SUPERBILL_DAY:
            self._issue_superbills(uow, day)
        for life in self._endings.pop(day, ()):
            self._farewell(uow, life)

    def _welcome(self, uow: UnitOfWork, life: Life) -> None:
        random = self.random
        insured = random.random() < self.size.superbilled
        first = self._crowd.person(insured=insured)
        if life.couple:
            family = first.name.family if random.random() < 0.5 else ""
            second = self._crowd.person(family=family, insured=False)
            added = add_couple(uow, first, second, identified=0)
        else:
            added = add_client_with_case(uow, first)
        catalogue = self.catalogue
        known = _Known(
            added.case_id,
            added.client_ids,
            None,
            catalogue.couple if life.couple else catalogue.individual,
            catalogue.video if random.random() < 0.25 else catalogue.office,
            # Of some it was forgotten to write down where they are: superbills wait for that.
            random.random() < 0.8,
            insured,
        )
        self.known[life.number] = known
        codes = _OF_COUPLES if life.couple else _DIAGNOSES
        day = life.first.date()
        add_diagnosis(uow, NewDiagnosis(known.client_ids[0], random.choice(codes), day))
        if life.every:
            booking = self._booking(known, life.first)
            known.series_id = book_series(uow, booking, Repeat(life.every))
        if life.last is not None:
            self._endings[life.last].append(life)

    def _booking(self, known: _Known, starts: datetime) -> Booking:
        remote = known.location_id == self.catalogue.video
        return Booking(
            case_id=known.case_id,
            starts=starts,
            lines=(Line(known.service_id),),
            location_id=known.location_id,
            client_place=ClientPlace.HOME if remote and known.at_home else None,
            client_state="OR" if remote and known.at_home else "",
        )

    def _meet(self, uow: UnitOfWork, life: Life, meeting: Meeting) -> None:
        known = self.known[life.number]
        if known.series_id is None:
            session_id = book_session(uow, self._booking(known, meeting.starts))
        else:
            start = meeting.starts.isoformat(timespec="minutes")
            session_id = occurrence_id(known.series_id, start)
        uow.session.flush()
        if meeting.how is How.CANCELED:
            journeys.cancel(uow, session_id, reason="Away that week")
        elif meeting.how is How.LATE:
            done = journeys.cancel(uow, session_id, late=True, charged=True)
            self._bill(uow, known, done)
        elif meeting.how is How.MISSED:
            journeys.miss(uow, session_id)
        else:
            done = journeys.attend(uow, session_id)
            self._write(uow, session_id, meeting)
            self._bill(uow, known, done)
            if known.superbills:
                known.months.add(meeting.starts.date().replace(day=1))

    def _write(self, uow: UnitOfWork, session_id: UUID, meeting: Meeting) -> None:
        random = self.random
        lately = meeting.starts.date() > self.today - _SIGNED_WITHIN
        if lately and random.random() > self.size.noted:
            return
        late = lately and random.random() < 0.3
        texts = wording.draft(random) if late else wording.soap(random)
        kept = write_note(uow, session_id, NoteFormat.SOAP, texts)
        if not late:
            uow.session.flush()
            sign_note(uow, kept.note_id, kept.hash)

    def _bill(self, uow: UnitOfWork, known: _Known, done: Settled) -> None:
        random = self.random
        if random.random() < self.size.invoiced:
            create_invoice(uow, InvoiceOrder(uow.new_id(), done.charge_ids))
        debt = _Debt(known.client_ids[0], done.charge_ids, done.charged)
        chance = random.random()
        if chance < 0.85:
            self._pay(uow, debt)
        else:
            wait = random.randrange(3, 21) if chance < 0.97 else random.randrange(30, 60)
            self._debts[uow.today + timedelta(days=wait)].append(debt)

    def _pay(self, uow: UnitOfWork, debt: _Debt) -> None:
        method = self.random.choice(_METHODS)
        entry = PaymentEntry(
            payment_id=uow.new_id(),
            client_id=debt.client_id,
            amount=debt.amount,
            method=method,
            received_on=uow.today,
            reference=str(self.random.randrange(1001, 9999)) if method is Method.CHECK else "",
            charge_ids=debt.charge_ids,
        )
        record_payment(uow, entry)
        uow.session.flush()

    def _issue_superbills(self, uow: UnitOfWork, day: date) -> None:
        last = day.replace(day=1) - timedelta(days=1)
        first = last.replace(day=1)
        if self.today < day + _LEFT_TO_DO:
            return
        orders: list[Order] = []
        for known in self.known.values():
            if first in known.months:
                known.months.discard(first)
                orders.append(Order(uow.new_id(), known.client_ids[0], first, last))
        if orders:
            # A month in which nothing is paid yet has no superbill: its result says so.
            issue_superbills(uow, orders)

    def _farewell(self, uow: UnitOfWork, life: Life) -> None:
        known = self.known[life.number]
        if known.series_id is not None:
            end_series(uow, known.series_id, uow.today)
        close_case(uow, known.case_id)
        for client_id in known.client_ids:
            make_inactive(uow, client_id)

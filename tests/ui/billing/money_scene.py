"""The invoices of the design's pictures, as they stand on Thursday, November 19, 2026."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID, uuid4

import pytest

from app.core.billing.fees.commands import set_client_fee
from app.core.billing.invoices.commands import void_invoice
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.cases.commands import add_client_with_case, open_case
from app.core.cases.rules import NewCase
from app.core.journeys.invoices import create_invoice
from app.core.journeys.payments import pay_invoice
from app.core.journeys.sessions import attend
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import CaseKind, ServiceFields
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.scheduling.commands import book_session
from app.core.scheduling.rules.booking import Booking, Line
from tests.support.clock import THE_MOMENT
from tests.support.practice import StoredPractice, store_practice

TODAY = date(2026, 11, 19)
CHECK, ZELLE = Method.CHECK, Method.ZELLE


@dataclass(frozen=True, slots=True)
class Asked:
    """An invoice: of whom, when, for how much, what of it was paid and how."""

    who: str
    issued: date
    due: date
    cents: int
    paid: tuple[tuple[date, Method, str, int], ...] = ()
    void: bool = False


def day(month: int, number: int) -> date:
    return date(2026, month, number)


ASKED = (
    Asked("Beatriz Sol", day(10, 8), day(10, 22), 40_00, ((day(10, 8), ZELLE, "", 40_00),)),
    Asked(
        "Mateo Villanueva", day(10, 15), day(10, 29), 165_00, ((day(10, 20), CHECK, "511", 165_00),)
    ),
    Asked("Alex Greer", day(10, 20), day(11, 3), 190_00, void=True),
    Asked("Alex Greer", day(10, 20), day(11, 3), 190_00, ((day(11, 2), CHECK, "87", 190_00),)),
    Asked("Callum Reyes", day(10, 23), day(11, 6), 210_00),
    Asked("Lena Hoffmann", day(11, 9), day(11, 16), 82_50),
    Asked(
        "Odette Marchetti", day(11, 16), day(11, 30), 165_00, ((day(11, 16), CHECK, "30", 165_00),)
    ),
    Asked(
        "Soo-jin Rhee",
        day(11, 16),
        day(11, 30),
        285_00,
        ((day(11, 16), CHECK, "1042", 100_00), (day(11, 17), ZELLE, "", 50_00)),
    ),
    Asked("Lena Hoffmann", day(11, 18), day(12, 2), 82_50),
    Asked("Samir Belkacem", day(11, 18), day(12, 2), 165_00, ((day(11, 18), ZELLE, "", 165_00),)),
    Asked("Priya Raman", day(11, 19), day(11, 19), 165_00, ((day(11, 19), CHECK, "77", 165_00),)),
    Asked("Walter Strand", day(11, 19), day(12, 3), 165_00),
)
#: Sessions that nobody was asked to pay yet.
UNBILLED = (("Ada Lowry", day(11, 12)), ("Ada Lowry", day(11, 19)), ("Jun Tanaka", day(11, 17)))


class Money19:
    """Writes the scene into an empty practice."""

    def __init__(self, desk: Any) -> None:
        self.desk = desk
        self.cases: dict[str, UUID] = {}
        self.clients: dict[str, UUID] = {}
        self.invoices: list[UUID] = []
        desk.do(add_location, LocationFields("Alder Street", SessionFormat.IN_PERSON, "11"))
        self.service = desk.do(
            add_service, ServiceFields("Individual session", "0001Z", 50, Money(165_00))
        ).value
        self.family = desk.do(
            add_service, ServiceFields("Family session", "0005Z", 80, Money(285_00))
        ).value

    def write(self) -> Money19:
        """Write everything and come back to the moment of the pictures."""
        self._rhees()
        for asked in ASKED:
            self._invoice(asked)
        for who, held_on in UNBILLED:
            self._hold(who, held_on)
        self.desk.clock.set(THE_MOMENT)
        return self

    def _rhees(self) -> None:
        people = [
            self.desk.do(add_client, NewClient(PersonName(given, family="Rhee"))).value
            for given in ("Soo-jin", "Min-ho")
        ]
        new = NewCase(CaseKind.FAMILY, tuple(people), identified_client_id=people[0])
        self.cases["Soo-jin Rhee"] = self.desk.do(open_case, new).value
        self.clients["Soo-jin Rhee"] = people[0]

    def _case(self, who: str) -> UUID:
        if who not in self.cases:
            given, _, family = who.partition(" ")
            name = PersonName(given, family=family)
            added = self.desk.do(add_client_with_case, NewClient(name)).value
            self.cases[who], self.clients[who] = added.case_id, added.client_ids[0]
        return self.cases[who]

    def _hold(self, who: str, held_on: date, cents: int | None = None) -> tuple[UUID, ...]:
        self.desk.clock.set(datetime.combine(held_on, time(18), UTC))
        service = self.family if who.endswith("Rhee") else self.service
        fee = None if cents is None else Money(cents)
        starts = datetime.combine(held_on, time(9))
        booking = Booking(self._case(who), starts, lines=(Line(service, fee=fee),))
        session_id = self.desk.do(book_session, booking).value
        charge_ids: tuple[UUID, ...] = self.desk.do(attend, session_id).value.charge_ids
        return charge_ids

    def _invoice(self, asked: Asked) -> None:
        charge_ids = self._hold(asked.who, asked.issued, asked.cents)
        order = InvoiceOrder(uuid4(), charge_ids, due_on=asked.due)
        invoice_id = self.desk.do(create_invoice, order).value
        self.invoices.append(invoice_id)
        for received_on, method, reference, cents in asked.paid:
            self.desk.clock.set(datetime.combine(received_on, time(18), UTC))
            entry = PaymentEntry(
                uuid4(), self.clients[asked.who], Money(cents), method, received_on, reference
            )
            self.desk.do(pay_invoice, invoice_id, entry)
        if asked.void:
            self.desk.do(void_invoice, invoice_id)
        if asked.who == "Lena Hoffmann":
            self.desk.do(set_client_fee, self.cases[asked.who], self.service, Money(82_50))


def stored_money(factory: pytest.TempPathFactory) -> StoredPractice:
    """Return a closed practice with the scene, to be copied by tests."""
    return store_practice(factory.mktemp("money"), lambda desk: Money19(desk).write())

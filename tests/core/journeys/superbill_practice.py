"""A client of whom a superbill can be issued, and what tests do to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from app.core.billing.superbills.rules.choosing import BY_THE_RULE, Wish
from app.core.billing.superbills.rules.orders import Order
from app.core.clinical.commands.diagnoses import add_diagnosis
from app.core.clinical.commands.notes import save_draft, sign_note, start_session_note
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.sessions import attend
from app.core.journeys.superbills import Overview, overview
from app.core.people import queries as people
from app.core.people.commands import (
    change_details,
    set_addresses,
    set_insurances,
    set_phones,
)
from app.core.people.rules import (
    AddressFields,
    InsuranceFields,
    PhoneFields,
    Sex,
)
from app.core.practice.rules.places import Address
from tests.core.billing.conftest import Walter
from tests.support.practice import TestDesk

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)


def complete(walter: Walter, *, diagnosed_from: date = date(2026, 1, 5)) -> Walter:
    """Fill in what an insurer asks of the client."""
    desk, client_id = walter.desk, walter.client_id
    details = desk.ask(people.client, client_id).details
    desk.do(change_details, client_id, replace(details, birth_date=date(1961, 5, 2), sex=Sex.MALE))
    desk.do(set_phones, client_id, (PhoneFields("(707) 555-0177", is_main=True),))
    home = Address("77 Orchard Row", "", "Alder Bay", "CA", "95999")
    desk.do(set_addresses, client_id, (AddressFields(home, is_main=True),))
    desk.do(set_insurances, client_id, (InsuranceFields("Cascade Mutual", "CMH 5520", "70815"),))
    desk.do(add_diagnosis, NewDiagnosis(client_id, "F33.1", diagnosed_from))
    return walter


def hold(walter: Walter, *days: int, sign: bool = True) -> list[UUID]:
    """Hold sessions on days of November, sign their notes, and return the charges."""
    charges: list[UUID] = []
    for day in days:
        session_id = walter.book(day)
        charges.extend(walter.desk.do(attend, session_id).value.charge_ids)
        if sign:
            sign_session(walter.desk, session_id)
    return charges


def sign_session(desk: TestDesk, session_id: UUID) -> None:
    """Write and sign the note of a session."""
    note_id = desk.do(start_session_note, session_id).value
    kept = desk.do(save_draft, note_id, NoteFormat.PLAIN, {"text": "Slept better."}).value
    desk.do(sign_note, note_id, kept.hash)


def order(walter: Walter, wish: Wish = BY_THE_RULE) -> Order:
    """November's superbill."""
    return Order(uuid4(), walter.client_id, FIRST, LAST, wish)


def november(walter: Walter, wish: Wish = BY_THE_RULE) -> Overview:
    """What November holds for everybody."""
    return walter.desk.ask(overview, FIRST, LAST, wish)


def charges_seen(walter: Walter) -> tuple[UUID, ...]:
    """Return the lines of the one superbill that November holds for Walter."""
    (checked,) = november(walter).checked
    return tuple(line.charge_id for line in checked.draft.lines)

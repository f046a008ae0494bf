"""The table *act by state*, every cell by real commands of an open practice."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from app import bootstrap
from app.core.billing.fees.commands import set_client_fee
from app.core.billing.invoices.commands import take_out_invoice, void_invoice
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.commands import record_payment, refund_payment
from app.core.billing.ledger.rules.entries import PaymentEntry, RefundEntry
from app.core.billing.ledger.rules.words import Method
from app.core.billing.superbills.commands import take_out_superbill
from app.core.billing.superbills.rules.orders import Order
from app.core.cases.commands import add_client_with_case, close_case
from app.core.clinical.commands.notes import (
    NewNote,
    amend_note,
    open_note,
    save_draft,
    sign_note,
    start_note,
    start_session_note,
)
from app.core.clinical.rules.notes import NoteFormat
from app.core.exchange.listing import note_export
from app.core.exchange.queries.roster import roster
from app.core.journeys.invoices import create_invoice
from app.core.journeys.notes import write_note
from app.core.journeys.payments import void_charge
from app.core.journeys.sessions import PastEntry, attend, cancel, enter_past, miss
from app.core.journeys.superbills import issue_superbill
from app.core.kernel.acting import Role, member_actor
from app.core.kernel.entitlement import Act, Entitlement, Standing
from app.core.kernel.errors import NotAllowed, PlanRefuses
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.membership.commands import activate_clients
from app.core.membership.queries import capacity
from app.core.people import queries as people
from app.core.people.commands import (
    add_contact,
    change_name,
    make_inactive,
    open_chart,
    set_phones,
)
from app.core.people.rules import ContactFields, Lifecycle, NewClient, PhoneFields
from app.core.practice.commands import add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.scheduling.commands import (
    PastSession,
    book_series,
    book_session,
    confirm_session,
    move_session,
)
from app.core.scheduling.queries.reading import days, in_window
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.recurrence import Repeat
from app.core.team.commands import change_setting
from tests.core.billing.conftest import TODAY, Walter
from tests.core.journeys.superbill_practice import complete
from tests.support.practice import TestDesk

TEXT = {"subjective": "Slept better."}


@dataclass(frozen=True, slots=True)
class Story:
    """A practice in which everything stands ready that an act could be about."""

    walter: Walter
    booked: list[UUID]
    occurrence: UUID
    draft: UUID
    draft_hash: str
    signed: UUID
    charges: list[UUID]
    payment: UUID
    invoice: UUID
    superbill: UUID
    prospect: UUID


@pytest.fixture
def story(desk: TestDesk, walter: Walter) -> Story:
    """Walter, with sessions held, booked, noted, charged, paid and put on papers."""
    complete(walter)
    held = [desk.do(attend, walter.book(day)).value for day in (2, 3, 4)]
    signed = desk.do(start_session_note, held[0].session_id).value
    written = desk.do(save_draft, signed, NoteFormat.SOAP, TEXT).value
    desk.do(sign_note, signed, written.hash)
    charges = [charge for each in held for charge in each.charge_ids]
    paid = walter.pay(165_00)
    superbill = desk.do(issue_superbill, the_order(walter)).value
    invoice = desk.do(create_invoice, InvoiceOrder(uuid4(), (charges[1],))).value
    draft = desk.do(start_session_note, held[1].session_id).value
    kept = desk.do(save_draft, draft, NoteFormat.SOAP, TEXT).value
    booking = Booking(walter.case_id, datetime(2026, 11, 19, 8), lines=(Line(walter.service_id),))
    desk.do(book_series, booking, Repeat())
    (occurrence,) = desk.ask(in_window, days(TODAY, TODAY))
    name = PersonName("Ruth", "", "Okonkwo")
    added = desk.do(add_client_with_case, NewClient(name)).value.client_ids[0]
    desk.do(make_inactive, added)
    return Story(
        walter,
        [walter.book(day) for day in (9, 10, 11, 12)],
        occurrence.id,
        draft,
        kept.hash,
        signed,
        charges,
        paid.payment_id,
        invoice,
        superbill,
        added,
    )


def the_order(walter: Walter) -> Order:
    """Return a superbill over November."""
    first, last = date(2026, 11, 1), date(2026, 11, 30)
    return Order(uuid4(), walter.client_id, first, last)


Do = Callable[..., Any]
Acts = list[tuple[Act, str, Callable[[Do, Story], Any]]]


def a_booking(story: Story, day: int = 27) -> Booking:
    """Return a session to be booked."""
    line = Line(story.walter.service_id)
    return Booking(story.walter.case_id, datetime(2026, 11, day, 15), lines=(line,))


def a_payment(story: Story) -> PaymentEntry:
    """Return a check of Walter's."""
    return PaymentEntry(uuid4(), story.walter.client_id, Money(10_00), Method.CHECK, TODAY)


def past(story: Story) -> list[PastEntry]:
    """Return a session of last month that is entered now."""
    line = Line(story.walter.service_id)
    booking = Booking(story.walter.case_id, datetime(2026, 10, 6, 10), lines=(line,))
    return [PastEntry(PastSession(booking))]


#: Row by row of the table, each act that it names.
ACTS: Acts = [
    (Act.READ, "open a chart", lambda do, s: do(open_chart, s.walter.client_id)),
    (Act.READ, "open a note", lambda do, s: do(open_note, s.signed)),
    (Act.READ, "print an invoice", lambda do, s: do(take_out_invoice, s.invoice)),
    (Act.READ, "print a superbill", lambda do, s: do(take_out_superbill, s.superbill)),
    (Act.READ, "export", lambda do, _s: do(note_export)),
    (Act.CLOSE, "attended", lambda do, s: do(attend, s.booked[0])),
    (Act.CLOSE, "missed", lambda do, s: do(miss, s.booked[1], charged=True)),
    (Act.CLOSE, "canceled", lambda do, s: do(cancel, s.booked[2])),
    (Act.CLOSE, "attended, of a series", lambda do, s: do(attend, s.occurrence)),
    (Act.CLOSE, "begin a session's note", lambda do, s: do(start_session_note, s.booked[0])),
    (Act.CLOSE, "correct a name",
     lambda do, s: do(change_name, s.walter.client_id, PersonName("Walther", "", "Strand"))),
    (Act.CLOSE, "correct a phone",
     lambda do, s: do(set_phones, s.walter.client_id, (PhoneFields("(707) 555-0178"),))),
    (Act.FINISH, "sign a draft", lambda do, s: do(sign_note, s.draft, s.draft_hash)),
    (Act.FINISH, "amend a note", lambda do, s: do(amend_note, s.signed, "Left out a word.")),
    (Act.SETTLE, "record money", lambda do, s: do(record_payment, a_payment(s))),
    (Act.SETTLE, "refund", lambda do, s: do(refund_payment, RefundEntry(
        uuid4(), s.payment, Money(5_00), Method.CHECK, TODAY))),
    (Act.SETTLE, "void an invoice", lambda do, s: do(void_invoice, s.invoice)),
    (Act.SETTLE, "void a charge", lambda do, s: do(void_charge, s.charges[2])),
    (Act.SETTLE, "a superbill", lambda do, s: do(issue_superbill, the_order(s.walter))),
    (Act.BOOK, "book", lambda do, s: do(book_session, a_booking(s))),
    (Act.BOOK, "book a series", lambda do, s: do(book_series, a_booking(s, 28), Repeat())),
    (Act.BOOK, "move", lambda do, s: do(move_session, s.booked[3], datetime(2026, 11, 26, 9))),
    (Act.BOOK, "confirm", lambda do, s: do(confirm_session, s.booked[3])),
    (Act.BOOK, "enter past sessions", lambda do, s: do(enter_past, past(s))),
    (Act.BOOK, "an invoice",
     lambda do, s: do(create_invoice, InvoiceOrder(uuid4(), (s.charges[1],)))),
    (Act.BOOK, "a note of no session",
     lambda do, s: do(start_note, NewNote(s.walter.case_id, TODAY))),
    (Act.BOOK, "write one at once",
     lambda do, s: do(write_note, NewNote(s.walter.case_id, TODAY), NoteFormat.SOAP, TEXT)),
    (Act.BOOK, "add a contact", lambda do, _s: do(add_contact, ContactFields("Ann Strand"))),
    (Act.BOOK, "add a prospect", lambda do, _s: do(
        add_client_with_case, NewClient(PersonName("Omar", "", "Said")))),
    (Act.BOOK, "change a fee",
     lambda do, s: do(set_client_fee, s.walter.case_id, s.walter.service_id, Money(90_00))),
    (Act.BOOK, "add a service",
     lambda do, _s: do(add_service, ServiceFields("Couple", "0002Z", 50, Money(200_00)))),
    (Act.BOOK, "change a setting", lambda do, _s: do(change_setting, "notes.format", "DAP")),
    (Act.GROW, "activate", lambda do, s: do(activate_clients, [s.prospect])),
    (Act.GROW, "add an active client", lambda do, _s: do(
        add_client_with_case, NewClient(PersonName("Noor", "", "Haddad"), Lifecycle.ACTIVE))),
    (Act.WITHDRAW, "make inactive", lambda do, s: do(make_inactive, s.prospect)),
    (Act.WITHDRAW, "close a case", lambda do, s: do(close_case, s.walter.case_id)),
]  # fmt: skip

ALL = set(Act)
#: The table, column by column; Archive has one for its owner and one for everybody else.
COLUMNS: dict[str, tuple[Standing, Role, set[Act]]] = {
    "within": (Standing.WITHIN, Role.OWNER, ALL),
    "lapsed": (Standing.LAPSED, Role.OWNER, ALL - {Act.BOOK, Act.GROW}),
    "archive, owner": (Standing.ARCHIVE, Role.OWNER, {Act.READ, Act.FINISH}),
    "archive, provider": (Standing.ARCHIVE, Role.PROVIDER, {Act.READ}),
    "not refreshed": (Standing.STALE, Role.OWNER, ALL - {Act.GROW}),
}


def stand(practice: bootstrap.OpenPractice, standing: Standing, limit: int = 10) -> None:
    """Let the practice stand so with its plan."""
    practice._without_plan = Entitlement("test", standing, limit)


@pytest.mark.parametrize("column", COLUMNS)
def test_every_cell_of_acts_and_states(
    practice: bootstrap.OpenPractice, desk: TestDesk, story: Story, owner_id: UUID, column: str
) -> None:
    standing, role, allowed = COLUMNS[column]
    stand(practice, standing)
    desk.actor = member_actor(desk.actor.practice_id, owner_id, role)
    found = {}
    for act, name, do in ACTS:
        try:
            do(desk.do, story)
            found[act, name] = "done"
        except PlanRefuses:
            found[act, name] = "the plan refuses"
        except NotAllowed:
            found[act, name] = "not this role's"
    others = {(Act.BOOK, "add a service"), (Act.BOOK, "change a setting")}
    for (act, name), what in found.items():
        if role is not Role.OWNER and (act, name) in others:
            continue
        assert what == ("done" if act in allowed else "the plan refuses"), (act, name)
    assert {act for act, _name, _do in ACTS} == ALL


@pytest.mark.parametrize("standing", list(Standing))
def test_reading_searching_and_backups_never_end(
    practice: bootstrap.OpenPractice,
    desk: TestDesk,
    story: Story,
    tmp_path: Path,
    standing: Standing,
) -> None:
    stand(practice, standing)
    assert desk.ask(people.client, story.walter.client_id).id == story.walter.client_id
    assert practice.backup(tmp_path / "backups").path.exists()
    assert all(not finding.problems for finding in practice.verify())


def test_growth_is_refused_at_the_limit_and_says_what_to_do(
    practice: bootstrap.OpenPractice, desk: TestDesk, story: Story
) -> None:
    used = desk.ask(capacity, desk.entitlement).used
    stand(practice, Standing.WITHIN, used)
    with pytest.raises(PlanRefuses, match="make somebody inactive first"):
        desk.do(activate_clients, [story.prospect])
    stand(practice, Standing.WITHIN, used + 1)
    desk.do(activate_clients, [story.prospect])


def test_undo_makes_nobody_active_for_whom_there_is_no_room(
    practice: bootstrap.OpenPractice, desk: TestDesk, story: Story
) -> None:
    desk.do(activate_clients, [story.prospect])
    used = desk.ask(capacity, desk.entitlement).used
    rested = desk.do(make_inactive, story.prospect).undo
    assert rested is not None
    stand(practice, Standing.WITHIN, used - 1)
    with pytest.raises(PlanRefuses, match="make somebody inactive first"):
        desk.undo(rested).result()
    stand(practice, Standing.LAPSED)
    with pytest.raises(PlanRefuses, match="renew it"):
        desk.undo(rested).result()
    assert desk.ask(people.client, story.prospect).lifecycle is Lifecycle.INACTIVE
    stand(practice, Standing.WITHIN, used)
    desk.undo(rested).result()
    assert desk.ask(people.client, story.prospect).lifecycle is Lifecycle.ACTIVE


def test_an_import_brings_everybody_in_and_activates_nobody_while_the_plan_is_not_refreshed(
    desk: TestDesk, story: Story
) -> None:
    for standing, places in ((Standing.WITHIN, 10), (Standing.STALE, 0)):
        known = desk.ask(roster, Entitlement("test", standing, 10))
        assert (known.allowed, known.used) == (places, 0)


def test_what_refuses_says_how_it_is_mended(
    practice: bootstrap.OpenPractice, desk: TestDesk, story: Story
) -> None:
    for standing, words in (
        (Standing.LAPSED, "renew it"),
        (Standing.ARCHIVE, "return to a plan"),
        (Standing.STALE, "Connect to the account"),
    ):
        stand(practice, standing)
        with pytest.raises(PlanRefuses, match=words):
            desk.do(activate_clients, [story.prospect])

"""Every command of the core, tried by a colleague on the owner's case: refused, nothing written.

The tables are whole: a new command fails here until it stands in one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from app import bootstrap
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.rules.entries import (
    NewCharge,
    OpeningEntry,
    PaymentEntry,
    RefundEntry,
)
from app.core.billing.ledger.rules.words import ChargeKind, Method
from app.core.billing.ledger.tables import Allocation
from app.core.billing.superbills.rules.orders import Order
from app.core.cases.rules import CaseDefaults, NewCase, PayerFields
from app.core.cases.tables import CaseParticipant
from app.core.clinical.commands.notes import NewNote
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.sessions import PastEntry
from app.core.kernel.acting import Actor, Permission, Role
from app.core.kernel.errors import NotAllowed, NotFound, UserError
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import (
    ContactFields,
    DetailFields,
    Lifecycle,
    NewClient,
    RelationshipFields,
    RelationshipType,
    Verification,
)
from app.core.people.tables import ClientPhone, Relationship
from app.core.practice.rules.catalogue import CaseKind
from app.core.scheduling.commands import PastSession
from app.core.scheduling.rules.booking import Booking, Details, Line
from app.core.scheduling.rules.recurrence import Repeat
from app.core.store.audit import AuditEntry
from app.core.store.command import command
from app.core.store.ports import StoredFile
from app.core.store.unit import UnitOfWork
from app.core.tasks.rules.inbox import InboxState
from tests.core.store.test_declarations import every_command
from tests.support.clock import StillClock
from tests.support.colleagues import FIRST, LAST, MARK, TODAY, Colleagues, Owners

FILE = StoredFile("cd" * 32, b"k" * 32, 5)
COMMANDS = every_command()
Given = Callable[[Colleagues, Owners], tuple[Any, ...]]


def booking(c: Colleagues, case_id: UUID) -> Booking:
    """Return a session to be booked."""
    return Booking(case_id, datetime(2026, 11, 25, 9), lines=(Line(c.service_id),))


def payment(client_id: UUID, **more: Any) -> PaymentEntry:
    """Return a check."""
    return PaymentEntry(uuid4(), client_id, Money(1_00), Method.CHECK, TODAY, **more)


def order(client_id: UUID) -> Order:
    """Return a superbill of the year."""
    return Order(uuid4(), client_id, FIRST, LAST)


#: What each command that names somebody's record is asked, of the owner's.
ON_THE_OWNERS: dict[str, Given] = {
    "billing.fees.set_client_fee": lambda c, o: (o.case_id, c.service_id, Money(1)),
    "billing.invoices.take_out_invoice": lambda _c, o: (o.invoice_id,),
    "billing.invoices.void_invoice": lambda _c, o: (o.invoice_id,),
    "billing.ledger.add_charges": lambda _c, o: (
        [NewCharge(o.case_id, o.client_id, ChargeKind.SESSION, TODAY, "x", Money(1), Money(1))],
    ),
    "billing.ledger.apply_credit": lambda _c, o: (o.client_id,),
    "billing.ledger.enter_opening_balance": lambda _c, o: (
        OpeningEntry(uuid4(), o.client_id, o.case_id, Money(1), FIRST),
    ),
    "billing.ledger.enter_opening_credit": lambda _c, o: (
        OpeningEntry(uuid4(), o.client_id, o.case_id, Money(1), FIRST),
    ),
    "billing.ledger.record_payment": lambda _c, o: (payment(o.client_id),),
    "billing.ledger.refund_payment": lambda _c, o: (
        RefundEntry(uuid4(), o.payment_id, Money(1), Method.CHECK, TODAY),
    ),
    "billing.ledger.reverse_payment": lambda _c, o: (o.payment_id,),
    "billing.ledger.void_charge": lambda _c, o: (o.unbilled,),
    "billing.superbills.add_modifier": lambda _c, o: ((o.line_id,), "95"),
    "billing.superbills.take_out_superbill": lambda _c, o: (o.superbill_id,),
    "billing.superbills.take_superbill_number": lambda _c, o: (order(o.client_id),),
    "cases.add_billing_contact": lambda _c, o: (o.case_id, ContactFields("Somebody")),
    "cases.add_couple": lambda c, o: (o.client_id, c.her_client),
    "cases.change_case": lambda _c, o: (o.case_id,),
    "cases.close_case": lambda _c, o: (o.case_id,),
    "cases.open_case": lambda _c, o: (NewCase(CaseKind.INDIVIDUAL, (o.client_id,)),),
    "cases.rename_case": lambda _c, o: (o.case_id, "Mine"),
    "cases.reopen_case": lambda _c, o: (o.case_id,),
    "cases.set_identified_patient": lambda _c, o: (o.case_id, None),
    "cases.set_payers": lambda c, o: (o.case_id, [PayerFields(client_id=c.her_client)]),
    "clinical.add_diagnosis": lambda _c, o: (NewDiagnosis(o.client_id, "F41.1", TODAY),),
    "clinical.amend_note": lambda _c, o: (o.signed, "Mine."),
    "clinical.attach_to_client": lambda _c, o: (o.client_id, FILE, "x.pdf"),
    "clinical.attach_to_note": lambda _c, o: (o.signed, FILE, "x.pdf"),
    "clinical.discard_draft": lambda _c, o: (o.draft,),
    "clinical.end_diagnosis": lambda _c, o: (o.diagnosis_id, TODAY),
    "clinical.make_valid_from": lambda _c, o: (o.diagnosis_id, FIRST),
    "clinical.move_diagnosis": lambda _c, o: (o.diagnosis_id, 0),
    "clinical.note_copy": lambda _c, o: (o.client_file,),
    "clinical.open_note": lambda _c, o: (o.signed,),
    "clinical.remove_attachment": lambda _c, o: (o.client_file,),
    "clinical.remove_diagnosis": lambda _c, o: (o.diagnosis_id,),
    "clinical.save_amendment_draft": lambda _c, o: (o.signed, "Mine."),
    "clinical.save_draft": lambda _c, o: (o.draft, NoteFormat.PLAIN, {"text": "Mine."}),
    "clinical.sign_note": lambda _c, o: (o.draft, o.draft_hash),
    "clinical.start_note": lambda _c, o: (NewNote(o.case_id, TODAY),),
    "clinical.start_session_note": lambda _c, o: (o.held,),
    "journeys.bookings.book_first": lambda c, o: (o.client_id, booking(c, o.case_id)),
    "journeys.bookings.delete_booking": lambda _c, o: (o.booked,),
    "journeys.invoices.create_invoice": lambda _c, o: (InvoiceOrder(uuid4(), (o.unbilled,)),),
    "journeys.notes.write_note": lambda _c, o: (o.held, NoteFormat.PLAIN, {"text": "Mine."}),
    "journeys.payments.pay_invoice": lambda _c, o: (o.invoice_id, payment(o.client_id)),
    "journeys.payments.void_charge": lambda _c, o: (o.unbilled,),
    "journeys.sessions.attend": lambda _c, o: (o.booked,),
    "journeys.sessions.cancel": lambda _c, o: (o.booked,),
    "journeys.sessions.enter_past": lambda c, o: ([PastEntry(past(c, o))],),
    "journeys.sessions.miss": lambda _c, o: (o.booked,),
    "journeys.sessions.reopen": lambda _c, o: (o.held,),
    "journeys.superbills.issue_superbill": lambda _c, o: (order(o.client_id),),
    "journeys.superbills.issue_superbills": lambda _c, o: ([order(o.client_id)],),
    "journeys.superbills.supersede_superbill": lambda _c, o: (o.superbill_id, uuid4()),
    "journeys.superbills.take_out_stack": lambda _c, o: ([o.superbill_id],),
    "membership.activate_clients": lambda _c, o: ([o.client_id],),
    "membership.choose_active": lambda _c, o: ([o.client_id],),
    "people.add_contact_for": lambda _c, o: (o.client_id, ContactFields("A"), tie(o)),
    "people.add_relationship": lambda _c, o: (o.client_id, tie(o)),
    "people.archive_client": lambda _c, o: (o.client_id,),
    "people.change_contact": lambda _c, o: (o.contact_id, ContactFields("Mine")),
    "people.change_details": lambda _c, o: (o.client_id, DetailFields(notes="Mine")),
    "people.change_lifecycle": lambda _c, o: (o.client_id, Lifecycle.WAITLIST),
    "people.change_name": lambda _c, o: (o.client_id, PersonName("Mine")),
    "people.change_relationship": lambda _c, o: (o.relationship_id, tie(o)),
    "people.make_inactive": lambda _c, o: (o.client_id,),
    "people.mark_reviewed": lambda _c, o: (o.client_id,),
    "people.open_chart": lambda _c, o: (o.client_id,),
    "people.remove_relationship": lambda _c, o: (o.relationship_id,),
    "people.set_addresses": lambda _c, o: (o.client_id, ()),
    "people.set_emails": lambda _c, o: (o.client_id, ()),
    "people.set_insurances": lambda _c, o: (o.client_id, ()),
    "people.set_phones": lambda _c, o: (o.client_id, ()),
    "people.verify_relationship": lambda _c, o: (o.relationship_id, Verification.VERIFIED),
    "scheduling.book_series": lambda c, o: (booking(c, o.case_id), Repeat()),
    "scheduling.book_session": lambda c, o: (booking(c, o.case_id),),
    "scheduling.cancel_session": lambda _c, o: (o.booked,),
    "scheduling.change_session": lambda _c, o: (o.booked, Details(memo="Mine")),
    "scheduling.complete_session": lambda _c, o: (o.booked,),
    "scheduling.confirm_session": lambda _c, o: (o.booked,),
    "scheduling.delete_session": lambda _c, o: (o.booked,),
    "scheduling.edit_session": lambda _c, o: (o.booked, datetime(2026, 11, 26, 9), 50, Details()),
    "scheduling.end_series": lambda _c, o: (o.series_id, date(2026, 12, 1)),
    "scheduling.enter_past_sessions": lambda c, o: ([past(c, o)],),
    "scheduling.miss_session": lambda _c, o: (o.booked,),
    "scheduling.move_session": lambda _c, o: (o.booked, datetime(2026, 11, 26, 9)),
    "scheduling.reopen_session": lambda _c, o: (o.held,),
    "journeys.undoing.undo": lambda _c, o: (o.change_set,),
    "store.undoing.undo_change_set": lambda _c, o: (o.change_set,),
    "tasks.decide": lambda _c, o: (o.asked, InboxState.REPLACED),
}
NAMED: dict[str, dict[str, Any]] = {
    "cases.change_case": {
        "provider_id": None,
        "relationship_label": "",
        "defaults": CaseDefaults(),
    },
}
#: They look for what there is of it, and find nothing.
FINDING_NOTHING = {
    "billing.ledger.apply_credit": "",
    "journeys.invoices.create_invoice": "Choose the charges",
    "journeys.superbills.issue_superbill": "There is no paid session",
    "journeys.superbills.issue_superbills": "",
}

#: They name nobody's record, or do nothing where it is not the actor's.
UNTIED = {
    "billing.invoices.issue_invoice": "inside create_invoice alone",
    "billing.superbills.keep_superbill": "inside issue_superbill alone",
    "cases.add_client_with_case": "a new person",
    "clinical.discard_empty_draft": "of one that is not found it says that it was none",
    "exchange.begin_import": "new people",
    "exchange.begin_undo": "an import; each row of it is looked at as it is written",
    "exchange.import_slice": "new people",
    "exchange.listing.note_export": "says that one's own list was exported",
    "exchange.stage_slices": "new people",
    "exchange.undo_slice": "as begin_undo",
    "demo.generator.furnish": "the owner's demo",
    "demo.generator.live_through": "the owner's demo",
    "journeys.clients.add_person": "a new person",
    "journeys.destroying.destroy_clients": "the owner's alone: no other role can be given the team",
    "journeys.destroying.destroy_returned": "what the owner had destroyed before a restore",
    "journeys.imports.arrive": "new people",
    "journeys.work.move_work": "the owner's alone: no other role can be given the team",
    "membership.keep_who_is_active": "whoever waits",
    "people.add_client": "a new person",
    "people.add_contact": "a new contact",
    "scheduling.keep_begun_sessions": "sessions that it finds by reading",
    **{
        name: "the practice's, or a member's own"
        for name in COMMANDS
        if name.startswith(("practice.", "team."))
    },
}


def past(c: Colleagues, o: Owners) -> PastSession:
    """Return a session of last month."""
    return PastSession(replace(booking(c, o.case_id), starts=datetime(2026, 10, 6, 9)))


def tie(o: Owners) -> RelationshipFields:
    """Return a tie to the owner's contact."""
    return RelationshipFields(RelationshipType.PARENT, contact_id=o.contact_id)


@pytest.fixture(scope="module")
def opened(
    colleagues: Colleagues, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[bootstrap.OpenPractice]:
    """The practice, with Bea at the desk, who may do everything there is."""
    with pytest.MonkeyPatch.context() as patch:
        folder = colleagues.stored.copy_to(tmp_path_factory.mktemp("acts"), patch)
        practice = bootstrap.open_practice(folder, colleagues.stored.keys(), StillClock())
        here = practice.desk.actor.practice_id
        sit(practice, Actor(here, colleagues.bea, Role.PROVIDER, frozenset(Permission)))
        yield practice
        practice.close()


def sit(practice: bootstrap.OpenPractice, actor: Actor) -> None:
    """Let another member sit at the desk."""
    practice.desk.actor, practice.desk._scope = actor, actor.scope()


def written(practice: bootstrap.OpenPractice) -> int:
    """Return how many acts the audit holds."""
    count = select(func.count()).select_from(AuditEntry)
    return int(practice.desk.ask(lambda session, _scope: session.scalar(count)))


def test_every_command_is_tried_or_said_why_not() -> None:
    assert ON_THE_OWNERS.keys() | UNTIED.keys() == COMMANDS.keys()
    assert not ON_THE_OWNERS.keys() & UNTIED.keys()


@pytest.mark.parametrize("name", sorted(ON_THE_OWNERS.keys() - FINDING_NOTHING.keys()))
def test_a_colleagues_record_is_refused(
    opened: bootstrap.OpenPractice, colleagues: Colleagues, name: str
) -> None:
    before = written(opened)
    given = ON_THE_OWNERS[name](colleagues, colleagues.owners)
    with pytest.raises(UserError) as refused:
        opened.desk.do(COMMANDS[name], *given, **NAMED.get(name, {}))
    assert isinstance(refused.value, NotFound | NotAllowed), refused.value.sentence
    assert refused.value.sentence.count(".") == 1
    assert written(opened) == before


@pytest.mark.parametrize("name", FINDING_NOTHING)
def test_nothing_of_a_colleagues_is_found(
    opened: bootstrap.OpenPractice, colleagues: Colleagues, name: str
) -> None:
    before = written(opened)
    given = ON_THE_OWNERS[name](colleagues, colleagues.owners)
    if FINDING_NOTHING[name]:
        with pytest.raises(UserError, match=FINDING_NOTHING[name]):
            opened.desk.do(COMMANDS[name], *given)
    else:
        assert MARK not in repr(opened.desk.do(COMMANDS[name], *given).value)
    assert written(opened) == before


@command(permission=Permission.BILL, label="Write")
def write_row(uow: UnitOfWork, kind: Any, many: bool, /, **values: Any) -> None:
    """Write a row past every command's own looking."""
    if many:
        uow.insert_many(kind, [values])
    else:
        uow.add(kind(**values))


@pytest.mark.parametrize("many", [False, True])
def test_no_new_row_hangs_on_a_colleagues_case(
    opened: bootstrap.OpenPractice, colleagues: Colleagues, many: bool
) -> None:
    o, hers = colleagues.owners, colleagues.her_client
    money = {"charge_id": o.charge_id, "payment_id": o.payment_id, "amount": Money(1)}
    rows: list[tuple[Any, dict[str, Any]]] = [
        (ClientPhone, {"client_id": o.client_id, "number": "1"}),
        # This one would bring a colleague's client into her own view.
        (CaseParticipant, {"case_id": colleagues.her_case, "client_id": o.client_id}),
        (Relationship, {"client_id": hers, "contact_id": o.contact_id,
                        "type": RelationshipType.PARENT}),
        (Allocation, {**money, "recorded_at": StillClock().now()}),
    ]  # fmt: skip
    for kind, values in rows:
        with pytest.raises(NotAllowed, match="colleague"):
            opened.desk.do(write_row, kind, many, **values)


def test_her_own_case_is_open_to_her_as_ever(
    opened: bootstrap.OpenPractice, colleagues: Colleagues
) -> None:
    do = opened.desk.do
    booked = do(COMMANDS["scheduling.book_session"], booking(colleagues, colleagues.her_case))
    do(COMMANDS["scheduling.confirm_session"], booked.value)
    added = do(COMMANDS["people.add_client"], NewClient(PersonName("Noor", "", "Haddad"))).value
    assert do(COMMANDS["people.make_inactive"], added).undo is not None
    do(COMMANDS["people.add_contact_for"], added, ContactFields("Her mother"),
       RelationshipFields(RelationshipType.PARENT))  # fmt: skip

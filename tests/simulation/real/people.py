"""What people do at the computers of a scenario: the program's own commands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.notes import (
    NewNote,
    amend_note,
    discard_draft,
    save_draft,
    sign_note,
    start_note,
)
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.invoices import create_invoice
from app.core.journeys.sessions import attend, cancel
from app.core.kernel.ids import new_id, occurrence_id
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.commands import (
    change_contact,
    change_details,
    change_name,
    change_relationship,
    remove_relationship,
)
from app.core.people.rules import (
    ContactFields,
    DetailFields,
    NewClient,
    RelationshipFields,
    RelationshipType,
)
from app.core.practice.rules.places import Address
from app.core.scheduling.commands import (
    book_session,
    confirm_session,
    delete_session,
    move_session,
)
from app.core.scheduling.rules.booking import Booking, Line
from app.core.tasks.commands import decide
from app.core.tasks.rules.inbox import QUESTIONS, InboxKind, InboxState
from tests.simulation.entities import NOTE
from tests.simulation.real.computer import Computer
from tests.simulation.real.reading import key_of, neutral, row_of, text_of
from tests.simulation.real.world import World
from tests.simulation.scenario import Step

Act = Callable[[World, Computer, Step], None]
SESSIONS_FROM = datetime(2026, 11, 2, 6)


@dataclass(frozen=True, slots=True)
class Found:
    """A living row that the person sees."""

    id: UUID
    case: str
    said: Mapping[str, Any]


def find(world: World, computer: Computer, table: str, pick: int) -> Found | None:
    """Return a living row that the person sees, or None."""
    known = world.known.get(table, [])
    for offset in range(min(3, len(known))):
        pk, case = known[(pick + offset) % len(known)]
        said = row_of(computer.query, table, bytes.fromhex(pk))
        if said is not None and said["deleted_at"] is None:
            return Found(UUID(hex=pk), case, said)
    return None


def case_for(world: World, computer: Computer, pick: int) -> UUID | None:
    """Return a case that the person sees."""
    found = find(world, computer, "care_case", pick)
    return None if found is None else found.id


# --- fields -------------------------------------------------------------------------------------


def change_field(world: World, computer: Computer, step: Step) -> None:
    """Change a client's name or remarks."""
    found = find(world, computer, "client", step.pick)
    if found is None:
        return
    if step.variant % 2:
        given = world.word("name", found.case)
        world.save(computer, change_name, found.id, PersonName(given=given, family="Strand"))
    else:
        details = _details(found.said)
        said = world.word("phone", found.case)
        world.save(computer, change_details, found.id, replace(details, notes=said))


def _details(said: Mapping[str, Any]) -> DetailFields:
    member = said["primary_member_id"]
    return DetailFields(
        pronouns=said["pronouns"],
        notes=said["notes"],
        primary_member_id=None if member is None else UUID(hex=member),
    )


def change_pronouns(world: World, computer: Computer, step: Step) -> None:
    """Only a program of version 2 has the field."""
    found = find(world, computer, "client", step.pick)
    if found is not None and computer.version > 1:
        pronouns = world.word("pronouns", found.case)
        details = replace(_details(found.said), pronouns=pronouns)
        world.save(computer, change_details, found.id, details)


def change_risk(world: World, computer: Computer, step: Step) -> None:
    """Say whether a contact is the one for emergencies, a flag of which both values are kept."""
    found = find(world, computer, "relationship", step.pick)
    if found is not None:
        world.save(computer, change_relationship, found.id, _tie(found, step.variant % 2 == 0))


def _tie(found: Found, is_emergency: bool) -> RelationshipFields:
    contact = found.said["contact_id"]
    return RelationshipFields(
        RelationshipType(found.said["type"]),
        contact_id=None if contact is None else UUID(hex=contact),
        is_emergency=is_emergency,
    )


def change_contact_field(world: World, computer: Computer, step: Step) -> None:
    """Change a contact's name or telephone."""
    found = find(world, computer, "contact", step.pick)
    if found is not None:
        word = world.word("label", found.case)
        kept = _contact(found.said)
        changed = replace(kept, name=word) if step.variant % 2 else replace(kept, phone=word)
        world.save(computer, change_contact, found.id, changed)


def change_address(world: World, computer: Computer, step: Step) -> None:
    """Change an address, whose columns move as one."""
    found = find(world, computer, "contact", step.pick)
    if found is not None:
        word = world.word("address", found.case)
        address = Address(line1=word, city=word)
        world.save(
            computer, change_contact, found.id, replace(_contact(found.said), address=address)
        )


def _contact(said: Mapping[str, Any]) -> ContactFields:
    address = Address(said["line1"], said["line2"], said["city"], said["state"], said["zip"])
    return ContactFields(
        said["name"], said["is_organization"], said["email"], said["phone"], address, said["notes"]
    )


def remove_contact(world: World, computer: Computer, step: Step) -> None:
    """Untie a contact from its client, rarely: the tie does not come back."""
    found = find(world, computer, "relationship", step.pick)
    if found is not None and step.variant % 3 == 0:
        world.save(computer, remove_relationship, found.id)


def open_form(world: World, computer: Computer, step: Step) -> None:
    """Read a client into a form."""
    found = find(world, computer, "client", step.pick)
    computer.form = None if found is None else (found.id, found.case)


def save_form(world: World, computer: Computer, step: Step) -> None:
    """Save what the person changed in the open form."""
    if computer.form is None:
        return
    client, case = computer.form
    computer.form = None
    given = world.word("name", case)
    world.save(computer, change_name, client, PersonName(given=given, family="Strand"))


def add_client(world: World, computer: Computer, step: Step) -> None:
    """New growth: the one act that a lapsed entitlement may refuse."""
    name = PersonName(given=f"New{world.mint()}", family="Strand")
    world.save(computer, add_client_with_case, NewClient(name))


def delete(world: World, computer: Computer, step: Step) -> None:
    """Discard a draft, or delete a session."""
    if step.variant % 2:
        found = find(world, computer, "note", step.pick)
        if found is not None and found.said["status"] == "DRAFT":
            world.save(computer, discard_draft, found.id)
    else:
        found = find(world, computer, "appointment", step.pick)
        if found is not None:
            world.save(computer, delete_session, found.id)


# --- notes --------------------------------------------------------------------------------------


def begin_note(world: World, computer: Computer, step: Step) -> None:
    """Begin a note on a case."""
    case = case_for(world, computer, step.pick)
    if case is not None:
        note = world.save(computer, start_note, NewNote(case, date(2026, 11, 18)))
        if note is not None:
            _write(world, computer, note, world.word("text", case.hex))


def _write(world: World, computer: Computer, note: UUID, text: str) -> Any:
    return world.save(computer, save_draft, note, NoteFormat.SOAP, {"plan": text})


def _own_draft(world: World, computer: Computer, pick: int) -> Found | None:
    """Return a draft that this person may write; a colleague's is only read."""
    me = computer.seat.caller.member_id.hex
    for offset in range(4):
        found = find(world, computer, "note", pick + offset)
        if found and found.said["author_id"] == me and found.said["status"] == "DRAFT":
            return found
    return None


def type_(world: World, computer: Computer, step: Step) -> None:
    """Type into a note: the one in focus for as long as there is one."""
    if computer.editor is not None:
        said = row_of(computer.query, "note", computer.editor.bytes)
        if said is None or said["deleted_at"] or said["status"] != "DRAFT":
            world.leave_note(computer)
    if computer.editor is None:
        found = _own_draft(world, computer, step.pick)
        if found is None:
            return
        computer.editor = found.id
        computer.desk.hold(found.id)
    note = computer.editor
    case = next(case for pk, case in world.known["note"] if pk == note.hex)
    same = f"same{step.pick % 2}@{world.aliases[case]}."
    _write(world, computer, note, same if step.variant % 8 == 0 else world.word("text", case))


def leave_note(world: World, computer: Computer, step: Step) -> None:
    """The note loses the focus."""
    world.leave_note(computer)


def sign(world: World, computer: Computer, step: Step) -> None:
    """Sign the text that the person sees."""
    found = _own_draft(world, computer, step.pick)
    if found is None:
        return
    kept = _write(world, computer, found.id, str(text_of(found.said) or ""))
    if kept is not None:
        world.save(computer, sign_note, found.id, kept.hash)
        if computer.editor == found.id:
            world.leave_note(computer)


def amend(world: World, computer: Computer, step: Step) -> None:
    """Add an amendment to a signed note."""
    found = find(world, computer, "note", step.pick)
    if found is not None and found.said["status"] == "SIGNED":
        world.save(computer, amend_note, found.id, world.word("text", found.case))


# --- appointments and money ---------------------------------------------------------------------


def make_appointment(world: World, computer: Computer, step: Step) -> None:
    """Touch an occurrence; its id comes from series and start, so two devices make the same."""
    found = find(world, computer, "series", step.pick)
    if found is None:
        return
    start = datetime.fromisoformat(found.said["starts"]) + timedelta(weeks=step.variant % 3)
    occurrence = occurrence_id(found.id, start.isoformat(timespec="minutes"))
    world.save(computer, confirm_session, occurrence)


def _a_time(world: World) -> datetime:
    """Return a time in the past that nothing else begins at."""
    return SESSIONS_FROM + timedelta(minutes=world.mint())


def move_appointment(world: World, computer: Computer, step: Step) -> None:
    """Give a session another time."""
    found = find(world, computer, "appointment", step.pick)
    if found is not None:
        world.save(computer, move_session, found.id, _a_time(world))


def hold_session(world: World, computer: Computer, step: Step) -> None:
    """Attend: the charge and the status are one change set."""
    found = find(world, computer, "appointment", step.pick)
    if found is not None:
        world.save(computer, attend, found.id)


def cancel_session(world: World, computer: Computer, step: Step) -> None:
    """Cancel what is scheduled."""
    found = find(world, computer, "appointment", step.pick)
    if found is not None:
        world.save(computer, cancel, found.id, reason=world.word("reason", found.case))


def charge(world: World, computer: Computer, step: Step) -> None:
    """Book a session that was held, and charge it."""
    case = case_for(world, computer, step.pick)
    if case is None:
        return
    lines = (Line(world.bench.template.service, fee=Money(100 + world.mint())),)
    session = world.save(computer, book_session, Booking(case, _a_time(world), lines=lines))
    if session is not None:
        world.save(computer, attend, session)


def pay(world: World, computer: Computer, step: Step) -> None:
    """A payment and what it pays: entries that only make sense together."""
    found = find(world, computer, "charge", step.pick)
    if found is None:
        return
    entry = PaymentEntry(
        _new_id(world), UUID(hex=found.said["client_id"]), Money(1 + world.mint()), Method.CHECK,
        date(2026, 11, 19), "318", charge_ids=(found.id,),
    )  # fmt: skip
    world.save(computer, record_payment, entry)


def _new_id(world: World) -> UUID:
    return new_id(world.time.ms)


def issue_invoice(world: World, computer: Computer, step: Step) -> None:
    """Give a number; from here on it is printed and can never be taken back."""
    found = find(world, computer, "charge", step.pick)
    if found is not None:
        world.save(computer, create_invoice, InvoiceOrder(_new_id(world), (found.id,)))


# --- decisions ----------------------------------------------------------------------------------


def decide_(world: World, computer: Computer, step: Step) -> None:
    """Answer a question of the inbox in one of the ways that it offers."""
    waiting = computer.query(
        "SELECT id FROM inbox_item WHERE state = 'OPEN' AND deleted_at IS NULL ORDER BY id"
    )
    if not waiting:
        return
    pk = waiting[step.pick % len(waiting)][0]
    said = row_of(computer.query, "inbox_item", pk)
    assert said is not None
    choices = QUESTIONS[InboxKind(said["kind"])].choices
    state = choices[step.variant % len(choices)].state
    about = key_of(said["entity"], said["record_id"])
    if computer.editor is not None and computer.editor.hex == said["record_id"]:
        world.leave_note(computer)
    before = row_of(computer.query, said["entity"], bytes.fromhex(said["record_id"])) or {}
    lsn = computer.last_lsn()
    world.save(computer, decide, UUID(bytes=pk), state)
    if computer.last_lsn() == lsn:
        return
    other, kept = (
        neutral(said["entity"], said["other"] or {}),
        neutral(said["entity"], said["kept"] or {}),
    )
    for columns in (other, kept):
        world.put_aside(about, columns)
    now = row_of(computer.query, said["entity"], bytes.fromhex(said["record_id"])) or {}
    if about[0] == NOTE and state in {InboxState.BOTH, InboxState.REPLACED}:
        new, case = text_of(now), next((c for k, c in world.known["note"] if k == about[1]), "")
        if new is not None and new != text_of(before):
            # What a decision replaces is no words given up: it stays in the inbox.
            seen = () if state is InboxState.REPLACED else (text_of(before),)
            world.history.wrote(about, "text", case, new, other.get("text"), *seen)


PEOPLE: dict[str, Act] = {
    "change a field": change_field,
    "change an address": change_address,
    "change a risk flag": change_risk,
    "change pronouns": change_pronouns,
    "open a form": open_form,
    "save the form": save_form,
    "change a contact": change_contact_field,
    "delete a contact": remove_contact,
    "begin a note": begin_note,
    "type": type_,
    "leave the note": leave_note,
    "sign": sign,
    "amend": amend,
    "make an appointment": make_appointment,
    "move an appointment": move_appointment,
    "hold a session": hold_session,
    "cancel a session": cancel_session,
    "charge": charge,
    "transfer": pay,
    "draft an invoice": charge,
    "issue an invoice": issue_invoice,
    "delete": delete,
    "add a client": add_client,
    "decide": decide_,
}

"""What a person does on a computer while the sync proof kills it, and what each act promised.

Every act says what it is about to make (``begun``) and, once the practice has acknowledged it, what
is kept now (``kept``). Each thing made has a name that occurs once in the world, so that a loss can
be told from a decision of somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app import bootstrap
from app.core.billing.invoices.rules import InvoiceOrder
from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.clinical.commands.notes import NewNote, save_draft, sign_note, start_note
from app.core.clinical.queries import notes
from app.core.clinical.rules.notes import NoteFormat, NoteStatus
from app.core.clinical.tables import Note
from app.core.journeys.invoices import create_invoice
from app.core.journeys.sessions import attend
from app.core.kernel.acting import Scope
from app.core.kernel.errors import UserError
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.commands import change_name
from app.core.scheduling.commands import book_session, move_session
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.scheduling.tables import Appointment
from app.core.tasks.commands import decide
from app.core.tasks.queries.inbox import inbox, inbox_item

PAID = Money(165_00)
#: A draft with more lines is left alone, and only the newest few are written on.
LINES, DRAFTS = 30, 4
_FIRST_PAST, _FIRST_AHEAD = date(2024, 1, 1), date(2027, 1, 4)


class Kept(StrEnum):
    """What was promised, by the field that names it."""

    SESSION = "session"
    PAYMENT = "payment"
    INVOICE = "invoice"
    LINE = "line"
    """A line in a note: the note's id and the line's own words."""
    SIGNED = "signed"
    """A signature: the note's id and the hash that was signed."""
    NAME = "name"


Say = Callable[[str, Kept, str, str], None]


class Acts:
    """One person at one computer. ``say`` is told ``begun`` or ``kept``, of what, and its names."""

    def __init__(
        self,
        practice: bootstrap.OpenPractice,
        ids: Mapping[str, UUID],
        device: str,
        chance: Random,
        say: Say,
    ) -> None:
        self._desk = practice.desk
        self._ids = ids
        self._device = device
        self._chance = chance
        self._say = say
        self._acts: dict[Callable[[], None], int] = {
            self.write: 8,
            self.book: 3,
            self.hold: 3,
            self.move: 2,
            self.rename: 2,
            self.sign: 1,
            self.decide: 1,
        }

    def act(self) -> None:
        """Do one thing, drawn by chance; what another computer made impossible is let be."""
        (chosen,) = self._chance.choices(list(self._acts), list(self._acts.values()))
        try:
            chosen()
        except UserError:
            # The other computer signed, settled or decided it first: a person would read why.
            return

    def book(self) -> None:
        """Book a session ahead."""
        self._book(_FIRST_AHEAD)

    def hold(self) -> None:
        """Hold a session of the past, take its payment, now and then write its invoice."""
        session = self._book(_FIRST_PAST)
        charges = self._desk.do(attend, session).value.charge_ids
        payment = uuid4()
        self._say("begun", Kept.PAYMENT, payment.hex, "")
        entry = PaymentEntry(
            payment, self._ids["client"], PAID, Method.CHECK, _FIRST_PAST, charge_ids=charges
        )
        self._desk.do(record_payment, entry)
        self._say("kept", Kept.PAYMENT, payment.hex, "")
        if self._chance.random() < 0.3:
            invoice = uuid4()
            self._say("begun", Kept.INVOICE, invoice.hex, "")
            self._desk.do(create_invoice, InvoiceOrder(invoice, charges))
            self._say("kept", Kept.INVOICE, invoice.hex, "")

    def move(self) -> None:
        """Give a session that lies ahead another time."""
        ahead = self._desk.ask(_sessions_ahead)
        if ahead:
            self._desk.do(move_session, self._chance.choice(ahead), self._when(_FIRST_AHEAD))

    def rename(self) -> None:
        """Give the client another first name."""
        given = f"{self._device} {uuid4().hex}"
        self._say("begun", Kept.NAME, given, "")
        self._desk.do(change_name, self._ids["client"], PersonName(given, "", "Strand"))
        self._say("kept", Kept.NAME, given, "")

    def write(self) -> None:
        """Write one more line into a draft that any computer may have begun, or begin one."""
        drafts = self._desk.ask(_newest_drafts)
        if len(drafts) < DRAFTS or self._chance.random() < 0.05:
            new = NewNote(self._ids["case"], _FIRST_PAST, format=NoteFormat.PLAIN)
            drafts = [self._desk.do(start_note, new).value]
        self._add_line(self._chance.choice(drafts))

    def sign(self) -> None:
        """Sign a draft as it stands here."""
        for note_id in self._desk.ask(_newest_drafts)[-1:]:
            seen = self._desk.ask(notes.note, note_id)
            self._say("begun", Kept.SIGNED, note_id.hex, seen.hash)
            self._desk.do(sign_note, note_id, seen.hash)
            self._say("kept", Kept.SIGNED, note_id.hex, seen.hash)

    def decide(self) -> None:
        """Decide what the inbox asks first, one way or another."""
        for item in self._desk.ask(inbox)[:1]:
            choices = self._desk.ask(inbox_item, item.id).question.choices
            self._desk.do(decide, item.id, self._chance.choice(choices).state)

    def decide_all(self) -> None:
        """Decide everything that the inbox asks; what cannot be done that way is kept."""
        for item in self._desk.ask(inbox):
            for choice in reversed(self._desk.ask(inbox_item, item.id).question.choices):
                try:
                    self._desk.do(decide, item.id, choice.state)
                except UserError:
                    continue
                break

    def _add_line(self, note_id: UUID) -> None:
        """Write as an editor does, which holds its note: no pull may change it between."""
        self._desk.hold(note_id)
        try:
            seen = self._desk.ask(notes.note, note_id)
            line = f"{self._device} {uuid4().hex}"
            text = "\n".join(filter(None, [seen.sections.get("text", ""), line]))
            if not seen.is_draft or text.count("\n") > LINES:
                return
            self._say("begun", Kept.LINE, note_id.hex, line)
            self._desk.do(save_draft, note_id, NoteFormat.PLAIN, {"text": text})
            self._say("kept", Kept.LINE, note_id.hex, line)
        finally:
            self._desk.release(note_id)

    def _book(self, first: date) -> UUID:
        lines = (Line(self._ids["service"]),)
        session = self._desk.do(
            book_session, Booking(self._ids["case"], self._when(first), lines=lines)
        ).value
        self._say("kept", Kept.SESSION, session.hex, "")
        return session

    def _when(self, first: date) -> datetime:
        day = first + timedelta(days=self._chance.randrange(600))
        return datetime.combine(day, time(self._chance.randrange(6, 21)))


def _sessions_ahead(session: Session, scope: Scope) -> list[UUID]:
    ahead = select(Appointment.id).where(
        Appointment.practice_id == scope.practice_id,
        Appointment.starts >= datetime.combine(_FIRST_AHEAD, time()),
        Appointment.status == AppointmentStatus.SCHEDULED,
    )
    return list(session.scalars(ahead.order_by(Appointment.id.desc()).limit(20)))


def _newest_drafts(session: Session, scope: Scope) -> list[UUID]:
    drafts = select(Note.id).where(
        Note.practice_id == scope.practice_id, Note.status == NoteStatus.DRAFT
    )
    return list(session.scalars(drafts.order_by(Note.id.desc()).limit(DRAFTS)))

"""The practice of the design's pictures: Thursday, November 19, 2026, 11:18 AM, eight people."""

from __future__ import annotations

from datetime import date, datetime, time
from uuid import UUID, uuid4

from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.cases.commands import add_client_with_case, add_couple
from app.core.clinical.commands.diagnoses import add_diagnosis
from app.core.clinical.commands.notes import save_draft, sign_note, start_session_note
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.sessions import PastEntry, attend, cancel, enter_past
from app.core.kernel.desk import Desk
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import DetailFields, Lifecycle, NewClient
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import CalendarColor, ServiceFields
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.scheduling.commands import PastSession, book_session, confirm_session
from app.core.scheduling.rules.booking import Booking, Line

DAY = date(2026, 11, 19)
_PLAN = (
    "Ten minutes outside before the phone, on five mornings. Write down the question for her "
    "sister before Sunday\u2019s call. Ask how the interview went."
)
_PEOPLE = (
    ("Priya", "Raman", "she/her", date(1990, 3, 2)),
    ("Walter", "Strand", "he/him", date(1961, 7, 19)),
    ("Noor", "Haddad", "she/her", date(1992, 5, 8)),
    ("Mateo", "Villanueva", "he/him", date(2012, 2, 11)),
    ("Jun", "Tanaka", "they/them", date(1998, 12, 1)),
    ("Beatriz", "Sol", "she/her", date(1983, 9, 27)),
    ("Theodora Alexandrina", "Papadimitriou-Wetherington-Ashby", "", date(1975, 1, 30)),
)


class DesignDay:
    """The day on a desk, and the ids of what is in it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.cases: dict[str, UUID] = {}
        self.clients: dict[str, UUID] = {}
        self.sessions: dict[str, UUID] = {}

    def add_catalogue(self) -> None:
        """Add services and locations."""
        do = self.desk.do
        self.individual = do(
            add_service,
            ServiceFields(
                "Individual session", "0001Z", 50, Money(16500), color=CalendarColor.SPRUCE
            ),
        ).value
        self.couple = do(
            add_service,
            ServiceFields("Couple session", "0003Z", 50, Money(19000), color=CalendarColor.PLUM),
        ).value
        self.minor = do(
            add_service,
            ServiceFields(
                "Session with a minor", "0004Z", 50, Money(16500), color=CalendarColor.SLATE
            ),
        ).value
        self.office = do(
            add_location, LocationFields("Alder Street", SessionFormat.IN_PERSON, "11")
        ).value
        self.video = do(add_location, LocationFields("Video", SessionFormat.VIDEO)).value

    def add_people(self) -> None:
        """Add the clients, and one couple."""
        for given, family, pronouns, born in _PEOPLE:
            new = NewClient(
                PersonName(given, family=family),
                Lifecycle.ACTIVE,
                DetailFields(pronouns=pronouns, birth_date=born),
            )
            added = self.desk.do(add_client_with_case, new).value
            self.cases[given], self.clients[given] = added.case_id, added.client_ids[0]
        couple = self.desk.do(
            add_couple,
            NewClient(PersonName("Daniel", family="Okonkwo-Bell"), Lifecycle.ACTIVE),
            NewClient(PersonName("Ruth", family="Okonkwo"), Lifecycle.ACTIVE),
            identified=1,
        ).value
        self.cases["couple"], self.clients["Ruth"] = couple.case_id, couple.client_ids[1]

    def _booking(self, who: str, day: date, at: time, service: UUID, place: UUID) -> Booking:
        starts = datetime.combine(day, at)
        return Booking(self.cases[who], starts, 50, (Line(service),), place)

    def book_sessions(self) -> None:
        """Book the day, the next one, and some that were held."""
        plan = (
            ("Priya", time(8), self.individual, self.office),
            ("Walter", time(9), self.individual, self.office),
            ("couple", time(10), self.couple, self.video),
            ("Noor", time(11, 30), self.individual, self.video),
            ("Mateo", time(13, 30), self.minor, self.office),
            ("Jun", time(14, 30), self.individual, self.video),
            ("Beatriz", time(15, 30), self.individual, self.office),
            ("Theodora Alexandrina", time(17, 30), self.individual, self.office),
        )
        for who, at, service, place in plan:
            booking = self._booking(who, DAY, at, service, place)
            self.sessions[who] = self.desk.do(book_session, booking).value
        for who, at in (("Priya", time(9)), ("Jun", time(10)), ("Noor", time(12))):
            booking = self._booking(who, date(2026, 11, 20), at, self.individual, self.office)
            self.desk.do(book_session, booking)
        entries = [
            PastEntry(
                PastSession(self._booking(who, day, time(11, 30), self.individual, self.video))
            )
            for who, day in (
                ("Noor", date(2026, 11, 5)),
                ("Noor", date(2026, 11, 12)),
                ("Walter", date(2026, 11, 16)),
                ("Mateo", date(2026, 11, 17)),
            )
        ]
        settled = self.desk.do(enter_past, entries).value
        self.sessions["Noor before"] = settled[1].session_id

    def hold_sessions(self) -> None:
        """Hold, confirm and cancel what the picture shows so."""
        for who in ("Priya", "Walter", "couple"):
            self.desk.do(attend, self.sessions[who])
        for who in ("Noor", "Mateo"):
            self.desk.do(confirm_session, self.sessions[who])
        self.desk.do(cancel, self.sessions["Beatriz"], reason="Away")
        for who in ("Priya", "couple", "Noor before"):
            self._note(self.sessions[who], _PLAN if who == "Noor before" else "Weekly.")
        walter = self.desk.do(start_session_note, self.sessions["Walter"]).value
        self.desk.do(save_draft, walter, NoteFormat.SOAP, {"subjective": "Slept six hours."})
        self.desk.do(
            add_diagnosis, NewDiagnosis(self.clients["Noor"], "F43.22", date(2026, 10, 29))
        )

    def _note(self, session_id: UUID, plan: str) -> None:
        note_id = self.desk.do(start_session_note, session_id).value
        kept = self.desk.do(
            save_draft, note_id, NoteFormat.SOAP, {"subjective": "As agreed.", "plan": plan}
        ).value
        self.desk.do(sign_note, note_id, kept.hash)

    def take_payments(self) -> None:
        """Take what was paid."""
        self.pay("Priya", 16500)
        self.pay("couple", 19000, by="Ruth")
        self.pay("Noor", 35500)

    def pay(self, who: str, cents: int, *, by: str = "") -> None:
        """Take a check for a case, from ``by`` where the case has two people."""
        entry = PaymentEntry(
            uuid4(),
            self.clients[by or who],
            Money(cents),
            Method.CHECK,
            DAY,
            case_id=self.cases[who],
        )
        self.desk.do(record_payment, entry)


def fill(desk: Desk) -> DesignDay:
    """Write the day into an empty practice."""
    made = DesignDay(desk)
    made.add_catalogue()
    made.add_people()
    made.book_sessions()
    made.hold_sessions()
    made.take_payments()
    return made

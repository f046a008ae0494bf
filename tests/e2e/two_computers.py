"""A solo clinician with two computers and an account: connected, a week offline, together again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from app.core.billing.ledger.commands import record_payment
from app.core.billing.ledger.rules.entries import PaymentEntry
from app.core.billing.ledger.rules.words import Method
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.notes import (
    NewNote,
    save_draft,
    sign_note,
    start_note,
    start_session_note,
)
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.sessions import attend
from app.core.kernel.money import Money
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.rules import DetailFields, Lifecycle, NewClient
from app.core.practice.commands import add_location, add_service
from app.core.practice.rules.catalogue import ServiceFields
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.core.scheduling.commands import book_series, book_session, move_session
from app.core.scheduling.rules.booking import Booking, Line
from app.core.scheduling.rules.recurrence import Repeat
from app.sync.file import LocalFile
from app.sync.forms import forms, full_rows
from app.ui.shell.synccard import SyncCard
from tests.e2e.account import Account
from tests.e2e.computer import ClockedKeeper, Computer
from tests.e2e.driver import breathe
from tests.e2e.keyboard import Keyboard
from tests.support.clock import StillClock
from tests.support.practice import OWNER

PASSPHRASE = "four calm words here"
OFFICE, LAPTOP = "Office iMac", "MacBook Air"
INGRID, MATEO, WALTER = "Ingrid Vasquez-Holm", "Mateo Moreau", "Walter Strand"
#: A superbill names it.
BORN = date(1988, 3, 14)
#: Thursday, October 29, 2026, 8:00 AM Pacific daylight time; the clocks go back that Sunday.
THURSDAY = datetime(2026, 10, 29, 15, tzinfo=UTC)
#: The Thursday after, 8:30 AM Pacific standard time.
WEEK_LATER = datetime(2026, 11, 5, 16, 30, tzinfo=UTC)

Rows = dict[tuple[str, str], dict[str, Any]]


class Desktop(Computer):
    """One of the two computers."""

    def __init__(self, root: Path, name: str, out: Path | None = None) -> None:
        clock = StillClock(THURSDAY)
        state = root / "state"
        super().__init__(root, out, clock=clock, keeper=ClockedKeeper(clock, state))
        self.name = name

    @property
    def desk(self) -> Any:
        """Where the person works."""
        assert self.program.practice is not None
        return self.program.practice.desk

    @property
    def sync(self) -> Any:
        """How it says it stands."""
        assert self.window.navigator is not None
        return self.window.navigator.sync

    def until_state(self, *states: SyncState) -> None:
        """Wait until the sync words say one of ``states``."""
        try:
            self.drive.until(lambda: self.sync.status.state in states, ", ".join(states))
        except AssertionError as waited:
            raise AssertionError(f"{self.name}: {self.sync.status}") from waited

    def stand_at(self, moment: datetime) -> None:
        """Move this computer's clock; its words say so at once, not half a minute later."""
        self.clock.set(moment)
        self.sync.tick()

    def sync_now(self) -> None:
        """Open the popover of the sync words and ask to sync."""
        # The words may change by themselves until they are clicked.
        drive, sync = self.drive, self.sync
        drive.until(lambda: drive.named(sync.words.words) is not None, "the sync words")
        self.drive.click(self.sync.words.words)
        self.drive.click("Sync now")
        self.drive.press("Esc")
        self.drive.until(self._no_popover, "the popover to close")

    def settings(self, page: str) -> None:
        """Go to a page of Settings."""
        self.drive.press("Ctrl+,")
        self.drive.choose_row(page)

    def _no_popover(self) -> bool:
        return not any(card.isVisible() for card in self.window.findChildren(SyncCard))

    def rows(self) -> Rows:
        """Return everything that the file holds of the practice."""

        def read(part: Any) -> Rows:
            return {
                (form.entity, pk.hex()): said
                for form in forms()
                for pk, _, said in full_rows(part.connection, form, "1 = 1", ())
            }

        return LocalFile(self.desk).slice(read)


def uploaded(computer: Desktop) -> bool:
    """Return whether nothing of a computer waits to be sent."""
    waiting: int = computer.sync.status.waiting
    return waiting == 0


class TwoComputers:
    """The steps of the journey."""

    def __init__(self, root: Path, out: Path | None = None) -> None:
        self.account = Account(root / "account")
        self._root, self._out = root, out
        self.clients: dict[str, Any] = {}
        self.service = uuid4()
        self.shared_note = uuid4()
        self.series = uuid4()
        self.written: list[str] = []
        """Every text that was kept in a note, on either computer."""
        self.before: tuple[Rows, Rows] = ({}, {})
        self.office: Desktop
        self.laptop: Desktop

    @property
    def both(self) -> tuple[Desktop, Desktop]:
        """The two computers."""
        return self.office, self.laptop

    def close(self) -> None:
        """Close both windows, and stop the server."""
        for name in ("office", "laptop"):
            if hasattr(self, name):
                getattr(self, name).close()
        self.account.close()

    # Connecting

    def begin(self) -> None:
        """A practice lies on the first computer; the account's server runs."""
        self.account.start()
        root = self._root / "office"
        keeper = ClockedKeeper(StillClock(THURSDAY), root / "state")
        practice = keeper.create(root / "data", keeper.prepare_keys(PASSPHRASE), OWNER)
        self._furnish(practice.desk)
        practice.close()
        self.office = Desktop(root, OFFICE, self._out)
        self.office.drive.fill("Passphrase", PASSPHRASE)
        self.office.drive.click("Unlock")
        self.office.drive.read("Thursday, October 29")

    def _furnish(self, desk: Any) -> None:
        desk.do(add_location, LocationFields("Alder Street", SessionFormat.IN_PERSON, "11"))
        fields = ServiceFields("Individual session", "0001Z", minutes=50, fee=Money(165_00))
        self.service = desk.do(add_service, fields).value
        for name in (INGRID, MATEO, WALTER):
            given, _, family = name.partition(" ")
            person = NewClient(
                PersonName(given, "", family),
                lifecycle=Lifecycle.ACTIVE,
                details=DetailFields(birth_date=BORN),
            )
            self.clients[name] = desk.do(add_client_with_case, person).value
        for name, hour in ((MATEO, 9), (WALTER, 13)):
            desk.do(book_session, self._booking(name, datetime(2026, 10, 29, hour)))
        weekly = self._booking(INGRID, datetime(2026, 10, 29, 10))
        self.series = desk.do(book_series, weekly, Repeat()).value
        first = NewNote(self.clients[INGRID].case_id, date(2026, 10, 28), format=NoteFormat.SOAP)
        self.shared_note = desk.do(start_note, first).value
        self._keep(desk, self.shared_note, {"subjective": "Back at work since Monday."})

    def _booking(self, name: str, starts: datetime) -> Booking:
        return Booking(self.clients[name].case_id, starts, lines=(Line(self.service),))

    def connect(self) -> None:
        """Settings, Sync on the first computer, with the code that the server printed."""
        drive = self.office.drive
        self.office.settings("Sync")
        drive.fill("Address of the account", self.account.address)
        drive.fill("One-time code", self.account.code)
        drive.fill("Name of this computer", OFFICE)
        drive.picture("sync not connected")
        drive.click("Connect")
        self.office.until_state(SyncState.SYNCED)
        drive.picture("sync connected")

    def join(self) -> None:
        """The first run of the second computer brings the practice from the account."""
        drive = self.office.drive
        self.office.settings("Computers")
        drive.click("Make a code")
        drive.until(lambda: self._shown_code() != "", "the code")
        drive.picture("code for another computer")
        self.laptop = Desktop(self._root / "laptop", LAPTOP, self._out)
        drive = self.laptop.drive
        drive.read("Choose a passphrase")
        drive.click("Bring it from your account")
        self.laptop.choose_keys(PASSPHRASE)
        drive.click("Continue")
        drive.fill("Address of the account", self.account.address)
        drive.fill("One-time code", self._shown_code())
        drive.fill("Name of this computer", LAPTOP)
        drive.picture("bring it from your account")
        drive.click("Bring it here")
        drive.read("Thursday, October 29")
        for computer in self.both:
            computer.until_state(SyncState.SYNCED)
        drive.picture("the second computer has it all")

    def _shown_code(self) -> str:
        for widget in self.office.drive.visible():
            name = widget.accessibleName()
            if name.startswith("One-time code: "):
                return name.removeprefix("One-time code: ").replace(" ", "")
        return ""

    # A week offline

    def part(self) -> None:
        """The account cannot be reached any more."""
        self.account.stop()
        for computer in self.both:
            computer.sync_now()
            computer.until_state(SyncState.OFFLINE)

    def first_day(self) -> None:
        """In each window: attended, a note, a check; the other person on the other computer."""
        for computer, name, check in ((self.office, MATEO, "2219"), (self.laptop, WALTER, "318")):
            computer.stand_at(THURSDAY.replace(hour=22))
            self._hold(computer, name, check)
        self.laptop.drive.picture("a day offline")

    def _hold(self, computer: Desktop, name: str, check: str) -> None:
        drive = computer.drive
        drive.press("Ctrl+2")
        drive.press("Ctrl+1")
        drive.choose_row(name)
        drive.click("Attended")
        drive.click("Write note")
        text = f"{name} was seen, on {computer.name}."
        drive.fill("Subjective", text)
        self.written.append(text)
        drive.press("Ctrl+1")
        drive.click("Take $165.00")
        drive.find("Check number")
        drive.click("Check")
        drive.fill("Check number", check)
        drive.click("Record $165.00")
        drive.until(lambda: drive.named("Record $165.00") is None, "the payment to be recorded")

    def days(self) -> None:
        """Six more days on both: sessions booked, moved, attended, notes signed, money taken."""
        for number in range(6):
            for computer, name in ((self.office, MATEO), (self.laptop, WALTER)):
                self._work(computer, name, date(2026, 10, 30) + timedelta(days=number))
        for computer in self.both:
            computer.stand_at(WEEK_LATER)

    def _work(self, computer: Desktop, name: str, day: date) -> None:
        desk = computer.desk
        # The evening on the wall, in daylight saving time and in standard time.
        computer.stand_at(datetime(day.year, day.month, day.day, 23, 30, tzinfo=UTC))
        hour = 11 if computer is self.office else 15
        at = datetime(day.year, day.month, day.day, hour)
        session = desk.do(book_session, self._booking(name, at)).value
        desk.do(move_session, session, at.replace(minute=15))
        desk.do(attend, session)
        note = desk.do(start_session_note, session).value
        kept = self._keep(desk, note, {"plan": f"Written on {computer.name}, {day:%B %d}."})
        desk.do(sign_note, note, kept.hash)
        client = self.clients[name].client_ids[0]
        check = f"{day:%m%d}"
        desk.do(
            record_payment,
            PaymentEntry(uuid4(), client, Money(100_00), Method.CHECK, day, check),
        )

    def _keep(self, desk: Any, note: UUID, sections: dict[str, str]) -> Any:
        self.written += sections.values()
        return desk.do(save_draft, note, NoteFormat.SOAP, sections).value

    def same_draft(self) -> None:
        """Both write the same draft: at the office the session, on the train the plan."""
        for computer, section, text in (
            (self.office, "Assessment", "Mood lifting with activity."),
            (self.laptop, "Plan", "Keep the morning walk. Ask about sleep next time."),
        ):
            drive = computer.drive
            drive.press("Ctrl+3")
            drive.choose_row(INGRID)
            drive.press("Return")
            drive.choose_tab("Clinical")
            drive.choose_row("Draft")
            drive.press("Return")
            drive.fill(section, text)
            self.written.append(text)
            drive.picture(f"same draft on {computer.name}")
            drive.press("Ctrl+1")

    def same_occurrence(self) -> None:
        """Both touch today's session of the weekly series: one moves it, one confirms it."""
        keys = Keyboard(self.office.drive)
        keys.press("Ctrl+2", "T")
        keys.walk_to(f"{INGRID}, Thursday, November 5, 10:00 – 10:50 AM", part=True)
        keys.press("Alt+Down")
        keys.eyes.read(f"{INGRID}, Thursday, November 5, 10:15 – 11:05 AM")
        drive = self.laptop.drive
        drive.press("Ctrl+2")
        drive.press("Ctrl+1")
        drive.choose_row(INGRID)
        drive.click("Confirm")
        drive.until(lambda: drive.lists("Confirmed"), "the session to be confirmed")
        self.before = (self.office.rows(), self.laptop.rows())

    def look_offline(self) -> None:
        """The popover of the sync words says how it stands."""
        for computer in self.both:
            assert computer.sync.status.state is SyncState.OFFLINE
            assert computer.sync.status.waiting > 20
        drive = self.laptop.drive
        drive.click(self.laptop.sync.words.words)
        drive.find("Sync now")
        drive.picture("offline for a week")
        drive.press("Esc")

    # Together again

    def meet(self) -> None:
        """The account is back; both exchange until only the question is left."""
        self.account.start()
        for _round in range(2):
            for computer in self.both:
                computer.sync_now()
                computer.until_state(SyncState.NEEDS_YOU, SyncState.SYNCED)
                computer.drive.until(partial(uploaded, computer), "the upload")
        for computer in self.both:
            computer.until_state(SyncState.NEEDS_YOU)

    def decide(self) -> None:
        """The question is read side by side on the laptop, and decided by a key."""
        drive = self.laptop.drive
        drive.click("Needs you (1)")
        drive.picture("needs you")
        drive.click("Show")
        drive.choose_row("Two versions of a draft")
        drive.press("Return")
        for words in (OFFICE, LAPTOP, "this computer"):
            drive.read(words)
        drive.find("Keep both")
        drive.picture("two versions of one draft")
        drive.press("3")
        self.laptop.until_state(SyncState.SYNCED)
        self.office.sync_now()
        self.office.until_state(SyncState.SYNCED)
        drive.picture("synced")

    def check(self) -> None:
        """*Check my data* on both."""
        for computer in self.both:
            computer.settings("Sync")
            computer.drive.click("Check my data")
            computer.drive.read("Both sides hold the same, record by record.")
        self.laptop.drive.picture("checked")


def journey(root: Path, out: Path | None, then: Callable[[TwoComputers], None]) -> None:
    """Take every step, then look; both windows are closed whatever happens."""
    made = TwoComputers(root, out)
    try:
        for step in (
            made.begin,
            made.connect,
            made.join,
            made.part,
            made.first_day,
            made.days,
            made.same_draft,
            made.same_occurrence,
            made.look_offline,
            made.meet,
            made.decide,
            made.check,
        ):
            step()
        then(made)
    finally:
        with suppress(RuntimeError):
            breathe(20)
        made.close()

"""A practice with an account, an associate and a lost laptop: the journeys of its members."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from app.core.billing.invoices.rules import InvoiceOrder
from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.diagnoses import add_diagnosis
from app.core.clinical.commands.notes import NewNote, save_draft, start_note
from app.core.clinical.rules.diagnoses import NewDiagnosis
from app.core.clinical.rules.notes import NoteFormat
from app.core.exchange.listing import export_clients
from app.core.journeys.invoices import create_invoice
from app.core.kernel.entitlement import Standing
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.rules import Lifecycle, NewClient
from app.core.vault.files import DATABASE, KEYS
from tests.e2e.browser import Browser, joined, signed_up
from tests.e2e.keyboard import Keyboard
from tests.e2e.two_computers import (
    INGRID,
    LAPTOP,
    MATEO,
    OFFICE,
    PASSPHRASE,
    THURSDAY,
    Desktop,
    TwoComputers,
    uploaded,
)
from tests.hosted.account.conftest import ADDRESS

IMANI, IMANIS = "Imani Osei", "imani@alderstreet.example"
NOOR = "Noor Haddad"
#: The trial of fourteen days is over.
LOST = "Written on the train, before the laptop was left there."
LAPSED = THURSDAY + timedelta(days=15)
ENDED = "Your plan has ended: renew it under Settings, Subscription to do this."


def waits(computer: Desktop) -> bool:
    """Return whether something of a computer waits to be sent."""
    return not uploaded(computer)


def lapsed(computer: Desktop) -> bool:
    """Return whether a computer knows that the plan has ended."""
    return computer.desk.entitlement.standing is Standing.LAPSED


class Members(TwoComputers):
    """The steps of both journeys; here the laptop is whoever's the journey says."""

    def __init__(self, root: Path, out: Path | None = None) -> None:
        super().__init__(root, out)
        self.browser = Browser()
        self.owner: Any = None
        self.imani: Any = None
        self.invoice = uuid4()

    def close(self) -> None:
        """Close all of it."""
        self.browser.close()
        super().close()

    def begin(self) -> None:
        """A practice lies on the office's computer; the account's clock stands at its moment."""
        self.account.stand_at(THURSDAY)
        super().begin()

    # Signing up and connecting

    def sign_up(self) -> None:
        """The owner signs up in a browser, and sets the second factor up."""
        self.owner = signed_up(self.account, self.office.drive, ADDRESS)

    def connect(self) -> None:
        """Settings, Sync in the office: the browser allows it, and the practice goes up."""
        drive = self.office.drive
        self.office.settings("Sync")
        drive.fill("Address of the account", self.account.address)
        drive.fill("Name of this computer", OFFICE)
        self.browser.allow(drive, self.owner)
        self.office.until_state(SyncState.SYNCED)
        drive.picture("connected by the browser")

    def bring(self, root: str, name: str, person: Any) -> Desktop:
        """Return a computer whose first run brought the practice of a person."""
        made = self.laptop = Desktop(self._root / root, name, self._out)
        drive = made.drive
        drive.read("Choose a passphrase")
        drive.click("Bring it from your account")
        made.choose_keys(PASSPHRASE)
        drive.click("Continue")
        drive.fill("Address of the account", self.account.address)
        drive.fill("Name of this computer", name)
        self.browser.allow(drive, person)
        drive.read("Thursday, October 29")
        made.until_state(SyncState.SYNCED)
        drive.picture(f"{root} has its practice")
        return made

    # An associate

    def invite(self) -> None:
        """Settings: Professional is tried, and an associate invited by e-mail, by keys alone."""
        drive = self.office.drive
        self.office.settings("Subscription")
        drive.click("Try Professional")
        drive.read("Your plan is Professional now.")
        drive.picture("professional")
        keys = Keyboard(drive)
        keys.press("Ctrl+,", "Home", "Down", "Down")
        drive.read("1 clinician, on Professional.")
        keys.press("Return", "Return")
        keys.type(IMANI)
        keys.press("Tab")
        keys.type(IMANIS)
        keys.press("Return")
        drive.read(f"{IMANI} is invited")
        drive.picture("invited")

    def accept(self) -> None:
        """The associate joins by the letter's link and connects a computer of her own."""
        self.imani = joined(self.account, self.office.drive, IMANIS, IMANI)
        laptop = self.bring("imanis", "Imani’s laptop", self.imani)
        self.office.sync_now()
        self.office.until_state(SyncState.SYNCED)
        given, _, family = NOOR.partition(" ")
        person = NewClient(PersonName(given, "", family), lifecycle=Lifecycle.ACTIVE)
        hers = laptop.desk.actor.member_id
        self.clients[NOOR] = self.office.desk.do(
            add_client_with_case, person, provider_id=hers
        ).value
        for computer in (self.office, laptop):
            computer.sync_now()
            computer.until_state(SyncState.SYNCED)

    def sees_own_cases(self) -> None:
        """The associate's computer shows, and holds, her own case alone."""
        drive = self.laptop.drive
        drive.press("Ctrl+3")
        drive.until(lambda: drive.lists(NOOR), "her client")
        assert not any(drive.lists(other) for other in (INGRID, MATEO))
        drive.picture("own cases")
        held = str(self.laptop.rows())
        assert NOOR.split(maxsplit=1)[0] in held
        for other in (INGRID, MATEO):
            assert other.split()[0] not in held
        for text in self.written:
            assert text not in held

    def work_apart(self) -> None:
        """Offline both go on: a session is held and paid in the office, a note written away."""
        self._hold(self.office, MATEO, "2219")
        mateo = self.clients[MATEO]
        found = NewDiagnosis(mateo.client_ids[0], "F41.1", THURSDAY.date(), case_id=mateo.case_id)
        self.office.desk.do(add_diagnosis, found)
        (charge,) = self._of_case("charge", MATEO)
        order = InvoiceOrder(uuid4(), (charge,))
        self.invoice = self.office.desk.do(create_invoice, order).value
        case_id = self.clients[NOOR].case_id
        written = NewNote(case_id, THURSDAY.date(), format=NoteFormat.SOAP)
        note = self.laptop.desk.do(start_note, written).value
        self._keep(self.laptop.desk, note, {"subjective": f"{NOOR} came in from the rain."})
        for computer in self.both:
            computer.drive.until(partial(waits, computer), "work that waits")

    # A lapse, and back

    def lapse(self) -> None:
        """The trial ends by the account's clock, and nobody has chosen a plan."""
        self.account.stand_at(LAPSED)
        self.account.start()
        for computer in self.both:
            computer.stand_at(LAPSED)
            self._agree(computer)
            computer.drive.until(partial(lapsed, computer), "the lapse")
        self._agree(self.office)

    def _agree(self, computer: Desktop) -> None:
        computer.sync_now()
        computer.until_state(SyncState.SYNCED)
        computer.drive.until(lambda: uploaded(computer), "the upload")

    def read_on(self) -> None:
        """A note is signed, papers and lists go out; a booking is refused with a way on."""
        drive = self.office.drive
        held = str(self.office.rows())
        for text in self.written:
            assert text in held
        self._sign()
        self._take_papers_out()
        # No page of the window exports the list yet.
        listed = self._root / "clients.csv"
        assert export_clients(self.office.desk, listed) == 4
        assert INGRID.split()[0] in listed.read_text("utf-8-sig")
        self._ask_for_session(self.office, MATEO)
        drive.read(ENDED)
        drive.picture("booking refused")

    def _sign(self) -> None:
        drive, finished = self.office.drive, "Seen, and finished later."
        drive.press("Ctrl+3")
        drive.choose_row(MATEO)
        drive.press("Return")
        drive.choose_tab("Clinical")
        drive.choose_row("Draft")
        drive.press("Return")
        drive.fill("Plan", finished)
        drive.click("Sign and lock")
        drive.find("Amend")
        self.written.append(finished)
        drive.picture("note signed")

    def _take_papers_out(self) -> None:
        """An invoice, and the superbill of the month that is over, are saved as they are."""
        drive = self.office.drive
        drive.press("Ctrl+4")
        drive.choose_tab("Invoices")
        drive.choose_row(MATEO)
        self._save(self._root / "invoice.pdf")
        drive.choose_tab("Superbills")
        drive.click("Create 1 superbill")
        drive.find("Print 1 superbill")
        self._save(self._root / "superbill.pdf")
        drive.picture("superbill")

    def _save(self, target: Path) -> None:
        drive = self.office.drive
        drive.name_file(str(target))
        drive.click("Save as PDF")
        drive.until(target.exists, f"{target.name} to be written")
        assert target.read_bytes().startswith(b"%PDF")

    def _of_case(self, entity: str, name: str) -> list[UUID]:
        """Return what the office holds of one kind in a client's case."""
        case_id = self.clients[name].case_id.hex
        rows = self.office.rows().items()
        return [
            UUID(hex=pk)
            for (kind, pk), said in rows
            if kind == entity and said["case_id"] == case_id
        ]

    def come_back(self) -> None:
        """With a card on file the lapsed plan is paid for, by keys alone; booking works at once."""
        practice = self.office.desk.actor.practice_id.hex
        drive = self.office.drive
        self.office.settings("Subscription")
        keys = Keyboard(drive)
        drive.read("no card is on file: ask whoever runs your account to put one on file.")
        self.account.administer("plan", "--practice", practice, "card")
        keys.push("Check again")
        keys.push("Pay for Professional")
        drive.read("Professional is paid for.")
        drive.picture("back on a plan")
        self._ask_for_session(self.office, MATEO)
        drive.read("Done: Book session")
        self._agree(self.office)

    # A lost laptop

    def two_of_mine(self) -> None:
        """The owner's laptop has the practice, too; offline, a note is written on it, and lost."""
        self.bring("laptop", LAPTOP, self.owner)
        self.part()
        written = NewNote(self.clients[INGRID].case_id, THURSDAY.date(), format=NoteFormat.SOAP)
        note = self.laptop.desk.do(start_note, written).value
        self.laptop.desk.do(save_draft, note, NoteFormat.SOAP, {"plan": LOST})
        self.laptop.drive.until(partial(waits, self.laptop), "work that waits")
        self._lay_away()
        self.account.start()

    def take_off(self) -> None:
        """Settings, Computers in the office: the owner takes the laptop off."""
        drive = self.office.drive
        self.office.settings("Computers")
        drive.choose_row(LAPTOP)
        drive.click("Take off this account…")
        drive.read("removes its copy")
        drive.picture("what happens to a lost laptop")
        drive.click("Take off")
        drive.read(f"{LAPTOP} is off the account.")
        drive.read("Not online since")

    def is_found(self) -> None:
        """At its next start the laptop hands over its work, locks, and removes its copy."""
        self.laptop = Desktop(self._root / "laptop", LAPTOP, self._out)
        drive = self.laptop.drive
        drive.fill("Passphrase", PASSPHRASE)
        drive.click("Unlock")
        drive.read("Choose a passphrase")
        drive.picture("taken off")
        for name in (KEYS, DATABASE):
            assert not (self._root / "laptop" / "data" / name).exists()
        self._lay_away()
        self.account.stop()
        out, practice = self._root / "quarantine", self.office.desk.actor.practice_id.hex
        self.account.administer("quarantine", "--practice", practice, "--out", str(out))
        assert any(LOST in each.read_text("utf-8") for each in out.iterdir())
        self.account.start()
        self.office.settings("Sync")
        self.office.settings("Computers")
        self.office.drive.read("Handed over its work")

    def replace_it(self) -> None:
        """A new laptop has everything that the office has."""
        self._agree(self.office)
        new = self.bring("new-laptop", "New laptop", self.owner)
        assert new.rows() == self.office.rows()

    def _lay_away(self) -> None:
        self.laptop.close()
        del self.laptop

    def _ask_for_session(self, computer: Desktop, name: str) -> None:
        drive = computer.drive
        drive.press("Ctrl+3")
        drive.choose_row(name)
        drive.press("Return")
        drive.read("Lifecycle status")
        drive.click("Book session")
        drive.find("Note for yourself")
        drive.fill("Date", "11/16/2026")
        drive.fill("Starts", "9:00 AM")
        drive.click("Book")

"""The product's main job on the real window: from a fresh machine to a printed superbill."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.core.billing.superbills.queries.issued import superbills_issued
from app.core.journeys.superbills import issued_paper
from app.ui.widgets.fields import Choice
from tests.core.exchange.samples import DEMOGRAPHICS, DETAILS
from tests.e2e.computer import Computer

PASSPHRASE = "four calm words here"
ME = (
    ("Your first name", "Marguerite"),
    ("Your last name", "Lindqvist"),
    ("Credentials", "LMFT"),
    ("Practice name", "Alder Street Therapy"),
    ("Legal name", "Alder Street Therapy, PC"),
    ("Phone", "7075550142"),
    ("Email", "billing@alderstreet.example"),
    ("Street", "418 Alder Street"),
    ("Suite, floor", "Suite 2B"),
    ("City", "Alder Bay"),
    ("ZIP", "95999"),
)
CLIENT = "Mateo Moreau"
NOTE = (
    ("Subjective", "Slept better this week; made two of the calls he put off."),
    ("Objective", "On time, calm, laughs once."),
    ("Assessment", "Avoidance is less; worry about the interview stays."),
    ("Plan", "Ten minutes outside before the phone. Ask how the interview went."),
)


class MainJob(Computer):
    """The steps of the main job, each as a person takes it."""

    def set_up(self) -> None:
        """The first run: passphrase, recovery key typed back, practice, and the rest."""
        drive = self.drive
        drive.read("Choose a passphrase")
        drive.picture("first run")
        self.choose_keys(PASSPHRASE)
        drive.picture("recovery key typed back")
        drive.click("Continue")
        drive.read("You and your practice")
        for field, text in ME:
            drive.fill(field, text)
        self._choice("State").set_value("CA")
        drive.click("Continue")
        drive.read("Your identifiers")
        drive.fill("Your NPI", "1234567893")
        drive.fill("License number", "84117")
        drive.fill("Tax ID (EIN)", "12-3456789")
        drive.picture("identifiers")
        drive.click("Continue")
        drive.find("Monday opens")
        self._choice("Time zone").set_value("America/Los_Angeles")
        drive.click("Continue")
        drive.fill("Name of service 1", "Individual session")
        drive.fill("Code of service 1", "0001Z")
        drive.fill("Fee of service 1", "165")
        drive.picture("services")
        drive.click("Continue")
        drive.find("By video")
        drive.click("Continue")
        drive.find("Backup folder")
        drive.click("Continue")
        drive.click("Import a list now")
        drive.click("Open my practice")
        drive.find("Import clients…")

    def bring_in(self) -> None:
        """Import the two files of another system after a look at the dry run."""
        drive = self.drive
        drive.click("Import clients…")
        drive.drop("Drop CSV files here", [DETAILS, DEMOGRAPHICS])
        drive.read("This is what would arrive")
        drive.picture("dry run of the import")
        drive.click("Import 53 people")
        drive.find("Show clients")
        drive.picture("imported")
        drive.press("Ctrl+3")
        drive.choose_row(CLIENT)
        drive.picture("clients")
        drive.press("Return")
        drive.read("Lifecycle status")
        drive.click("Mark as reviewed")

    def book(self) -> None:
        """Book this morning's session from the record."""
        drive = self.drive
        drive.click("Book session")
        drive.find("Note for yourself")
        drive.fill("Date", "11/19/2026")
        drive.fill("Starts", "9:00 AM")
        drive.picture("booking")
        drive.click("Book")
        drive.read("Done: Book session")
        drive.press("Ctrl+2")
        drive.picture("calendar")

    def hold(self) -> None:
        """Mark the session attended, write and sign its note with a diagnosis, take the check."""
        drive = self.drive
        drive.press("Ctrl+1")
        drive.find("Attended")
        drive.picture("today")
        drive.click("Attended")
        drive.click("Write note")
        for section, text in NOTE:
            drive.fill(section, text)
        drive.click("Add diagnosis")
        drive.fill("Find a diagnosis", "F41.1")
        drive.choose_row("F41.1")
        drive.read("F41.1 Generalized anxiety disorder")
        drive.picture("note and diagnosis")
        drive.click("Close")
        drive.click("Sign and lock")
        drive.find("Amend")
        drive.picture("signed note")
        drive.press("Ctrl+1")
        drive.click("Take $165.00")
        drive.find("Check number")
        drive.click("Check")
        drive.fill("Check number", "2219")
        drive.picture("payment")
        drive.click("Record $165.00")
        drive.until(lambda: drive.named("Record $165.00") is None, "the payment to be recorded")

    def bill(self) -> list[bytes]:
        """Issue this month's superbills and return their papers."""
        drive = self.drive
        drive.press("Ctrl+4")
        drive.choose_tab("Superbills")
        drive.click("Next month")
        drive.find("Create 1 superbill")
        drive.picture("superbill before it is issued")
        drive.click("Create 1 superbill")
        drive.find("Print 1 superbill")
        drive.picture("superbill issued")
        practice = self.program.practice
        assert practice is not None
        found = practice.desk.ask(superbills_issued, date(2026, 11, 1), date(2026, 11, 30))
        return [practice.desk.ask(issued_paper, each.id) for each in found]

    def lock(self) -> None:
        """Lock: the window is blank but for the passphrase."""
        self.drive.press("Ctrl+L")
        self.drive.find("Unlock")
        self.drive.picture("locked")

    def _choice(self, name: str) -> Any:
        return self.drive.find(name, Choice)

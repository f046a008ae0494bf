"""The main job without a mouse, on the real window."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.core.billing.superbills.queries.issued import superbills_issued
from app.core.scheduling.queries import SessionView, calendar
from tests.core.exchange.samples import DEMOGRAPHICS, DETAILS
from tests.e2e.keyboard import Keyboard
from tests.e2e.main_job import NOTE, MainJob

DAY = date(2026, 11, 19)


def sessions(job: MainJob) -> tuple[SessionView, ...]:
    """Return what is booked on the day."""
    assert job.program.practice is not None
    return job.program.practice.desk.ask(calendar, DAY, DAY).sessions


def bring_in(keys: Keyboard) -> None:
    keys.choose_files(str(DETAILS), str(DEMOGRAPHICS))
    keys.push("Import clients…")
    keys.push("Choose files…")
    keys.eyes.read("This is what would arrive")
    keys.press("Ctrl+Return")
    keys.eyes.read("Show clients")
    keys.press("Ctrl+3")
    keys.eyes.until(lambda: keys.eyes.lists("Mateo Moreau"), "the list")
    keys.press("/")
    keys.type("moreau")
    keys.press("Return")
    keys.push("Mark as reviewed")


def book_and_move(keys: Keyboard, job: MainJob) -> None:
    keys.press("Ctrl+2")
    keys.eyes.read("November 16")
    # The first arrow begins at now, 11:15 AM.
    keys.press("Down", *["Up"] * 9, "Return")
    keys.eyes.read("New appointment")
    keys.walk_to("With")
    keys.type("mateo")
    keys.press("Tab", "Ctrl+Return")
    keys.eyes.until(lambda: len(sessions(job)) == 1, "the session to be booked")
    first = sessions(job)[0]
    keys.eyes.until(lambda: keys.eyes.sees("Mateo Moreau"), "the session in the calendar")
    keys.walk_to("Mateo Moreau, Thursday, November 19, 9:00 – 9:50 AM", part=True)
    keys.press("Alt+Down")
    keys.eyes.until(lambda: sessions(job)[0].starts != first.starts, "the move")
    keys.press("Alt+Shift+Down")
    keys.eyes.until(lambda: sessions(job)[0].minutes > first.minutes, "the longer session")
    keys.press("Alt+Shift+Up", "Alt+Up")
    keys.eyes.read("Mateo Moreau, Thursday, November 19, 9:00 – 9:50 AM")
    assert sessions(job)[0].starts == first.starts


def hold(keys: Keyboard) -> None:
    keys.press("Ctrl+1")
    keys.eyes.read("Attended")
    keys.press("A")
    keys.eyes.read("Write note")
    keys.press("Return")
    for section, text in NOTE:
        keys.write(section, text)
    keys.push("Add diagnosis")
    keys.write("Find a diagnosis", "F41.1")
    keys.eyes.read("F41.1")
    keys.press("Down", "Return")
    keys.eyes.read("F41.1 Generalized anxiety disorder")
    keys.press("Esc", "Ctrl+Return")
    keys.eyes.read("Amend")
    keys.press("Ctrl+1")
    keys.eyes.read("Take $165.00")
    keys.press("P")
    keys.eyes.read("Amount received")
    keys.walk_to("Cash")
    keys.press("Right")
    keys.write("Check number", "2219")
    keys.walk_to("Pay Nov 19, Mateo Moreau")
    assert "Record $165.00" not in keys.passed, "the charges come before the act"
    keys.press("Ctrl+Return")
    keys.eyes.until(lambda: keys.eyes.named("Record $165.00") is None, "the payment")


def bill(keys: Keyboard, job: MainJob) -> None:
    keys.press("Ctrl+4")
    keys.walk_to("Parts of this page")
    while not keys.eyes.sees("Next month"):
        keys.press("Right")
    keys.eyes.read("No paid sessions in these dates")
    keys.push("Next month")
    keys.push("Create 1 superbill")
    keys.eyes.read("Print 1 superbill")
    assert job.program.practice is not None
    desk = job.program.practice.desk
    assert len(desk.ask(superbills_issued, date(2026, 11, 1), date(2026, 11, 30))) == 1


@pytest.mark.timeout(300)
def test_the_main_job_needs_no_mouse(
    qapp: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    job = MainJob(tmp_path)
    try:
        job.set_up()
        keys = Keyboard(job.drive)
        bring_in(keys)
        book_and_move(keys, job)
        assert sessions(job)[0].starts == datetime(2026, 11, 19, 9)
        hold(keys)
        bill(keys, job)
        keys.press("Ctrl+L")
        keys.eyes.find("Unlock")
    finally:
        job.close()

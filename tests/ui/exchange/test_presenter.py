"""The import without a window: files, review, choices, progress, cancel, undo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from app.core.exchange.plans import PersonRef, RowRef, Trouble
from app.core.exchange.rules import ImportState
from app.core.kernel.text import PersonName
from app.core.people import queries as clients
from app.core.people.rules import Lifecycle
from app.ui.exchange.findings import Mend, findings
from app.ui.exchange.presenter import ImportPresenter, Step
from app.ui.exchange.report import report_text
from tests.core.exchange.samples import CONTACTS, DEMOGRAPHICS, DETAILS
from tests.support.practice import TestDesk
from tests.support.pumping import Pump

PAIR = [DETAILS, DEMOGRAPHICS]
Reach = Callable[[Step], ImportPresenter]


@pytest.fixture
def pump() -> Pump:
    return Pump()


@pytest.fixture
def presenter(desk: TestDesk, pump: Pump) -> Iterator[ImportPresenter]:
    made = ImportPresenter(desk, pump)
    yield made
    made.close()


@pytest.fixture
def reach(presenter: ImportPresenter, pump: Pump) -> Reach:
    def until(step: Step) -> ImportPresenter:
        pump.until(lambda: presenter.step is step)
        return presenter

    return until


def _active(desk: TestDesk) -> int:
    return desk.ask(clients.lifecycle_counts).get(Lifecycle.ACTIVE, 0)


def test_from_files_to_the_result(
    presenter: ImportPresenter, reach: Reach, desk: TestDesk, pump: Pump
) -> None:
    presenter.choose_files(PAIR)
    reach(Step.REVIEW)
    assert presenter.plan is not None
    assert len(presenter.plan.newcomers) == 53
    assert (presenter.choosing.used, presenter.choosing.allowed) == (10, 10)
    assert presenter.choosing.over == 24

    presenter.start()
    reach(Step.DONE)

    assert presenter.result is not None
    assert presenter.result.state is ImportState.DONE
    assert presenter.progress.finished
    assert _active(desk) == 10
    pump.until(lambda: bool(presenter.history))


def test_one_is_cleared_before_another_is_chosen(
    presenter: ImportPresenter, reach: Reach, desk: TestDesk
) -> None:
    presenter.choose_files(PAIR)
    choosing = reach(Step.REVIEW).choosing
    couple = next(each for each in choosing.candidates if len(each.people) == 2)
    outside = next(each for each in choosing.candidates if not choosing.fits(each))

    presenter.choose(outside.arrival.row, active=True)
    assert outside.arrival.row not in choosing.chosen, "the plan is full"

    presenter.choose(couple.arrival.row, active=False)
    assert choosing.used == 8
    presenter.choose(outside.arrival.row, active=True)
    assert outside.arrival.row in choosing.chosen

    used = choosing.used
    presenter.start()
    reach(Step.DONE)
    assert _active(desk) == used
    names = [
        row.name.display
        for row in desk.ask(clients.client_rows, date(2026, 11, 19), [Lifecycle.ACTIVE])
    ]
    assert outside.words.split(", ")[0] in names


def test_what_is_wrong_with_a_file_is_said(
    presenter: ImportPresenter, pump: Pump, tmp_path: Path
) -> None:
    bad = tmp_path / "list.csv"
    bad.write_bytes(b"")
    presenter.choose_files([bad])
    pump.until(lambda: bool(presenter.sentence))

    assert presenter.step is Step.FILES
    assert presenter.sentence == "list.csv is empty; export it again from the other program."


def test_cancel_takes_everybody_back(
    presenter: ImportPresenter, reach: Reach, desk: TestDesk, pump: Pump
) -> None:
    presenter.choose_files(PAIR)
    reach(Step.REVIEW)
    presenter.start()
    pump.until(lambda: presenter.progress.done > 0)
    presenter.cancel()
    reach(Step.DONE)

    assert presenter.result is not None
    assert presenter.result.state in (ImportState.UNDONE, ImportState.DONE)
    if presenter.result.state is ImportState.UNDONE:
        assert desk.ask(clients.names) == {}


def test_undo_afterwards(
    presenter: ImportPresenter, reach: Reach, desk: TestDesk, pump: Pump
) -> None:
    presenter.choose_files([CONTACTS])
    reach(Step.REVIEW)
    presenter.start()
    done = reach(Step.DONE).result
    assert done is not None
    presenter.undo(done.id)
    pump.until(
        lambda: (
            presenter.step is Step.DONE
            and presenter.result is not None
            and presenter.result.state is ImportState.UNDONE
        )
    )

    assert desk.ask(clients.names) == {}


def test_decisions_make_the_plan_anew(
    presenter: ImportPresenter, reach: Reach, pump: Pump, tmp_path: Path
) -> None:
    path = tmp_path / "list.csv"
    path.write_text("Name,Email,DOB\n,a@example.com,\nMary Ann Otero,m@example.com,00/00/0000\n")
    presenter.choose_files([path])
    plan = reach(Step.REVIEW).plan
    assert plan is not None
    assert [(each.title, each.mend) for each in findings(plan)] == [
        ("Row 1 is refused: it has no name", Mend.NAMES),
        ("1 name could be read two ways", Mend.NAMES),
        ("1 birth date could not be read", Mend.BIRTH_DATES),
    ]

    presenter.name_people(RowRef(0, 1), (PersonName("Ana", "", "Abara"),))
    pump.until(lambda: presenter.plan is not plan)
    presenter.set_birth_date(PersonRef(RowRef(0, 2)), date(1980, 1, 2))
    pump.until(lambda: presenter.plan is not None and not presenter.plan.count(Trouble.BIRTH_DATE))

    assert presenter.plan is not None
    assert [each.client.name.legal for each in presenter.plan.newcomers] == [
        "Ana Abara",
        "Mary Ann Otero",
    ]
    report = report_text(presenter.plan, presenter.choosing.chosen)
    assert "row 1: Ana Abara, active" in report


def test_findings_say_what_the_picture_says(presenter: ImportPresenter, reach: Reach) -> None:
    presenter.choose_files(PAIR)
    plan = reach(Step.REVIEW).plan
    assert plan is not None

    assert [(each.title, each.link) for each in findings(plan)] == [
        ("Row 51 is refused: it has no name", "Type a name"),
        ("Row 38 is the same as row 26", "Show both"),
        ("5 couples become 10 people in 5 couple cases", "Show"),
    ]

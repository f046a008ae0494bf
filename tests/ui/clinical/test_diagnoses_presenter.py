"""Finding, adding and mending diagnoses without a window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from app.core.kernel.changes import Outcome
from app.ui.clinical.diagnoses_presenter import DiagnosesPresenter
from app.ui.clinical.diagnosis_words import late_words, span_words
from tests.support.practice import TestDesk
from tests.support.pumping import Pump
from tests.ui.clinical.scene import Walter

THURSDAY, FEBRUARY = date(2026, 11, 19), date(2026, 2, 2)


@pytest.fixture
def pump() -> Pump:
    return Pump()


@pytest.fixture
def outcomes() -> list[Outcome[object]]:
    return []


@pytest.fixture
def presenter(
    desk: TestDesk, walter: Walter, pump: Pump, outcomes: list[Outcome[object]]
) -> Iterator[DiagnosesPresenter]:
    made = DiagnosesPresenter(
        desk, pump, client_id=walter.client_id, day=THURSDAY, did=outcomes.append
    )
    made.refresh()
    pump.until(lambda: made.all is not None)
    yield made
    made.close()


def codes(presenter: DiagnosesPresenter) -> list[str]:
    return [each.code for each in presenter.valid]


def test_codes_are_found_as_one_types(presenter: DiagnosesPresenter, pump: Pump) -> None:
    presenter.search("anxi")
    pump.until(lambda: bool(presenter.found))
    assert presenter.found[0].code == "F41.1"
    presenter.search("")
    assert presenter.found == []


def test_adding_takes_effect_and_can_be_undone(
    presenter: DiagnosesPresenter, pump: Pump, outcomes: list[Outcome[object]]
) -> None:
    presenter.add("F32.A", THURSDAY)
    pump.until(lambda: codes(presenter) == ["F41.1", "G47.00", "F32.A"])
    assert outcomes[-1].undo is not None
    assert presenter.searched == ""


def test_a_heading_opens_what_is_below_it(presenter: DiagnosesPresenter, pump: Pump) -> None:
    presenter.search("F43.8")
    pump.until(lambda: bool(presenter.found))
    assert not presenter.found[0].billable
    presenter.choose(presenter.found[0], THURSDAY)
    pump.until(lambda: presenter.found[0].billable)
    assert [each.code for each in presenter.found] == ["F43.81", "F43.89"]
    presenter.choose(presenter.found[0], THURSDAY)
    pump.until(lambda: "F43.81" in codes(presenter))


def test_enter_waits_for_what_is_typed_now(presenter: DiagnosesPresenter, pump: Pump) -> None:
    presenter.search("anxiety")
    pump.until(lambda: bool(presenter.found))
    presenter.search("depression unsp")
    presenter.choose_first(THURSDAY)
    pump.until(lambda: "F32.A" in codes(presenter))
    presenter.search("no such words")
    presenter.choose_first(THURSDAY)
    pump.until(lambda: presenter.found == [])
    assert codes(presenter) == ["F41.1", "G47.00", "F32.A"]


def test_a_code_newer_than_the_table_is_added_with_its_description(
    presenter: DiagnosesPresenter, pump: Pump
) -> None:
    presenter.search("F99.8")
    pump.until(lambda: presenter.nothing_found)
    presenter.search("F99.8 A new disorder")
    presenter.choose_first(THURSDAY)
    pump.until(lambda: "F99.8" in codes(presenter))
    assert presenter.valid[-1].description == "A new disorder"


def test_a_second_click_adds_nothing(presenter: DiagnosesPresenter, pump: Pump) -> None:
    presenter.add("F32.A", THURSDAY)
    presenter.add("F32.A", THURSDAY)
    pump.until(lambda: "F32.A" in codes(presenter))
    pump.drain()
    assert presenter.refusal is None


def test_a_refusal_stands_until_the_next_search(presenter: DiagnosesPresenter, pump: Pump) -> None:
    presenter.add("F41.1", THURSDAY)
    pump.until(lambda: presenter.refusal is not None)
    assert presenter.refusal is not None
    assert presenter.refusal.field == "code"
    presenter.search("F32")
    assert presenter.refusal is None


def test_a_diagnosis_ends_goes_on_moves_up_and_goes(
    presenter: DiagnosesPresenter, pump: Pump
) -> None:
    first, second = presenter.valid
    presenter.make_principal(second.id)
    pump.until(lambda: codes(presenter) == ["G47.00", "F41.1"])
    presenter.end(first.id, date(2026, 11, 18))
    pump.until(lambda: codes(presenter) == ["G47.00"])
    assert [each.code for each in presenter.others] == ["F41.1"]
    presenter.end(first.id, None)
    pump.until(lambda: codes(presenter) == ["G47.00", "F41.1"])
    presenter.remove(second.id)
    pump.until(lambda: codes(presenter) == ["F41.1"])


def test_the_earlier_session_makes_its_diagnosis_valid(
    desk: TestDesk, walter: Walter, pump: Pump
) -> None:
    early = DiagnosesPresenter(desk, pump, client_id=walter.client_id, day=FEBRUARY)
    early.refresh()
    pump.until(lambda: early.late is not None)
    assert early.late is not None
    assert late_words(early.late, FEBRUARY) == "F41.1 begins Mar 3, after this session."
    early.begin(early.late.id)
    pump.until(lambda: codes(early) == ["F41.1"])
    assert early.valid[0].valid_from == FEBRUARY
    early.close()


def test_since_when_reads_as_people_say_it(presenter: DiagnosesPresenter) -> None:
    first = presenter.valid[0]
    assert span_words(first, THURSDAY) == "since Mar 3"
    assert span_words(first, FEBRUARY) == "from Mar 3"
    assert span_words(first, date(2027, 1, 5)) == "since Mar 3, 2026"

"""The fictional practice: lived through by the journeys, and the same for the same seed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from app import bootstrap
from app.core.billing.invoices.queries.listing import invoices
from app.core.billing.superbills.queries.issued import superbills_issued
from app.core.cases import queries as cases
from app.core.clinical.queries.notes import unsigned_notes
from app.core.demo.fiction import DEMO_PRACTICE, PASSPHRASE
from app.core.demo.lives import How, by_day, plan_lives
from app.core.demo.people import FAMILY, GIVEN, Crowd
from app.core.demo.sizes import SIZES
from app.core.demo.wording import draft, soap
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.core.kernel.syncing import SyncState
from app.core.people import queries as people
from app.core.people.rules import Lifecycle
from app.core.practice import queries as practice
from app.core.scheduling.queries.sessions import sessions_between
from app.demonstration import make_demo
from tests.support.clock import THE_MOMENT, StillClock

TODAY = date(2026, 11, 19)
FIRST = date(2025, 11, 1)


@dataclass(frozen=True, slots=True)
class Made:
    folder: Path
    state: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A small fictional practice, made once."""
    root = tmp_path_factory.mktemp("demo")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRACTICERUNNER_STATE_DIR", str(root / "state"))
        prepared = bootstrap.prepare_keys(PASSPHRASE)
        make_demo(root / "data", prepared, SIZES["small"], moment=THE_MOMENT)
    return Made(root / "data", root / "state")


@pytest.fixture
def demo(made: Made, monkeypatch: pytest.MonkeyPatch) -> Iterator[bootstrap.OpenPractice]:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(made.state))
    keys = bootstrap.unlock(made.folder, passphrase=PASSPHRASE)
    opened = bootstrap.open_practice(made.folder, keys, StillClock())
    yield opened
    opened.close()


@pytest.fixture
def desk(demo: bootstrap.OpenPractice) -> Desk:
    return demo.desk


def test_everything_in_it_holds(demo: bootstrap.OpenPractice) -> None:
    assert [finding.problems for finding in demo.verify() if finding.problems] == []


def test_it_is_marked_and_has_no_ceiling(desk: Desk) -> None:
    assert desk.ask(practice.practice).is_demo
    assert desk.entitlement.active_clients is None


def test_no_account_is_ever_connected_to_it(demo: bootstrap.OpenPractice) -> None:
    with pytest.raises(UserError, match="cannot be connected"):
        demo.sync.connect("https://account.example", "ABCD-EFGH", "Office")
    with pytest.raises(UserError, match="cannot be connected"):
        demo.sync.begin_sign_in("https://account.example", "Office")
    assert demo.sync.status().state is SyncState.LOCAL
    assert demo.plan().grant is None


def test_a_year_of_sessions_notes_and_money(desk: Desk) -> None:
    sessions = desk.ask(sessions_between, FIRST, TODAY + timedelta(days=21))
    counted = Counter(str(each.status) for each in sessions)

    assert counted["COMPLETED"] > 100
    assert counted["SCHEDULED"] > 0, "series go on"
    assert counted["CANCELED"] > 0
    bills = desk.ask(invoices, TODAY)
    assert len(bills) > 100
    assert {"PAID"} < {str(each.standing) for each in bills}
    assert desk.ask(superbills_issued, FIRST, TODAY)


def test_something_needs_attention(desk: Desk) -> None:
    assert desk.ask(unsigned_notes)


def test_nobody_and_nothing_in_it_is_real(desk: Desk) -> None:
    codes = {service.code for service in desk.ask(practice.services)}
    rows = desk.ask(people.client_rows, TODAY)

    assert codes <= {f"000{n}Z" for n in range(1, 10)}
    assert all(row.main_email.endswith("@example.com") for row in rows)
    assert all(row.main_phone.startswith("(503) 555-01") for row in rows)
    assert DEMO_PRACTICE.owner.email == ""
    assert len(desk.ask(cases.cases)) <= len(rows)
    assert {row.lifecycle for row in rows} == {Lifecycle.ACTIVE, Lifecycle.INACTIVE}


@pytest.mark.parametrize("name", SIZES)
def test_the_plan_of_lives_has_the_size_that_it_says(name: str) -> None:
    size = SIZES[name]
    lives = plan_lives(size, Random(1), TODAY)
    people = sum(1 + life.couple for life in lives)
    meetings = [meeting for life in lives for meeting in life.meetings]

    assert abs(people - size.clients) <= max(1, size.clients // 50)
    assert sum(life.last is None for life in lives) == size.slots + size.occasional
    assert plan_lives(size, Random(1), TODAY) == lives
    held = sum(meeting.how is How.HELD for meeting in meetings) / len(meetings)
    assert 0.85 < held < 0.95


def test_the_ten_year_practice_is_the_reference_size() -> None:
    lives = plan_lives(SIZES["ten-year"], Random(1), TODAY)
    past = [m for life in lives for m in life.meetings if m.starts.date() < TODAY]

    assert abs(len(past) - 12_500) < 500
    assert sum(life.every > 0 and life.last is None for life in lives) == 40


def test_nobody_is_booked_twice_at_once() -> None:
    for day in by_day(plan_lives(SIZES["demo"], Random(1), TODAY)).values():
        starts = [meeting.starts for life, meeting in day if life.every]
        assert len(set(starts)) == len(starts)


def test_people_have_names_of_their_own() -> None:
    crowd = Crowd(Random(1), TODAY)
    names = [crowd.person(insured=True).name.legal for _ in range(650)]

    assert len(set(names)) == 650
    assert len(GIVEN) >= 50
    assert len(FAMILY) >= 50


def test_notes_are_long_and_varied() -> None:
    random = Random(1)
    texts = [" ".join(soap(random).values()) for _ in range(40)]
    lengths = [len(text.split()) for text in texts]

    assert len(set(texts)) == 40
    assert 200 < sum(lengths) / 40 < 320
    assert not any("{" in text for text in texts)
    assert set(draft(random)) == {"subjective", "objective"}

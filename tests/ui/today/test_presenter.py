"""Today's behaviour, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.core.clinical.rules.notes import NoteStatus
from app.core.kernel.acting import Permission
from app.core.scheduling.rules.status import AppointmentStatus
from app.core.tasks.rules.attention import NextAct
from app.ui.today import acts
from app.ui.today.presenter import TodayPresenter
from app.ui.today.words import FOLLOWING, NOW, SESSION, context_words, day_lines, summary, until
from tests.support.clock import StillClock
from tests.support.design_day import DesignDay
from tests.support.practice import TestDesk
from tests.support.pumping import Pump


class _Bench:
    def __init__(self, thursday: DesignDay, clock: StillClock) -> None:
        self.day = thursday
        self.clock = clock
        self.pump = Pump()
        self.errors: list[Exception] = []
        self.presenter = TodayPresenter(thursday.desk, self.pump, fail=self.errors.append)
        self.read()

    def read(self) -> None:
        self.presenter.context = None
        self.presenter.refresh()
        self.pump.until(lambda: self.presenter.context is not None)

    def status(self, who: str) -> AppointmentStatus:
        each = self.presenter.session(self.day.sessions[who])
        assert each is not None
        return each.session.status


@pytest.fixture
def bench(thursday: DesignDay, desk: TestDesk) -> Iterator[_Bench]:
    made = _Bench(thursday, desk.clock)
    yield made
    made.presenter.close()


def test_on_arrival_the_next_session_is_looked_at(bench: _Bench) -> None:
    assert bench.presenter.selected == bench.day.sessions["Noor"]
    context = bench.presenter.context
    assert context is not None
    words = context_words(context, bench.presenter.now())
    assert (words.title, words.pronouns, words.when) == ("Noor Haddad", "she/her", "in 12 min")
    assert words.detail == "34 years · 3rd session · 11:30 AM – 12:20 PM, video"
    assert words.balance == "Nothing owing, credit $25.00"
    assert context.plan is not None
    assert context.plan.text.startswith("Ten minutes outside")


def test_the_lines_of_the_day(bench: _Bench) -> None:
    presenter = bench.presenter
    assert presenter.today is not None
    lines = day_lines(presenter.today, presenter.now(), presenter.here())
    assert [line.kind for line in lines] == [SESSION] * 3 + [NOW] + [SESSION] * 5 + [FOLLOWING]
    assert lines[3].time == "11:18"
    walter = lines[1]
    assert walter.status is not None
    assert (walter.status.words, walter.act) == ("Note to sign", "Take $165.00")
    noor = lines[4]
    assert (noor.is_next, noor.aside, noor.past) == (True, "in 12 min", False)
    beatriz = lines[7]
    assert (beatriz.gone, beatriz.detail) == (True, "Individual · no fee")
    assert (lines[-1].time, lines[-1].title) == ("Fri 20", "Three sessions, the first at 9:00 AM.")
    assert summary(presenter.today, presenter.now()) == "Three sessions done, four to come."


def test_another_session_stays_selected_while_it_is_there(bench: _Bench) -> None:
    priya = bench.day.sessions["Priya"]
    bench.presenter.context = None
    bench.presenter.select(priya)
    bench.pump.until(lambda: bench.presenter.context is not None)
    bench.read()
    assert bench.presenter.selected == priya
    each = bench.presenter.session()
    assert each is not None
    assert (each.note, each.next) == (NoteStatus.SIGNED, NextAct.NOTHING)


def test_a_session_chosen_while_the_day_is_read_keeps_its_own_context(bench: _Bench) -> None:
    priya, presenter = bench.day.sessions["Priya"], bench.presenter
    presenter.refresh()
    presenter.select(priya)
    shown = []
    presenter.on_change(lambda: shown.append(presenter.selected))
    bench.pump.until(lambda: len(shown) == 2)
    assert shown == [priya, priya]
    assert presenter.context is not None
    assert presenter.context.today.session.id == priya


@pytest.mark.parametrize(
    ("act", "status"),
    [("confirm", AppointmentStatus.CONFIRMED), ("attended", AppointmentStatus.COMPLETED),
     ("missed", AppointmentStatus.NO_SHOW)],
)  # fmt: skip
def test_an_act_shows_by_itself(bench: _Bench, act: str, status: AppointmentStatus) -> None:
    jun = bench.day.sessions["Jun"]
    getattr(bench.presenter, act)(jun)
    bench.pump.until(lambda: bench.status("Jun") is status)
    assert bench.errors == []


def test_a_missed_session_may_be_charged(bench: _Bench) -> None:
    jun = bench.day.sessions["Jun"]
    bench.presenter.missed(jun, charged=True)
    bench.pump.until(lambda: bench.status("Jun") is AppointmentStatus.NO_SHOW)
    each = bench.presenter.session(jun)
    assert each is not None
    assert str(each.owing) == "$165.00"
    assert acts.PAYMENT in acts.possible(each, lambda _right: True)


def test_what_is_refused_is_said(bench: _Bench) -> None:
    bench.presenter.confirm(bench.day.sessions["Priya"])
    bench.pump.until(lambda: bool(bench.errors))
    assert "reopen it first" in str(bench.errors[0])


def test_acts_in_front_bring_the_session_on(bench: _Bench) -> None:
    front = {}
    for who in ("Priya", "Walter", "Noor", "Jun", "Beatriz"):
        each = bench.presenter.session(bench.day.sessions[who])
        assert each is not None
        front[who] = acts.in_front(each, acts.possible(each, lambda _right: True))
    assert front == {
        "Priya": [acts.NOTE],
        "Walter": [acts.NOTE, acts.PAYMENT],
        "Noor": [acts.NOTE, acts.ATTENDED],
        "Jun": [acts.NOTE, acts.CONFIRM, acts.ATTENDED],
        "Beatriz": [],
    }


def test_an_admin_is_offered_no_note(bench: _Bench) -> None:
    each = bench.presenter.session(bench.day.sessions["Noor"])
    assert each is not None
    assert acts.NOTE not in acts.possible(each, lambda right: right is not Permission.READ_NOTES)


def test_time_goes_on(bench: _Bench) -> None:
    each = bench.presenter.session(bench.day.sessions["Noor"])
    assert each is not None
    said = [
        until(each.session, datetime(2026, 11, 19, hour, minute, tzinfo=UTC))
        for hour, minute in ((16, 30), (18, 30), (19, 29), (19, 31), (20, 20))
    ]
    assert said == ["in 3 h", "in 1 h", "in 1 min", "until 12:20 PM", "ended 12:20 PM"]
    bench.clock.set(datetime(2026, 11, 19, 23, 45, tzinfo=UTC))
    bench.presenter.selected = None
    bench.read()
    assert bench.presenter.selected == bench.day.sessions["Theodora Alexandrina"]

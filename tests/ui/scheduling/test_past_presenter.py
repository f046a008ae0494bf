"""Quick entry of past sessions, without a window."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from uuid import UUID

import pytest

from app.core.kernel.money import Money
from app.core.scheduling import queries
from app.core.scheduling.rules import AppointmentStatus
from app.ui.scheduling.past_presenter import Became, PastPresenter
from tests.support.practice import TestDesk
from tests.support.pumping import Pump


class Room:
    """Quick entry, open."""

    def __init__(self, desk: TestDesk, case_id: UUID) -> None:
        self.desk, self.case_id = desk, case_id
        self.pump = Pump()
        self.past = PastPresenter(desk, self.pump)
        self.done: list[UUID] = []
        self.past.saved = self.done.append
        self.past.refresh()
        self.pump.until(lambda: self.past.choices is not None)


@pytest.fixture
def room(desk: TestDesk, cases: dict[str, UUID]) -> Iterator[Room]:
    made = Room(desk, cases["Ada Lowry"])
    yield made
    made.past.close()


def test_rows_go_on_a_week_later_and_all_are_entered(room: Room) -> None:
    past = room.past
    past.set(0, case_id=room.case_id, day=date(2026, 11, 2), clock=time(17), paid=Money(16500))
    assert past.rows[0].service_id is not None
    past.add()
    past.set(1, became=Became.CHARGED)
    past.add()
    past.set(2, became=Became.MISSED)
    assert [row.day.day for row in past.rows] == [2, 9, 16]
    past.save()
    room.pump.until(lambda: bool(room.done))
    found = room.desk.ask(queries.sessions_between, date(2026, 11, 1), date(2026, 11, 16))
    entered = [each for each in found if each.starts.hour == 17]
    assert [each.status for each in entered] == [
        AppointmentStatus.COMPLETED,
        AppointmentStatus.NO_SHOW,
        AppointmentStatus.NO_SHOW,
    ]
    assert [each.chargeable for each in entered] == [False, True, False]
    assert room.done == [entered[-1].id]


def test_what_is_wrong_is_said_at_its_row_and_nothing_is_entered(room: Room) -> None:
    past = room.past
    past.add()
    past.set(0, case_id=room.case_id, day=date(2026, 11, 30))
    past.save()
    assert "not come yet" in past.rows[0].problem
    assert "who" in past.rows[1].problem
    past.remove(1)
    past.remove(0)
    assert len(past.rows) == 1
    past.set(0, day=date(2026, 11, 3))
    assert past.rows[0].problem == ""

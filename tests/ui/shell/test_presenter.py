"""Presenters: the latest read wins, nothing arrives after closing, writes refresh."""

from __future__ import annotations

from concurrent.futures import Future
from typing import Any
from uuid import UUID

import pytest

from app.core.kernel.acting import Role, former_member, system_actor
from app.core.kernel.changes import Changes, Outcome
from app.core.kernel.errors import NotAllowed, UserError
from app.core.practice.commands import set_setting
from app.core.practice.queries import practice
from app.ui.shell.presenter import Presenter
from app.ui.shell.undoing import Undoing
from tests.support.practice import TestDesk
from tests.support.pumping import Pump


class _Slow:
    """A desk whose answers come when the test says."""

    def __init__(self) -> None:
        self.asked: list[Future[Any]] = []
        self.heard: list[Any] = []
        self.actor = system_actor(UUID(int=1))

    def read(self, query: Any, *args: Any) -> Future[Any]:
        self.asked.append(Future())
        return self.asked[-1]

    run = read

    def listen(self, heard: Any) -> Any:
        self.heard.append(heard)
        return lambda: self.heard.remove(heard)


class _Counting(Presenter):
    refreshed = 0

    def refresh(self) -> None:
        self.refreshed += 1


def test_only_the_latest_answer_counts() -> None:
    desk, pump = _Slow(), Pump()
    got: list[object] = []
    presenter = Presenter(desk, pump)  # type: ignore[arg-type]
    presenter.read("rows", practice, then=got.append)
    presenter.read("rows", practice, then=got.append)
    desk.asked[1].set_result("second")
    desk.asked[0].set_result("first")
    pump.drain()
    assert got == ["second"]


def test_nothing_arrives_after_closing() -> None:
    desk, pump = _Slow(), Pump()
    got: list[object] = []
    presenter = _Counting(desk, pump)  # type: ignore[arg-type]
    presenter.watch("people")
    presenter.read("rows", practice, then=got.append)
    desk.heard[0](Changes(frozenset({"people"})))
    presenter.close()
    desk.asked[0].set_result("late")
    pump.drain()
    assert (got, presenter.refreshed, desk.heard) == ([], 0, [])


def test_a_write_elsewhere_does_not_refresh() -> None:
    desk, pump = _Slow(), Pump()
    presenter = _Counting(desk, pump)  # type: ignore[arg-type]
    presenter.watch("people", "cases")
    desk.heard[0](Changes(frozenset({"billing"})))
    desk.heard[0](Changes(frozenset({"cases"})))
    pump.drain()
    assert presenter.refreshed == 1


def test_what_went_wrong_goes_to_its_handler_else_it_is_our_bug() -> None:
    desk, pump = _Slow(), Pump()
    said: list[Exception] = []
    presenter = Presenter(desk, pump)  # type: ignore[arg-type]
    presenter.run(practice, failed=said.append)
    presenter.run(practice)
    wrong = UserError("Type a name.", field="name")
    for asked in desk.asked:
        asked.set_exception(wrong)
    with pytest.raises(UserError, match="Type a name"):
        pump.drain()
    assert said == [wrong]


def test_what_was_theirs_when_they_asked_is_no_bug_once_the_rights_have_changed() -> None:
    desk, pump = _Slow(), Pump()
    presenter = Presenter(desk, pump)  # type: ignore[arg-type]
    got: list[object] = []
    presenter.read("rows", practice, then=got.append)
    desk.actor = former_member(UUID(int=1), UUID(int=2), Role.ADMIN)
    presenter.read("others", practice, then=got.append)
    first, second = desk.asked
    first.set_exception(NotAllowed("Not yours."))
    pump.drain()
    second.set_exception(NotAllowed("Not yours."))
    with pytest.raises(NotAllowed):
        pump.drain()
    assert not got


def test_a_real_write_refreshes_and_can_be_undone(desk: TestDesk) -> None:
    pump = Pump()
    outcomes: list[Outcome[Any]] = []
    said: list[str] = []
    presenter = _Counting(desk, pump, did=outcomes.append)
    presenter.watch("practice")
    presenter.run(
        set_setting, "superbills_from", "2026-01-01", failed=lambda error: said.append(str(error))
    )
    pump.until(lambda: bool(outcomes or said))
    undoing = Undoing(desk, pump, say=said.append, fail=lambda error: said.append(str(error)))
    undoing.undo_last()
    assert said[-1:] == ["There is nothing to undo."]
    presenter.close()
    undoing.close()

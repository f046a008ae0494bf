"""What the plan asks, on the real page of Today: seen by who manages it, and gone once renewed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.kernel.acting import Role, member_actor
from app.core.kernel.syncing import NOT_CONNECTED, SyncState
from app.core.tasks.rules.attention import Attention, AttentionKind
from app.sync.file import LocalFile
from app.sync.greeting import PLAN_CHANGED
from app.ui.shell.registry import House
from app.ui.tasks.area import register as register_tasks
from app.ui.tasks.attention_list import AttentionList
from app.ui.today.page import TodayPage
from tests.support.design_day import DesignDay
from tests.support.screens import Heard, part
from tests.ui.settings.accounts import PROFESSIONAL, STARTER, SYNCED, Account, asking, team

PLAN = (AttentionKind.PLAN_ENDS, AttentionKind.PLAN_ENDED)


class Day:
    """The page of Today over an account, its day and its tasks read."""

    def __init__(self, page: TodayPage, heard: Heard, sync: Any, qtbot: Any) -> None:
        self.page, self.heard, self.sync, self.qtbot = page, heard, sync, qtbot
        page.resize(1440, 872)
        page.show()
        qtbot.waitUntil(lambda: page.findChild(AttentionList) is not None)
        self.list = part(page, AttentionList)
        qtbot.waitUntil(lambda: bool(self.list.items()))

    def asks(self) -> list[Attention]:
        return [each for each in self.list.items() if each.kind in PLAN]

    def becomes(self, status: Any) -> None:
        self.sync.status = status
        self.sync.changed()


@pytest.fixture
def opens(
    looked: QApplication, qtbot: Any, screen: Any, thursday: DesignDay
) -> Iterator[Callable[[Account], Day]]:
    made: list[TodayPage] = []

    def show(account: Account) -> Day:
        house = House()
        register_tasks(house)
        context, heard = screen(thursday.desk, house)
        context = asking(context, thursday.desk, account)
        made.append(TodayPage(context))
        return Day(made[-1], heard, context.sync, qtbot)

    yield show
    for page in made:
        page.closing()
        page.close()
        page.deleteLater()


def test_the_end_of_the_free_year_stands_on_today_and_leads_to_subscription(
    opens: Callable[[Account], Day],
) -> None:
    # No account is asked: what it signed last lies in the file.
    account = Account(STARTER, team()[:1], status_now=replace(SYNCED, state=SyncState.OFFLINE))
    day = opens(account)
    (task,) = day.asks()
    assert (task.title, task.detail) == ("Your free year ends", "In 30 days, on Dec 19")
    kinds = [each.kind for each in day.list.items()]
    assert kinds[:2] == [AttentionKind.BACKUP_OVERDUE, AttentionKind.PLAN_ENDS]
    row = day.list.model().index(day.list.items().index(task), 0)
    says = "Your first year on Starter ends on December 19, 2026: choose a plan before then."
    assert row.data(Qt.ItemDataRole.ToolTipRole) == says
    assert row.data(Qt.ItemDataRole.AccessibleTextRole) == f"{says} Open"
    spot = day.list.visualRect(row).topRight() + QPoint(-8, 20)
    QTest.mouseClick(day.list.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    place = day.heard.visited[-1]
    assert (place.area, place.part) == ("settings", "subscription")
    assert account.did == []
    assert QApplication.activeModalWidget() is None


def test_it_goes_at_once_when_the_plan_is_renewed(
    opens: Callable[[Account], Day], thursday: DesignDay
) -> None:
    account = Account(STARTER, team()[:1])
    day = opens(account)
    others = [each for each in day.list.items() if each.kind not in PLAN]
    assert day.asks()
    account.facts, account.seq = PROFESSIONAL, 2
    desk: Any = thursday.desk
    LocalFile(desk).slice(lambda part: part.told(PLAN_CHANGED))
    day.qtbot.waitUntil(lambda: not day.asks())
    assert list(day.list.items()) == others


def test_it_comes_and_goes_with_the_account(opens: Callable[[Account], Day]) -> None:
    day = opens(Account(STARTER, team()[:1], status_now=NOT_CONNECTED))
    assert day.asks() == []
    day.becomes(SYNCED)
    assert len(day.asks()) == 1
    # Another turn of syncing is no second task.
    day.becomes(replace(SYNCED, state=SyncState.SYNCING))
    assert len(day.asks()) == 1
    day.becomes(NOT_CONNECTED)
    assert day.asks() == []


def test_who_may_not_see_the_plan_is_not_asked(
    opens: Callable[[Account], Day], thursday: DesignDay
) -> None:
    desk: Any = thursday.desk
    day = opens(Account(STARTER, team()[:1]))
    assert day.asks()
    desk.act_as(member_actor(desk.actor.practice_id, desk.actor.member_id, Role.PROVIDER))
    day.qtbot.waitUntil(lambda: not day.asks())

"""The pages about plan and team with their longest words: nothing is cut that is not said whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.core.kernel.entitlement import Plan
from app.core.membership.rules.subscription import Subscription
from app.ui.settings.subscription_panel import SubscriptionPanel
from app.ui.settings.team_panel import TeamPanel
from app.ui.theme import look
from app.ui.widgets.text import Text
from tests.ui.settings.accounts import (
    FULL,
    PROFESSIONAL,
    SIGNED_UP,
    TOMAS,
    Account,
    facts_of,
    team,
)
from tests.ui.settings.conftest import Opens, Room

FAMILY = "Wolfeschlegelsteinhausenbergerdorff-Papadimitropoulos"
LONG = tuple(
    replace(each, name=f"{each.name.partition(' ')[0]} {FAMILY}", address=f"{'long.' * 9}{n}@a.b")
    for n, each in enumerate(team())
)


def cut(page: QWidget) -> list[str]:
    """Return the words of ``page`` for which there is no room and that no tooltip says whole."""
    found = []
    for text in page.findChildren(Text):
        if not text.isVisible() or not text.text():
            continue
        wants = text.sizeHint()
        fits = (
            text.height() >= text.heightForWidth(text.width())
            if text.hasHeightForWidth()
            else (text.width() >= wants.width() - 1)
        )
        if not fits and text.toolTip() != text.text():
            found.append(text.text())
    return found + [
        each.text()
        for each in page.findChildren(QPushButton)
        if each.isVisible() and each.width() < each.sizeHint().width() and not each.toolTip()
    ]


def team_page(opens: Opens) -> Room:
    room = opens(TeamPanel, Account(facts_of(LONG, FULL.subscription), LONG))
    room.page.show_field("member", TOMAS)
    room.click("End membership…")
    return room


def archive(opens: Opens) -> Room:
    room = opens(SubscriptionPanel, Account(FULL))
    room.page._radios[Plan.ARCHIVE].radio.click()
    return room


def lapsed(opens: Opens) -> Room:
    return opens(
        SubscriptionPanel, Account(replace(PROFESSIONAL, subscription=Subscription(SIGNED_UP)))
    )


@pytest.mark.parametrize("made", [team_page, archive, lapsed])
@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("width", [1000, 584])
def test_nothing_is_cut(
    opens: Opens, looked: QApplication, made: Any, percent: int, width: int
) -> None:
    look.use(looked, theme="light", percent=percent, density="regular", motion=False)
    room = made(opens)
    # 584 is what the smallest window leaves beside side bar and menu.
    room.page.resize(width * percent // 100, 800)
    room.words()
    room.page.grab()
    room.words()
    assert cut(room.page) == []

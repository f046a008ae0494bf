"""What stands beside the plans stays while it says the same, and says no more than is so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from app.core.membership.rules.subscription import Subscription
from app.ui.settings.subscription_panel import SubscriptionPanel
from tests.ui.settings.accounts import FULL, PROFESSIONAL, SIGNED_UP, STARTER, Account, team
from tests.ui.settings.conftest import Opens


def test_an_answer_that_says_the_same_leaves_what_stands_beside_the_plans(opens: Opens) -> None:
    waiting: list[Any] = []
    room = opens(SubscriptionPanel, Account(), waiting)
    waiting.pop(0)()
    room.words()
    before = room.page.findChildren(QWidget)
    room.page.refresh()
    assert room.offers("Change to Group"), "who only asks is in nobody's way"
    waiting.pop(0)()
    room.words()
    assert room.page.findChildren(QWidget) == before
    room.account.facts = FULL
    room.page.refresh()
    waiting.pop(0)()
    assert "Group, renews December 3, 2026, for $81.00." in room.words()
    assert room.page.findChildren(QWidget) != before


def test_what_was_said_and_withdrawn_while_a_button_was_held_down_is_not_shown(
    opens: Opens,
) -> None:
    room = opens(SubscriptionPanel, Account())
    presenter = room.page._presenter
    act = room._find("Change to Group")
    act.setDown(True)
    presenter.said = "Your plan is Starter now."
    room.page._render()
    presenter.said = ""
    room.page._render()
    act.setDown(False)
    act.released.emit()
    assert "Your plan is Starter now." not in room.words()
    assert room._find("Change to Group") is act


def test_a_plan_that_has_ended_does_not_say_that_more_clients_fit(opens: Opens) -> None:
    assert "10 more fit." in opens(SubscriptionPanel, Account(STARTER, team()[:1])).words()
    ended = replace(PROFESSIONAL, subscription=Subscription(SIGNED_UP), staff=STARTER.staff)
    said = opens(SubscriptionPanel, Account(ended, team()[:1])).words()
    assert "Your plan has ended." in said
    assert "0 of 10" in said
    assert "fit." not in said

"""A plan that is owed, in a real window: paid for again, or told why not, and never nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from app.core.kernel.entitlement import Plan
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.subscription import Status, Subscription
from app.sync.file import LocalFile
from app.sync.greeting import PLAN_CHANGED
from app.ui.settings.subscription_panel import SubscriptionPanel
from tests.support.clock import THE_MOMENT
from tests.support.practice import TestDesk
from tests.ui.settings.accounts import PROFESSIONAL, SIGNED_UP, Account, facts_of, team
from tests.ui.settings.conftest import Opens


def owed(status: Status, *, card: bool) -> PracticeFacts:
    """Return a practice on Professional whose month was not paid."""
    days = 5 if status is Status.GRACE else 40
    month = BillingPeriod(THE_MOMENT - timedelta(days=30 + days), THE_MOMENT - timedelta(days=days))
    facts = facts_of(team(), Subscription(SIGNED_UP, Plan.PROFESSIONAL, SIGNED_UP, card, month))
    assert facts.stands(THE_MOMENT).status is status
    return facts


@pytest.mark.parametrize("status", [Status.GRACE, Status.LAPSED])
def test_a_plan_that_is_owed_is_paid_for_where_one_looks_first(
    opens: Opens, status: Status
) -> None:
    account = Account(owed(status, card=True))
    room = opens(SubscriptionPanel, account)
    said = room.words()
    assert "If you pay today" in said
    assert "Due now: $61.00, for a month of Professional." in said
    late = "It covers November 14 to December 13, 2026."
    assert (
        late if status is Status.GRACE else "It covers November 19 to December 18, 2026."
    ) in said
    if status is Status.GRACE:
        assert "Everything still works until December 14, 2026." in said
        assert "Pay for your plan, or choose another, before then." in said
    account.after = PROFESSIONAL
    room.click("Pay for Professional")
    assert account.did == ["ask", "plan PROFESSIONAL"]
    said = room.words()
    assert "Professional is paid for." in said
    assert "Professional, renews December 3, 2026, for $61.00." in said
    assert not room.offers("Pay for Professional")
    assert "What you pay" in said


def test_without_a_card_the_page_says_so_and_looks_again_when_told(opens: Opens) -> None:
    account = Account(owed(Status.LAPSED, card=False))
    room = opens(SubscriptionPanel, account)
    words = (
        "Professional costs $61.00 now, and no card is on file: "
        "ask whoever runs your account to put one on file."
    )
    assert words in room.words()
    assert not room.offers("Pay for Professional")
    account.facts = owed(Status.LAPSED, card=True)
    room.click("Check again")
    assert words not in room.words()
    assert room.offers("Pay for Professional")


def test_a_plan_that_a_greeting_brought_is_shown_at_once(
    opens: Opens, desk: TestDesk, qtbot: Any
) -> None:
    account = Account(owed(Status.LAPSED, card=False))
    room = opens(SubscriptionPanel, account)
    account.facts, account.seq = owed(Status.LAPSED, card=True), 2
    greeted = LocalFile(desk)
    greeted.slice(lambda part: part.told(PLAN_CHANGED))
    qtbot.waitUntil(lambda: room.offers("Pay for Professional"))
    # One that its own question brought is no news.
    greeted.slice(lambda part: part.told(PLAN_CHANGED))
    room.words()
    assert account.did == ["ask", "ask"]


def test_starter_after_its_year_says_why_it_cannot_be_chosen(opens: Opens) -> None:
    facts = facts_of(team()[:1], Subscription(THE_MOMENT - timedelta(days=370)), 3)
    room = opens(SubscriptionPanel, Account(facts, team()[:1]))
    room.page._radios[Plan.STARTER].radio.click()
    assert "Starter was for the first twelve months, which ended November 14" in room.words()

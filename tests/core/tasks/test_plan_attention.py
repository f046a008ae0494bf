"""What the plan asks of its owner on each day of Starter's year, a trial and a month owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.core.kernel.acting import Permission, Role, member_actor
from app.core.kernel.entitlement import Plan
from app.core.kernel.ids import new_id
from app.core.membership.rules.grant import Grant, grant_of
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.seats import SeatHolder
from app.core.membership.rules.subscription import Subscription
from app.core.tasks.rules.attention import Attention, AttentionKind, asked_of, in_order
from app.core.tasks.rules.plan_attention import plan_attention

PRACTICE = UUID(int=7)
ZONE = "America/Los_Angeles"
_DAY = timedelta(days=1)
#: Noon in Los Angeles; the year on Starter ends a year later.
SIGNED_UP = datetime(2026, 3, 1, 20, tzinfo=UTC)
ENDS = datetime(2027, 3, 1, 20, tzinfo=UTC)
STARTER = Subscription(SIGNED_UP)
TRIAL = Subscription(SIGNED_UP, Plan.PROFESSIONAL, trial_began=datetime(2026, 4, 1, 20, tzinfo=UTC))
PAID = BillingPeriod(datetime(2026, 6, 1, 20, tzinfo=UTC), datetime(2026, 7, 1, 20, tzinfo=UTC))
MONTHLY = Subscription(SIGNED_UP, Plan.PROFESSIONAL, card=True, paid=PAID)


def granted(subscription: Subscription, at: datetime, clients: int = 3) -> Grant:
    owner = SeatHolder("m1", "Dana Whitfield", Role.OWNER)
    return grant_of(PRACTICE, PracticeFacts(subscription, ZONE, (owner,), clients), 1, at)


def line(grant: Grant, at: datetime) -> tuple[str, str]:
    """Return the two lines of the task, empty where there is none."""
    task = plan_attention(grant, at, ZONE)
    return ("", "") if task is None else (task.title, task.detail)


#: What stands there once only the account knows whether a plan was chosen.
GRACE_OVER = ("Your days of grace are over", "Go online once, and choose a plan")


def in_year(day: int) -> tuple[str, str]:
    """Return what stands on Today so many days before the year ends."""
    if day > 60:
        return "", ""
    if day > 0:
        return "Your free year ends", f"In {day} {'day' if day == 1 else 'days'}, on Mar 1"
    if day > -30:
        return "Choose a plan", "Everything works until Mar 31"
    return "Your plan has ended", "Choose one to book again"


#: What stands there once a trial has ended, and nobody has heard from the account since.
TRIAL_OVER = ("Your trial is over", "Go online once to see your plan")


@pytest.mark.parametrize("card", [True, False])
@pytest.mark.parametrize(("days", "but"), [(0, ""), (200, " but making clients active")])
def test_a_trial_that_ended_without_a_network_is_told_and_what_works_meanwhile(
    card: bool, days: int, but: str
) -> None:
    ends = datetime(2026, 4, 15, 20, tzinfo=UTC)
    offline = granted(replace(TRIAL, card=card), ends - 3 * _DAY)
    assert line(offline, ends - timedelta(seconds=1)) != TRIAL_OVER
    at = ends + days * _DAY
    assert line(offline, at) == TRIAL_OVER
    task = plan_attention(offline, at, ZONE)
    assert task is not None
    assert task.kind is AttentionKind.PLAN_ENDS
    assert task.sentence.startswith(
        "Your trial ended on April 15, 2026: go online once, and choose a plan if you have not "
        f"yet. Until then everything works on this computer{but}"
    )


@pytest.mark.parametrize("before", range(365, -60, -1))
def test_each_day_of_starters_year_and_after(before: int) -> None:
    at = ENDS - before * _DAY
    assert line(granted(STARTER, at), at) == in_year(before)


@pytest.mark.parametrize("before", range(100, -31, -1))
def test_without_a_network_an_older_document_says_the_same(
    before: int,
) -> None:
    at = ENDS - before * _DAY
    # The end of its last day of grace is the account's to say: until then it is not known.
    shown = in_year(before) if before > -30 else GRACE_OVER
    offline = granted(STARTER, min(at - 2 * _DAY, ENDS - 5 * _DAY))
    assert line(offline, at) == shown


@pytest.mark.parametrize(
    ("days", "holds"),
    [
        (30, "everything works on this computer."),
        (39, "everything works on this computer."),
        (40, "everything works on this computer but making clients active and inviting people."),
        (400, "everything works on this computer but making clients active and inviting people."),
    ],
)
def test_after_the_days_of_grace_it_says_what_holds_and_what_to_do(days: int, holds: str) -> None:
    offline = granted(STARTER, ENDS - 5 * _DAY)
    task = plan_attention(offline, ENDS + days * _DAY, ZONE)
    assert task is not None
    assert task.kind is AttentionKind.PLAN_ENDS
    assert task.sentence == (
        "Your days of grace ended on March 31, 2027: go online once, and choose a plan if you "
        f"have not yet. Until then {holds}"
    )


def test_what_was_owed_when_the_network_went_stays_too() -> None:
    heard = PAID.ends + 3 * _DAY
    offline = granted(MONTHLY, heard)
    assert line(offline, PAID.ends + 29 * _DAY)[0] == "Your plan is unpaid"
    over = PAID.ends + 31 * _DAY
    assert line(offline, over) == ("Your days of grace are over", "Go online once, and pay for it")
    task = plan_attention(offline, over, ZONE)
    assert task is not None
    assert "go online once, and pay for your plan if you have not yet." in task.sentence


@pytest.mark.parametrize(
    ("before", "shown"),
    [
        *((day, ("", "")) for day in range(14, 7, -1)),
        *(
            (day, ("Your trial ends", f"In {day} {'day' if day == 1 else 'days'}, on Apr 15"))
            for day in range(7, 0, -1)
        ),
        # Starter again: its year has long to go.
        (0, ("", "")),
    ],
)
def test_a_trial_asks_in_its_last_week(before: int, shown: tuple[str, str]) -> None:
    ends = datetime(2026, 4, 15, 20, tzinfo=UTC)
    at = ends - before * _DAY
    assert line(granted(TRIAL, at), at) == shown
    # A computer without a network goes by what it heard when the trial began.
    offline = shown if before else TRIAL_OVER
    assert line(granted(TRIAL, ends - 14 * _DAY), at) == offline
    carded = replace(TRIAL, card=True)
    if before:
        assert line(granted(carded, at), at) == ("", "")


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        (-30, ("", "")),
        (-1, ("", "")),
        *((day, ("Your plan is unpaid", "Everything works until Jul 31")) for day in range(30)),
        (30, ("Your plan has ended", "Choose one to book again")),
        (300, ("Your plan has ended", "Choose one to book again")),
    ],
)
def test_a_month_that_is_owed_asks_until_it_is_paid(after: int, shown: tuple[str, str]) -> None:
    at = PAID.ends + after * _DAY
    assert line(granted(MONTHLY, at), at) == shown
    paid = replace(MONTHLY, paid=BillingPeriod(at, at + 30 * _DAY))
    assert line(granted(paid, at), at) == ("", "")


def test_the_words_of_the_notice_are_said_in_full() -> None:
    at = ENDS - 20 * _DAY
    task = plan_attention(granted(STARTER, at), at, ZONE)
    assert task is not None
    assert (
        task.sentence == "Your first year on Starter ends on March 1, 2027: choose a plan "
        "before then."
    )
    owed = PAID.ends + _DAY
    task = plan_attention(granted(MONTHLY, owed), owed, ZONE)
    assert task is not None
    assert "pay for your plan" in task.sentence


@pytest.mark.parametrize("role", Role)
def test_only_who_sees_plan_and_team_is_asked(role: Role) -> None:
    at = ENDS + 100 * _DAY
    actor = member_actor(PRACTICE, new_id(1), role)
    task = plan_attention(granted(STARTER, at), at, ZONE)
    assert task is not None
    asked = bool(asked_of(actor, [task]))
    assert asked is actor.may(Permission.MANAGE_TEAM) is (role is Role.OWNER)


def test_days_are_those_of_the_practices_wall() -> None:
    at = ENDS - _DAY
    late = replace(granted(STARTER, at), until=datetime(2027, 3, 2, 3, tzinfo=UTC))
    for zone, day in ((ZONE, "Mar 1"), ("UTC", "Mar 2")):
        task = plan_attention(late, at, zone)
        assert task is not None
        assert task.detail == f"In 2 days, on {day}"


def test_clients_over_the_plan_are_no_task_of_the_plans_end() -> None:
    at = SIGNED_UP + 20 * _DAY
    crowded = granted(STARTER, at, clients=12)
    assert crowded.notices
    assert line(crowded, at) == ("", "")
    late = ENDS - 3 * _DAY
    assert line(granted(STARTER, late, clients=12), late) == in_year(3)


def test_what_the_plan_asks_stands_in_the_order_of_the_rules() -> None:
    kinds = (AttentionKind.UNPAID, AttentionKind.PLAN_ENDS, AttentionKind.BACKUP_OVERDUE)
    first, second = Attention(kinds[0], "First", ""), Attention(kinds[0], "Second", "")
    others = [Attention(kind, "", "") for kind in kinds[1:]]
    ordered = in_order([first, second, *others])
    assert [each.kind for each in ordered] == [*reversed(kinds), kinds[0]]
    assert ordered[2:] == (first, second)

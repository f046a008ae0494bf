"""Where a practice stands with its plan, day by day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.kernel.entitlement import Plan, Standing
from app.core.membership.rules.notices import Notice, NoticeKind, notice_words, notices
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.subscription import (
    STANDING_OF,
    Stands,
    Status,
    Subscription,
    standing_at,
    starter_prompt,
    with_card,
)


def day(text: str) -> datetime:
    """Return a moment of UTC: ``2026-03-01`` or ``2026-03-01T12:30``."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


SIGNED_UP = day("2026-03-01")
MARCH = BillingPeriod(day("2026-03-01"), day("2026-04-01"))
STARTER = Subscription(SIGNED_UP)
#: A trial from April 1, whose day 15 is April 15.
TRIAL = Subscription(SIGNED_UP, Plan.PROFESSIONAL, trial_began=day("2026-04-01"))
#: One that outlasts Starter's year.
LATE = Subscription(SIGNED_UP, Plan.PROFESSIONAL, trial_began=day("2027-02-20"))
CARD = Subscription(SIGNED_UP, Plan.PROFESSIONAL, trial_began=day("2026-04-01"), card=True)
GROUP = Subscription(SIGNED_UP, Plan.GROUP, paid=MARCH)
UNPAID = Subscription(SIGNED_UP, Plan.GROUP)
ARCHIVE = Subscription(SIGNED_UP, Plan.ARCHIVE, paid=MARCH)


@pytest.mark.parametrize(
    ("facts", "at", "fits", "plan", "status", "until"),
    [
        # Starter: twelve months from sign-up, thirty days' grace, then lapsed.
        (STARTER, "2026-03-01", True, "STARTER", "STARTER", "2027-03-01"),
        (STARTER, "2027-02-28T23:59", True, "STARTER", "STARTER", "2027-03-01"),
        (STARTER, "2027-03-01", True, "STARTER", "GRACE", "2027-03-31"),
        (STARTER, "2027-03-30T23:59", True, "STARTER", "GRACE", "2027-03-31"),
        (STARTER, "2027-03-31", True, "STARTER", "LAPSED", None),
        (STARTER, "2030-01-01", False, "STARTER", "LAPSED", None),
        # Over its limits it is still Starter: only growth is refused.
        (STARTER, "2026-06-01", False, "STARTER", "STARTER", "2027-03-01"),
        # Professional's trial: fourteen days; day 15 without a card is Starter, or lapsed.
        (TRIAL, "2026-04-01", False, "PROFESSIONAL", "TRIAL", "2026-04-15"),
        (TRIAL, "2026-04-14T23:59", True, "PROFESSIONAL", "TRIAL", "2026-04-15"),
        (TRIAL, "2026-04-15", True, "STARTER", "STARTER", "2027-03-01"),
        (TRIAL, "2026-04-15", False, "PROFESSIONAL", "LAPSED", None),
        (TRIAL, "2027-03-02", True, "STARTER", "GRACE", "2027-03-31"),
        (LATE, "2027-03-02", True, "PROFESSIONAL", "TRIAL", "2027-03-06"),
        (LATE, "2027-03-06", True, "PROFESSIONAL", "LAPSED", None),
        # With a card that was not charged yet it is thirty days' grace.
        (CARD, "2026-04-15", True, "PROFESSIONAL", "GRACE", "2026-05-15"),
        (CARD, "2026-05-15", True, "PROFESSIONAL", "LAPSED", None),
        # Paid: to the end of the month, then thirty days' grace, then lapsed.
        (GROUP, "2026-03-31T23:59", False, "GROUP", "PAID", "2026-04-01"),
        (GROUP, "2026-04-01", False, "GROUP", "GRACE", "2026-05-01"),
        (GROUP, "2026-05-01", True, "GROUP", "LAPSED", None),
        (UNPAID, "2026-03-02", True, "GROUP", "LAPSED", None),
        # Archive stays what it is, paid or not: nothing less than reading is left.
        (ARCHIVE, "2026-03-15", True, "ARCHIVE", "ARCHIVE", "2026-04-01"),
        (ARCHIVE, "2029-03-15", True, "ARCHIVE", "ARCHIVE", "2026-04-01"),
    ],
)
def test_where_a_practice_stands(
    facts: Subscription, at: str, fits: bool, plan: str, status: str, until: str | None
) -> None:
    expected = Stands(Plan(plan), Status(status), day(until) if until else None)
    assert standing_at(facts, day(at), fits_starter=fits) == expected


def test_a_card_after_a_trial_that_ended_on_starter_leaves_the_practice_there() -> None:
    later = day("2026-06-20")
    there = standing_at(TRIAL, later, fits_starter=True)
    carded = with_card(TRIAL, there, card=True)
    assert standing_at(carded, later, fits_starter=True) == there
    assert carded.trial_began == TRIAL.trial_began
    # One that ended in nothing has thirty days from its end, in which everything works again.
    soon = day("2026-04-20")
    ended = standing_at(TRIAL, soon, fits_starter=False)
    assert ended.status is Status.LAPSED
    carded = with_card(TRIAL, ended, card=True)
    assert standing_at(carded, soon, fits_starter=False).status is Status.GRACE


def test_each_status_has_its_column_of_the_table() -> None:
    assert set(STANDING_OF) == set(Status)
    restricted = {status for status in Status if STANDING_OF[status] is not Standing.WITHIN}
    assert restricted == {Status.LAPSED, Status.ARCHIVE}
    assert Stands(Plan.GROUP, Status.GRACE).standing is Standing.WITHIN


@pytest.mark.parametrize(
    ("signed_up", "ends"),
    [
        ("2028-02-29", "2029-02-28"),  # a leap day has no year
        ("2027-02-28", "2028-02-28"),
        ("2026-11-01T07:30", "2027-11-01T07:30"),  # in the hour that New York has twice
    ],
)
def test_the_year_ends_twelve_months_later(signed_up: str, ends: str) -> None:
    assert Subscription(day(signed_up)).starter_ends == day(ends)


@pytest.mark.parametrize(
    ("before", "step"),
    [
        (timedelta(days=365), None),
        (timedelta(days=60, seconds=1), None),
        (timedelta(days=60), 60),
        (timedelta(days=30, seconds=1), 60),
        (timedelta(days=30), 30),
        (timedelta(days=14), 14),
        (timedelta(days=8), 14),
        (timedelta(days=7), 7),
        (timedelta(days=1, seconds=1), 7),
        (timedelta(days=1), 1),
        (timedelta(seconds=1), 1),
        (timedelta(0), None),
        (timedelta(days=-5), None),
    ],
)
def test_starter_is_prompted_at_its_steps(before: timedelta, step: int | None) -> None:
    assert starter_prompt(STARTER, STARTER.starter_ends - before) == step


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2032, 1, 1), timezones=st.just(UTC))
MONTHS = st.one_of(
    st.none(), MOMENTS.map(lambda begins: BillingPeriod(begins, begins + timedelta(days=30)))
)
FACTS = st.builds(
    Subscription,
    signed_up_at=MOMENTS,
    plan=st.sampled_from(Plan),
    trial_began=st.one_of(st.none(), MOMENTS),
    card=st.booleans(),
    paid=MONTHS,
)


@given(FACTS, MOMENTS, st.booleans())
def test_any_facts_have_a_standing_that_says_when_it_ends(
    facts: Subscription, at: datetime, fits: bool
) -> None:
    stands = standing_at(facts, at, fits_starter=fits)
    if stands.status is Status.STARTER:
        assert at < facts.starter_ends
    if stands.status in (Status.STARTER, Status.TRIAL, Status.PAID, Status.GRACE):
        assert stands.until is not None
        assert stands.until > at
        # Nothing changes before it says so.
        assert standing_at(facts, stands.until - timedelta(seconds=1), fits_starter=fits) == stands
    if stands.status is Status.LAPSED:
        assert stands.until is None
        assert facts.paid is None or facts.paid.ends <= at or facts.plan is Plan.STARTER


@given(FACTS, MOMENTS, st.booleans(), st.sampled_from([-11, -5, 5.5, 14]))
def test_a_practice_stands_the_same_in_every_time_zone(
    facts: Subscription, at: datetime, fits: bool, hours: float
) -> None:
    elsewhere = at.astimezone(timezone(timedelta(hours=hours)))
    assert standing_at(facts, elsewhere, fits_starter=fits) == standing_at(
        facts, at, fits_starter=fits
    )


@pytest.mark.parametrize(
    ("facts", "at", "clients", "told"),
    [
        (STARTER, "2026-06-01", 3, []),
        (STARTER, "2026-06-01", 12, [Notice(NoticeKind.CLIENTS_OVER, count=2)]),
        (STARTER, "2027-02-25", 3, [Notice(NoticeKind.STARTER_ENDS, day("2027-03-01"), 7)]),
        (STARTER, "2027-03-02", 3, [Notice(NoticeKind.GRACE, day("2027-03-31"))]),
        (STARTER, "2027-05-01", 3, [Notice(NoticeKind.LAPSED)]),
        (TRIAL, "2026-04-02", 40, [Notice(NoticeKind.TRIAL_ENDS, day("2026-04-15"))]),
        # Who has put a card on file is asked for none.
        (CARD, "2026-04-02", 40, []),
        (GROUP, "2026-03-02", 400, []),
    ],
)
def test_what_a_practice_is_told(
    facts: Subscription, at: str, clients: int, told: list[Notice]
) -> None:
    stands = standing_at(facts, day(at), fits_starter=clients <= 10)
    assert list(notices(facts, stands, clients, day(at))) == told


def test_notices_name_the_day_on_the_practices_wall() -> None:
    ends = Notice(NoticeKind.STARTER_ENDS, day("2027-03-01"), 7)
    assert "February 28, 2027" in notice_words(ends, "STARTER", "America/Los_Angeles")
    assert "March 1, 2027" in notice_words(ends, "STARTER", "UTC")
    words = {
        kind: notice_words(Notice(kind, day("2027-03-01"), 1), "GROUP", "UTC")
        for kind in NoticeKind
    }
    assert all(sentence.endswith(".") for sentence in words.values())
    assert words[NoticeKind.CLIENTS_OVER].startswith("1 active client is over")
    assert "pay for your plan, or choose another," in words[NoticeKind.GRACE]
    assert "choose a plan" in notice_words(Notice(NoticeKind.GRACE), "STARTER", "UTC")

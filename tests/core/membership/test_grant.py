"""What a grant allows as it grows old, and what a computer's clock has to do with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import NO_ACCOUNT, Feature, Plan, SeatLimits, Standing
from app.core.kernel.ids import new_id
from app.core.membership.rules.grant import Freshness, Grant, PlanState, grant_of, plan_state
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.notices import NoticeKind
from app.core.membership.rules.seats import SeatHolder
from app.core.membership.rules.subscription import Status, Subscription

ISSUED = datetime(2026, 11, 19, 19, 18, tzinfo=UTC)
FACTS = PracticeFacts(
    Subscription(datetime(2026, 3, 1, tzinfo=UTC)),
    "UTC",
    (SeatHolder("m1", "Dana Whitfield", Role.OWNER),),
    12,
)
GRANT = grant_of(new_id(1), FACTS, 7, ISSUED)
#: By the column that its status brings.
GRANTS = {
    Standing.WITHIN: GRANT,
    Standing.LAPSED: replace(GRANT, status=Status.LAPSED),
    Standing.ARCHIVE: replace(GRANT, status=Status.ARCHIVE),
}


def test_a_grant_says_what_the_practice_has_and_uses() -> None:
    assert (GRANT.plan, GRANT.status, GRANT.seq) == ("STARTER", Status.STARTER, 7)
    assert (GRANT.active_clients, GRANT.active_clients_used) == (10, 12)
    assert GRANT.seats == SeatLimits(1, 0, 0)
    assert GRANT.seats_used.clinicians.used == 1
    assert GRANT.until == datetime(2027, 3, 1, tzinfo=UTC)
    assert [each.kind for each in GRANT.notices] == [NoticeKind.CLIENTS_OVER]
    assert grant_of(new_id(1), FACTS, 8, ISSUED + timedelta(microseconds=7)).issued == ISSUED


@pytest.mark.parametrize(
    ("age", "freshness"),
    [
        (timedelta(0), Freshness.FRESH),
        (timedelta(hours=23, minutes=59), Freshness.FRESH),
        (timedelta(days=1), Freshness.DUE),
        (timedelta(days=13, hours=23), Freshness.DUE),
        (timedelta(days=14), Freshness.EXPIRED),
        (timedelta(days=44), Freshness.EXPIRED),
        (timedelta(days=44, seconds=1), Freshness.STALE),
        (timedelta(days=4000), Freshness.STALE),
    ],
)
def test_how_old_a_grant_is_and_its_column(age: timedelta, freshness: Freshness) -> None:
    stale = freshness is Freshness.STALE
    for standing, grant in GRANTS.items():
        found = plan_state(grant, ISSUED + age)
        assert found.freshness is freshness
        last_column = stale and standing is Standing.WITHIN
        # Lapsed and Archive allow less than the last column: waiting opens nothing.
        assert found.entitlement.standing is (Standing.STALE if last_column else standing)
        assert not found.clock_turned_back


def test_without_a_grant_nothing_is_restricted_and_nothing_ends() -> None:
    assert plan_state(None, ISSUED + timedelta(days=9999)) == PlanState(NO_ACCOUNT)


def test_limits_and_features_are_the_grants() -> None:
    group = replace(
        GRANT,
        plan=Plan.GROUP,
        active_clients=None,
        seats=SeatLimits(None, None, None),
        features=frozenset({Feature.PRACTICE_REPORTS}),
    )
    found = plan_state(group, ISSUED).entitlement
    assert (found.plan, found.active_clients) == ("GROUP", None)
    assert found.seats == SeatLimits(None, None, None)
    assert found.features == {Feature.PRACTICE_REPORTS}
    assert not found.demo


def test_a_status_that_came_after_this_version_restricts_nothing() -> None:
    unknown = replace(GRANT, status=None, plan="ENSEMBLE")
    assert plan_state(unknown, ISSUED).entitlement.standing is Standing.WITHIN


@pytest.mark.parametrize(
    ("behind", "noticed"),
    [(timedelta(minutes=10), False), (timedelta(minutes=10, seconds=1), True),
     (timedelta(days=900), True)],
)  # fmt: skip
def test_a_clock_turned_back_is_noticed_and_locks_nobody_out(
    behind: timedelta, noticed: bool
) -> None:
    found = plan_state(GRANT, ISSUED - behind)
    assert found.clock_turned_back is noticed
    assert found.entitlement.standing is Standing.WITHIN
    assert found.freshness is Freshness.FRESH


def test_what_was_proven_counts_against_a_clock_turned_back() -> None:
    """A list of keys that was signed later proves that the grant is older than it looks."""
    proven = ISSUED + timedelta(days=50)
    found = plan_state(GRANT, ISSUED + timedelta(days=1), proven)
    assert (found.entitlement.standing, found.clock_turned_back) == (Standing.STALE, True)


def test_a_clock_far_ahead_brings_the_last_column_until_it_is_right_again() -> None:
    ahead = plan_state(GRANT, ISSUED + timedelta(days=3000))
    assert ahead.entitlement.standing is Standing.STALE
    assert plan_state(GRANT, ISSUED + timedelta(hours=1)).entitlement.standing is Standing.WITHIN


MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))


@given(st.sampled_from(list(GRANTS.values())), MOMENTS, MOMENTS)
def test_only_a_signed_status_brings_lapsed_or_archive(
    grant: Grant, wall: datetime, proven: datetime
) -> None:
    found = plan_state(grant, wall, proven).entitlement.standing
    signed = next(standing for standing, each in GRANTS.items() if each == grant)
    assert found is signed or (signed is Standing.WITHIN and found is Standing.STALE)

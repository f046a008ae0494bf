"""The catalogue, seats and prices, each case worked by hand from the text of the plans."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import DEMO, NO_ACCOUNT, Feature, Plan, SeatKind, SeatLimits
from app.core.kernel.money import Money, prorated
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.prices import (
    BillingPeriod,
    billing_period,
    due_now,
    monthly_price,
    months_after,
    price_lines,
)
from app.core.membership.rules.seats import (
    Holding,
    SeatCount,
    SeatHolder,
    SeatsUsed,
    seated,
    seats_used,
)

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)
#: Thirty days: November.
NOVEMBER = BillingPeriod(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC))


def taken(clinicians: int = 1, associates: int = 0, admins: int = 0) -> SeatsUsed:
    """Return so many seats, all by active members."""
    return SeatsUsed(SeatCount(clinicians), SeatCount(associates), SeatCount(admins))


@pytest.mark.parametrize(
    ("plan", "clinicians", "associates", "admins", "cents"),
    [
        # Starter and Archive have one price, whoever is there.
        (Plan.STARTER, 1, 0, 0, 0),  # 0
        (Plan.ARCHIVE, 1, 0, 0, 900),  # 900
        (Plan.ARCHIVE, 3, 2, 4, 900),  # 900: read-only seats of others are not charged
        # Professional: 3,900, its one clinician in it, associates 1,100 each, admins nothing.
        (Plan.PROFESSIONAL, 1, 0, 0, 3_900),  # 3,900
        (Plan.PROFESSIONAL, 1, 1, 0, 5_000),  # 3,900 + 1,100
        (Plan.PROFESSIONAL, 1, 2, 0, 6_100),  # 3,900 + 2 x 1,100
        (Plan.PROFESSIONAL, 1, 0, 5, 3_900),  # 3,900 + 5 x 0
        (Plan.PROFESSIONAL, 1, 3, 2, 7_200),  # 3,900 + 3 x 1,100 + 2 x 0
        (Plan.PROFESSIONAL, 1, 10, 0, 14_900),  # 3,900 + 10 x 1,100
        # Group: 5,900, two clinicians in it, each further 2,900.
        (Plan.GROUP, 1, 0, 0, 5_900),  # 5,900: an empty second seat is no discount
        (Plan.GROUP, 2, 0, 0, 5_900),  # 5,900
        (Plan.GROUP, 3, 0, 0, 8_800),  # 5,900 + 2,900
        (Plan.GROUP, 4, 0, 0, 11_700),  # 5,900 + 2 x 2,900
        (Plan.GROUP, 2, 1, 0, 7_000),  # 5,900 + 1,100
        (Plan.GROUP, 2, 0, 9, 5_900),  # 5,900 + 9 x 0
        (Plan.GROUP, 4, 2, 0, 13_900),  # 5,900 + 2 x 2,900 + 2 x 1,100
        (Plan.GROUP, 5, 3, 2, 17_900),  # 5,900 + 3 x 2,900 + 3 x 1,100
        (Plan.GROUP, 10, 0, 0, 29_100),  # 5,900 + 8 x 2,900
        (Plan.GROUP, 12, 8, 6, 43_700),  # 5,900 + 10 x 2,900 + 8 x 1,100
    ],
)
def test_a_month_costs(
    plan: Plan, clinicians: int, associates: int, admins: int, cents: int
) -> None:
    used = taken(clinicians, associates, admins)
    assert monthly_price(plan, used) == Money(cents)


def test_group_with_four_clinicians_and_two_associates_invitations_included() -> None:
    def invited(number: int, role: Role) -> SeatHolder:
        sent = NOON - timedelta(days=3)
        return SeatHolder(str(number), f"Person {number}", role, Holding.INVITED, sent)

    staff = [
        SeatHolder("1", "Dana Whitfield", Role.OWNER),
        SeatHolder("2", "Robin Vance", Role.PROVIDER),
        SeatHolder("3", "Ines Moreau", Role.PROVIDER),
        SeatHolder("4", "Sam Okafor", Role.ASSOCIATE),
        SeatHolder("5", "Lee Park", Role.ADMIN),
        invited(6, Role.PROVIDER),
        invited(7, Role.ASSOCIATE),
    ]
    used = seats_used(staff, NOON)
    assert used == SeatsUsed(SeatCount(3, 1), SeatCount(1, 1), SeatCount(1))
    # 5,900 + 2 further clinicians at 2,900 + 2 associates at 1,100 = 13,900
    assert monthly_price(Plan.GROUP, used) == Money(13_900)
    assert [(line.words, line.amount.cents) for line in price_lines(Plan.GROUP, used)] == [
        ("Group", 5_900),
        ("2 further clinicians", 5_800),
        ("2 associates", 2_200),
    ]


@pytest.mark.parametrize(
    ("role", "clinicians", "associates", "admins"),
    [
        (Role.OWNER, 1, 0, 0),
        (Role.PROVIDER, 1, 0, 0),
        (Role.ASSOCIATE, 0, 1, 0),
        (Role.ADMIN, 0, 0, 1),
    ],
)
def test_each_role_takes_its_seat(
    role: Role, clinicians: int, associates: int, admins: int
) -> None:
    used = seats_used([SeatHolder("1", "Dana", role)], NOON)
    assert used == taken(clinicians, associates, admins)


@pytest.mark.parametrize(
    ("sent_before", "counts"),
    [
        (timedelta(0), 1),
        (timedelta(days=13, hours=23, minutes=59), 1),
        (timedelta(days=14), 0),  # the fourteenth day is over: it can be accepted no more
        (timedelta(days=400), 0),
    ],
)
def test_an_invitation_takes_a_seat_for_fourteen_days(sent_before: timedelta, counts: int) -> None:
    asked = SeatHolder("1", "Sam", Role.ASSOCIATE, Holding.INVITED, NOON - sent_before)
    assert seats_used([asked], NOON).associates == SeatCount(invited=counts)


def test_an_invitation_from_the_reserve_costs_nothing_more_and_gives_its_seat_back() -> None:
    kept = [SeatHolder(f"r{n}", "Reserved", Role.ASSOCIATE, Holding.RESERVED) for n in "ab"]
    invited = SeatHolder("i", "Kim", Role.ASSOCIATE, Holding.INVITED, NOON, from_reserve=True)
    paid = SeatHolder("j", "Lee", Role.ASSOCIATE, Holding.INVITED, NOON)
    used = seats_used([*kept, invited, paid], NOON)
    assert used.associates == SeatCount(invited=2, reserved=1)
    assert [each.id for each in seated([*kept, invited, paid], NOON)] == ["rb", "i", "j"]
    ended = seats_used([*kept, invited, paid], NOON + timedelta(days=14))
    assert ended.associates == SeatCount(reserved=2)
    assert seats_used([invited], NOON).associates == SeatCount(invited=1)


def test_a_reserved_seat_counts_and_is_charged() -> None:
    kept = SeatHolder("r", "Reserved", Role.ASSOCIATE, Holding.RESERVED)
    used = seats_used([SeatHolder("1", "Dana", Role.OWNER), kept], NOON)
    assert used.associates == SeatCount(reserved=1)
    assert monthly_price(Plan.PROFESSIONAL, used) == Money(5_000)  # 3,900 + 1,100


@pytest.mark.parametrize(
    ("before", "after", "day", "cents"),
    [
        # An associate with 10 of 30 days left: 1,100 x 10 / 30 = 366.67.
        (3_900, 5_000, 21, 367),
        (3_900, 5_000, 1, 1_100),  # the whole month: 1,100 x 30 / 30
        (3_900, 5_000, 30, 37),  # the last day: 1,100 x 1 / 30 = 36.67
        (3_900, 6_100, 21, 733),  # two at once: 2,200 x 10 / 30 = 733.33, rounded once
        (5_900, 8_800, 16, 1_450),  # a clinician, half the month: 2,900 x 15 / 30
        (3_900, 5_900, 11, 1_333),  # Professional to Group: 2,000 x 20 / 30 = 1,333.33
        (5_900, 3_900, 11, -1_333),  # and back the same day: a credit of 1,333.33
        (5_000, 3_900, 21, -367),  # the associate given back: a credit of 366.67
        (5_900, 900, 25, -1_000),  # Group to Archive: -5,000 x 6 / 30
        (3_900, 3_900, 9, 0),  # an admin more: nothing
    ],
)
def test_a_change_within_november_costs_at_once(
    before: int, after: int, day: int, cents: int
) -> None:
    at = datetime(2026, 11, day, tzinfo=UTC)
    assert due_now(Money(before), Money(after), NOVEMBER, at) == Money(cents)


@pytest.mark.parametrize(
    ("at", "left"),
    [
        (datetime(2026, 11, 21, 0, 0, tzinfo=UTC), 10),
        (datetime(2026, 11, 21, 23, 59, tzinfo=UTC), 10),  # a day that has begun counts whole
        (datetime(2026, 11, 20, 20, 0, tzinfo=timezone(timedelta(hours=-8))), 10),  # the 21st, UTC
        (datetime(2026, 10, 20, tzinfo=UTC), 30),
        (datetime(2026, 12, 24, tzinfo=UTC), 0),
    ],
)
def test_days_left_of_november(at: datetime, left: int) -> None:
    assert NOVEMBER.days_left(at) == left


@pytest.mark.parametrize(
    ("anchor", "at", "begins", "ends"),
    [
        ((2026, 1, 31), (2026, 2, 27), (2026, 1, 31), (2026, 2, 28)),
        ((2026, 1, 31), (2026, 2, 28), (2026, 2, 28), (2026, 3, 31)),
        ((2026, 1, 31), (2026, 3, 30), (2026, 2, 28), (2026, 3, 31)),
        ((2026, 1, 31), (2026, 3, 31), (2026, 3, 31), (2026, 4, 30)),
        ((2026, 11, 5), (2026, 11, 5), (2026, 11, 5), (2026, 12, 5)),
        ((2024, 2, 29), (2025, 2, 28), (2025, 2, 28), (2025, 3, 29)),
    ],
)
def test_a_month_is_counted_from_the_day_on_which_paying_began(
    anchor: tuple[int, int, int],
    at: tuple[int, int, int],
    begins: tuple[int, int, int],
    ends: tuple[int, int, int],
) -> None:
    period = billing_period(datetime(*anchor, tzinfo=UTC), datetime(*at, tzinfo=UTC))
    assert period == BillingPeriod(datetime(*begins, tzinfo=UTC), datetime(*ends, tzinfo=UTC))


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))


@given(MOMENTS, MOMENTS)
def test_every_moment_lies_in_one_month(anchor: datetime, at: datetime) -> None:
    period = billing_period(anchor, at)
    assert period.begins <= at < period.ends
    assert 28 <= period.days <= 31


@given(MOMENTS, st.integers(0, 36), st.sampled_from([-11, -8, 0, 5.5, 14]))
def test_months_are_counted_in_utc_wherever_the_moment_was_read(
    moment: datetime, months: int, hours: float
) -> None:
    elsewhere = moment.astimezone(timezone(timedelta(hours=hours)))
    assert months_after(elsewhere, months) == months_after(moment, months)


@given(st.integers(-1_000_000, 1_000_000), st.integers(0, 31), st.integers(28, 31))
def test_taking_and_giving_back_the_same_day_costs_nothing(
    cents: int, left: int, whole: int
) -> None:
    left = min(left, whole)
    asked = prorated(Money(cents), left, whole)
    assert asked + prorated(Money(-cents), left, whole) == Money(0)
    assert abs(asked.cents * whole - cents * left) * 2 <= whole


def test_a_part_of_no_period_is_refused() -> None:
    for left, whole in ((-1, 30), (31, 30), (0, 0)):
        with pytest.raises(ValueError, match="within the period"):
            prorated(Money(100), left, whole)


def test_a_clinician_beyond_two_is_named_in_the_price() -> None:
    (_plan, line) = price_lines(Plan.GROUP, taken(3))
    assert (line.words, line.count, line.each) == ("1 further clinician", 1, Money(2_900))


def test_the_catalogue_says_what_the_plans_say() -> None:
    limits = {plan: (terms.active_clients, terms.seat_limits) for plan, terms in CATALOGUE.items()}
    assert limits == {
        Plan.STARTER: (10, SeatLimits(1, 0, 0)),
        Plan.PROFESSIONAL: (None, SeatLimits(1, None, None)),
        Plan.GROUP: (None, SeatLimits(None, None, None)),
        Plan.ARCHIVE: (None, SeatLimits(1, 0, 0)),
    }
    for_group_only = {Feature.STAFF_PERMISSIONS, Feature.PROVIDER_PAYOUTS, Feature.PRACTICE_REPORTS}
    features = {plan: terms.features for plan, terms in CATALOGUE.items()}
    assert features[Plan.STARTER] == features[Plan.ARCHIVE] == frozenset()
    assert features[Plan.PROFESSIONAL] == {Feature.OWNER_SUPERVISES}
    assert features[Plan.GROUP] >= for_group_only | {Feature.FLEXIBLE_SUPERVISION}
    assert CATALOGUE[Plan.STARTER].term_months == 12
    assert [plan for plan, terms in CATALOGUE.items() if terms.trial_days] == [Plan.PROFESSIONAL]


def test_without_an_account_one_clinician_alone_and_in_the_demo_everything() -> None:
    assert [NO_ACCOUNT.seats.of(kind) for kind in SeatKind] == [1, 0, 0]
    assert [DEMO.seats.of(kind) for kind in SeatKind] == [None, None, None]
    assert DEMO.features == frozenset(Feature)

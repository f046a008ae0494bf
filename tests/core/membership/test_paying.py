"""Where a plan is owed: what can be chosen from every standing, with a card on file and without."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.kernel.money import Money
from app.core.membership.rules.moves import Option, PracticeFacts, Why, moved, options, unpaid
from app.core.membership.rules.offers import change_words, covered_words, done_words, verb_of
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.seats import SeatHolder
from app.core.membership.rules.subscription import Status, Subscription

NOW = datetime(2026, 11, 11, tzinfo=UTC)
_DAY = timedelta(days=1)
OWNER = SeatHolder("m1", "Dana Whitfield", Role.OWNER)
#: Long ago: Starter's year is over.
OLD, YOUNG = NOW - 900 * _DAY, NOW - 90 * _DAY


def month_before(days: int) -> BillingPeriod:
    """Return a paid month that ended so many days ago; below zero it still runs."""
    return BillingPeriod(NOW - (days + 30) * _DAY, NOW - days * _DAY)


def practice(subscription: Subscription, *, fits: bool = True) -> PracticeFacts:
    """Return a practice of one clinician, whose clients fit Starter or do not."""
    return PracticeFacts(subscription, "America/Los_Angeles", (OWNER,), 3 if fits else 40)


#: A practice in every standing, without a card.
STANDINGS = {
    (Plan.STARTER, Status.STARTER): practice(Subscription(YOUNG, trial_began=YOUNG)),
    (Plan.STARTER, Status.GRACE): practice(Subscription(NOW - 370 * _DAY, trial_began=YOUNG)),
    (Plan.STARTER, Status.LAPSED): practice(Subscription(OLD, trial_began=OLD)),
    (Plan.PROFESSIONAL, Status.TRIAL): practice(
        Subscription(OLD, Plan.PROFESSIONAL, trial_began=NOW - _DAY)
    ),
    (Plan.PROFESSIONAL, Status.PAID): practice(
        Subscription(OLD, Plan.PROFESSIONAL, OLD, paid=month_before(-20))
    ),
    (Plan.PROFESSIONAL, Status.GRACE): practice(
        Subscription(OLD, Plan.PROFESSIONAL, OLD, paid=month_before(3))
    ),
    (Plan.PROFESSIONAL, Status.LAPSED): practice(
        Subscription(OLD, Plan.PROFESSIONAL, OLD, paid=month_before(40))
    ),
    (Plan.GROUP, Status.GRACE): practice(Subscription(OLD, Plan.GROUP, OLD, paid=month_before(3))),
    (Plan.GROUP, Status.LAPSED): practice(
        Subscription(OLD, Plan.GROUP, OLD, paid=month_before(40))
    ),
    (Plan.ARCHIVE, Status.ARCHIVE): practice(
        Subscription(OLD, Plan.ARCHIVE, OLD, paid=month_before(40))
    ),
}

#: What Starter, Professional, Group and Archive say in turn: a button with what is due now in
#: cents, or what stands in the way.
Said = str | Why
WITH_CARD: dict[tuple[Plan, Status], tuple[Said, ...]] = {
    (Plan.STARTER, Status.STARTER): (
        Why.SAME_PLAN, "Change to Professional 3900", "Change to Group 5900", Why.NOT_FROM_HERE,
    ),
    (Plan.STARTER, Status.GRACE): (
        Why.YEAR_OVER, "Change to Professional 3900", "Change to Group 5900", Why.NOT_FROM_HERE,
    ),
    (Plan.STARTER, Status.LAPSED): (
        Why.YEAR_OVER, "Change to Professional 3900", "Change to Group 5900", Why.NOT_FROM_HERE,
    ),
    (Plan.PROFESSIONAL, Status.TRIAL): (
        Why.YEAR_OVER, Why.SAME_PLAN, "Change to Group 5900", "Archive this practice 900",
    ),
    # 20 of 30 days are left: 2,000 x 2/3, and 3,000 x 2/3 back.
    (Plan.PROFESSIONAL, Status.PAID): (
        Why.YEAR_OVER, Why.SAME_PLAN, "Change to Group 1333", "Archive this practice -2000",
    ),
    # 3 of 30 days are gone on the plan that is left: 3,900 + 2,000 x 9/10, and - 3,000 x 9/10.
    (Plan.PROFESSIONAL, Status.GRACE): (
        Why.YEAR_OVER, "Pay for Professional 3900", "Change to Group 5700",
        "Archive this practice 1200",
    ),
    (Plan.PROFESSIONAL, Status.LAPSED): (
        Why.YEAR_OVER, "Pay for Professional 3900", "Change to Group 5900",
        "Archive this practice 900",
    ),
    (Plan.GROUP, Status.GRACE): (
        Why.YEAR_OVER, "Change to Professional 4100", "Pay for Group 5900",
        "Archive this practice 1400",
    ),
    (Plan.GROUP, Status.LAPSED): (
        Why.YEAR_OVER, "Change to Professional 3900", "Pay for Group 5900",
        "Archive this practice 900",
    ),
    (Plan.ARCHIVE, Status.ARCHIVE): (
        Why.YEAR_OVER, "Change to Professional 3900", "Change to Group 5900", Why.SAME_PLAN,
    ),
}  # fmt: skip


def said_of(option: Option) -> Said:
    """Return what the page says of an option: its button with the price, or what stops it."""
    if option.allowed:
        return f"{verb_of(option)} {option.now.cents}"
    (blocker,) = option.blockers
    return blocker.why


def with_card(facts: PracticeFacts) -> PracticeFacts:
    """Put a card on file."""
    return replace(facts, subscription=replace(facts.subscription, card=True))


@pytest.mark.parametrize("stands", list(STANDINGS))
@pytest.mark.parametrize("card", [True, False])
def test_every_standing_says_what_can_be_chosen(stands: tuple[Plan, Status], card: bool) -> None:
    facts = with_card(STANDINGS[stands]) if card else STANDINGS[stands]
    assert (facts.stands(NOW).plan, facts.stands(NOW).status) == stands
    found = options(facts, NOW)
    # Without a card whatever costs something now waits for one, and nothing else changes.
    expected = tuple(
        Why.UNPAID
        if not card and not isinstance(said, Why) and not said.endswith("-2000")
        else said
        for said in WITH_CARD[stands]
    )
    assert tuple(said_of(each) for each in found) == expected
    # Whatever is chosen or not, there is a sentence.
    for each in found:
        words = change_words(facts, each, NOW) if each.allowed else each.blockers[0].words
        assert words.endswith(".")


def test_a_trial_that_lapsed_is_paid_for_again_once_a_card_is_there() -> None:
    tried = Subscription(OLD, Plan.PROFESSIONAL, trial_began=NOW - 16 * _DAY)
    lapsed = practice(tried, fits=False)
    assert lapsed.stands(NOW).status is Status.LAPSED
    stopped = options(lapsed, NOW)[1]
    assert [each.words for each in stopped.blockers] == [
        "Professional costs $39.00 now, and no card is on file: "
        "ask whoever runs your account to put one on file."
    ]
    carded = with_card(lapsed)
    assert carded.stands(NOW).status is Status.GRACE
    open_now = options(carded, NOW)[1]
    assert (verb_of(open_now), done_words(open_now)) == (
        "Pay for Professional",
        "Professional is paid for.",
    )
    assert change_words(carded, open_now, NOW) == (
        "Due now: $39.00, for a month of Professional. It covers November 8 to December 7, 2026."
    )


def on(month: int, day: int, year: int = 2026) -> datetime:
    """Return a moment at noon."""
    return datetime(year, month, day, 12, tzinfo=UTC)


#: A plan, how it stood until a day, the day of the payment, and what the payment covers.
LATE: list[tuple[Plan, Status, datetime, datetime, tuple[datetime, datetime]]] = [
    # In grace it goes on from where the paid time ended, to the last day of grace.
    (Plan.PROFESSIONAL, Status.GRACE, on(11, 1), on(11, 1), (on(11, 1), on(12, 1))),
    (Plan.PROFESSIONAL, Status.GRACE, on(11, 1), on(11, 30), (on(11, 1), on(12, 1))),
    (Plan.GROUP, Status.GRACE, on(10, 31), on(11, 20), (on(10, 31), on(11, 30))),
    (Plan.PROFESSIONAL, Status.GRACE, on(12, 20), on(1, 5, 2027), (on(12, 20), on(1, 20, 2027))),
    # February has two days less than grace: the month is over before it was paid.
    (Plan.GROUP, Status.GRACE, on(2, 1, 2027), on(3, 2, 2027), (on(2, 1, 2027), on(3, 1, 2027))),
    # A practice that lapsed begins anew.
    (Plan.PROFESSIONAL, Status.LAPSED, on(11, 1), on(12, 1), (on(12, 1), on(1, 1, 2027))),
    (Plan.GROUP, Status.LAPSED, on(2, 1, 2026), on(11, 20), (on(11, 20), on(12, 20))),
]


@pytest.mark.parametrize(("plan", "status", "ended", "pays", "covers"), LATE)
@pytest.mark.parametrize("wanted", [Plan.PROFESSIONAL, Plan.GROUP, Plan.ARCHIVE])
def test_what_is_paid_late_covers_the_month_that_is_owed(
    plan: Plan,
    status: Status,
    ended: datetime,
    pays: datetime,
    covers: tuple[datetime, datetime],
    wanted: Plan,
) -> None:
    month = BillingPeriod(ended - 30 * _DAY, ended)
    facts = practice(Subscription(OLD, plan, OLD, card=True, paid=month))
    stands = facts.stands(pays)
    assert stands.status is status
    chosen = next(each for each in options(facts, pays) if each.plan is wanted)
    assert chosen.allowed
    assert chosen.month == BillingPeriod(*covers)
    after = moved(facts.subscription, stands, wanted, pays, chosen.month)
    assert after.paid == BillingPeriod(*covers)


def test_a_trial_with_a_card_is_followed_by_the_month_after_it() -> None:
    began = on(11, 1)
    tried = practice(Subscription(OLD, Plan.PROFESSIONAL, began, card=True))
    (chosen,) = [each for each in options(tried, on(12, 1)) if each.renews]
    assert chosen.month == BillingPeriod(on(11, 15), on(12, 15))


def test_from_starter_and_archive_a_month_begins_on_the_day_it_is_paid() -> None:
    from_today = BillingPeriod(NOW, datetime(2026, 12, 11, tzinfo=UTC))
    for stands in (
        (Plan.STARTER, Status.STARTER),
        (Plan.STARTER, Status.GRACE),
        (Plan.STARTER, Status.LAPSED),
        (Plan.ARCHIVE, Status.ARCHIVE),
    ):
        _, professional, group, _ = options(with_card(STANDINGS[stands]), NOW)
        assert (professional.month, group.month) == (from_today, from_today)
    # A trial, what is left of a month, and Starter are no month that is paid.
    starter, trial, _, _ = options(practice(Subscription(YOUNG, card=True)), NOW)
    assert (starter.month, trial.month) == (None, None)
    running = options(with_card(STANDINGS[Plan.PROFESSIONAL, Status.PAID]), NOW)
    assert [each.month for each in running] == [None] * 4


def test_who_always_pays_on_the_last_day_of_grace_pays_for_every_month() -> None:
    """The year's twelve months, and not every second one."""
    begins = on(1, 1)
    facts = practice(
        Subscription(OLD, Plan.PROFESSIONAL, OLD, True, BillingPeriod(begins - 31 * _DAY, begins))
    )
    taken, at = Money(0), begins
    while at < on(1, 1, 2027):
        stands = facts.stands(at)
        assert stands.status is not Status.LAPSED
        last_day = stands.status is Status.GRACE and at + _DAY == stands.until
        renewal = next(each for each in options(facts, at) if each.current)
        if last_day or (renewal.month is not None and renewal.month.ends <= at):
            taken = taken + renewal.now
            after = moved(facts.subscription, stands, Plan.PROFESSIONAL, at, renewal.month)
            facts = replace(facts, subscription=after)
        at += _DAY
    # December's is due on December 30.
    assert taken == Money(39_00) * 12


@pytest.mark.parametrize("late", range(30))
@pytest.mark.parametrize("plan", [Plan.PROFESSIONAL, Plan.GROUP])
@pytest.mark.parametrize("by", [Plan.PROFESSIONAL, Plan.GROUP, Plan.ARCHIVE])
def test_a_detour_in_grace_costs_what_a_renewal_costs(plan: Plan, by: Plan, late: int) -> None:
    facts = practice(Subscription(OLD, plan, OLD, card=True, paid=month_before(late)))
    (renewal,) = [each.now for each in options(facts, NOW) if each.renews]
    taken = Money(0)
    for wanted in (by, plan):
        chosen = next(each for each in options(facts, NOW) if each.plan is wanted)
        if chosen.now or not chosen.current:
            taken = taken + chosen.now
            stands = facts.stands(NOW)
            after = moved(facts.subscription, stands, wanted, NOW, chosen.month)
            facts = replace(facts, subscription=after)
    assert taken == renewal
    assert facts.stands(NOW).plan is plan


def test_who_leaves_a_plan_after_its_late_month_is_over_pays_for_that_month() -> None:
    """February is shorter than grace."""
    february = BillingPeriod(on(1, 1, 2027), on(2, 1, 2027))
    owed = practice(Subscription(OLD, Plan.GROUP, OLD, card=True, paid=february))
    archive = options(owed, on(3, 2, 2027))[3]
    assert change_words(owed, archive, on(3, 2, 2027)).startswith(
        "Due now: $59.00, for a month of Group. It covers February 1 to February 28, 2027. "
        "The month after it is due, too."
    )


def test_the_days_that_are_covered_are_named() -> None:
    zone = "America/Los_Angeles"
    november = BillingPeriod(on(11, 1), on(12, 1))
    assert covered_words(november, on(11, 20), zone) == "It covers November 1 to November 30, 2026."
    winter = BillingPeriod(on(12, 20), on(1, 20, 2027))
    assert covered_words(winter, on(12, 20), zone) == (
        "It covers December 20, 2026 to January 19, 2027."
    )
    february = BillingPeriod(on(2, 1, 2027), on(3, 1, 2027))
    assert covered_words(february, on(3, 2, 2027), zone) == (
        "It covers February 1 to February 28, 2027. The month after it is due, too."
    )


def test_only_starters_own_first_trial_needs_no_card() -> None:
    fresh = practice(Subscription(YOUNG))
    professional, group = options(fresh, NOW)[1:3]
    assert (verb_of(professional), professional.now) == ("Try Professional", Money(0))
    assert [each.why for each in group.blockers] == [Why.UNPAID]


def test_archive_says_what_it_costs_at_once() -> None:
    owed = with_card(STANDINGS[Plan.GROUP, Status.GRACE])
    paid = with_card(STANDINGS[Plan.PROFESSIONAL, Status.PAID])
    first = change_words(owed, options(owed, NOW)[3], NOW)
    assert first.startswith(
        "Due now: $14.00, for Group since November 7, 2026 and for Archive for the 27 days until "
        "December 7, 2026. You alone read"
    )
    back = change_words(paid, options(paid, NOW)[3], NOW)
    assert back.startswith("$20.00 for the unused days come off the next invoice. You alone read")


def test_a_card_that_is_refused_is_not_called_missing() -> None:
    assert unpaid("Group", Money(59_00), card=True).words == (
        "Group costs $59.00 now, and the card on file was refused: have another one put on file."
    )

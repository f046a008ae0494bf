"""Where a plan is owed: what can be chosen from every standing, with a card on file and without."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.kernel.money import Money
from app.core.membership.rules.moves import Option, PracticeFacts, Why, options, unpaid
from app.core.membership.rules.offers import change_words, done_words, verb_of
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
    (Plan.PROFESSIONAL, Status.GRACE): (
        Why.YEAR_OVER, "Pay for Professional 3900", "Change to Group 5900",
        "Archive this practice 900",
    ),
    (Plan.PROFESSIONAL, Status.LAPSED): (
        Why.YEAR_OVER, "Pay for Professional 3900", "Change to Group 5900",
        "Archive this practice 900",
    ),
    (Plan.GROUP, Status.GRACE): (
        Why.YEAR_OVER, "Change to Professional 3900", "Pay for Group 5900",
        "Archive this practice 900",
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
        "Due now: $39.00, for a month of Professional, from today."
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
    assert first.startswith("Due now: $9.00, for the first month of Archive. You alone read")
    back = change_words(paid, options(paid, NOW)[3], NOW)
    assert back.startswith("$20.00 for the unused days come off the next invoice. You alone read")


def test_a_card_that_is_refused_is_not_called_missing() -> None:
    assert unpaid("Group", Money(59_00), card=True).words == (
        "Group costs $59.00 now, and the card on file was refused: have another one put on file."
    )

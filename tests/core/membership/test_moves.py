"""Changing the plan: every allowed move, every blocker with its words and its links."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.membership.rules.moves import (
    Blocker,
    LinkTo,
    Named,
    PracticeFacts,
    Why,
    blockers,
    moved,
    options,
)
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.seats import Holding, SeatHolder
from app.core.membership.rules.subscription import Status, Subscription

SIGNED_UP = datetime(2026, 3, 1, tzinfo=UTC)
IN_THE_YEAR = datetime(2026, 11, 11, tzinfo=UTC)
YEARS_LATER = datetime(2028, 11, 11, tzinfo=UTC)
ZONE = "America/Los_Angeles"

OWNER = SeatHolder("m1", "Dana Whitfield", Role.OWNER)
ROBIN = SeatHolder("m2", "Robin Vance", Role.PROVIDER)
SAM = SeatHolder("m3", "Sam Okafor", Role.ASSOCIATE)
LEE = SeatHolder("m4", "Lee Park", Role.ADMIN)


def month_at(at: datetime) -> BillingPeriod:
    """Return a paid month of thirty days of which ten are over at ``at``."""
    return BillingPeriod(at - timedelta(days=10), at + timedelta(days=20))


def on(
    plan: Plan, at: datetime = IN_THE_YEAR, *staff: SeatHolder, clients: int = 3
) -> PracticeFacts:
    """Return a practice that is on ``plan`` at ``at``, paid where it costs something."""
    paid = None if plan is Plan.STARTER else month_at(at)
    subscription = Subscription(SIGNED_UP, plan, card=True, paid=paid)
    return PracticeFacts(subscription, ZONE, (OWNER, *staff), clients)


#: From (rows) to (columns): what stands in the way of a practice that fits everywhere.
IN_THE_FIRST_YEAR = {
    # to      Starter              Professional   Group          Archive
    Plan.STARTER: (Why.SAME_PLAN, None, None, Why.NOT_FROM_HERE),
    Plan.PROFESSIONAL: (None, Why.SAME_PLAN, None, None),
    Plan.GROUP: (None, None, Why.SAME_PLAN, None),
    Plan.ARCHIVE: (Why.NOT_FROM_HERE, None, None, Why.SAME_PLAN),
}
AFTER_IT = {
    Plan.STARTER: (Why.YEAR_OVER, None, None, Why.NOT_FROM_HERE),
    Plan.PROFESSIONAL: (Why.YEAR_OVER, Why.SAME_PLAN, None, None),
    Plan.GROUP: (Why.YEAR_OVER, None, Why.SAME_PLAN, None),
    Plan.ARCHIVE: (Why.YEAR_OVER, None, None, Why.SAME_PLAN),
}


@pytest.mark.parametrize("now", list(Plan))
@pytest.mark.parametrize(
    ("at", "table"), [(IN_THE_YEAR, IN_THE_FIRST_YEAR), (YEARS_LATER, AFTER_IT)]
)
def test_every_move(now: Plan, at: datetime, table: dict[Plan, tuple[Why | None, ...]]) -> None:
    facts = on(now, at)
    found = [[each.why for each in blockers(facts, wanted, at)] for wanted in Plan]
    assert found == [[why] if why else [] for why in table[now]]


def only(found: tuple[Blocker, ...]) -> Blocker:
    """Return the one blocker."""
    (one,) = found
    return one


def test_to_professional_a_group_names_the_clinicians_that_do_not_fit() -> None:
    asked = SeatHolder("i1", "Ines Moreau", Role.PROVIDER, Holding.INVITED, IN_THE_YEAR)
    facts = on(Plan.GROUP, IN_THE_YEAR, ROBIN, SAM, LEE, asked, clients=300)
    blocker = only(blockers(facts, Plan.PROFESSIONAL, IN_THE_YEAR))
    assert blocker.words == (
        "Your team has 3 clinicians; Professional has room for 1. "
        "Deactivate or take back Robin Vance and Ines Moreau."
    )
    assert [(link.to, link.words, link.id) for link in blocker.links] == [
        (LinkTo.MEMBER, "Robin Vance", "m2"),
        (LinkTo.INVITATION, "Ines Moreau", "i1"),
    ]
    # When the invitation is over, only Robin is in the way.
    later = IN_THE_YEAR + timedelta(days=14)
    assert [link.id for link in only(blockers(facts, Plan.PROFESSIONAL, later)).links] == ["m2"]


def test_from_archive_a_team_that_is_too_large_goes_by_group_where_it_can_be_changed() -> None:
    # In Archive nobody is deactivated, and no invitation taken back.
    facts = on(Plan.ARCHIVE, IN_THE_YEAR, ROBIN, SAM)
    blocker = only(blockers(facts, Plan.PROFESSIONAL, IN_THE_YEAR))
    assert blocker.words == (
        "Your team has 2 clinicians; Professional has room for 1. "
        "Return to Group, then deactivate or take back Robin Vance."
    )
    assert blocker.links == ()
    assert blockers(facts, Plan.GROUP, IN_THE_YEAR) == ()


def test_to_starter_everybody_else_and_the_clients_over_ten_are_in_the_way() -> None:
    kept = SeatHolder("r1", "a reserved seat", Role.ASSOCIATE, Holding.RESERVED)
    facts = on(Plan.PROFESSIONAL, IN_THE_YEAR, SAM, kept, LEE, clients=14)
    associates, admins, clients = blockers(facts, Plan.STARTER, IN_THE_YEAR)
    assert associates.words == (
        "Your team has 2 associates; Starter has no seats for them. "
        "Deactivate or take back Sam Okafor and a reserved seat."
    )
    assert [link.to for link in associates.links] == [LinkTo.MEMBER, LinkTo.RESERVED_SEAT]
    assert admins.words.endswith("Deactivate or take back Lee Park.")
    assert clients.words == (
        "14 clients are active; Starter has room for 10. Make 4 of them inactive."
    )
    assert [link.to for link in clients.links] == [LinkTo.ACTIVE_CLIENTS]


def test_of_two_owners_one_stays() -> None:
    second = SeatHolder("m9", "Kim Osei", Role.OWNER)
    facts = on(Plan.GROUP, IN_THE_YEAR, second, ROBIN)
    blocker = only(blockers(facts, Plan.PROFESSIONAL, IN_THE_YEAR))
    assert [link.id for link in blocker.links] == ["m9", "m2"]


def test_ten_active_clients_fit_on_starter_and_eleven_do_not() -> None:
    assert blockers(on(Plan.GROUP, clients=10), Plan.STARTER, IN_THE_YEAR) == ()
    assert only(blockers(on(Plan.GROUP, clients=11), Plan.STARTER, IN_THE_YEAR)).why is (
        Why.CLIENTS_OVER
    )


def test_archive_waits_for_what_is_still_open_and_offers_support() -> None:
    facts = replace(
        on(Plan.GROUP, IN_THE_YEAR, ROBIN, SAM, clients=80),
        drafts=(Named("n1", "Nov 3, Jordan Fisk"), Named("n2", "Nov 4, Mara Lind")),
        unsent=(Named("d1", "Office desktop"),),
        pending_payments=(Named("p1", "$165.00 by bank, Nov 9"),),
    )
    found = blockers(facts, Plan.ARCHIVE, IN_THE_YEAR)
    assert [(each.why, each.words) for each in found] == [
        (Why.DRAFTS, "2 notes are not signed yet."),
        (Why.UNSENT, "1 computer has work that is not uploaded yet."),
        (Why.PAYMENTS, "1 payment is still under way."),
    ]
    assert [link.id for link in found[0].links] == ["n1", "n2", ""]
    assert {each.links[-1].to for each in found} == {LinkTo.SUPPORT}
    # Staff and clients need not fit: they become readers, and nothing can be added.
    done = replace(facts, drafts=(), unsent=(), pending_payments=())
    assert blockers(done, Plan.ARCHIVE, IN_THE_YEAR) == ()


def test_the_year_is_over_on_the_practices_own_date() -> None:
    blocker = only(blockers(on(Plan.GROUP, YEARS_LATER), Plan.STARTER, YEARS_LATER))
    assert (
        blocker.words == "Starter was for the first twelve months, which ended February 28, 2027."
    )


def test_a_lapsed_practice_may_choose_its_plan_again() -> None:
    facts = replace(on(Plan.GROUP), subscription=Subscription(SIGNED_UP, Plan.GROUP, card=True))
    assert facts.stands(IN_THE_YEAR).status is Status.LAPSED
    assert blockers(facts, Plan.GROUP, IN_THE_YEAR) == ()
    lapsed = on(Plan.STARTER, YEARS_LATER)
    assert only(blockers(lapsed, Plan.STARTER, YEARS_LATER)).why is Why.YEAR_OVER
    assert blockers(lapsed, Plan.PROFESSIONAL, YEARS_LATER) == ()


def test_a_trial_that_does_not_fit_is_lapsed_until_it_does() -> None:
    tried = Subscription(SIGNED_UP, Plan.PROFESSIONAL, trial_began=IN_THE_YEAR)
    day_15 = IN_THE_YEAR + timedelta(days=14)
    large = PracticeFacts(tried, ZONE, (OWNER, SAM), 3)
    assert large.stands(day_15).status is Status.LAPSED
    small = PracticeFacts(tried, ZONE, (OWNER,), 10)
    assert (small.stands(day_15).plan, small.stands(day_15).status) == (
        Plan.STARTER,
        Status.STARTER,
    )


@pytest.mark.parametrize(
    ("facts", "wanted", "monthly", "now", "trial"),
    [
        (on(Plan.STARTER), Plan.PROFESSIONAL, 3_900, 0, True),  # the trial asks for nothing
        (on(Plan.STARTER), Plan.GROUP, 5_900, 5_900, False),  # the first month at once
        (on(Plan.STARTER), Plan.STARTER, 0, 0, False),
        # 20 of 30 days left: (5,900 - 3,900) x 20 / 30 = 1,333.33
        (on(Plan.PROFESSIONAL), Plan.GROUP, 5_900, 1_333, False),
        # with an associate: both plans charge 1,100 for the seat; the difference is the same
        (on(Plan.PROFESSIONAL, IN_THE_YEAR, SAM), Plan.GROUP, 7_000, 1_333, False),
        # (3,900 - 5,900) x 20 / 30, a credit
        (on(Plan.GROUP), Plan.PROFESSIONAL, 3_900, -1_333, False),
        # (900 - 5,900) x 20 / 30 = -3,333.33
        (on(Plan.GROUP), Plan.ARCHIVE, 900, -3_333, False),
        # Return: (3,900 - 900) x 20 / 30
        (on(Plan.ARCHIVE), Plan.PROFESSIONAL, 3_900, 2_000, False),
        (on(Plan.PROFESSIONAL), Plan.PROFESSIONAL, 3_900, 0, False),
    ],
)
def test_what_a_change_costs(
    facts: PracticeFacts, wanted: Plan, monthly: int, now: int, trial: bool
) -> None:
    (option,) = [each for each in options(facts, IN_THE_YEAR) if each.plan is wanted]
    assert (option.monthly.cents, option.now.cents, option.trial) == (monthly, now, trial)
    assert option.current is (facts.subscription.plan is wanted)
    assert option.allowed is (not blockers(facts, wanted, IN_THE_YEAR))


def test_there_is_one_trial_for_a_practice() -> None:
    tried = Subscription(SIGNED_UP, trial_began=IN_THE_YEAR - timedelta(days=60))
    facts = PracticeFacts(tried, ZONE, (OWNER,))
    professional = options(facts, IN_THE_YEAR)[1]
    assert (professional.trial, professional.now.cents) == (False, 3_900)
    with pytest.raises(ValueError, match="begins with a month that is paid"):
        moved(tried, facts.stands(IN_THE_YEAR), Plan.PROFESSIONAL, IN_THE_YEAR, None)


STEPS = st.lists(
    st.tuples(st.sampled_from(Plan), st.integers(0, 120), st.integers(0, 14)), max_size=12
)


@settings(max_examples=60)
@given(STEPS)
def test_no_way_through_the_plans_restarts_the_year_or_the_trial(
    steps: list[tuple[Plan, int, int]],
) -> None:
    facts = PracticeFacts(Subscription(SIGNED_UP, card=True), ZONE, (OWNER,))
    at, first_trial = SIGNED_UP, None
    for wanted, days, clients in steps:
        at += timedelta(days=days)
        facts = replace(facts, active_clients=clients)
        before = facts.stands(at)
        if blockers(facts, wanted, at):
            continue
        tries = facts.subscription.trial_began is None and before.plan is Plan.STARTER
        free = wanted is Plan.STARTER or (wanted is Plan.PROFESSIONAL and tries)
        paid = None if free else BillingPeriod(at, at + timedelta(days=30))
        after = moved(facts.subscription, before, wanted, at, paid)
        facts = replace(facts, subscription=after)
        first_trial = first_trial or after.trial_began
        assert after.starter_ends == SIGNED_UP.replace(year=2027)
        assert after.trial_began == first_trial
        assert facts.stands(at).plan is wanted
        assert facts.stands(at).status in (
            Status.STARTER,
            Status.TRIAL,
            Status.PAID,
            Status.ARCHIVE,
        )
        assert wanted is not Plan.STARTER or at < after.starter_ends
        assert wanted is not Plan.ARCHIVE or before.plan in (Plan.PROFESSIONAL, Plan.GROUP)

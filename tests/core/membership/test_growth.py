"""One more seat: what each plan has room for, in the words that Settings and the account say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Act, Plan
from app.core.membership.rules.growth import (
    act_blockers,
    last_owner,
    role_blockers,
    seat_blockers,
)
from app.core.membership.rules.moves import Link, LinkTo, Why
from app.core.membership.rules.seats import Holding, SeatHolder
from tests.core.membership.test_moves import (
    IN_THE_YEAR,
    LEE,
    OWNER,
    ROBIN,
    SAM,
    YEARS_LATER,
    on,
)


@pytest.mark.parametrize(
    ("plan", "staff", "role", "words"),
    [
        (Plan.STARTER, (), Role.PROVIDER, "A second clinician needs Group."),
        (Plan.STARTER, (), Role.OWNER, "A second clinician needs Group."),
        (Plan.STARTER, (), Role.ASSOCIATE, "Associates need Professional or Group."),
        (Plan.STARTER, (), Role.ADMIN, "Admins need Professional or Group."),
        (Plan.STARTER, (LEE,), Role.ADMIN, "One more admin needs Professional or Group."),
        (Plan.PROFESSIONAL, (), Role.PROVIDER, "A second clinician needs Group."),
        (Plan.PROFESSIONAL, (ROBIN,), Role.PROVIDER, "One more clinician needs Group."),
        (Plan.PROFESSIONAL, (SAM, LEE), Role.ASSOCIATE, ""),
        (Plan.PROFESSIONAL, (SAM, LEE), Role.ADMIN, ""),
        (Plan.GROUP, (ROBIN,), Role.PROVIDER, ""),
        (Plan.GROUP, (ROBIN, SAM), Role.ASSOCIATE, ""),
    ],
)
def test_a_seat_more_is_there_or_says_which_plan_has_it(
    plan: Plan, staff: tuple[SeatHolder, ...], role: Role, words: str
) -> None:
    found = seat_blockers(on(plan, IN_THE_YEAR, *staff), role, IN_THE_YEAR)
    assert " ".join(each.words for each in found) == words
    assert all(each.why is Why.NO_SEAT and each.links for each in found)


def test_an_invitation_holds_its_seat_for_two_weeks() -> None:
    invited = SeatHolder("i", "Robin", Role.PROVIDER, Holding.INVITED, IN_THE_YEAR)
    facts = on(Plan.STARTER, IN_THE_YEAR, invited)
    alone = replace(facts, staff=(invited,))
    assert seat_blockers(alone, Role.PROVIDER, IN_THE_YEAR + timedelta(days=13))
    assert not seat_blockers(alone, Role.PROVIDER, IN_THE_YEAR + timedelta(days=14))


def test_a_plan_that_has_ended_and_an_archived_practice_take_nobody_in() -> None:
    for plan, words in ((Plan.STARTER, "ended"), (Plan.GROUP, "ended"), (Plan.ARCHIVE, "archived")):
        facts = on(plan, IN_THE_YEAR)
        (found,) = seat_blockers(facts, Role.ADMIN, YEARS_LATER)
        assert found.why is Why.STANDING
        assert words in found.words
    assert act_blockers(on(Plan.STARTER), Act.WITHDRAW, YEARS_LATER) == ()


def test_another_role_gives_the_seat_back_that_it_had() -> None:
    facts = on(Plan.PROFESSIONAL, IN_THE_YEAR, SAM, LEE)
    assert role_blockers(facts, SAM.id, Role.ADMIN, IN_THE_YEAR) == ()
    assert role_blockers(facts, LEE.id, Role.ASSOCIATE, IN_THE_YEAR) == ()
    (found,) = role_blockers(facts, SAM.id, Role.PROVIDER, IN_THE_YEAR)
    assert found.words == "A second clinician needs Group."
    assert role_blockers(facts, OWNER.id, Role.PROVIDER, IN_THE_YEAR) == ()
    # Over the plan already, within one kind nothing more is taken.
    over = on(Plan.PROFESSIONAL, IN_THE_YEAR, ROBIN)
    assert role_blockers(over, ROBIN.id, Role.OWNER, IN_THE_YEAR) == ()
    (closed,) = role_blockers(facts, SAM.id, Role.ADMIN, YEARS_LATER)
    assert closed.why is Why.STANDING


def test_the_last_owner_is_told_whom_to_make_one_first() -> None:
    """A provider has the seat already; an associate or admin needs one that the plan has."""
    on_group = last_owner(on(Plan.GROUP, IN_THE_YEAR, SAM, LEE, ROBIN), IN_THE_YEAR)
    assert on_group.words == "A practice keeps an owner: make Robin Vance an owner first."
    assert on_group.links == (Link(LinkTo.MEMBER, "Open Robin Vance", ROBIN.id),)
    next_best = last_owner(on(Plan.GROUP, IN_THE_YEAR, LEE, SAM), IN_THE_YEAR)
    assert next_best.links[0].id == SAM.id
    full = last_owner(on(Plan.PROFESSIONAL, IN_THE_YEAR, SAM), IN_THE_YEAR)
    assert full.words == (
        "A practice keeps an owner: there must be another first. A second clinician needs Group."
    )
    assert [each.to for each in full.links] == [LinkTo.SUBSCRIPTION]
    invited = SeatHolder("i", "Ines", Role.PROVIDER, Holding.INVITED, IN_THE_YEAR)
    alone = last_owner(on(Plan.GROUP, IN_THE_YEAR, invited), IN_THE_YEAR)
    assert (alone.words, alone.links) == (
        "A practice keeps an owner: invite another owner first.",
        (),
    )

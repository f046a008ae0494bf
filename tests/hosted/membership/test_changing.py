"""Choosing a plan: judged under the lock, paid for, and never half done."""

from __future__ import annotations

import threading
from uuid import uuid4

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.kernel.money import Money
from app.core.membership.rules.moves import Why, options
from app.core.membership.rules.subscription import Status
from hosted.membership.charging import ByHand, NotPaid
from hosted.membership.commands.changing import NoAccount, NotAllowed, change_plan
from hosted.membership.facts import counted
from hosted.membership.locking import locked
from hosted.membership.settling import settle_seats
from hosted.store.engine import Database, For
from tests.hosted.membership.conftest import Subscribed, add_member, subscribed
from tests.hosted.worlds import NOTE, Server

#: What the rules decide is the same on both kinds of database.
ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def status(practice: Subscribed) -> tuple[Plan, Status]:
    """Return where a practice stands."""
    stands = practice.facts().stands(practice.now)
    return stands.plan, stands.status


def refused(practice: Subscribed, plan: Plan) -> list[tuple[Why, str]]:
    """Return what stands in the way of a plan; nothing was changed."""
    before = practice.facts(), practice.due()
    with pytest.raises(NotAllowed) as reason:
        practice.change(plan)
    assert (practice.facts(), practice.due()) == before
    return [(each.why, each.words) for each in reason.value.blockers]


@ON_ONE
def test_the_trial_begins_without_a_card_and_once(practice: Subscribed) -> None:
    practice.change(Plan.PROFESSIONAL)
    assert status(practice) == (Plan.PROFESSIONAL, Status.TRIAL)
    assert practice.due() == []
    practice.change(Plan.STARTER)
    assert refused(practice, Plan.PROFESSIONAL) == [
        (
            Why.UNPAID,
            "Professional costs $39.00 now, and no card is on file: "
            "ask whoever runs your account to put one on file.",
        )
    ]


def test_a_change_within_a_month_is_prorated(practice: Subscribed) -> None:
    practice.with_card().change(Plan.GROUP)
    practice.server.clock.forward(days=20)
    practice.change(Plan.PROFESSIONAL)
    # 59.00 for the month; then 20.00 less for 10 of its 30 days.
    assert practice.due() == [59_00, -6_67]
    assert status(practice) == (Plan.PROFESSIONAL, Status.PAID)


@ON_ONE
def test_a_move_down_waits_until_the_team_fits(practice: Subscribed) -> None:
    practice.with_card().change(Plan.GROUP)
    practice.join(Role.PROVIDER, "Ana")
    assert refused(practice, Plan.PROFESSIONAL) == [
        (
            Why.SEATS_OVER,
            "Your team has 2 clinicians; Professional has room for 1. Deactivate or take back Ana.",
        )
    ]


@ON_ONE
def test_starter_is_closed_to_eleven_clients_and_after_its_year(practice: Subscribed) -> None:
    practice.change(Plan.PROFESSIONAL)
    clients = practice.clients(11)
    assert [why for why, _ in refused(practice, Plan.STARTER)] == [Why.CLIENTS_OVER]
    practice.owner.change("client", clients[0], lifecycle="INACTIVE")
    practice.change(Plan.STARTER)
    practice.with_card().change(Plan.PROFESSIONAL)
    practice.server.clock.forward(days=366)
    assert [why for why, _ in refused(practice, Plan.STARTER)] == [Why.YEAR_OVER]


def test_archive_waits_for_notes_and_unsent_work_and_lets_a_practice_return(
    practice: Subscribed,
) -> None:
    owner = practice.with_card().owner
    practice.change(Plan.PROFESSIONAL)
    case = owner.add("care_case", {"kind": "INDIVIDUAL", "provider_id": owner.caller.member_id.hex})
    said = {**NOTE, "case_id": case.hex, "author_id": owner.caller.member_id.hex}
    note = owner.add("note", said)
    owner.hello(waiting=1, lsn=owner.lsn + 1)
    assert [why for why, _ in refused(practice, Plan.ARCHIVE)] == [Why.DRAFTS, Why.UNSENT]
    owner.change("note", note, status="SIGNED", signed_hash="ab")
    practice.change(Plan.ARCHIVE)
    assert practice.due() == [9_00]
    practice.server.clock.forward(days=400)
    assert status(practice) == (Plan.ARCHIVE, Status.ARCHIVE)
    practice.change(Plan.PROFESSIONAL)
    assert practice.due() == [9_00, 39_00]
    assert status(practice) == (Plan.PROFESSIONAL, Status.PAID)


@ON_ONE
def test_a_lapsed_practice_chooses_a_plan(practice: Subscribed) -> None:
    practice.server.clock.forward(days=400)
    assert status(practice) == (Plan.STARTER, Status.LAPSED)
    practice.with_card().change(Plan.GROUP)
    assert status(practice) == (Plan.GROUP, Status.PAID)


@ON_ONE
def test_a_trial_that_lapsed_goes_on_once_its_own_plan_is_paid(practice: Subscribed) -> None:
    practice.change(Plan.PROFESSIONAL)
    practice.clients(11)
    practice.server.clock.forward(days=16)
    assert status(practice) == (Plan.PROFESSIONAL, Status.LAPSED)
    assert [why for why, _ in refused(practice, Plan.PROFESSIONAL)] == [Why.UNPAID]
    practice.with_card()
    assert status(practice) == (Plan.PROFESSIONAL, Status.GRACE)
    practice.change(Plan.PROFESSIONAL)
    assert (status(practice), practice.due()) == ((Plan.PROFESSIONAL, Status.PAID), [39_00])
    assert [why for why, _ in refused(practice, Plan.PROFESSIONAL)] == [Why.SAME_PLAN]


@ON_ONE
def test_a_month_that_was_not_paid_is_paid_in_grace_and_after_it(practice: Subscribed) -> None:
    practice.with_card().change(Plan.GROUP)
    for away, stands in ((31 + 5, Status.GRACE), (31 + 40, Status.LAPSED)):
        practice.server.clock.forward(days=away)
        assert status(practice) == (Plan.GROUP, stands)
        practice.change(Plan.GROUP)
        assert status(practice) == (Plan.GROUP, Status.PAID)
    assert practice.due() == [59_00, 59_00, 59_00]


@ON_ONE
def test_what_the_rules_offer_is_what_the_account_does(practice: Subscribed) -> None:
    practice.with_card().change(Plan.GROUP)
    for _ in range(3):
        for offer in options(practice.facts(), practice.now):
            if offer.blockers:
                told = [(each.why, each.words) for each in offer.blockers]
                assert refused(practice, offer.plan) == told
        practice.server.clock.forward(days=31)


@ON_ONE
def test_a_card_that_is_refused_changes_nothing_and_is_said_to_be(practice: Subscribed) -> None:
    practice.with_card()
    with pytest.raises(
        NotAllowed, match=r"Group costs \$59.00 now, and the card on file was refus"
    ):
        change_plan(practice.server.database, practice.of, Plan.GROUP, _Empty(), practice.now)
    assert status(practice) == (Plan.STARTER, Status.STARTER)


@ON_ONE
def test_a_practice_without_an_account_has_no_plan_to_change(server: Server) -> None:
    whose = For(server.practice(), account=uuid4())
    with pytest.raises(NoAccount):
        change_plan(server.database, whose, Plan.GROUP, ByHand(), server.clock.now())


def test_of_two_who_choose_at_once_one_pays(stored: Database) -> None:
    practice = subscribed(Server(stored)).with_card()
    met, told = threading.Barrier(2), []

    def choose() -> None:
        met.wait()
        try:
            practice.change(Plan.GROUP)
        except NotAllowed as reason:
            told.append([each.why for each in reason.blockers])

    both = [threading.Thread(target=choose) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert told == [[Why.SAME_PLAN]]
    assert practice.due() == [59_00]


@pytest.mark.parametrize("card", [True, False])
def test_an_associate_who_joins_is_paid_for_the_rest_of_the_month(
    practice: Subscribed, card: bool
) -> None:
    practice.with_card().change(Plan.GROUP)
    practice.server.clock.forward(days=20)
    database, of = practice.server.database, practice.of
    with database.write(of) as session:
        account = locked(session, practice.account_id)
        assert account is not None
        before = counted(session, account)
    add_member(database, of, Role.ASSOCIATE, uuid4(), practice.now)
    with database.write(of) as session:
        account = locked(session, practice.account_id)
        assert account is not None
        after = counted(session, account)
        at = practice.now
        if not card:
            with pytest.raises(NotPaid):
                settle_seats(session, account, before, after, _Empty(), at)
            return
        assert settle_seats(session, account, before, after, ByHand(), at) == Money(3_67)
        assert settle_seats(session, account, after, before, ByHand(), at) == Money(-3_67)


class _Empty:
    """A processor whose card has nothing on it."""

    def take(self, *_: object) -> None:
        """Refuse."""
        raise NotPaid(Money(3_67))

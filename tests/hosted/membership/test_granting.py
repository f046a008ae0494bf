"""What is granted as time goes by, as a program takes it, signature and all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import delete

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import NO_ACCOUNT, Act, Plan, Standing
from app.core.membership.rules.grant import plan_state
from app.core.membership.rules.notices import NoticeKind
from app.core.membership.rules.subscription import Status
from app.sync.entitlement.roots import pinned_roots
from app.sync.entitlement.verifying import Reason, check
from hosted.membership.charging import ByHand
from hosted.membership.commands import operating
from hosted.membership.granting import Granting
from hosted.membership.keys import own_ring, with_new_key
from hosted.membership.tables import IssuedGrant
from hosted.store.engine import Database
from tests.hosted.membership.conftest import Subscribed, subscribed
from tests.hosted.worlds import CLIENT, Server

#: What time and rules decide is the same on both kinds of database.
ON_ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def test_a_greeting_bears_the_plan(practice: Subscribed) -> None:
    practice.clients(3)
    granted = practice.greet()
    assert (granted.plan, granted.status) == (Plan.STARTER, Status.STARTER)
    assert (granted.active_clients_used, granted.active_clients) == (3, 10)
    assert granted.seats_used.clinicians.active == 1


def test_a_practice_without_an_account_is_granted_nothing(server: Server) -> None:
    granting = Granting(server.database, server.clock, own_ring(server.clock.now()))
    alone = server.practice()
    assert granting.pair_for(alone) == ""
    assert granting.entitlement_of(alone) == NO_ACCOUNT


def test_the_same_is_said_in_the_same_words(practice: Subscribed) -> None:
    first = practice.owner.hello().entitlement
    practice.server.clock.forward(hours=23)
    assert practice.owner.hello().entitlement == first


def test_a_number_is_given_once_and_grows_with_whatever_changed(practice: Subscribed) -> None:
    seqs = [practice.greet().seq]

    def again() -> None:
        seqs.append(practice.greet().seq)

    practice.clients(1)
    again()
    practice.server.clock.forward(days=1)
    again()
    practice.change(Plan.PROFESSIONAL)
    again()
    practice.with_card()
    again()
    practice.turn_to(with_new_key(practice.ring, practice.now, public=False))
    again()
    assert sorted(set(seqs)) == seqs


@ON_ONE
def test_a_restored_database_gives_out_no_older_number(practice: Subscribed) -> None:
    for _ in range(3):
        practice.clients(1)
        practice.greet()
    seq = practice.greet().seq
    practice.server.clock.forward(hours=1)
    with practice.server.database.write(practice.of) as session:
        session.execute(delete(IssuedGrant))
    assert practice.greet().seq > seq


@ON_ONE
def test_a_clock_that_was_set_back_is_no_end_of_documents(practice: Subscribed) -> None:
    practice.server.clock.forward(days=40)
    ahead = practice.greet()
    practice.server.clock.forward(days=-40)
    back = practice.greet()
    assert back.seq > ahead.seq
    assert back.issued < ahead.issued


def test_an_older_pair_and_another_practices_are_refused(
    practice: Subscribed, server: Server
) -> None:
    old = practice.owner.hello().entitlement
    practice.clients(1)
    practice.greet()
    assert check(old, practice.practice_id, practice.held, pinned_roots()).reason is Reason.REPLAYED
    if server.database.dialect == "postgresql":
        other = subscribed(server)
        theirs = other.owner.hello().entitlement
        found = check(theirs, practice.practice_id, practice.held, pinned_roots())
        assert found.reason is Reason.WRONG_PRACTICE


@ON_ONE
def test_a_dropped_key_signs_nothing_any_more(practice: Subscribed) -> None:
    old = practice.owner.hello().entitlement
    ring = with_new_key(practice.ring, practice.now, public=False, drop=practice.ring.signing.kid)
    practice.turn_to(ring)
    practice.greet()
    assert practice.held is not None
    held, document = practice.held, old.partition("~")[2]
    again = check(f"{held.signed_keys}~{document}", practice.practice_id, held, pinned_roots())
    assert again.reason is Reason.UNKNOWN_KEY


@ON_ONE
def test_starters_year_its_prompts_its_grace_and_its_end(practice: Subscribed) -> None:
    clock, said = practice.server.clock, []
    ends = practice.greet().until
    assert ends is not None
    for left in (61, 60, 30, 14, 7, 1):
        clock.forward(seconds=(ends - timedelta(days=left) - practice.now).total_seconds())
        notices = practice.greet().notices
        said.append(notices[0].count if notices else 0)
    assert said == [0, 60, 30, 14, 7, 1]
    clock.forward(days=1)
    granted = practice.greet()
    assert (granted.status, granted.notices[0].kind) == (Status.GRACE, NoticeKind.GRACE)
    assert plan_state(granted, practice.now).entitlement.allows(Act.GROW)
    clock.forward(days=30)
    granted = practice.greet()
    assert granted.status is Status.LAPSED
    assert plan_state(granted, practice.now).entitlement.standing is Standing.LAPSED


@ON_ONE
def test_a_change_of_status_is_not_waited_for_until_the_day_is_over(practice: Subscribed) -> None:
    practice.change(Plan.PROFESSIONAL)
    practice.server.clock.forward(days=13, hours=23)
    assert practice.greet().status is Status.TRIAL
    practice.server.clock.forward(hours=1)
    assert practice.greet().status is Status.STARTER


@ON_ONE
@pytest.mark.parametrize(
    ("clients", "card", "expected"),
    [
        (10, False, (Plan.STARTER, Status.STARTER)),
        (11, False, (Plan.PROFESSIONAL, Status.LAPSED)),
        (11, True, (Plan.PROFESSIONAL, Status.GRACE)),
    ],
)
def test_day_fifteen_of_the_trial(
    practice: Subscribed, clients: int, card: bool, expected: tuple[Plan, Status]
) -> None:
    practice.change(Plan.PROFESSIONAL)
    practice.clients(clients)
    if card:
        practice.with_card()
    practice.server.clock.forward(days=14)
    granted = practice.greet()
    assert (granted.plan, granted.status) == expected


@ON_ONE
def test_after_a_trial_that_ended_on_starter_two_computers_over_its_limit_end_no_plan(
    practice: Subscribed,
) -> None:
    practice.change(Plan.PROFESSIONAL)
    practice.clients(10)
    practice.server.clock.forward(days=14)
    assert practice.greet().status is Status.STARTER
    practice.clients(2)
    granted = practice.greet()
    assert (granted.plan, granted.status) == (Plan.STARTER, Status.STARTER)
    assert [(each.kind, each.count) for each in granted.notices] == [(NoticeKind.CLIENTS_OVER, 2)]
    practice.server.clock.forward(days=1)
    assert practice.greet().status is Status.STARTER
    # The trial was the one that there is.
    assert practice.facts().subscription.trial_began is not None


@ON_ONE
def test_a_month_that_nobody_paid_lapses_and_a_payment_brings_it_back(
    practice: Subscribed,
) -> None:
    practice.with_card().change(Plan.GROUP)
    practice.server.clock.forward(days=31)
    assert practice.greet().status is Status.GRACE
    practice.server.clock.forward(days=30)
    assert practice.greet().status is Status.LAPSED
    until = (practice.now + timedelta(days=20)).date()
    operating.say_paid(practice.server.database, practice.of, until, ByHand(), practice.now)
    assert practice.greet().status is Status.PAID


def test_archive_is_granted_to_every_member_and_leaves_the_owner_alone_to_write(
    practice: Subscribed,
) -> None:
    practice.with_card().change(Plan.GROUP)
    associate = practice.join(Role.ASSOCIATE, "Ana")
    practice.change(Plan.ARCHIVE)
    granted = practice.greet(associate)
    assert granted.status is Status.ARCHIVE
    entitlement = plan_state(granted, practice.now).entitlement
    assert entitlement.allows(Act.FINISH, Role.OWNER)
    assert not entitlement.allows(Act.FINISH, Role.ASSOCIATE)
    # The account takes whatever comes all the same.
    associate.add("client", CLIENT)


@ON_ONE
def test_more_active_clients_than_the_plan_has_room_for_are_taken_and_told(
    practice: Subscribed,
) -> None:
    practice.clients(12)
    granted = practice.greet()
    assert granted.active_clients_used == 12
    assert [(each.kind, each.count) for each in granted.notices] == [(NoticeKind.CLIENTS_OVER, 2)]


@ON_ONE
def test_a_lapsed_practice_still_hands_in_its_work(practice: Subscribed) -> None:
    practice.server.clock.forward(days=400)
    assert practice.greet().status is Status.LAPSED
    practice.clients(1)
    assert practice.greet().active_clients_used == 1


def test_greetings_at_one_moment_are_given_one_document(stored: Database) -> None:
    practice = subscribed(Server(stored))
    granting = Granting(stored, practice.server.clock, practice.ring)
    with ThreadPoolExecutor(4) as threads:
        given = set(threads.map(granting.pair_for, [practice.practice_id] * 4))
    assert len(given) == 1

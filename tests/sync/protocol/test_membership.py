"""The answer about plan and team: whole on the other side, and nothing taken that is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.kernel.money import Money
from app.core.membership.rules.moves import Named, PracticeFacts, blockers
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.seats import Holding, SeatHolder
from app.core.membership.rules.subscription import Subscription
from app.sync import wire
from app.sync.protocol.membership import (
    Blocked,
    ChangePlan,
    ChangeRole,
    EndMembership,
    Invite,
    MembershipAnswer,
    Reserve,
    TeamRow,
)
from app.sync.wire import Malformed

AT = datetime(2026, 11, 27, 9, 14, 3, 1_000, tzinfo=UTC)
FACTS = PracticeFacts(
    Subscription(AT, Plan.PROFESSIONAL, AT, card=True, paid=BillingPeriod(AT, AT)),
    "America/Denver",
    (
        SeatHolder("a1", "Dana Whitfield", Role.OWNER),
        SeatHolder("a2", "Ana Ruiz", Role.ASSOCIATE, Holding.INVITED, AT),
    ),
    active_clients=12,
    drafts=(Named("n1", "Note of November 3"),),
    unsent=(Named("d1", "Laptop"),),
    pending_payments=(Named("p1", "Payment of November 4"),),
)
ANSWER = MembershipAnswer(
    AT,
    FACTS,
    (
        TeamRow("a1", "Dana Whitfield", "dana@example.org", Role.OWNER, sign_in="code app"),
        TeamRow(
            "a2",
            "Ana Ruiz",
            "ana@example.org",
            Role.ASSOCIATE,
            Holding.INVITED,
            invited_at=AT,
            ends_at=AT + timedelta(days=14),
            computers=("Desk", "Laptop"),
        ),
    ),
    "keys~document",
)


def _sent(message: Any) -> Any:
    return wire.read(wire.write(message.to_json()))


def test_the_answer_arrives_as_it_was() -> None:
    assert MembershipAnswer.read(_sent(ANSWER)) == ANSWER


@pytest.mark.parametrize("milliseconds", [1, 17, 143, 999])
def test_a_moment_arrives_to_the_millisecond(milliseconds: int) -> None:
    at = AT.replace(microsecond=milliseconds * 1000)
    told = MembershipAnswer(at, FACTS, (), "")
    assert MembershipAnswer.read(_sent(told)).at == at


def test_what_stands_in_the_way_arrives_with_its_links() -> None:
    told = Blocked(blockers(FACTS, Plan.ARCHIVE, AT))
    assert len(told.blockers) == 3
    assert Blocked.read(_sent(told)) == told


def test_a_link_of_a_later_account_is_passed_over() -> None:
    said = Blocked(blockers(FACTS, Plan.ARCHIVE, AT)).to_json()
    said["blockers"][0]["links"].append(["HOLOGRAM", "Look", ""])
    said["blockers"][0]["why"] = "BEYOND"
    read = Blocked.read(said)
    assert [len(each.links) for each in read.blockers] == [2, 2, 2]


@pytest.mark.parametrize(
    "asked",
    [
        ChangePlan(Plan.GROUP),
        Invite("ana@example.org", "Ana Ruiz", Role.ASSOCIATE),
        Invite("ana@example.org", "Ana Ruiz", Role.ASSOCIATE, Money(11_00)),
        Reserve(Role.PROVIDER, 3),
        Reserve(Role.PROVIDER, 3, Money(29_00)),
        ChangeRole(Role.ADMIN),
        EndMembership(),
        EndMembership(UUID(int=7)),
    ],
    ids=lambda asked: type(asked).__name__,
)
def test_a_question_arrives_as_it_was(asked: Any) -> None:
    assert type(asked).read(_sent(asked)) == asked


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (ChangePlan, {}),
        (ChangePlan, {"plan": "DIAMOND"}),
        (Reserve, {"role": "ADMIN", "count": -1}),
        (Reserve, {"role": "ADMIN", "count": 501}),
        (Invite, {"address": "a\0", "name": "A", "role": "ADMIN"}),
        (EndMembership, {"work_to": "nobody"}),
        (Blocked, {"refused": "busy", "detail": ""}),
        (MembershipAnswer, {**ANSWER.to_json(), "at": 10**15}),
        (MembershipAnswer, {**ANSWER.to_json(), "facts": []}),
    ],
)
def test_what_is_none_is_refused(kind: Any, said: Any) -> None:
    with pytest.raises(Malformed):
        kind.read(said)

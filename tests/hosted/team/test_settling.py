"""An invitation that nobody takes up: its credit is given once, dated to the moment it ended."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.sync.protocol.membership import Invite
from hosted.membership.charging import ByHand
from hosted.membership.commands import operating
from hosted.membership.commands.changing import change_plan
from hosted.membership.settling import settle_ended
from hosted.membership.tables import PlanCharge, SubscriptionRow
from hosted.team.commands import inviting
from hosted.team.commands.sweeping import sweep
from hosted.team.tables import Invitation
from tests.hosted.team.office import KIM, SITE, Office

LEE = "lee@b.example"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def due(office: Office) -> list[tuple[int, datetime]]:
    """Return what was due or given back, in cents, and when."""
    with office.database.read(office.whose) as session:
        rows = session.query(PlanCharge).order_by(PlanCharge.at, PlanCharge.id)
        return [(each.cents, each.at) for each in rows]


def look(office: Office) -> None:
    """Look at the plan, as its page does."""
    settle_ended(office.database, office.whose, ByHand(), office.team.now())


def change(office: Office) -> None:
    """Choose another plan, a day before it would be looked at."""
    change_plan(office.database, office.whose, Plan.PROFESSIONAL, ByHand(), office.team.now())


def invite(office: Office) -> None:
    """Invite an admin, who costs nothing."""
    inviting.invite(office.team, office.whose, Invite(LEE, "Lee", Role.ADMIN), SITE)


def pay(office: Office) -> None:
    """Say that another month is paid, so that the one of the invitation is over."""
    until = (office.team.now() + timedelta(days=40)).date()
    operating.say_paid(office.database, office.whose, until, ByHand(), office.team.now())


@pytest.mark.parametrize("act", [look, change, invite, pay])
def test_the_credit_of_an_invitation_that_ended_is_dated_to_its_end(
    office: Office, act: Callable[[Office], None]
) -> None:
    began = office.clock.now()
    office.invite()
    office.clock.forward(days=20)
    act(office)
    ended = began + timedelta(days=14)
    # An associate for the whole month, and back for the 16 of its 30 days that nobody used.
    assert due(office)[:2] == [(11_00, began), (-5_87, ended)]
    told = due(office)
    look(office)
    inviting.reserve(office.team, office.whose, Role.ADMIN, 1)
    assert due(office) == told


def test_several_that_ended_are_given_back_each_on_its_day(office: Office) -> None:
    began = office.clock.now()
    office.invite()
    office.clock.forward(days=5)
    office.invite(LEE, name="Lee")
    office.clock.forward(days=24)
    look(office)
    assert due(office) == [
        (11_00, began),
        # For 25 of 30 days, then 16 and 11 of them back.
        (9_17, began + timedelta(days=5)),
        (-5_87, began + timedelta(days=14)),
        (-4_03, began + timedelta(days=19)),
    ]


def test_what_was_withdrawn_accepted_or_never_paid_is_not_given_back(office: Office) -> None:
    office.joined()
    office.invite(LEE, name="Lee")
    invitation = UUID(hex=next(each.id for each in office.rows() if each.name == "Lee"))
    inviting.withdraw(office.team, office.whose, invitation)
    told = due(office)
    office.clock.forward(days=20)
    look(office)
    assert due(office) == told
    # In a month that nobody paid nothing was taken.
    office.clock.forward(days=11)
    office.invite("sam@b.example", name="Sam")
    office.clock.forward(days=15)
    look(office)
    assert due(office) == told


def test_sent_again_after_it_ended_it_is_paid_and_given_back_anew(office: Office) -> None:
    began = office.clock.now()
    office.invite()
    office.clock.forward(days=14)
    inviting.send_again(office.team, office.whose, UUID(hex=office.rows()[1].id), SITE)
    office.key(KIM)
    office.clock.forward(days=14)
    look(office)
    assert [cents for cents, _ in due(office)] == [11_00, -5_87, 5_87, -73]
    assert due(office)[-1][1] == began + timedelta(days=28)


def test_of_two_that_look_at_once_one_gives_it_back(office: Office) -> None:
    office.invite()
    office.clock.forward(days=14)
    met = threading.Barrier(2)

    def one() -> None:
        met.wait()
        look(office)

    threads = [threading.Thread(target=one) for _ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert [cents for cents, _ in due(office)] == [11_00, -5_87]


def test_what_nobody_looked_at_is_settled_before_it_is_forgotten(office: Office) -> None:
    office.invite()
    with office.database.write(office.whose) as session:
        # Long before any clock, the database's own included.
        (row,) = session.query(Invitation)
        row.sent_at, row.ends_at = LONG_AGO - timedelta(days=14), LONG_AGO
        (paid,) = session.query(SubscriptionRow)
        paid.paid_begins = LONG_AGO - timedelta(days=20)
        paid.paid_ends = LONG_AGO + timedelta(days=10)
    sweep(office.team)
    assert due(office)[0] == (-3_67, LONG_AGO)
    assert len(office.rows()) == 1

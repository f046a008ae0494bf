"""An invitation takes a seat that is held in reserve, and nothing more is paid for it."""

from __future__ import annotations

import threading
from dataclasses import replace
from uuid import UUID

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.kernel.money import ZERO, Money
from app.core.membership.rules.seats import Holding, SeatCount
from app.sync.protocol.membership import Invite, TeamRow
from hosted.membership.charging import ByHand
from hosted.membership.settling import settle_ended
from hosted.team.commands import inviting, joining, members
from hosted.team.rules import NotNow
from tests.hosted.account.conftest import PASSWORD
from tests.hosted.team.office import SITE, Office, agreement
from tests.hosted.team.test_settling import due

LEE = "lee@b.example"


def reserve(office: Office, count: int, role: Role = Role.ASSOCIATE) -> None:
    inviting.reserve(office.team, office.whose, role, count)


def cents(office: Office) -> list[int]:
    """Return what was due or given back so far, in cents."""
    return [amount for amount, _ in due(office)]


def invited(office: Office, name: str = "Kim") -> TeamRow:
    return next(each for each in office.rows() if each.name == name)


def test_it_takes_the_reserved_seat_and_is_charged_nothing(office: Office) -> None:
    reserve(office, 2)
    office.invite()
    assert office.used().associates == SeatCount(invited=1, reserved=1)
    assert cents(office) == [22_00]
    assert invited(office).from_reserve
    office.invite(LEE, name="Lee")
    assert office.used().associates == SeatCount(invited=2)
    # No seat is left in reserve: the next one is paid for.
    office.invite("sam@b.example", name="Sam")
    assert office.used().associates == SeatCount(invited=3)
    assert cents(office) == [22_00, 11_00]
    assert not invited(office, "Sam").from_reserve


def test_taken_back_or_ended_the_seat_is_held_in_reserve_again(office: Office) -> None:
    reserve(office, 1)
    office.invite()
    inviting.withdraw(office.team, office.whose, UUID(hex=invited(office).id))
    assert office.used().associates == SeatCount(reserved=1)
    office.invite()
    office.clock.forward(days=14)
    settle_ended(office.database, office.whose, ByHand(), office.team.now())
    assert office.used().associates == SeatCount(reserved=1)
    # Sent again it takes the seat anew, and somebody else who came meanwhile keeps it.
    inviting.send_again(office.team, office.whose, UUID(hex=invited(office).id), SITE)
    assert office.used().associates == SeatCount(invited=1)
    assert cents(office) == [11_00]
    office.clock.forward(days=14)
    office.invite(LEE, name="Lee")
    inviting.send_again(office.team, office.whose, UUID(hex=invited(office).id), SITE)
    assert office.used().associates == SeatCount(invited=2)
    assert [invited(office).from_reserve, invited(office, "Lee").from_reserve] == [False, True]
    assert cents(office) == [11_00, 73]


def test_who_joins_keeps_the_seat_and_whoever_leaves_gives_it_back(office: Office) -> None:
    reserve(office, 1)
    kim = office.joined()
    assert office.used().associates == SeatCount(active=1)
    assert [each.holding for each in office.rows()] == [Holding.ACTIVE] * 2
    assert cents(office) == [11_00]
    members.end(office.team, office.whose, kim.member_id, None)
    assert office.used().associates == SeatCount()
    assert cents(office) == [11_00, -11_00]


def test_a_seat_reserved_after_the_invitation_is_another_one(office: Office) -> None:
    office.invite()
    reserve(office, 1)
    assert office.used().associates == SeatCount(invited=1, reserved=1)
    assert cents(office) == [11_00, 11_00]
    key = office.invite(LEE, name="Lee")
    assert office.used().associates == SeatCount(invited=2)
    joining.begin(office.team, key, "Lee Park", PASSWORD)
    joining.join(office.team, office.signed_in(LEE), key, agreement())
    assert office.used().associates == SeatCount(active=1, invited=1)


def test_owners_and_providers_sit_on_the_same_kind_of_seat(office: Office) -> None:
    reserve(office, 2, Role.PROVIDER)
    office.joined(role=Role.OWNER)
    assert office.used().clinicians == SeatCount(active=2, reserved=1)
    # An associate takes none of theirs.
    office.invite(LEE, name="Lee")
    assert office.used().clinicians == SeatCount(active=2, reserved=1)
    assert cents(office) == [29_00, 11_00]


def test_a_seat_on_which_somebody_is_invited_is_not_given_back(office: Office) -> None:
    reserve(office, 2)
    office.invite()
    with pytest.raises(NotNow) as refused:
        reserve(office, 0)
    assert str(refused.value) == (
        "Kim is invited on a seat of the reserve: withdraw the invitation, then give the seat back."
    )
    (blocker,) = refused.value.blockers
    assert [each.id for each in blocker.links] == [invited(office).id]
    reserve(office, 1)
    assert office.used().associates == SeatCount(invited=1)
    assert cents(office) == [22_00, -11_00]


def test_a_full_plan_takes_the_person_for_whom_the_seat_was_kept(office: Office) -> None:
    office.choose(Plan.PROFESSIONAL)
    with office.database.write(office.whose) as session:
        # The owner gives the only clinician seat away for the moment of this test.
        office.place(session, office.owner_id).role = Role.ADMIN
    reserve(office, 1, Role.PROVIDER)
    office.invite(role=Role.PROVIDER)
    assert office.used().clinicians == SeatCount(invited=1)
    with pytest.raises(NotNow):
        office.invite(LEE, Role.PROVIDER, "Lee")


def test_of_two_invitations_at_once_for_one_reserved_seat_one_is_paid_for(office: Office) -> None:
    reserve(office, 1)
    together = threading.Barrier(2)

    def one(address: str) -> None:
        together.wait()
        asked = Invite(address, "Robin", Role.ASSOCIATE)
        inviting.invite(office.team, office.whose, asked, SITE)

    threads = [threading.Thread(target=one, args=(f"{n}@b.example",)) for n in "ab"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert office.used().associates == SeatCount(invited=2)
    assert cents(office) == [11_00, 11_00]
    sits = [each.from_reserve for each in office.rows() if each.holding is Holding.INVITED]
    assert sorted(sits) == [False, True]


def test_no_more_seats_are_paid_for_than_were_shown(office: Office) -> None:
    reserve(office, 2)
    office.joined()
    # Before Kim joined two were held: a third was shown to cost $11.00, and now it would be two.
    with pytest.raises(NotNow) as refused:
        inviting.reserve(office.team, office.whose, Role.ASSOCIATE, 3, Money(11_00))
    assert str(refused.value) == (
        "This seat costs $22.00 now, more than was shown: if that is right, choose it again."
    )
    assert office.used().associates == SeatCount(active=1, reserved=1)
    inviting.reserve(office.team, office.whose, Role.ASSOCIATE, 2, Money(11_00))
    assert office.used().associates == SeatCount(active=1, reserved=2)
    assert cents(office) == [22_00, 11_00]


def test_who_was_told_that_an_invitation_is_free_is_not_charged_once_the_seat_is_gone(
    office: Office,
) -> None:
    reserve(office, 1)
    office.invite()
    asked = Invite(LEE, "Lee", Role.ASSOCIATE, shown=ZERO)
    with pytest.raises(NotNow, match=r"This seat costs \$11.00 now, more than was shown"):
        inviting.invite(office.team, office.whose, asked, SITE)
    assert office.used().associates == SeatCount(invited=1)
    assert cents(office) == [11_00]
    inviting.invite(office.team, office.whose, replace(asked, shown=Money(11_00)), SITE)
    assert cents(office) == [11_00, 11_00]

"""An invitation that has ended stays ended: for who waited past its end, and if a clock goes back.

Its seat is given back once, and never stands open to anybody at the same time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from app.core.kernel.acting import Role
from hosted.account.commands.means import Refused
from hosted.account.queries import Visitor
from hosted.team.commands import inviting, joining
from tests.hosted.account.conftest import PASSWORD
from tests.hosted.team.office import KIM, Office, agreement
from tests.hosted.team.test_ending_meanwhile import Statements
from tests.hosted.team.test_settling import due, look

#: The statement with which the account is locked.
LOCKS = {"sqlite": "BEGIN IMMEDIATE", "postgresql": "FOR UPDATE"}
#: For the month, and back for the 16 of its 30 days after the invitation's end.
GIVEN_BACK = [11_00, -5_87]


@pytest.fixture
def statements(office: Office) -> Iterator[Statements]:
    """The statements of the server's database."""
    made = Statements(office.database)
    yield made
    made.close()


def cents(office: Office) -> list[int]:
    return [each for each, _ in sorted(due(office), key=lambda one: -one[0])]


def invitation(office: Office) -> UUID:
    return UUID(hex=office.rows()[1].id)


def about_to_join(office: Office) -> tuple[Visitor, str]:
    """Return somebody who has only to accept the agreement, and the secret of their link."""
    key = office.invite()
    joining.begin(office.team, key, "Kim Park", PASSWORD)
    return office.signed_in(KIM), key


def until_a_second_before_its_end(office: Office) -> None:
    ends = office.rows()[1].ends_at
    assert ends is not None
    office.clock.set(ends - timedelta(seconds=1))


def ends_and_is_looked_at(office: Office) -> None:
    office.clock.forward(seconds=2)
    look(office)


def test_who_waits_past_its_end_to_accept_is_refused(
    office: Office, statements: Statements
) -> None:
    who, key = about_to_join(office)
    until_a_second_before_its_end(office)
    statements.just_before(LOCKS[office.database.dialect], lambda: ends_and_is_looked_at(office))
    with pytest.raises(Refused):
        joining.join(office.team, who, key, agreement())
    assert statements.all_done()
    assert cents(office) == GIVEN_BACK


def test_taken_back_by_who_waited_past_its_end_it_is_given_back_once(
    office: Office, statements: Statements
) -> None:
    office.invite()
    named = invitation(office)
    until_a_second_before_its_end(office)
    statements.just_before(LOCKS[office.database.dialect], lambda: ends_and_is_looked_at(office))
    inviting.withdraw(office.team, office.whose, named)
    assert statements.all_done()
    assert cents(office) == GIVEN_BACK


def test_a_clock_that_goes_back_opens_no_invitation_that_ended(office: Office) -> None:
    who, key = about_to_join(office)
    office.clock.forward(days=15)
    look(office)
    office.clock.forward(days=-3)
    assert office.used().associates.used == 0
    with pytest.raises(Refused):
        joining.join(office.team, who, key, agreement())
    inviting.withdraw(office.team, office.whose, invitation(office))
    assert cents(office) == GIVEN_BACK


def test_a_clock_that_goes_back_opens_no_invitation_that_was_withdrawn(office: Office) -> None:
    who, key = about_to_join(office)
    office.clock.forward(days=2)
    inviting.withdraw(office.team, office.whose, invitation(office))
    office.clock.forward(days=-1)
    with pytest.raises(Refused):
        joining.join(office.team, who, key, agreement())
    # And whoever it was may be invited anew.
    office.invite(KIM, Role.ADMIN)


def test_sent_again_after_a_clock_went_back_it_takes_its_seat_anew(office: Office) -> None:
    office.invite()
    office.clock.forward(days=15)
    look(office)
    office.clock.forward(days=-3)
    inviting.send_again(office.team, office.whose, invitation(office), "https://account.example")
    assert office.used().associates.used == 1
    assert cents(office) == [11_00, 6_60, -5_87]

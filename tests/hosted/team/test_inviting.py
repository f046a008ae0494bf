"""Invitations and reserved seats: what they take, what stands in their way, what comes of them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.membership.rules.seats import SeatCount
from app.sync.protocol.membership import Invite
from hosted.account.commands.means import Refused
from hosted.store.engine import Database, For
from hosted.team.commands import inviting, joining
from hosted.team.commands.means import Gone
from hosted.team.commands.sweeping import sweep
from hosted.team.queries import invited
from hosted.team.rules import NotNow
from hosted.team.tables import Invitation
from tests.hosted.team.office import KIM, OWNER, SITE, Office, words

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def said(act: Callable[[], object]) -> str:
    """Return the sentence with which an act is refused."""
    with pytest.raises(NotNow) as refused:
        act()
    return str(refused.value)


def test_an_invitation_takes_its_seat_and_its_letter_says_nothing_that_was_typed(
    office: Office,
) -> None:
    asked = Invite(f" {KIM} ", "Kim  Park, see evil.example", Role.ASSOCIATE)
    inviting.invite(office.team, office.whose, asked, SITE)
    (letter,) = office.letters()
    assert (letter.to, letter.subject) == (KIM, "You are invited to a practice")
    assert "as an associate" in letter.text
    assert "evil" not in letter.text + letter.subject
    assert office.used().associates == SeatCount(invited=1)
    _, row = office.rows()
    assert words([row]) == [("Kim Park, see evil.example", "ASSOCIATE", "INVITED")]
    assert row.ends_at == office.clock.now() + timedelta(days=14)


def test_what_the_plan_has_no_seat_for_is_refused_in_words_that_help(office: Office) -> None:
    office.choose(Plan.PROFESSIONAL)
    assert said(lambda: office.invite(role=Role.PROVIDER)) == "A second clinician needs Group."
    office.choose(Plan.STARTER)
    assert said(office.invite) == "Associates need Professional or Group."
    assert (office.letters(), len(office.rows())) == ([], 1)


def test_an_address_is_invited_once(office: Office) -> None:
    office.invite()
    assert "invited already" in said(lambda: office.invite(KIM.upper()))
    assert "a member already" in said(lambda: office.invite(OWNER))
    assert "looks like" in said(lambda: office.invite("kim"))
    assert said(lambda: office.invite("lee@b.example", name=" ")) == "Say whom you invite."
    # One that ended makes way for another.
    office.clock.forward(days=14)
    office.invite()
    assert len(office.rows()) == 2


def test_sent_again_the_first_link_ends_and_two_weeks_begin_anew(office: Office) -> None:
    first = office.invite()
    (_, row) = office.rows()
    office.clock.forward(days=10)
    invitation = UUID(hex=row.id)
    inviting.send_again(office.team, office.whose, invitation, SITE)
    second = office.key(KIM)
    now = office.team.now
    assert invited(office.database, first, now()) is None
    office.clock.forward(days=13)
    found = invited(office.database, second, now())
    assert found is not None
    assert (found.practice, found.role) == ("Alder Street Therapy", Role.ASSOCIATE)
    office.clock.forward(days=1)
    assert invited(office.database, second, now()) is None
    assert office.used().associates == SeatCount()
    # It had let go of its seat, and takes one anew: there must be one.
    office.choose(Plan.STARTER)
    again = said(lambda: inviting.send_again(office.team, office.whose, invitation, SITE))
    assert again == "Associates need Professional or Group."


def test_withdrawn_it_opens_nothing_and_gives_its_seat_back(office: Office) -> None:
    key = office.invite()
    invitation = UUID(hex=office.rows()[1].id)
    inviting.withdraw(office.team, office.whose, invitation)
    with pytest.raises(Refused):
        joining.invited(office.team, key)
    assert (office.used().associates, len(office.rows())) == (SeatCount(), 1)
    acts: tuple[Callable[[], None], ...] = (
        lambda: inviting.withdraw(office.team, office.whose, invitation),
        lambda: inviting.send_again(office.team, office.whose, invitation, SITE),
        lambda: inviting.withdraw(office.team, office.whose, uuid4()),
        lambda: inviting.withdraw(office.team, For(office.practice_id), invitation),
    )
    for act in acts:
        with pytest.raises(Gone):
            act()


def test_seats_are_reserved_and_given_back(office: Office) -> None:
    inviting.reserve(office.team, office.whose, Role.ASSOCIATE, 3)
    inviting.reserve(office.team, office.whose, Role.ASSOCIATE, 2)
    inviting.reserve(office.team, office.whose, Role.ADMIN, 0)
    assert office.used().associates == SeatCount(reserved=2)
    assert [each.name for each in office.rows()[1:]] == ["Reserved associate seat"] * 2
    assert len({each.id for each in office.rows()}) == 3
    office.choose(Plan.PROFESSIONAL)
    clinician = said(lambda: inviting.reserve(office.team, office.whose, Role.PROVIDER, 1))
    assert clinician == "A second clinician needs Group."


def test_a_plan_that_has_ended_takes_nobody_in_and_still_lets_an_invitation_be_withdrawn(
    office: Office,
) -> None:
    office.invite()
    office.clock.forward(days=61)
    assert "Your plan has ended" in said(lambda: office.invite("lee@b.example"))
    invitation = UUID(hex=office.rows()[1].id)
    again = said(lambda: inviting.send_again(office.team, office.whose, invitation, SITE))
    assert "Your plan has ended" in again
    inviting.withdraw(office.team, office.whose, invitation)
    assert len(office.rows()) == 1


def test_of_two_invitations_at_once_for_one_free_seat_one_is_refused(office: Office) -> None:
    office.choose(Plan.STARTER)
    office.choose(Plan.PROFESSIONAL)
    # The owner gives the only clinician seat away for the moment of this test.
    with office.database.write(office.whose) as session:
        place = office.place(session, office.owner_id)
        place.role = Role.ADMIN
    together, outcomes = threading.Barrier(2), []

    def one(address: str) -> None:
        together.wait()
        try:
            inviting.invite(
                office.team, office.whose, Invite(address, "Robin", Role.PROVIDER), SITE
            )
        except NotNow as refused:
            outcomes.append(str(refused))
        else:
            outcomes.append("")

    threads = [threading.Thread(target=one, args=(f"{n}@b.example",)) for n in "ab"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["", "A second clinician needs Group."]
    assert office.used().clinicians == SeatCount(invited=1)


def test_what_ended_a_month_ago_is_forgotten_and_who_joined_is_not(
    office: Office, stored: Database
) -> None:
    office.joined()
    office.invite("lee@b.example")
    with office.database.write(office.whose) as session:
        for each in session.query(Invitation).filter(Invitation.accepted_at.is_(None)):
            # Long before any clock, the database's own included.
            each.ends_at = LONG_AGO
    sweep(office.team)
    with stored.read(office.whose) as session:
        assert [each.address for each in session.query(Invitation)] == [KIM]

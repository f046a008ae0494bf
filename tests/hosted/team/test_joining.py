"""Joining by the link of a letter: who may, what it makes, and what opens it no second time."""

from __future__ import annotations

import base64
import hashlib
import threading
from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit
from uuid import UUID

import pytest

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.membership.rules.seats import SeatCount
from hosted.account import content as agreements
from hosted.account.commands import connecting
from hosted.account.commands.means import Refused
from hosted.account.commands.sign_up import AlreadyThere
from hosted.account.queries import Visitor, places
from hosted.account.rules.connecting import Asked
from hosted.account.rules.sign_up import Mistakes
from hosted.account.tables import Acceptance
from hosted.team.commands import joining, members
from tests.hosted.account.conftest import PASSWORD
from tests.hosted.team.office import KIM, OWNER, SITE, Office, agreement, words


def test_whoever_joins_is_a_member_everywhere_and_the_owner_gets_a_letter(office: Office) -> None:
    key = office.invite()
    joining.begin(office.team, key, " Kim  Park ", PASSWORD)
    who = office.signed_in(KIM)
    # Nothing is open before the last step.
    assert places(office.database, who.login_id) == ()
    joining.join(office.team, who, key, agreement())
    member_id = office.member_of(who.login_id)
    record = office.member(member_id)
    assert (record["given"], record["family"]) == ("Kim", "Park")
    assert (record["role"], record["status"], record["email"]) == ("ASSOCIATE", "ACTIVE", KIM)
    (letter,) = office.letters()
    assert (letter.to, letter.subject) == (OWNER, "Your invitation was accepted")
    assert "as an associate" in letter.text
    assert "Kim" not in letter.text
    assert office.used().associates == SeatCount(active=1)
    row = office.rows()[1]
    assert words([row]) == [("Kim Park", "ASSOCIATE", "ACTIVE")]
    assert (row.id, row.address, row.sign_in) == (member_id.hex, KIM, "code app")
    with office.database.read(office.whose) as session:
        accepted = session.query(Acceptance).one()
    assert (accepted.login_id, accepted.text_hash.hex()) == (who.login_id, agreement())


def test_a_link_is_used_once_and_tells_nothing_afterwards(office: Office) -> None:
    kim = office.joined()
    for act in (
        lambda: joining.invited(office.team, kim.key),
        lambda: joining.begin(office.team, kim.key, "Eve", PASSWORD),
        lambda: joining.join(office.team, kim.who, kim.key, agreement()),
        lambda: joining.invited(office.team, ""),
        lambda: joining.invited(office.team, "x" * 43),
        lambda: joining.invited(office.team, "\u00e4"),
    ):
        with pytest.raises(Refused):
            act()
    assert office.used().associates == SeatCount(active=1)


def test_the_seat_of_the_invitation_is_theirs_whatever_the_plan_has_become(office: Office) -> None:
    key = office.invite(role=Role.PROVIDER)
    office.choose(Plan.STARTER)
    joining.begin(office.team, key, "Robin Vance", PASSWORD)
    joining.join(office.team, office.signed_in(KIM), key, agreement())
    assert office.used().clinicians == SeatCount(active=2)


def test_only_who_was_invited_joins_and_only_with_the_second_factor(office: Office) -> None:
    key = office.invite()
    joining.begin(office.team, key, "Kim Park", PASSWORD)
    who = office.signed_in(KIM)
    with pytest.raises(Refused):
        joining.join(office.team, replace(who, proved_at=None), key, agreement())
    other = office.invite("lee@b.example", Role.ADMIN)
    with pytest.raises(joining.OtherPerson):
        joining.join(office.team, who, other, agreement())
    with pytest.raises(Mistakes):
        joining.join(office.team, who, key, "")
    with pytest.raises(Mistakes):
        joining.join(office.team, who, key, agreements.agreements()[-1].version)
    assert office.used().associates == SeatCount(invited=1)


def test_a_login_is_made_once_with_a_name_and_a_password_that_will_do(office: Office) -> None:
    key = office.invite()
    for name, password, fields in (
        ("", PASSWORD, {"name"}),
        ("Kim", "short", {"password"}),
        ("", KIM, {"name", "password"}),
        ("Kim", "Alder Street Therapy", {"password"}),
    ):
        with pytest.raises(Mistakes) as mistakes:
            joining.begin(office.team, key, name, password)
        assert mistakes.value.sentences.keys() == fields
    joining.begin(office.team, key, "Kim", PASSWORD)
    with pytest.raises(AlreadyThere):
        joining.begin(office.team, key, "Eve", "another kettle orbits Friday")
    assert joining.has_login(office.team, joining.invited(office.team, key))


def test_who_joins_twice_at_once_is_one_member(office: Office) -> None:
    key = office.invite()
    joining.begin(office.team, key, "Kim Park", PASSWORD)
    who = office.signed_in(KIM)
    together, outcomes = threading.Barrier(2), []

    def join() -> None:
        together.wait()
        try:
            joining.join(office.team, who, key, agreement())
        except Refused:
            outcomes.append("refused")
        else:
            outcomes.append("joined")

    threads = [threading.Thread(target=join) for _ in "ab"]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["joined", "refused"]
    assert office.used().associates == SeatCount(active=1)
    office.computer.pull()
    assert len([pk for entity, pk in office.computer.rows if entity == "member"]) == 2


def test_who_comes_back_is_the_same_member_in_the_role_of_the_new_invitation(
    office: Office,
) -> None:
    kim = office.joined()
    members.end(office.team, office.whose, kim.member_id, None)
    office.letters()
    assert office.member(kim.member_id)["status"] == "INACTIVE"
    key = office.invite(role=Role.ADMIN)
    who = office.signed_in(KIM)
    joining.join(office.team, who, key, agreement())
    assert office.member_of(who.login_id) == kim.member_id
    record = office.member(kim.member_id)
    assert (record["status"], record["role"]) == ("ACTIVE", "ADMIN")


def test_a_person_of_two_practices_connects_a_computer_to_the_one_that_they_choose(
    office: Office,
) -> None:
    if office.database.dialect == "sqlite":
        pytest.skip("the embedded database keeps a single practice")
    kim = office.joined()
    other = Office(office.services, office.clock, "lee@elmstreet.example")
    key = other.invite(role=Role.ADMIN)
    joining.join(other.team, kim.who, key, agreement())
    both = places(office.database, kim.who.login_id)
    assert [each.practice_id for each in both] == [office.practice_id, other.practice_id]
    for place in both:
        assert connected(office, kim.who, place.account_id).practice_id == place.practice_id
    with pytest.raises(Refused):
        connected(office, kim.who, office.login_id)
    # Leaving the one leaves the other as it was.
    members.leave(office.team, office.whose, kim.member_id)
    (left,) = places(office.database, kim.who.login_id)
    assert left.practice_id == other.practice_id
    with pytest.raises(Refused):
        connected(office, kim.who, office.account_id)


def connected(office: Office, who: Visitor, account_id: UUID) -> connecting.Granted:
    """Connect a computer of a person to a practice."""
    verifier = "v" * 43
    digest = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
    back = "http://127.0.0.1:49152/back"
    asked = Asked(back, digest.rstrip(b"=").decode(), "s", "Laptop", "0.4")
    means = office.services.account
    sent = connecting.allow(means, who, account_id, asked, SITE)
    code = dict(parse_qsl(urlsplit(sent).query))["code"]
    return connecting.exchange(means, code, verifier, back)

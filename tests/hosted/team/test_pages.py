"""The pages of an invitation: the whole way in with a browser, and what they tell strangers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.kernel.acting import Role
from hosted.store.engine import Database
from tests.hosted.account.conftest import PASSWORD, Person, words_on
from tests.hosted.account.test_connecting import Program
from tests.hosted.conftest import on_sqlite
from tests.hosted.team.office import KIM, OWNER, Office, agreement, office_on
from tests.hosted.web.conftest import Site


class Guest(Person):
    """Somebody with the link of a letter."""

    def __init__(self, site: Site, key: str, address: str = KIM) -> None:
        super().__init__(site, address)
        self.link = f"/account/invitation?key={key}"
        self.invitation = key

    def begin(self, **said: str) -> str:
        """Give name and password; return where that leads."""
        typed = {"key": self.invitation, "name": "Kim Park", "password": PASSWORD, **said}
        return self.post("/account/invitation", **typed).headers["location"]

    def join(self, **said: str) -> str:
        """Agree and join; return what the page says."""
        typed = {"key": self.invitation, "agree": "yes", "agreement": agreement(), **said}
        return words_on(self.post("/account/invitation/join", **typed))


@pytest.fixture
def stored(empty_sqlite: bytes, tmp_path: Path) -> Iterator[Database]:
    """One kind of database: a page sees no difference."""
    yield from on_sqlite(empty_sqlite, tmp_path)


@pytest.fixture
def office(stored: Database, tmp_path: Path) -> Office:
    """A practice on Group, with its owner alone, whose server names itself as it is asked."""
    return office_on(stored, tmp_path, public_url="")


@pytest.fixture
def site(office: Office) -> Iterator[Site]:
    """The running server."""
    made = Site(office.services, office.clock)
    made.start()
    yield made
    made.stop()


def test_somebody_new_gives_a_password_sets_the_second_factor_up_and_joins(
    site: Site, office: Office
) -> None:
    guest = Guest(site, office.invite())
    page = words_on(guest.get(guest.link))
    assert "Join Alder Street Therapy" in page
    assert "invited as an associate" in page
    assert KIM in page
    factor = guest.begin()
    assert factor.startswith("/account/second-factor/new?next=")
    # Before the second factor nothing is open, and the link leads back to it.
    assert guest.get("/account").headers["location"].startswith("/account/second-factor/new")
    assert guest.get(guest.link).headers["location"] == factor
    assert (
        guest.post(
            "/account/invitation/join", key=guest.invitation, agree="yes", agreement=agreement()
        )
        .headers["location"]
        .startswith("/account/second-factor")
    )
    guest.set_up()
    page = words_on(guest.get(guest.link))
    assert "I have read the agreement" in page
    assert "Text of November 27, 2026." in page
    assert "check the box to accept it" in guest.join(agree="")
    assert "Welcome to Alder Street Therapy" in guest.join()
    home = words_on(guest.get("/account"))
    assert "Alder Street Therapy Kim Park, associate" in home
    told = Program(site).connected(guest)
    assert told["practice_id"] == office.practice_id.hex
    assert office.member(office.place_of(KIM))["status"] == "ACTIVE"
    # Nothing more comes of the link, for nobody.
    for other in (guest, Guest(site, guest.invitation)):
        answer = other.get(guest.link)
        assert answer.status_code == 410
        assert "does not work any more" in words_on(answer)


def test_who_presses_join_twice_is_welcomed_twice_and_joins_once(
    site: Site, office: Office
) -> None:
    guest = Guest(site, office.invite())
    guest.begin()
    guest.set_up()
    for _press in range(2):
        assert "Welcome to Alder Street Therapy" in guest.join()
    assert office.used().associates.active == 1
    other = Guest(site, office.invite("lee@b.example", Role.ADMIN), "lee@b.example")
    other.begin()
    other.set_up()
    assert "does not work any more" in other.join(key=guest.invitation)
    guest.post(f"/account/practices/{office.account_id}/leave")
    guest.sign_in()
    guest.prove()
    assert "does not work any more" in guest.join()


def test_a_link_that_opens_nothing_tells_nothing(site: Site, office: Office) -> None:
    ended = office.invite("lee@b.example", Role.ADMIN)
    office.clock.forward(days=14)
    pages = set()
    for key in (ended, "x" * 43, "", "%00", "k" * 400):
        guest = Guest(site, key)
        for answer in (
            guest.get(guest.link),
            guest.post("/account/invitation", key=key, name="Eve", password=PASSWORD),
        ):
            assert answer.status_code == 410, key
            assert "Alder" not in answer.text
            pages.add(words_on(answer))
    assert len(pages) == 1


def test_mistakes_are_said_beside_their_fields(site: Site, office: Office) -> None:
    guest = Guest(site, office.invite())
    answer = guest.post("/account/invitation", key=guest.invitation, name="", password="short")
    assert answer.status_code == 422
    assert "Say your name." in answer.text
    assert "Use 12 characters or more." in answer.text
    assert 'value="short"' not in answer.text


def test_whoever_has_a_login_signs_in_and_comes_back_to_the_invitation(
    site: Site, office: Office
) -> None:
    first = Guest(site, office.invite())
    first.begin()
    first.set_up()
    again = Guest(site, first.invitation)
    again.key = first.key
    page = again.get(again.link)
    assert "has a login already" in words_on(page)
    to = again.begin(name="Eve", password="another kettle orbits Friday")
    assert to.startswith("/account/sign-in?next=")
    assert "/account/sign-in?next=" in page.text
    step = again.sign_in(next=again.link).headers["location"]
    assert step.startswith("/account/second-factor?next=")
    site.clock.forward(seconds=30)
    answer = again.post("/account/second-factor", code=again.code(), next=again.link)
    assert answer.headers["location"] == again.link
    assert "Welcome" in again.join()


def test_whoever_is_signed_in_as_somebody_else_does_not_join(site: Site, office: Office) -> None:
    owner = Person(site, OWNER)
    owner.sign_in()
    owner.set_up()
    key = office.invite()
    answer = owner.get(f"/account/invitation?key={key}")
    assert answer.status_code == 403
    assert "somebody else" in words_on(answer)
    assert KIM not in answer.text
    joined = owner.post("/account/invitation/join", key=key, agree="yes", agreement=agreement())
    assert joined.status_code == 403
    assert office.used().associates.invited == 1


def test_a_member_leaves_and_an_owner_alone_does_not(site: Site, office: Office) -> None:
    guest = Guest(site, office.invite())
    guest.begin()
    guest.set_up()
    guest.join()
    place = f"/account/practices/{office.account_id}/leave"
    assert place in guest.get("/account").text
    assert "Leave Alder Street Therapy?" in words_on(guest.get(place))
    assert "You have left Alder Street Therapy" in words_on(guest.post(place))
    assert guest.get("/account").headers["location"] == "/account/sign-in"
    owner = Person(site, OWNER)
    owner.sign_in()
    owner.set_up()
    stopped = owner.post(place)
    assert stopped.status_code == 409
    assert "A practice keeps an owner: invite another owner first." in words_on(stopped)
    other = f"/account/practices/{office.login_id}/leave"
    assert (owner.get(other).status_code, owner.post(other).status_code) == (404, 404)
    assert "Leave" not in words_on(owner.get("/account"))


def test_too_many_tries_from_one_place_are_turned_back(site: Site, office: Office) -> None:
    guest = Guest(site, office.invite())
    said = {"key": guest.invitation, "name": "", "password": ""}
    codes = [guest.post("/account/invitation", **said).status_code for _ in range(21)]
    assert codes == [422] * 20 + [429]

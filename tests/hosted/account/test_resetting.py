"""A forgotten password: a link that works once, and ends every other session."""

from __future__ import annotations

from sqlalchemy import select

from hosted.account.tables import MailLink
from hosted.post.tables import Job
from hosted.store.engine import For
from tests.hosted.account.conftest import ADDRESS, Person, key_of, letters, link_of, words_on
from tests.hosted.account.test_signing_up import login_of
from tests.hosted.web.conftest import Site

NEW = "lantern pocket glacier Friday"


def asked(person: Person) -> str:
    """Ask for a link and return its secret."""
    assert person.post("/account/reset", address=person.address).status_code == 303
    (letter,) = letters(person.site)
    return key_of(letter)


def test_a_new_password_ends_every_session_and_leaves_the_second_factor(
    site: Site, person: Person
) -> None:
    person.inside()
    other = Person(site)
    other.key = person.key
    other.post("/account/reset", address=ADDRESS)
    (letter,) = letters(site)
    assert letter.to == ADDRESS
    assert other.get(link_of(letter).removeprefix(site.address)).status_code == 200
    answer = other.post("/account/new-password", key=key_of(letter), password=NEW)
    assert "Your password is changed" in words_on(answer)
    assert person.get("/account").headers["location"] == "/account/sign-in"
    assert person.sign_in().status_code == 422
    assert other.sign_in(NEW).headers["location"] == "/account/second-factor"
    assert other.get("/account").status_code == 303
    assert other.prove().status_code == 303
    assert [each.subject for each in letters(site)] == ["Your password was changed"]


def test_a_link_works_once_and_ends_the_ones_before_it(site: Site, person: Person) -> None:
    person.confirmed()
    first, second = asked(person), asked(person)
    assert person.post("/account/new-password", key=second, password=NEW).status_code == 200
    for key in (first, second):
        assert person.get(f"/account/new-password?key={key}").status_code == 410
        again = person.post("/account/new-password", key=key, password="replayed by a stranger")
        assert again.status_code == 410
    assert person.sign_in(NEW).status_code == 303


def test_a_link_lasts_an_hour(site: Site, person: Person) -> None:
    person.confirmed()
    key = asked(person)
    site.clock.forward(hours=1)
    assert person.post("/account/new-password", key=key, password=NEW).status_code == 410
    assert person.sign_in().status_code == 303


def test_a_weak_password_leaves_the_link_as_it_was(site: Site, person: Person) -> None:
    person.confirmed()
    key = asked(person)
    for password in ("short", "marguerite!!", "password12345"):
        answer = person.post("/account/new-password", key=key, password=password)
        assert answer.status_code == 422
        assert 'aria-describedby="password-mistake"' in answer.text
    assert person.post("/account/new-password", key=key, password=NEW).status_code == 200


def test_nobody_learns_whether_an_address_has_an_account(site: Site, person: Person) -> None:
    person.confirmed()
    answers = [
        person.post("/account/reset", address=address)
        for address in (ADDRESS, "nobody@example.com", " MARGUERITE@alderstreet.EXAMPLE ")
    ]
    assert {(each.status_code, each.headers["location"], each.text) for each in answers} == {
        (303, "/account/reset/sent", "")
    }
    assert {letter.to for letter in letters(site)} == {ADDRESS}
    # As much is written for nobody as for somebody, and none of it can be read.
    with site.services.database.read(For(server=True)) as session:
        jobs = session.scalars(select(Job)).all()
    assert len(jobs) == 4
    assert all(b"nobody" not in job.sealed for job in jobs)


def test_after_three_letters_in_an_hour_no_more_are_sent(site: Site, person: Person) -> None:
    person.confirmed()
    for _ in range(5):
        assert person.post("/account/reset", address=ADDRESS).status_code == 303
    assert len(letters(site)) == 3


def test_the_link_lies_nowhere_in_plain(site: Site, person: Person) -> None:
    person.confirmed()
    person.post("/account/reset", address=ADDRESS)
    with site.services.database.read(For(server=True)) as session:
        sealed = [job.sealed for job in session.scalars(select(Job)) if job.sealed]
    (letter,) = letters(site)
    key = key_of(letter)
    login = login_of(site)
    with site.services.database.read(For(login=login.id)) as session:
        (kept,) = session.scalars(select(MailLink)).all()
    assert all(key.encode() not in each for each in [*sealed, kept.token_hash])
    assert key not in site.logged.getvalue()
    # What has been carried is forgotten.
    with site.services.database.read(For(server=True)) as session:
        assert {job.sealed for job in session.scalars(select(Job))} == {b""}

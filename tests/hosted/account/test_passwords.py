"""Passwords: what may be chosen, and how one is changed by whoever knows it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.kernel.errors import UserError
from hosted.account.rules.passwords import check_password
from hosted.store.engine import Database
from tests.hosted.account.conftest import PASSWORD, Person, letters, words_on
from tests.hosted.conftest import on_sqlite
from tests.hosted.web.conftest import Site

NEW = "lantern pocket glacier Friday"


@pytest.fixture
def stored(empty_sqlite: bytes, tmp_path: Path) -> Iterator[Database]:
    """One kind of database: none of this knows which."""
    yield from on_sqlite(empty_sqlite, tmp_path)


@pytest.mark.parametrize(
    "chosen",
    [
        "onlysmalletters",
        "48291736405518",
        "ไม่มีใครใช้คำนี้",
        "🌲🌊🏔🌋🌙⭐🍎🚲🎈🎻🪁🧭",
        "a b c d " * 25,
        '"; DROP TABLE login; --',
    ],
)
def test_of_any_characters_one_will_do_and_is_given_back_as_it_was(chosen: str) -> None:
    assert check_password(chosen, ("Marguerite Lindqvist", "m@example.com")) == chosen


@pytest.mark.parametrize(
    "chosen", ["practicerunner1", "PracticeRunner!", "Marguerite12", "1qaz2wsx3edc", "SONYERICSSON"]
)
def test_what_others_would_try_will_not_do(chosen: str) -> None:
    with pytest.raises(UserError):
        check_password(chosen, ("Marguerite Lindqvist", "m@example.com"))


def test_it_is_changed_by_whoever_knows_it_and_other_browsers_are_signed_out(
    site: Site, person: Person
) -> None:
    person.inside()
    other = Person(site)
    other.key = person.key
    other.sign_in()
    other.prove()
    page = person.get("/account/password").text
    assert page.count('type="password"') == 2
    assert 'autocomplete="current-password"' in page
    assert 'autocomplete="new-password"' in page
    answer = person.post("/account/password", current=PASSWORD, password=NEW)
    assert answer.headers["location"] == "/account#password"
    assert [each.subject for each in letters(site)] == ["Your password was changed"]
    assert person.get("/account").status_code == 200
    assert other.get("/account").status_code == 303
    assert Person(site).sign_in().status_code == 422
    assert Person(site).sign_in(NEW).status_code == 303


def test_nobody_changes_it_who_does_not_know_it_or_gave_no_code_just_now(
    site: Site, person: Person
) -> None:
    person.inside()
    answer = person.post("/account/password", current="a guess of twelve", password=NEW)
    assert (answer.status_code, "not your password now" in words_on(answer)) == (422, True)
    weak = person.post("/account/password", current=PASSWORD, password="short")
    assert (weak.status_code, "12 characters" in words_on(weak)) == (422, True)
    guesses = [person.post("/account/password", current=f"guess {n}") for n in range(10)]
    assert guesses[-1].status_code == 429
    thief = Person(site)
    thief.sign_in()
    assert thief.post("/account/password", current=PASSWORD, password=NEW).status_code == 303
    site.clock.forward(minutes=16)
    stale = person.get("/account/password")
    assert stale.headers["location"] == "/account/second-factor?next=%2Faccount%2Fpassword"
    assert letters(site) == []
    assert Person(site).sign_in().status_code == 303

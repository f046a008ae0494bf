"""A practice signs up: the agreement it accepted is kept, and nothing holds before the letter."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from hosted.account import content
from hosted.account.queries import places
from hosted.account.rules.secrets import address_hash
from hosted.account.tables import Acceptance, Login
from hosted.store.engine import Database, For
from tests.hosted.account.conftest import (
    ADDRESS,
    PASSWORD,
    Person,
    key_of,
    letters,
    link_of,
    words_on,
)
from tests.hosted.web.conftest import Site


def login_of(site: Site, address: str = ADDRESS) -> Login:
    """Return the person with an address."""
    with site.services.database.read(For(token=address_hash(address))) as session:
        return session.scalars(
            select(Login).where(Login.address_hash == address_hash(address))
        ).one()


NAMES = (
    "عيادة الشارع",
    "Alder Street Therapy",
    "杉並カウンセリング",
    "Praxis <b>&\"Söhne'",
    "🌲 & Co",
)


def test_a_practice_of_any_name_signs_up(site: Site, stored: Database) -> None:
    # The embedded database keeps a single practice.
    names = NAMES[:1] if stored.dialect == "sqlite" else NAMES
    for number, name in enumerate(names):
        person = Person(site, f"{number}@example.com")
        person.confirmed(practice_name=name)
        login = login_of(site, person.address)
        (place,) = places(site.services.database, login.id)
        assert (place.name, place.zone, place.role) == (name, "America/Los_Angeles", "OWNER")
        person.sign_in()
        person.set_up()
        assert name in words_on(person.get("/account"))


def test_who_accepted_which_text_and_when_is_kept(site: Site, person: Person) -> None:
    shown = words_on(person.get("/account/sign-up"))
    accepted_at = site.clock.now()
    person.sign_up()
    site.clock.forward(hours=3)
    (letter,) = letters(site)
    person.confirm(letter)
    login = login_of(site)
    with site.services.database.read(For(login=login.id)) as session:
        kept = session.scalars(select(Acceptance)).one()
    agreement = content.agreement_of(kept.text_hash)
    assert agreement is not None
    assert agreement.paragraphs[0] in shown
    assert (kept.name, kept.accepted_at) == ("Marguerite Lindqvist", accepted_at)
    assert (kept.text, kept.login_id) == (agreement.version, login.id)


def test_another_text_than_the_one_shown_is_not_accepted(site: Site, person: Person) -> None:
    answer = person.sign_up(agreement="ab" * 32)
    assert answer.status_code == 422
    assert "The agreement has changed." in words_on(answer)
    assert letters(site) == []


def test_nothing_holds_before_the_address_is_confirmed_and_the_link_works_once(
    site: Site, person: Person
) -> None:
    person.sign_up()
    assert person.sign_in().status_code == 422
    (letter,) = letters(site)
    assert (letter.to, "Alder" in letter.text) == (ADDRESS, False)
    # Programs that look at letters open their links: that alone does nothing.
    assert person.get(link_of(letter).removeprefix(site.address)).status_code == 200
    assert person.sign_in().status_code == 422
    assert person.confirm(letter).status_code == 200
    assert person.confirm(letter).status_code == 410
    assert person.sign_in().status_code == 303


def test_a_link_lasts_a_day(site: Site, person: Person) -> None:
    person.sign_up()
    (letter,) = letters(site)
    site.clock.forward(hours=24)
    assert person.get(f"/account/confirm?key={key_of(letter)}").status_code == 410
    assert person.confirm(letter).status_code == 410


def test_a_page_tells_nobody_whether_an_address_has_signed_up(
    site: Site, stored: Database, person: Person
) -> None:
    if stored.dialect == "sqlite":
        pytest.skip("the embedded database keeps a single practice")
    person.confirmed()
    stranger = Person(site, ADDRESS.upper())
    other = Person(site, "somebody@else.example")
    told = [each.sign_up(practice_name="Mine") for each in (stranger, other)]
    assert {(each.status_code, each.headers["location"]) for each in told} == {
        (303, "/account/sign-up/sent")
    }
    known, new = letters(site)
    assert "which has one already" in known.text
    assert "confirm it" in new.text
    assert person.sign_in().status_code == 303


def test_of_two_who_sign_up_with_one_address_the_first_to_confirm_has_it(
    site: Site, stored: Database, person: Person
) -> None:
    if stored.dialect == "sqlite":
        pytest.skip("the embedded database keeps a single practice")
    stranger = Person(site)
    stranger.sign_up(password="not the owner's password")
    person.sign_up()
    theirs, mine = letters(site)
    # A letter that somebody else caused: a click begins nothing, for want of the password.
    assert person.confirm(theirs).status_code == 422
    assert person.confirm(mine).status_code == 200
    assert person.confirm(theirs, "not the owner's password").status_code == 409
    assert person.sign_in("not the owner's password").status_code == 422
    assert person.sign_in().status_code == 303


def test_the_embedded_database_takes_one_practice(
    site: Site, stored: Database, person: Person
) -> None:
    if stored.dialect != "sqlite":
        pytest.skip("PostgreSQL takes many")
    first, second = Person(site), Person(site, "second@example.com")
    assert (first.sign_up().status_code, second.sign_up().status_code) == (303, 303)
    mine, theirs = letters(site)
    assert first.confirm(mine).status_code == 200
    assert second.confirm(theirs).status_code == 409
    assert second.get("/account/sign-up").status_code == 409
    assert second.sign_up().status_code == 409


WRONG = [
    ("practice_name", "", "Say what your practice is called."),
    ("practice_name", "\u202e\u200b", "Say what your practice is called."),
    ("name", " ", "Say your name."),
    ("name", "x" * 101, "100 fit here"),
    ("address", "nobody", "looks like name@example.com"),
    ("address", "a@b.example\nBcc: c@d.example", "looks like name@example.com"),
    ("zone", "Mars/Olympus", "Choose a time zone"),
    ("password", "short", "12 characters or more"),
    ("password", "x" * 201, "at most 200"),
    ("password", "Password1234", "Others try this one early"),
    ("password", "Sony Ericsson", "Others try this one early"),
    ("password", "1qaz2wsx3edc", "Others try this one early"),
    ("password", "aaaaaaaaaaaaaaaa", "Others try this one early"),
    ("password", "Marguerite2026", "Leave your name, address and practice out"),
    ("agree", "", "check the box"),
]


def test_what_can_be_mended_is_said_at_its_field(site: Site, person: Person) -> None:
    for field, said, sentence in WRONG:
        answer = person.sign_up(**{field: said})
        assert answer.status_code == 422, (field, said)
        assert sentence in words_on(answer)
        assert f'aria-describedby="{field}-mistake"' in answer.text
        assert PASSWORD not in answer.text
        # Nothing was kept and nobody gets a letter.
        assert letters(site) == []


def test_all_that_is_to_be_mended_is_said_at_once(person: Person) -> None:
    answer = person.post("/account/sign-up", practice_name="<script>alert(1)</script>")
    assert answer.status_code == 422
    for field in ("name", "address", "zone", "password", "agree"):
        assert f'id="{field}-mistake"' in answer.text
    assert "<script" not in answer.text


def test_every_letter_is_plain_ascii_with_its_links_on_lines_of_their_own() -> None:
    link, other = "https://account.example/account/x?key=" + "k" * 43, "https://account.example/y"
    for letter in (
        content.confirm_letter("a@b.example", link),
        content.known_letter("a@b.example", link, other),
        content.reset_letter("a@b.example", link),
        content.changed_letter("a@b.example", link),
        content.factor_letter("a@b.example", link),
        content.computer_letter("a@b.example", link),
        content.passkey_added_letter("a@b.example", link),
        content.passkey_removed_letter("a@b.example", link),
    ):
        assert letter.text.isascii()
        assert letter.subject.isascii()
        assert link in letter.text.splitlines()

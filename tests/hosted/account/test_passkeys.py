"""Passkeys: one opens the account alone; nothing else that looks like one opens anything."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from sqlalchemy import select

from hosted.account.commands.sweeping import sweep
from hosted.account.queries import passkeys, second_factor_of
from hosted.account.rules.passkeys import party_of
from hosted.account.tables import Passkey, PasskeyChallenge
from hosted.store.engine import Database, For
from tests.hosted.account.conftest import ADDRESS, PASSWORD, Person, letters, words_on
from tests.hosted.account.test_signing_up import login_of
from tests.hosted.conftest import as_asked
from tests.hosted.web.conftest import Site
from tests.support.authenticator import Authenticator, Key, bytes_of, text_of

WRONG = "That passkey does not open this account."
NOT_MADE = "No passkey was made."


BOTH = pytest.mark.parametrize("stored", ["sqlite", "postgresql"], indirect=True)
SEVERAL_PEOPLE = pytest.mark.parametrize("stored", ["postgresql"], indirect=True)


@pytest.fixture
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """The embedded database where a test asks for no other: most here knows none."""
    yield from as_asked(request, tmp_path)


class Holder(Person):
    """Somebody with passkeys, who asks for the site by a name: no number has any."""

    def __init__(self, site: Site, address: str = ADDRESS) -> None:
        super().__init__(site, address)
        self.origin = site.address.replace("127.0.0.1", "localhost")
        self.client.base_url = self.origin
        self.client.headers["Origin"] = self.origin
        self.things = Authenticator()

    def asked(self, path: str) -> dict[str, Any]:
        """Return what a page asks the browser."""
        answer = self.post(f"{path}/ask")
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    def add(self, name: str = "Laptop", **said: str) -> httpx2.Response:
        """Make a passkey."""
        answer = self.things.create(self.asked("/account/passkeys/new"), self.origin)
        return self.post("/account/passkeys/new", name=name, answer=answer, **said)

    def open(self, answer: str | None = None, **said: str) -> httpx2.Response:
        """Sign in with the passkey alone."""
        signed = answer or self.things.get(self.asked("/account/sign-in/passkey"), self.origin)
        return self.post("/account/sign-in/passkey", answer=signed, **said)

    def give(self, answer: str | None = None) -> httpx2.Response:
        """Give the passkey as second factor."""
        path = "/account/second-factor/passkey"
        signed = answer or self.things.get(self.asked(path), self.origin)
        return self.post("/account/second-factor/passkey", answer=signed)

    def another(self) -> Holder:
        """Return another browser that reaches the same passkeys."""
        other = Holder(self.site, self.address)
        other.things = self.things
        return other

    def is_in(self) -> bool:
        """Return whether the account opens."""
        return self.get("/account").status_code == 200


@pytest.fixture
def person(site: Site) -> Holder:
    """Somebody who has not signed up."""
    return Holder(site)


def only_row(site: Site) -> Passkey:
    with site.services.database.read(For(login=login_of(site).id)) as session:
        return session.scalars(select(Passkey)).one()


# Adding.


@BOTH
def test_a_passkey_is_a_second_factor_from_the_start_and_opens_the_account_alone(
    site: Site, person: Holder
) -> None:
    person.confirmed()
    person.sign_in()
    assert "Use a passkey" in words_on(person.get("/account/second-factor/new"))
    made = person.add()
    assert "Keep your recovery codes" in words_on(made)
    assert [each.subject for each in letters(site)] == ["A passkey was added to your account"]
    words = words_on(person.get("/account"))
    assert "No authenticator app, 1 passkey and 10 unused recovery codes." in words
    other = person.another()
    assert other.open(next="/account").headers["location"] == "/account"
    assert other.is_in()
    assert "last used" in words_on(other.get("/account"))
    with site.services.database.read(For(login=login_of(site).id)) as session:
        assert second_factor_of(session, login_of(site).id) == "passkey"


def test_one_more_is_added_beside_the_app_after_a_code_just_now(site: Site, person: Holder) -> None:
    person.inside()
    with site.services.database.read(For(login=login_of(site).id)) as session:
        assert second_factor_of(session, login_of(site).id) == "code app"
    codes = list(person.codes)
    assert person.add("Marguerite’s phone").headers["location"] == "/account#second-factor"
    assert "Marguerite’s phone" in words_on(person.get("/account"))
    # The recovery codes are those that were kept.
    other = Person(site)
    other.sign_in()
    assert other.prove(codes[0]).status_code == 303
    for _ in range(2):
        site.clock.forward(minutes=14)
        assert person.is_in()
    assert (
        person.get("/account/passkeys/new")
        .headers["location"]
        .startswith("/account/second-factor?next=")
    )
    assert person.post("/account/passkeys/new/ask").status_code == 303


def test_a_password_alone_adds_none_beside_a_second_factor(site: Site, person: Holder) -> None:
    person.inside()
    thief = Holder(site)
    thief.sign_in()
    for path in ("/account/passkeys/new", "/account/passkeys/new/ask"):
        answer = thief.get(path) if path.endswith("new") else thief.post(path)
        assert answer.headers["location"].startswith("/account/second-factor")
    assert letters(site) == []


def test_what_a_browser_is_asked_demands_the_finger_and_a_key_that_is_found_without_a_name(
    site: Site, person: Holder
) -> None:
    person.confirmed()
    person.sign_in()
    asked = person.asked("/account/passkeys/new")
    assert asked["rp"] == {"id": "localhost", "name": "PracticeRunner"}
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["attestation"] == "none"
    assert len(bytes_of(asked["challenge"])) == 32
    person.add()
    known = person.asked("/account/passkeys/new")["excludeCredentials"]
    assert [each["id"] for each in known] == [text_of(person.things.keys[0].id)]
    asked = person.another().asked("/account/sign-in/passkey")
    assert (asked["userVerification"], asked["rpId"]) == ("required", "localhost")
    assert asked["allowCredentials"] == []


def test_a_name_is_asked_for_and_nothing_of_it_is_taken_for_markup(
    site: Site, person: Holder
) -> None:
    person.inside()
    for name, sentence in (("", "Say what you want to call it"), ("x" * 61, "60 fit here")):
        answer = person.add(name)
        assert (answer.status_code, sentence in words_on(answer)) == (422, True)
    assert person.add('<b>"Täschchen"</b> 🌲').status_code == 303
    page = person.get("/account")
    assert "<b>" not in page.text
    assert '<b>"Täschchen"</b> 🌲' in words_on(page)


def test_at_a_number_no_passkeys_are_offered(site: Site) -> None:
    person = Person(site)
    person.inside()
    assert "passkey" not in person.get("/account").text
    assert person.get("/account/passkeys/new").status_code == 404
    assert person.post("/account/sign-in/passkey/ask").status_code == 404
    assert "script" not in person.get("/account/sign-in").text


@pytest.mark.parametrize(
    ("site_address", "party"),
    [
        ("https://account.example", "account.example"),
        ("http://localhost:8323", "localhost"),
        ("http://127.0.0.1:8323", None),
        ("http://[::1]:8323", None),
    ],
)
def test_keys_answer_to_the_name_of_the_site(site_address: str, party: str | None) -> None:
    assert party_of(site_address) == party


# Signing in, and what does not.


@pytest.fixture
def holder(person: Holder) -> Holder:
    """Somebody with one passkey and nothing else, signed in."""
    person.confirmed()
    person.sign_in()
    person.add()
    letters(person.site)
    return person


def test_as_second_factor_it_opens_what_the_password_left_shut(site: Site, holder: Holder) -> None:
    other = holder.another()
    assert other.sign_in().headers["location"] == "/account/second-factor"
    assert "Use a passkey" in words_on(other.get("/account/second-factor"))
    before = other.client.cookies["session"]
    assert other.give().status_code == 303
    assert other.is_in()
    assert other.client.cookies["session"] != before


def test_a_recovery_code_stands_in_for_a_passkey(site: Site, person: Holder) -> None:
    person.confirmed()
    person.sign_in()
    codes = re.findall(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>", person.add().text)
    other = Holder(site)
    other.sign_in()
    assert "recovery code" in words_on(other.get("/account/second-factor"))
    assert other.prove(codes[0]).status_code == 303
    assert other.is_in()


def test_an_answer_is_taken_once(holder: Holder) -> None:
    other, third = holder.another(), holder.another()
    answer = holder.things.get(other.asked("/account/sign-in/passkey"), holder.origin)
    assert other.open(answer).status_code == 303
    replayed = third.open(answer)
    assert (replayed.status_code, WRONG in words_on(replayed)) == (422, True)
    assert not third.is_in()


def test_a_wrong_answer_uses_the_challenge_up(holder: Holder) -> None:
    other = holder.another()
    asked = other.asked("/account/sign-in/passkey")
    assert other.open(holder.things.get(asked, "https://evil.example")).status_code == 422
    assert other.open(holder.things.get(asked, holder.origin)).status_code == 422


@BOTH
def test_a_challenge_waits_for_five_minutes_and_is_forgotten(
    site: Site, stored: Database, holder: Holder
) -> None:
    other = holder.another()
    asked = other.asked("/account/sign-in/passkey")
    site.clock.forward(minutes=5)
    assert other.open(holder.things.get(asked, holder.origin)).status_code == 422
    other.asked("/account/sign-in/passkey")
    if stored.dialect == "sqlite":  # which hides no row, so that all can be counted
        site.clock.forward(days=31)
        sweep(site.services.account)
        with stored.read(For()) as session:
            assert session.scalars(select(PasskeyChallenge)).all() == []


@BOTH
def test_what_was_asked_for_one_thing_answers_no_other(site: Site, holder: Holder) -> None:
    other = holder.another()
    to_sign_in = other.asked("/account/sign-in/passkey")
    other.sign_in()
    assert other.give(holder.things.get(to_sign_in, holder.origin)).status_code == 422
    to_prove = other.asked("/account/second-factor/passkey")
    assert other.open(holder.things.get(to_prove, holder.origin)).status_code == 422
    # Nor what another browser was asked.
    third = holder.another()
    third.sign_in()
    to_prove = other.asked("/account/second-factor/passkey")
    assert third.give(holder.things.get(to_prove, holder.origin)).status_code == 422
    assert not third.is_in()
    # Nor what the same session was asked for something else.
    to_prove = holder.asked("/account/second-factor/passkey")
    made = holder.things.create(
        {**to_prove, "rp": {"id": "localhost"}, "user": {"id": ""}}, holder.origin
    )
    assert holder.post("/account/passkeys/new", name="x", answer=made).status_code == 422
    to_add = holder.things.create(holder.asked("/account/passkeys/new"), holder.origin)
    site.clock.forward(seconds=1)
    fourth = holder.another()
    fourth.open()
    answer = fourth.post("/account/passkeys/new", name="Planted", answer=to_add)
    assert (answer.status_code, NOT_MADE in words_on(answer)) == (422, True)


def test_an_answer_for_another_page_is_worth_nothing(holder: Holder) -> None:
    for origin in (
        "https://evil.example",
        holder.origin.replace("localhost", "localhost.evil.example"),
        holder.origin + "1",
        "",
    ):
        other = holder.another()
        asked = other.asked("/account/sign-in/passkey")
        assert other.open(holder.things.get(asked, origin)).status_code == 422
        made = holder.things.create(holder.asked("/account/passkeys/new"), origin)
        assert holder.post("/account/passkeys/new", name="x", answer=made).status_code == 422
    framed = holder.things.create(
        holder.asked("/account/passkeys/new"), holder.origin, crossOrigin=True
    )
    assert holder.post("/account/passkeys/new", name="x", answer=framed).status_code == 422


def test_a_key_for_another_name_is_worth_nothing(holder: Holder) -> None:
    key = holder.things.keys[0]
    key.party = "evil.example"
    assert holder.another().open().status_code == 422


def test_without_the_finger_it_is_worth_nothing(holder: Holder) -> None:
    holder.things.verifies = False
    assert holder.another().open().status_code == 422
    other = holder.another()
    other.sign_in()
    assert other.give().status_code == 422
    assert holder.add().status_code == 422


def test_a_copy_of_a_key_is_noticed_by_its_count(holder: Holder) -> None:
    for _ in range(3):
        assert holder.another().open().status_code == 303
    holder.things.keys[0].count = 1
    assert holder.another().open().status_code == 422


def test_a_key_that_does_not_count_is_taken(holder: Holder) -> None:
    holder.things.counts = False
    for _ in range(2):
        assert holder.another().open().status_code == 303


def test_a_signature_of_another_key_is_worth_nothing(site: Site, holder: Holder) -> None:
    mine = holder.things.keys[0]
    forged = Key(mine.party, mine.user, mine.id)
    other = holder.another()
    asked = other.asked("/account/sign-in/passkey")
    assert other.open(holder.things.get(asked, holder.origin, forged)).status_code == 422
    unknown = Key(mine.party, mine.user)
    asked = other.asked("/account/sign-in/passkey")
    assert other.open(holder.things.get(asked, holder.origin, unknown)).status_code == 422
    # A key of somebody is not a key of everybody.
    handed = Key(mine.party, b"\0" * 16, mine.id, mine.private)
    asked = other.asked("/account/sign-in/passkey")
    assert other.open(holder.things.get(asked, holder.origin, handed)).status_code == 422


@SEVERAL_PEOPLE
def test_another_persons_passkey_opens_and_takes_nothing(site: Site, holder: Holder) -> None:
    stranger = Holder(site, "stranger@else.example")
    stranger.confirmed()
    stranger.sign_in()
    stranger.add()
    letters(site)
    thief = holder.another()
    thief.sign_in()
    asked = thief.asked("/account/second-factor/passkey")
    assert thief.give(stranger.things.get(asked, holder.origin)).status_code == 422
    # Their key with the owner's name in it.
    key = stranger.things.keys[0]
    named = Key(key.party, holder.things.keys[0].user, key.id, key.private, key.count)
    assert thief.open(
        stranger.things.get(thief.asked("/account/sign-in/passkey"), holder.origin, named)
    ).status_code == 422  # fmt: skip
    assert not thief.is_in()
    # Nor can a key that somebody has be added to another account.
    asked = stranger.asked("/account/passkeys/new")
    made = json.loads(stranger.things.create(asked, holder.origin))
    taken = holder.things.keys[0].id
    raw = bytes_of(made["response"]["attestationObject"]).replace(
        stranger.things.keys[-1].id, taken
    )
    made["response"]["attestationObject"] = text_of(raw)
    made["id"] = made["rawId"] = text_of(taken)
    answer = stranger.post("/account/passkeys/new", name="x", answer=json.dumps(made))
    assert answer.status_code == 422
    mine = only_row(site)
    removed = stranger.post(f"/account/passkeys/{mine.id}/remove")
    assert removed.status_code in {404, 409}
    assert holder.another().open().status_code == 303


def test_of_two_people_in_one_practice_each_proves_with_keys_of_their_own(
    site: Site, holder: Holder
) -> None:
    site.clock.forward(seconds=1)
    holder.add("Phone")
    key, row = holder.things.keys[0], passkeys(site.services.database, login_of(site).id)[0]
    with site.services.database.write(For(login=login_of(site).id)) as session:
        session.get_one(Passkey, row.id).login_id = uuid4()
    thief = holder.another()
    thief.sign_in()
    asked = thief.asked("/account/second-factor/passkey")
    answer = holder.things.get(asked, holder.origin, key)
    assert thief.post("/account/second-factor/passkey", answer=answer).status_code == 422
    assert not thief.is_in()


def test_signing_in_ends_the_session_that_the_browser_had(site: Site, holder: Holder) -> None:
    before = holder.client.cookies["session"]
    assert holder.open().status_code == 303
    thief = Holder(site)
    thief.client.cookies.set("session", before, domain="localhost.local")
    assert not thief.is_in()
    assert holder.is_in()


# Removing.


@BOTH
def test_a_removed_passkey_opens_nothing_and_ends_other_sessions(
    site: Site, holder: Holder
) -> None:
    kept = holder.things.keys[0]
    other = holder.another()
    other.open()
    site.clock.forward(seconds=1)
    assert holder.add("Phone").status_code == 303
    letters(site)
    shown = holder.get("/account").text
    paths = [each.partition('"')[0] for each in shown.split('action="/account/passkeys/')[1:]]
    assert len(paths) == 2
    assert holder.post(f"/account/passkeys/{paths[0]}").status_code == 303
    assert [each.subject for each in letters(site)] == ["A passkey was removed from your account"]
    assert holder.is_in()
    assert not other.is_in()
    asked = other.asked("/account/sign-in/passkey")
    assert other.open(holder.things.get(asked, holder.origin, kept)).status_code == 422
    phone = holder.things.keys[1]
    asked = other.asked("/account/sign-in/passkey")
    assert other.open(holder.things.get(asked, holder.origin, phone)).status_code == 303
    assert holder.post(f"/account/passkeys/{paths[0]}").status_code in {404, 409}


def test_the_last_second_factor_stays(site: Site, holder: Holder) -> None:
    assert "/remove" not in holder.get("/account").text
    answer = holder.post(f"/account/passkeys/{only_row(site).id}/remove")
    assert (answer.status_code, "only second factor" in words_on(answer)) == (409, True)
    assert holder.another().open().status_code == 303
    holder.set_up()
    assert holder.post(f"/account/passkeys/{only_row(site).id}/remove").status_code == 303
    assert holder.another().open().status_code == 422


def test_removing_one_needs_the_second_factor_just_now(site: Site, holder: Holder) -> None:
    holder.set_up()
    path = f"/account/passkeys/{only_row(site).id}/remove"
    site.clock.forward(minutes=16)
    assert holder.post(path).headers["location"].startswith("/account/second-factor")
    thief = Holder(site)
    thief.sign_in()
    assert thief.post(path).headers["location"].startswith("/account/second-factor")
    assert only_row(site).name == "Laptop"


# Noise.


def test_what_is_no_answer_is_refused_on_a_page(holder: Holder) -> None:
    for said in ("", "{}", "[]", "null", "planted", "[" * 9000, '{"id": 1}', '{"id":"\\ud800"}'):
        other = holder.another()
        answer = other.open(said or " ")
        assert answer.status_code == 422, said
        assert "planted" not in answer.text
        answer = holder.post("/account/passkeys/new", name="x", answer=said)
        assert answer.status_code == 422, said


def test_letters_and_pages_hold_no_key(site: Site, holder: Holder) -> None:
    credential = text_of(holder.things.keys[0].id)
    assert credential not in holder.get("/account").text
    holder.post("/account/reset", address=ADDRESS)
    for secret in (credential, ADDRESS, PASSWORD):
        assert secret not in site.logged.getvalue()

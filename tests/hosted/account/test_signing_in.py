"""Signing in takes a password and a code; a million tries lead nowhere and cost nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import select

from hosted.account.commands import second_factor, sessions
from hosted.account.commands.means import Means, Refused
from hosted.account.queries import visitor
from hosted.account.rules.lasting import MOST_BROWSERS
from hosted.account.rules.passwords import Busy, Hashing
from hosted.account.tables import RecoveryCode, WebSession
from hosted.store.engine import For
from hosted.web.rates import Rate, Rates, origin_of
from tests.hosted.account.conftest import ADDRESS, PASSWORD, Person, key_on, letters, words_on
from tests.hosted.account.test_signing_up import login_of
from tests.hosted.web.conftest import Site

PAGES = ("/account", "/account/connect?state=x", "/account/second-factor/new")


def test_a_password_alone_opens_nothing_but_the_second_factor(site: Site, person: Person) -> None:
    person.confirmed()
    answer = person.sign_in()
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/second-factor")
    assert person.get("/account").headers["location"] == "/account/second-factor/new"
    assert person.get("/account/second-factor").headers["location"] == (
        "/account/second-factor/new"
    )
    person.set_up()
    assert person.get("/account").status_code == 200


def test_with_a_second_factor_the_password_neither_opens_nor_replaces_it(
    site: Site, person: Person
) -> None:
    person.inside()
    thief = Person(site)
    thief.sign_in()
    for path in PAGES:
        assert thief.get(path).headers["location"].startswith("/account/second-factor")
    assert "key" not in thief.get("/account/second-factor/new").text
    assert thief.post("/account/second-factor/new", code="123456").status_code == 303
    assert thief.post("/account/recovery-codes").status_code == 303
    assert thief.prove("123456").status_code == 422
    assert thief.get("/account").status_code == 303


def test_whatever_page_asks_a_password_alone_sets_no_second_factor_up(
    site: Site, person: Person
) -> None:
    person.inside()
    thief = Person(site)
    thief.sign_in()
    means = site.services.account
    who = visitor(means.database, thief.client.cookies["session"], means.now())
    assert who is not None
    for act in (
        lambda: second_factor.offer(means, who),
        lambda: second_factor.take_up(means, who, person.code(), site.address),
        lambda: second_factor.renew_codes(means, who),
    ):
        with pytest.raises(Refused):
            act()


def test_the_wrong_address_and_the_wrong_password_are_told_alike(
    site: Site, person: Person
) -> None:
    person.confirmed()
    wrong, unknown = person.sign_in("something else"), Person(site, "a@b.example").sign_in()
    assert (wrong.status_code, unknown.status_code) == (422, 422)
    sentence = "The address or the password is not right."
    assert sentence in words_on(wrong)
    assert sentence in words_on(unknown)


def test_an_unknown_address_costs_a_hash_too(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    checked = []

    def fits(_self: Hashing, kept: str, _password: str) -> bool:
        checked.append(kept)
        return False

    monkeypatch.setattr(Hashing, "fits", fits)
    with pytest.raises(Refused):
        sessions.sign_in(site.services.account, "nobody@example.com", "x", "")
    assert checked == [site.services.account.hashing.nobodys]


def test_a_hash_costs_what_it_must() -> None:
    hashing = Hashing()
    kept = hashing.hash(PASSWORD)
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert hashing.fits(kept, PASSWORD)
    assert not hashing.fits(kept, PASSWORD + " ")
    assert not hashing.fits("nonsense", PASSWORD)


def test_a_hash_of_other_costs_is_renewed_at_the_next_sign_in(site: Site, person: Person) -> None:
    person.confirmed()
    before, means = login_of(site).password, site.services.account
    dearer = Means(means.database, means.clock, means.seal, Hashing(memory_kib=16, passes=1))
    sessions.sign_in(dearer, ADDRESS, PASSWORD, "")
    after = login_of(site).password
    assert (before[:20], after[:20]) == ("$argon2id$v=19$m=8,t", "$argon2id$v=19$m=16,")
    assert person.sign_in().status_code == 303


# The second factor.


def test_a_code_is_taken_once_and_none_before_it_ever_again(site: Site, person: Person) -> None:
    person.inside()
    used = person.code()
    other = Person(site)
    other.key = person.key
    other.sign_in()
    assert other.prove(used).status_code == 422
    assert "each works once" in words_on(other.prove(used))
    site.clock.forward(seconds=30)
    # The code of the step before is still within a clock's drift, and still spent.
    assert other.prove(used).status_code == 422
    assert other.prove().status_code == 303
    assert other.get("/account").status_code == 200


def test_what_is_no_code_opens_nothing(site: Site, person: Person) -> None:
    person.inside()
    other = Person(site)
    other.sign_in()
    for wrong in ("", "12345", "abcdef", "٠٠٠٠٠٠", "0" * 400):
        assert other.post("/account/second-factor", code=wrong).status_code == 422


def test_each_recovery_code_stands_in_once(site: Site, person: Person) -> None:
    person.inside()
    assert len(set(person.codes)) == 10
    login = login_of(site)
    with site.services.database.read(For(login=login.id)) as session:
        kept = session.scalars(select(RecoveryCode)).all()
    hashing = site.services.account.hashing
    # 49 bits are found in a minute behind a quick hash: OWASP ASVS 5, 6.5.2.
    assert {each.code_hash for each in kept} == set(hashing.hash_with(kept[0].salt, person.codes))
    assert len({each.salt for each in kept}) == 1 < len(kept[0].salt)
    other = Person(site)
    other.sign_in()
    assert other.prove(person.codes[0].upper().replace("-", " ")).status_code == 303
    assert "9 unused recovery codes" in words_on(other.get("/account"))
    third = Person(site)
    third.sign_in()
    assert third.prove(person.codes[0]).status_code == 422
    assert third.prove(person.codes[1]).status_code == 303


def test_new_recovery_codes_end_the_old_ones(site: Site, person: Person) -> None:
    person.inside()
    assert person.post("/account/recovery-codes").status_code == 200
    other = Person(site)
    other.sign_in()
    assert other.prove(person.codes[0]).status_code == 422


def test_another_app_needs_a_code_of_the_first_just_now_and_is_told_by_letter(
    site: Site, person: Person
) -> None:
    person.inside()
    other = Person(site)
    other.key = person.key
    other.sign_in()
    other.prove()
    for _ in range(3):
        site.clock.forward(minutes=14)
        assert person.get("/account").status_code == 200
    stale = person.get("/account/second-factor/new")
    assert stale.headers["location"].startswith("/account/second-factor?next=")
    assert person.prove().status_code == 303
    old = person.key
    person.key = key_on(person.get("/account/second-factor/new"))
    assert person.key != old
    assert person.post("/account/second-factor/new", code=person.code()).status_code == 200
    assert [letter.subject for letter in letters(site)] == ["Your authenticator app was changed"]
    assert person.get("/account").status_code == 200
    assert other.get("/account").status_code == 303


def test_the_key_lies_sealed(site: Site, person: Person) -> None:
    person.inside()
    sealed = login_of(site).totp
    assert sealed is not None
    assert person.key.encode() not in sealed


# Sessions.


def test_a_session_ends_by_itself(site: Site, person: Person) -> None:
    person.inside()
    for _ in range(25):
        site.clock.forward(minutes=28)
        assert person.get("/account").status_code == 200
    site.clock.forward(minutes=25)
    assert person.get("/account").headers["location"] == "/account/sign-in"


def test_a_session_left_alone_ends_after_half_an_hour(site: Site, person: Person) -> None:
    person.inside()
    site.clock.forward(minutes=30)
    assert person.get("/account").status_code == 303


def test_a_session_that_waits_for_its_code_ends_after_ten_minutes(
    site: Site, person: Person
) -> None:
    person.inside()
    other = Person(site)
    other.key = person.key
    other.sign_in()
    site.clock.forward(minutes=10)
    assert other.prove().headers["location"] == "/account/sign-in"


def test_the_secret_changes_with_the_second_factor_and_is_kept_as_a_hash(
    site: Site, person: Person
) -> None:
    person.confirmed()
    person.sign_in()
    before = person.client.cookies["session"]
    person.set_up()
    after = person.client.cookies["session"]
    means = site.services.account
    assert visitor(means.database, before, means.now()) is None
    assert visitor(means.database, after, means.now()) is not None
    with means.database.read(For(login=login_of(site).id)) as session:
        (kept,) = session.scalars(select(WebSession)).all()
    assert after.encode() not in kept.token_hash


def test_signing_out_ends_the_session_for_good(site: Site, person: Person) -> None:
    person.inside()
    secret = person.client.cookies["session"]
    assert person.post("/account/sign-out").headers["location"] == "/account/sign-in"
    thief = Person(site)
    thief.client.cookies["session"] = secret
    assert thief.get("/account").headers["location"] == "/account/sign-in"


def test_signing_in_ends_the_session_that_the_browser_had(site: Site, person: Person) -> None:
    person.inside()
    before = person.client.cookies["session"]
    assert person.sign_in().status_code == 303
    thief = Person(site)
    thief.client.cookies["session"] = before
    assert thief.get("/account").headers["location"] == "/account/sign-in"


def test_of_more_than_twenty_browsers_the_one_longest_unseen_is_signed_out(
    site: Site, person: Person
) -> None:
    person.inside()
    first = person.client.cookies["session"]
    means = site.services.account
    secrets = [first]
    for _ in range(MOST_BROWSERS):
        site.clock.forward(seconds=1)
        secrets.append(sessions.sign_in(means, ADDRESS, PASSWORD, "x"))
    alive = [visitor(means.database, each, means.now()) is not None for each in secrets]
    assert alive == [False] + [True] * MOST_BROWSERS


def test_signing_others_out_needs_the_second_factor_just_now(site: Site, person: Person) -> None:
    person.inside()
    site.clock.forward(minutes=16)
    for path in ("/account/browsers/end", f"/account/browsers/{UUID(int=1)}/end"):
        assert person.post(path).headers["location"].startswith("/account/second-factor")


def test_browsers_are_listed_and_signed_out_one_by_one_or_all(site: Site, person: Person) -> None:
    person.client.headers["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"
    person.inside()
    others = [Person(site), Person(site)]
    for other in others:
        other.key = person.key
        other.client.headers["User-Agent"] = "Mozilla/5.0 (Macintosh; Intel Mac OS X) Safari/605"
        other.sign_in()
        other.prove()
    words = words_on(person.get("/account"))
    assert words.count("Safari on Mac") == 2
    assert "Firefox on Windows This one" in words
    shown = person.get("/account").text
    path = shown.partition('action="/account/browsers/')[2].partition('"')[0]
    assert person.post(f"/account/browsers/{path}").status_code == 303
    alive = [other for other in others if other.get("/account").status_code == 200]
    assert len(alive) == 1
    person.post("/account/browsers/end")
    assert alive[0].get("/account").status_code == 303
    assert person.get("/account").status_code == 200


# How often.


def test_a_stranger_who_tries_is_stopped_and_the_owner_is_not(site: Site, person: Person) -> None:
    person.inside()
    person.post("/account/sign-out")
    stranger = Person(site)
    answers = [stranger.sign_in(f"a guess of twelve {n}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    assert "Too many tries" in words_on(stranger.sign_in())
    # The browser in which the owner signed in before is counted apart.
    assert person.sign_in().status_code == 303
    # In a new browser the link of a letter opens the door.
    fresh = Person(site)
    assert fresh.sign_in().status_code == 429
    fresh.post("/account/reset", address=ADDRESS)
    (letter,) = [each for each in letters(site) if "new password" in each.subject]
    key = letter.text.partition("key=")[2].split()[0]
    fresh.post("/account/new-password", key=key, password="a quite new sentence")
    assert fresh.sign_in("a quite new sentence").status_code == 303


def test_a_million_tries_cost_nothing_and_the_door_opens_again() -> None:
    seconds = 0.0
    rates = Rates(lambda: seconds)
    begun = time.thread_time()
    tried = 100_000
    let_in = sum(rates.allows(Rate.PASSWORD, "victim", "") for _ in range(tried))
    each = (time.thread_time() - begun) / tried
    assert let_in == 10
    # A million take less than a minute of one core, spread over as long as they last.
    assert each < 60e-6
    seconds = 15 * 60.0
    assert rates.allows(Rate.PASSWORD, "victim", "")


def test_a_million_addresses_fill_no_memory() -> None:
    rates = Rates(lambda: 0.0)
    for number in range(1_000):
        rates.allows(Rate.PASSWORD, str(number), "")
    counters = rates._counters
    counters._most = 100
    for number in range(1_000):
        rates.allows(Rate.PASSWORD, str(number), "again")
    assert len(counters._counted) <= 100


def test_what_is_tried_on_and_on_is_not_forgotten_for_the_sake_of_what_was_tried_once() -> None:
    rates = Rates(lambda: 0.0)
    rates._counters._most = 100
    let_in = 0
    for number in range(1_000):
        rates.allows(Rate.PASSWORD, str(number), "")
        let_in += rates.allows(Rate.PASSWORD, "victim", "")
    assert let_in == 10


def test_hashes_are_made_a_few_at_a_time_and_whoever_floods_them_is_told_so_at_once() -> None:
    hashing = Hashing(memory_kib=8, passes=1, at_once=2)
    inside, go_on = threading.Barrier(3), threading.Event()

    def hash_slowly(_number: int) -> None:
        with hashing._turn():
            inside.wait(5)
            assert go_on.wait(5)

    with ThreadPoolExecutor(4) as threads:
        working = [threads.submit(hash_slowly, number) for number in range(2)]
        inside.wait(5)
        waiting = [threads.submit(hashing.hash, PASSWORD) for _ in range(2)]
        _until(lambda: hashing._admitted._value == 0)
        with pytest.raises(Busy):
            hashing.hash(PASSWORD)
        assert not any(each.done() for each in waiting)
        go_on.set()
        assert all(each.result(5) is None for each in working)
        assert all(each.result(5) for each in waiting)
    assert hashing.fits(hashing.hash(PASSWORD), PASSWORD)


def _until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline


def test_a_flood_of_hashes_is_answered_by_a_page_that_says_when(site: Site, person: Person) -> None:
    person.confirmed()
    hashing = site.services.account.hashing
    for _ in range(4):
        hashing._admitted.acquire()
    try:
        answer = person.sign_in()
    finally:
        for _ in range(4):
            hashing._admitted.release()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert "Busy for a moment" in words_on(answer)
    assert person.sign_in().status_code == 303


def test_codes_cannot_be_guessed(site: Site, person: Person) -> None:
    person.inside()
    other = Person(site)
    other.sign_in()
    answers = [other.prove(f"{number:06}").status_code for number in range(6)]
    assert answers == [422] * 5 + [429]


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("testclient", "testclient"),
    ],
)
def test_one_customer_is_counted_as_one(host: str, counted: str) -> None:
    assert origin_of(host) == counted

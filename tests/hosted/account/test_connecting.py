"""A computer is connected by way of the browser: codes and tokens that were copied open nothing."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import httpx2
import pytest

from hosted.account.rules.connecting import CLIENT, is_loopback, proves, read
from hosted.store.engine import Database
from tests.hosted.account.conftest import ADDRESS, Person, letters, words_on
from tests.hosted.web.conftest import Site, ask, hello

REDIRECT = "http://127.0.0.1:49152/back"
_BACK = re.compile(r'content="0; url=([^"]+)"')


@dataclass
class Program:
    """The program on a computer: what it opens in the browser, and what it brings afterwards."""

    site: Site
    name: str = "Office iMac"
    redirect: str = REDIRECT
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def asked(self) -> dict[str, str]:
        """What it opens in the browser."""
        made = hashlib.sha256(self.verifier.encode()).digest()
        return {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": self.redirect,
            "code_challenge": base64.urlsafe_b64encode(made).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "state": self.state,
            "device_name": self.name,
            "program": "0.4",
        }

    def code(self, person: Person) -> str:
        """Let a person allow it, and return the code that comes back."""
        answer = person.post("/account/connect", **self.asked, answer="yes")
        assert answer.status_code == 200, answer.text
        back = back_of(answer)
        assert back["state"] == self.state
        return back["code"]

    def token(self, **said: str) -> httpx2.Response:
        """Ask for tokens."""
        return self.site.client().post("/v1/token", data={"client_id": CLIENT, **said})

    def exchange(self, code: str, **other: str) -> httpx2.Response:
        """Bring the code."""
        said = {"code": code, "code_verifier": self.verifier, "redirect_uri": self.redirect}
        return self.token(grant_type="authorization_code", **{**said, **other})

    def renew(self, token: str) -> httpx2.Response:
        """Bring the token for renewal."""
        return self.token(grant_type="refresh_token", refresh_token=token)

    def connected(self, person: Person) -> dict[str, Any]:
        """Go all the way."""
        answer = self.exchange(self.code(person))
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told


def back_of(answer: httpx2.Response) -> dict[str, str]:
    """Return what a page sends back to the computer."""
    found = _BACK.search(answer.text)
    assert found is not None, answer.text
    return dict(parse_qsl(urlsplit(unescape(found[1])).query))


def test_a_computer_is_connected_brings_its_practice_and_a_second_one_follows(
    site: Site, person: Person
) -> None:
    person.inside()
    program = Program(site)
    page = person.client.get("/account/connect", params=program.asked)
    assert "Connect “Office iMac”?" in words_on(page)
    told = program.connected(person)
    assert (told["practice_id"], told["token_type"], told["expires_in"]) == (None, "Bearer", 3600)
    office = site.client(told["access_token"])
    practice, member = uuid4(), uuid4()
    said = {"practice_id": practice.hex, "member_id": member.hex}
    assert office.post("/v1/practices", json=said).status_code == 200
    assert office.post("/v1/practices", json=said).status_code == 200
    epoch = hello(office)["epoch"]
    second = Program(site, "MacBook Air", "http://[::1]:50000/back").connected(person)
    assert (second["practice_id"], second["member_id"]) == (practice.hex, member.hex)
    laptop = site.client(second["access_token"])
    assert ask(laptop, "pull", epoch=epoch, cursor="", rows=10).status_code == 200
    listed = laptop.get("/v1/devices").json()["devices"]
    assert [(each["name"], each["mine"]) for each in listed] == [
        ("Office iMac", False),
        ("MacBook Air", True),
    ]
    # A one-time code connects a further one, as before.
    further = site.second(laptop, "Old PC")
    assert len(further.get("/v1/devices").json()["devices"]) == 3
    words = words_on(person.get("/account"))
    assert all(name in words for name in ("Office iMac", "MacBook Air", "Old PC"))
    assert [each.subject for each in letters(site)] == [
        "A computer was connected to your account"
    ] * 3


def test_two_computers_cannot_name_two_practices_for_one_account(
    site: Site, person: Person
) -> None:
    person.inside()
    first, second = (site.client(Program(site).connected(person)["access_token"]) for _ in "ab")
    said = [{"practice_id": uuid4().hex, "member_id": uuid4().hex} for _ in "ab"]
    assert first.post("/v1/practices", json=said[0]).status_code == 200
    assert second.post("/v1/practices", json=said[1]).status_code == 409


def test_before_the_second_factor_nothing_is_connected_and_signing_in_goes_on_to_it(
    site: Site, person: Person
) -> None:
    person.confirmed()
    program = Program(site)
    path = str(httpx2.URL("/account/connect", params=program.asked))
    step = person.get(path).headers["location"]
    assert step.startswith("/account/sign-in?next=")
    onward = person.get(step).text.partition('name="next" value="')[2].partition('"')[0]
    step = person.sign_in(next=unescape(onward)).headers["location"]
    assert person.post("/account/connect", **program.asked, answer="yes").status_code == 303
    assert letters(site) == []
    step = person.get(step).headers["location"]
    assert step.startswith("/account/second-factor/new?next=")
    person.set_up()
    other = Person(site)
    other.key = person.key
    answer = other.sign_in(next=unescape(onward))
    onward = other.get(answer.headers["location"]).text.partition('"next" value="')[2]
    site.clock.forward(seconds=30)
    to = other.post(
        "/account/second-factor", code=other.code(), next=unescape(onward.partition('"')[0])
    ).headers["location"]
    assert "Connect “Office iMac”?" in words_on(other.get(to))


def test_a_person_may_say_no(site: Site, person: Person) -> None:
    person.inside()
    program = Program(site)
    answer = person.post("/account/connect", **program.asked, answer="no")
    assert back_of(answer) == {"error": "access_denied", "state": program.state}
    assert letters(site) == []


def test_what_no_program_of_ours_asks_is_answered_to_nobody(site: Site, person: Person) -> None:
    person.inside()
    for name, value in (
        ("response_type", "token"),
        ("client_id", "other"),
        ("code_challenge_method", "plain"),
        ("code_challenge", "short"),
        ("state", ""),
        ("state", "x\ny"),
        ("redirect_uri", "http://evil.example:80/back"),
        ("device_name", ""),
        ("device_name", "x" * 101),
    ):
        asked = {**Program(site).asked, name: value}
        for answer in (
            person.client.get("/account/connect", params=asked),
            person.post("/account/connect", **asked, answer="yes"),
        ):
            assert answer.status_code == 422, (name, value)
            assert "evil.example" not in answer.text
    assert letters(site) == []


@pytest.mark.parametrize(
    ("address", "fits"),
    [
        ("http://127.0.0.1:1/", True),
        ("http://127.0.0.1:65535/a/b-c_d", True),
        ("http://[::1]:8000/back", True),
        ("http://127.0.0.1/back", False),
        ("http://127.0.0.1:0/back", False),
        ("http://127.0.0.1:70000/back", False),
        ("https://127.0.0.1:80/back", False),
        ("http://localhost:80/back", False),
        ("http://127.0.0.1.evil.example:80/back", False),
        ("http://user@127.0.0.1:80/back", False),
        ("http://evil.example@127.0.0.1:80/back", False),
        ("http://127.0.0.1:80@evil.example/back", False),
        ("http://127.0.0.1:80\\@evil.example/", False),
        ("http://127.0.0.1:80/back?x=1", False),
        ("http://127.0.0.1:80/back#x", False),
        ("http://127.0.0.2:80/", False),
        ("http://2130706433:80/", False),
        ("http://[::ffff:127.0.0.1]:80/", False),
        ("http://127.0.0.1:80", False),
        ("http://127.0.0.1:8١/", False),
        ("javascript:alert(1)", False),
        ("", False),
        ("http://[", False),
    ],
)
def test_only_the_persons_own_computer_is_gone_back_to(address: str, fits: bool) -> None:
    assert is_loopback(address) is fits


def test_what_was_asked_survives_being_asked_again() -> None:
    asked = read(Program.asked.fget(Program(None)))  # type: ignore[attr-defined, arg-type]
    assert read(dict(parse_qsl(asked.query()))) == asked


def test_the_example_of_the_rfc_is_proved() -> None:
    # RFC 7636, appendix B.
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert proves("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", verifier)
    assert not proves("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", verifier[:-1] + "l")
    assert not proves("", "")


# Codes.


def test_a_code_alone_is_worth_nothing_and_lasts_a_minute(site: Site, person: Person) -> None:
    person.inside()
    program = Program(site)
    code = program.code(person)
    for other in (
        {"code_verifier": secrets.token_urlsafe(48)},
        {"code_verifier": ""},
        {"redirect_uri": "http://127.0.0.1:49153/back"},
        {"client_id": "other"},
    ):
        answer = program.exchange(code, **other)
        assert answer.status_code == 400, other
        assert answer.json()["error"] in {"invalid_grant", "invalid_client"}
    for other_code in ("x" * 43, "\u00e4", "", code + " "):
        assert program.exchange(other_code).json() == {"error": "invalid_grant"}
    assert program.exchange(code).status_code == 200
    late = Program(site)
    code = late.code(person)
    site.clock.forward(minutes=1)
    assert late.exchange(code).json() == {"error": "invalid_grant"}


def test_a_code_that_comes_twice_ends_what_it_was_exchanged_for(site: Site, person: Person) -> None:
    person.inside()
    program = Program(site)
    code = program.code(person)
    told = program.exchange(code).json()
    # Without the verifier nobody can do harm with a code that was read somewhere.
    assert program.exchange(code, code_verifier=secrets.token_urlsafe(48)).status_code == 400
    assert program.renew(told["refresh_token"]).status_code == 200
    assert program.exchange(code).status_code == 400
    assert site.client(told["access_token"]).post("/v1/codes").status_code == 401


# Tokens.


@dataclass
class Connected:
    """A computer with a practice."""

    program: Program
    told: dict[str, Any]


@pytest.fixture
def connected(site: Site, person: Person) -> Connected:
    """A computer that brought the practice of an account."""
    person.inside()
    program = Program(site)
    told = program.connected(person)
    said = {"practice_id": uuid4().hex, "member_id": uuid4().hex}
    assert site.client(told["access_token"]).post("/v1/practices", json=said).status_code == 200
    return Connected(program, told)


def opens(site: Site, told: dict[str, Any]) -> int:
    """Return what a computer's token is answered."""
    return int(site.client(told["access_token"]).get("/v1/devices").status_code)


def test_access_ends_after_an_hour_and_is_renewed_with_the_next_token(
    site: Site, connected: Connected
) -> None:
    told = connected.told
    site.clock.forward(minutes=59)
    assert opens(site, told) == 200
    site.clock.forward(minutes=1)
    assert opens(site, told) == 401
    renewed = connected.program.renew(told["refresh_token"]).json()
    assert renewed["device_id"] == told["device_id"]
    assert renewed["practice_id"] is not None
    assert opens(site, renewed) == 200
    assert renewed["refresh_token"] != told["refresh_token"]


def test_a_token_that_comes_twice_ends_the_whole_family(site: Site, connected: Connected) -> None:
    told = connected.told
    renewed = connected.program.renew(told["refresh_token"]).json()
    again = connected.program.renew(renewed["refresh_token"]).json()
    assert opens(site, again) == 200
    # Whoever copied the first one brings it now; which of the two is the thief nobody knows.
    assert connected.program.renew(told["refresh_token"]).json() == {"error": "invalid_grant"}
    assert opens(site, again) == 401
    assert connected.program.renew(again["refresh_token"]).status_code == 400


def test_a_computer_that_stays_away_for_a_quarter_signs_in_again(
    site: Site, connected: Connected
) -> None:
    site.clock.forward(days=89)
    renewed = connected.program.renew(connected.told["refresh_token"]).json()
    site.clock.forward(days=90)
    assert connected.program.renew(renewed["refresh_token"]).status_code == 400


def test_a_computer_taken_off_is_told_so_also_when_its_access_has_ended(
    site: Site, person: Person, connected: Connected
) -> None:
    device = connected.told["device_id"]
    assert person.post(f"/account/computers/{device}/revoke").status_code == 303
    assert "Taken off" in words_on(person.get("/account"))
    site.clock.forward(hours=2)
    assert opens(site, connected.told) == 403
    refused = connected.program.renew(connected.told["refresh_token"])
    assert (refused.status_code, refused.json()["refused"]) == (403, "revoked")


def test_only_tokens_of_their_own_kind_open_anything(site: Site, connected: Connected) -> None:
    told = connected.told
    assert connected.program.renew(told["access_token"]).status_code == 400
    assert site.client(told["refresh_token"]).get("/v1/devices").status_code == 401
    for kind in ("password", "client_credentials", ""):
        answer = connected.program.token(grant_type=kind)
        assert answer.json() == {"error": "unsupported_grant_type"}


def test_what_no_program_brings_is_malformed(site: Site) -> None:
    client = site.client()
    for content, kind in (
        (b"", "application/x-www-form-urlencoded"),
        (b"code=%00", "application/x-www-form-urlencoded"),
        (b"code=a&code=b", "application/x-www-form-urlencoded"),
        (b'{"code": "planted"}', "application/json"),
    ):
        answer = client.post("/v1/token", content=content, headers={"Content-Type": kind})
        assert answer.status_code == (422 if content else 400)
        assert "planted" not in answer.text
        assert answer.headers["content-type"].startswith("application/json")
    huge = client.post("/v1/token", data={"code": "x" * 20_000})
    assert (huge.status_code, huge.json()["refused"]) == (413, "too_large")


def test_nobody_takes_another_persons_computer_off(
    site: Site, stored: Database, connected: Connected
) -> None:
    if stored.dialect == "sqlite":
        pytest.skip("the embedded database keeps a single practice")
    stranger = Person(site, "stranger@example.com")
    stranger.site.services.rates._counters.reset()
    letters(site)
    stranger.inside()
    device = connected.told["device_id"]
    assert stranger.post(f"/account/computers/{device}/revoke").status_code == 404
    assert "Office iMac" not in words_on(stranger.get("/account"))
    assert opens(site, connected.told) == 200
    assert stranger.address != ADDRESS

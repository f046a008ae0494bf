"""A running account, and people with browsers who use its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pyotp
import pytest

from hosted.account import content
from hosted.account.rules.passwords import Hashing
from hosted.post.queue import Letter
from hosted.store.engine import Database
from hosted.web.services import put_together
from tests.hosted.web.conftest import Site
from tests.support.clock import StillClock

#: As cheap as argon2id can be; what it costs in earnest is tested once.
CHEAP = Hashing(memory_kib=8, passes=1, at_once=2)
PASSWORD = "violet kettle orbits Tuesday"
ADDRESS = "marguerite@alderstreet.example"
_LINK = re.compile(r"https?://\S+")
_KEY = re.compile(r'class="key">([A-Z2-7 ]+)<')
_CODE = re.compile(r"<li>([a-z2-9]{5}-[a-z2-9]{5})</li>")


class Person:
    """Somebody with a browser of their own, which says where its forms come from."""

    def __init__(self, site: Site, address: str = ADDRESS) -> None:
        self.site = site
        self.address = address
        self.client = site.client()
        self.client.headers["Origin"] = site.address
        self.client.headers["Sec-Fetch-Site"] = "same-origin"
        self.key = ""
        self.codes: list[str] = []

    def get(self, path: str) -> httpx2.Response:
        """Open a page, as from a link in a letter."""
        return self.client.get(path, headers={"Sec-Fetch-Site": "cross-site"})

    def post(self, path: str, **fields: str) -> httpx2.Response:
        """Send a form."""
        return self.client.post(path, data=fields)

    def sign_up(self, **fields: str) -> httpx2.Response:
        """Fill in the form of a sign-up."""
        said = {
            "practice_name": "Alder Street Therapy",
            "name": "Marguerite Lindqvist",
            "address": self.address,
            "zone": "America/Los_Angeles",
            "password": PASSWORD,
            "agree": "yes",
            "agreement": content.agreements()[-1].hash.hex(),
            **fields,
        }
        return self.post("/account/sign-up", **said)

    def confirmed(self, **fields: str) -> Person:
        """Sign up and confirm the address."""
        assert self.sign_up(**fields).headers["location"] == "/account/sign-up/sent"
        (letter,) = letters(self.site)
        answer = self.confirm(letter, fields.get("password", PASSWORD))
        assert answer.status_code == 200, answer.text
        return self

    def confirm(self, letter: Letter, password: str = PASSWORD) -> httpx2.Response:
        """Open a letter's link and give the password that was chosen."""
        return self.post("/account/confirm", key=key_of(letter), password=password)

    def sign_in(self, password: str = PASSWORD, **fields: str) -> httpx2.Response:
        """Give the password."""
        return self.post("/account/sign-in", address=self.address, password=password, **fields)

    def set_up(self) -> Person:
        """Set the second factor up."""
        self.key = key_on(self.get("/account/second-factor/new"))
        answer = self.post("/account/second-factor/new", code=self.code())
        assert answer.status_code == 200, answer.text
        self.codes = _CODE.findall(answer.text)
        return self

    def code(self) -> str:
        """Return the code that the authenticator app shows now."""
        return pyotp.TOTP(self.key).at(self.site.clock.now())

    def prove(self, code: str | None = None) -> httpx2.Response:
        """Give the second factor, with a code that was not given before."""
        if code is None:
            self.site.clock.forward(seconds=30)
        return self.post("/account/second-factor", code=code or self.code())

    def inside(self) -> Person:
        """Sign up and go all the way in."""
        self.confirmed()
        self.sign_in()
        return self.set_up()


def letters(site: Site) -> list[Letter]:
    """Return the letters that wait, and carry them."""
    found = []
    for leased in site.services.post.all_due():
        assert leased.letter is not None
        found.append(leased.letter)
        site.services.post.carried(leased)
    return found


def link_of(letter: Letter) -> str:
    """Return the first link of a letter."""
    found = _LINK.search(letter.text)
    assert found is not None
    return found[0]


def key_of(letter: Letter) -> str:
    """Return the secret of a letter's link."""
    return link_of(letter).partition("key=")[2]


def key_on(answer: httpx2.Response) -> str:
    """Return the authenticator's key that a page shows."""
    found = _KEY.search(answer.text)
    assert found is not None, answer.text
    return found[1].replace(" ", "")


def words_on(answer: httpx2.Response) -> str:
    """Return what a person reads on a page."""
    body = re.sub(r"<(head|svg).*?</\1>", " ", answer.text, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def account_on(stored: Database, folder: Path, **said: Any) -> Site:
    """Return a server with a cheap hash, not yet started."""
    clock = StillClock()
    services = put_together(stored, folder / "blobs", clock, hashing=CHEAP, **said)
    return Site(services, clock)


@pytest.fixture
def site(stored: Database, tmp_path: Path) -> Iterator[Site]:
    """A running server without accounts."""
    made = account_on(stored, tmp_path)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def person(site: Site) -> Person:
    """Somebody who has not signed up."""
    return Person(site)

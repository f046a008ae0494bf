"""A running account with its pages, people with browsers, and keychains that live in memory."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from keyring.errors import KeyringLocked, PasswordDeleteError, PasswordSetError

from app import bootstrap, places
from app.core.vault.keychain import Keychain
from hosted.seal import open_seal
from hosted.store.engine import open_database
from hosted.store.migrate import upgrade
from tests.hosted.account.conftest import Person, account_on
from tests.hosted.web.conftest import UNASKED, Site
from tests.support.clock import THE_MOMENT, StillClock
from tests.support.practice import StoredPractice
from tests.sync.relay import Relay, relaying

_BACK = re.compile(r'content="0; url=([^"]+)"')


class Memory:
    """The operating system's side of a keychain, which can be locked."""

    priority = 5.0

    def __init__(self) -> None:
        self.kept: dict[str, str] = {}
        self.locked = False

    @property
    def sign_ins(self) -> dict[str, str]:
        """What is kept of sign-ins; the mark of the file lies there, too."""
        return {name: text for name, text in self.kept.items() if name.startswith("account ")}

    def get_password(self, _service: str, username: str) -> str | None:
        """Answer as a keyring does."""
        if self.locked:
            raise KeyringLocked("locked")
        return self.kept.get(username)

    def set_password(self, _service: str, username: str, password: str) -> None:
        """Answer as a keyring does."""
        if self.locked:
            raise PasswordSetError("locked")
        self.kept[username] = password

    def delete_password(self, _service: str, username: str) -> None:
        """Answer as a keyring does."""
        if self.locked or self.kept.pop(username, None) is None:
            raise PasswordDeleteError("not there")


@pytest.fixture
def keychain() -> Memory:
    """This computer's keychain."""
    return Memory()


@dataclass(frozen=True)
class SignedUp:
    """An account somebody signed up for, its server stopped, to be copied for each test."""

    folder: Path
    seal: Path
    cookies: dict[str, str]
    key: str


@contextmanager
def _listening(folder: Path, seal: Path) -> Iterator[Site]:
    stored = folder / "account.sqlite"
    known = stored.exists()
    database = open_database(str(stored))
    if not known:
        upgrade(database, THE_MOMENT)
    made = account_on(database, folder, seal=open_seal(seal))
    made.start()
    try:
        yield made
    finally:
        made.stop()
        database.close()


@pytest.fixture(scope="session")
def signed_up(tmp_path_factory: pytest.TempPathFactory) -> SignedUp:
    """Somebody has signed up and set the second factor up."""
    folder = tmp_path_factory.mktemp("signed-up")
    seal = folder / "seal"
    with _listening(folder, seal) as site:
        person = Person(site).inside()
        return SignedUp(folder, seal, dict(person.client.cookies), person.key)


@pytest.fixture
def site(signed_up: SignedUp, tmp_path: Path) -> Iterator[Site]:
    """A running account on SQLite with its owner, and no records yet."""
    shutil.copytree(signed_up.folder, tmp_path / "account")
    with _listening(tmp_path / "account", signed_up.seal) as made:
        yield made


@pytest.fixture
def person(site: Site, signed_up: SignedUp) -> Person:
    """The owner, with the browser in which they signed in."""
    made = Person(site)
    made.key = signed_up.key
    made.client.cookies.update(signed_up.cookies)
    return made


@pytest.fixture
def way(site: Site) -> Iterator[Relay]:
    """The way to the account, which breaks where a test says so."""
    with relaying(site) as made:
        yield made


Opens = Callable[[], bootstrap.OpenPractice]


@pytest.fixture
def reopened(
    stored_practice: StoredPractice,
    practice_folder: Path,
    keychain: Memory,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Opens]:
    """Opens the practice, with the keychain, as often as it is asked to."""
    opened: list[bootstrap.OpenPractice] = []
    monkeypatch.setattr(places, "keychain_here", lambda: Keychain(keychain))

    def again() -> bootstrap.OpenPractice:
        if opened:
            opened.pop().close()
        opened.append(
            bootstrap.open_practice(
                practice_folder,
                stored_practice.keys(),
                StillClock(),
            )
        )
        return opened[-1]

    yield again
    for each in opened:
        each.close()


@pytest.fixture
def office(reopened: Opens) -> bootstrap.OpenPractice:
    """The practice on the office's computer, which has a keychain."""
    return reopened()


class Opened(Protocol):
    """What a program opened in the browser."""

    @property
    def address(self) -> str: ...


def through_browser(person: Person, signing: Opened, answer: str = "yes") -> httpx2.Response:
    """Open the address of a sign-in in a person's browser, answer there, and come back."""
    parts = urlsplit(signing.address)
    asked = f"{parts.path}?{parts.query}"
    page = person.get(asked)
    assert page.status_code == 200, page.text
    fields = dict(parse_qsl(urlsplit(asked).query))
    sent = person.post("/account/connect", **fields, answer=answer)
    found = _BACK.search(sent.text)
    assert found is not None, sent.text
    return came_back(unescape(found[1]))


def came_back(address: str, **headers: str) -> httpx2.Response:
    """Open an address on this computer as a browser does."""
    with httpx2.Client(verify=UNASKED, headers=headers) as browser:
        return browser.get(address)


def sign_in(
    practice: bootstrap.OpenPractice, person: Person, answer: str = "yes", *, server: str = ""
) -> None:
    """Go the whole way, as the window does; ``server`` stands between it and the account."""
    signing = practice.sync.begin_sign_in(server or person.site.address, "Office")
    signing.begin()
    through_browser(person, signing, answer)
    signing.wait()
    practice.sync.sign_in(signing)

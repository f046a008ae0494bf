"""The browser of whoever sits at the computers: the program opens it, a person answers there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from tests.e2e.account import Account
from tests.e2e.driver import Driver
from tests.hosted.account.conftest import PASSWORD, Person
from tests.hosted.team.test_pages import Guest
from tests.hosted.web.conftest import Site
from tests.sync.account.conftest import through_browser

_SCHEME = "http"


@dataclass(frozen=True)
class Opened:
    """An address that the program opened."""

    address: str


class Browser(QObject):
    """Stands in for the system's browser while it lives."""

    def __init__(self) -> None:
        super().__init__()
        self._opened: list[str] = []
        QDesktopServices.setUrlHandler(_SCHEME, self, cast("bytes", "take"))  # the stubs are wrong

    @Slot(QUrl)
    def take(self, address: QUrl) -> None:
        """Be opened."""
        self._opened.append(address.toString(QUrl.ComponentFormattingOption.FullyEncoded))

    def allow(self, drive: Driver, person: Person) -> None:
        """Let a person allow the computer on the page that its program opens next."""
        drive.click("Sign in with your browser")
        drive.until(lambda: bool(self._opened), "the browser to be opened")
        through_browser(person, Opened(self._opened.pop()))

    def close(self) -> None:
        """Be the system's again."""
        QDesktopServices.unsetUrlHandler(_SCHEME)


def signed_up(account: Account, drive: Driver, address: str) -> Person:
    """Sign a practice up on the pages, by the letter's link, with a second factor."""
    person = Person(_site(account), address)
    assert person.sign_up().headers["location"] == "/account/sign-up/sent"
    drive.until(lambda: bool(account.letters(address)), "the letter")
    assert person.confirm(account.letters(address)[0]).status_code == 200
    person.sign_in()
    return person.set_up()


def joined(account: Account, drive: Driver, address: str, name: str) -> Guest:
    """Take up an invitation by the letter's link: password, second factor, agreement."""
    drive.until(lambda: bool(account.letters(address)), "the invitation")
    key = account.letters(address)[0].text.partition("key=")[2].split()[0]
    guest = Guest(_site(account), key, address)
    assert guest.begin(name=name, password=PASSWORD).startswith("/account/second-factor/new")
    guest.set_up()
    assert "Welcome to" in guest.join()
    return guest


def _site(account: Account) -> Site:
    """Return the server as people's browsers see it."""
    # A process has all that a browser asks of a server: an address, clients and the time.
    return cast("Site", account)

"""A computer signs in by way of the browser: real pages, a real loopback address, real tokens."""

from __future__ import annotations

import logging
import threading
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit
from uuid import uuid4

import pytest

from app import bootstrap, places
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.core.vault.keychain import Keychain
from app.sync import connecting as syncing
from app.sync import joining
from app.sync.account import asking, loopback
from app.sync.account.page import page
from app.sync.account.signing_in import SignIn
from app.sync.http import HttpTransport
from hosted.account.rules import connecting
from tests.hosted.account.conftest import Person, words_on
from tests.hosted.web.conftest import Site
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE
from tests.sync.account.conftest import Memory, Opens, came_back, sign_in, through_browser

WALTER = PersonName(given="Walter", family="Strand")


def test_the_program_asks_as_the_account_expects() -> None:
    assert asking.CLIENT == connecting.CLIENT
    made = asking.Asking("https://a.example", "http://127.0.0.1:5/back", "Office", "0.1")
    asked = connecting.read(dict(parse_qsl(urlsplit(made.address).query)))
    assert connecting.proves(asked.challenge, made.verifier)
    assert made.verifier not in made.address
    assert made.verifier not in repr(made)


def test_signing_in_connects_the_practice_and_uploads_it(
    office: bootstrap.OpenPractice,
    reopened: Opens,
    person: Person,
    keychain: Memory,
    site: Site,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    office.desk.do(add_client, NewClient(WALTER))
    sign_in(office, person)
    now = office.sync.sync_now()
    assert (now.state, now.waiting) == (SyncState.SYNCED, 0)
    assert now.kept == "In this computer’s keychain"
    (kept,) = keychain.sign_ins.values()
    access, refresh, _ends = kept.split()
    in_file = office.vault.connection.execute("SELECT token FROM sync_link").fetchone()
    assert in_file == ("",)
    assert not [secret for secret in (access, refresh) if secret in caplog.text]
    assert not [secret for secret in (access, refresh) if secret in site.logged.getvalue()]
    assert access not in repr(office.sync)
    again = reopened()
    again.desk.do(add_client, NewClient(WALTER))
    assert again.sync.sync_now().state is SyncState.SYNCED


def test_the_page_that_the_browser_ends_on_says_so(person: Person, site: Site) -> None:
    signing = SignIn(site.address, "Office", "0.1")
    signing.begin()
    shown = through_browser(person, signing)
    assert "You can close this window" in shown.text
    assert "style-src 'sha256-" in shown.headers["content-security-policy"]
    assert shown.headers["cache-control"] == "no-store"
    assert b"<script" not in page("a", "<script>")
    signing.cancel()


def test_without_a_keychain_the_sign_in_lies_in_the_encrypted_file(
    practice: bootstrap.OpenPractice, person: Person
) -> None:
    sign_in(practice, person)
    now = practice.sync.sync_now()
    assert now.state is SyncState.SYNCED
    assert now.kept == "In the encrypted practice file: this computer has no keychain that answers"


def test_who_says_no_in_the_browser_connects_nothing(
    office: bootstrap.OpenPractice, person: Person, keychain: Memory
) -> None:
    with pytest.raises(UserError, match="not allowed in the browser"):
        sign_in(office, person, answer="no")
    assert office.sync.status().state is SyncState.LOCAL
    assert keychain.sign_ins == {}


def test_nobody_else_ends_a_sign_in_or_brings_a_code(person: Person, site: Site) -> None:
    signing = SignIn(site.address, "Office", "0.1")
    over = threading.Event()
    signing.begin(over.set)
    back = dict(parse_qsl(urlsplit(signing.address).query))["redirect_uri"]
    root = back.removesuffix(loopback.PATH)
    for address, status in (
        (f"{back}?code=theirs&state=guessed", 400),
        (f"{back}?error=access_denied&state=", 400),
        (f"{back}?code=theirs", 400),
        (f"{back}?{'&'.join('a=b' for _ in range(99))}", 400),
        (f"{root}/other?code=theirs", 404),
    ):
        assert came_back(address).status_code == status
    state = dict(parse_qsl(urlsplit(signing.address).query))["state"]
    renamed = came_back(f"{back}?code=theirs&state={state}", host="evil.example")
    assert renamed.status_code == 404
    assert not over.is_set()
    through_browser(person, signing)
    assert over.is_set()
    signing.cancel()


def test_a_browser_that_never_comes_back_is_not_waited_for_for_ever(site: Site) -> None:
    signing = SignIn(site.address, "Office", "0.1", lasts=0.01)
    over = threading.Event()
    signing.begin(over.set)
    assert over.wait(20)
    with pytest.raises(UserError, match="The browser did not come back"):
        signing.granted(_Never(), StillClock())


def test_what_was_canceled_takes_no_answer(person: Person, site: Site) -> None:
    signing = SignIn(site.address, "Office", "0.1")
    over = threading.Event()
    signing.begin(over.set)
    signing.cancel()
    with pytest.raises(Exception, match="refused"):
        through_browser(person, signing)
    signing.cancel()
    assert not over.is_set()
    with pytest.raises(UserError, match="canceled"):
        signing.granted(_Never(), StillClock())


class _Never:
    """An account that must not be asked."""

    def form(self, path: str, fields: object) -> tuple[int, dict[str, object]]:
        """Fail."""
        raise AssertionError((path, fields))


def test_a_sign_in_is_good_once(office: bootstrap.OpenPractice, person: Person) -> None:
    signing = office.sync.begin_sign_in(person.site.address, "Office")
    signing.begin()
    through_browser(person, signing)
    office.sync.sign_in(signing)
    office.sync.disconnect(anyway=True)
    with pytest.raises(UserError, match="used or too old"):
        office.sync.sign_in(signing)


def test_without_the_account_a_sentence_says_so(
    office: bootstrap.OpenPractice, person: Person, site: Site
) -> None:
    signing = office.sync.begin_sign_in(person.site.address, "Office")
    signing.begin()
    through_browser(person, signing)
    site.stop()
    with pytest.raises(MachineError, match="server does not answer"):
        office.sync.sign_in(signing)


@pytest.mark.parametrize("server", ["", "http://sync.example.com", "me@example.com"])
def test_an_address_is_checked_before_the_browser_is_opened(
    office: bootstrap.OpenPractice, server: str
) -> None:
    with pytest.raises(UserError) as refused:
        office.sync.begin_sign_in(server, "Office")
    assert refused.value.field == "server"


def test_an_account_of_another_practice_is_not_taken(
    office: bootstrap.OpenPractice, person: Person
) -> None:
    signing = SignIn(person.site.address, "Elsewhere", "0.1")
    signing.begin()
    through_browser(person, signing)
    http = HttpTransport(person.site.address)
    granted = signing.granted(http, StillClock())
    first = HttpTransport(person.site.address, granted.tokens.access)
    syncing.found_practice(first, uuid4(), uuid4())
    for each in (http, first):
        each.close()
    with pytest.raises(UserError, match="account belongs to another practice"):
        sign_in(office, person)
    assert office.sync.status().state is SyncState.LOCAL
    shown = words_on(person.get("/account"))
    # What was given to a computer that is not connected then opens nothing, and is not in use.
    assert "Office Disconnected" in shown
    assert "Elsewhere Disconnected" not in shown


def test_a_colleagues_account_is_not_taken_for_ones_own_file(
    office: bootstrap.OpenPractice, person: Person
) -> None:
    signing = SignIn(person.site.address, "Elsewhere", "0.1")
    signing.begin()
    through_browser(person, signing)
    http = HttpTransport(person.site.address)
    granted = signing.granted(http, StillClock())
    first = HttpTransport(person.site.address, granted.tokens.access)
    syncing.found_practice(first, office.desk.actor.practice_id, uuid4())
    code = syncing.new_code(first)
    for each in (http, first):
        each.close()
    with pytest.raises(UserError, match="signed in as somebody else"):
        sign_in(office, person)
    assert "Office Disconnected" in words_on(person.get("/account"))
    with pytest.raises(UserError, match="code is of somebody else") as refused:
        office.sync.connect(person.site.address, code, "Den")
    assert refused.value.field == "code"
    assert office.sync.status().state is SyncState.LOCAL
    # The same file, and so the same entry.
    shown = words_on(person.get("/account"))
    assert ("Den Disconnected" in shown, "Office" in shown) == (True, False)


def test_a_further_computer_joins_by_the_browser(
    office: bootstrap.OpenPractice,
    person: Person,
    site: Site,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    office.desk.do(add_client, NewClient(WALTER))
    sign_in(office, person)
    office.sync.sync_now()
    signing = SignIn(site.address, "Laptop", "0.1")
    signing.begin()
    through_browser(person, signing)
    found = joining.signed_in(signing, StillClock())
    elsewhere = Memory()
    monkeypatch.setattr(places, "keychain_here", lambda: Keychain(elsewhere))
    laptop = bootstrap.join_practice(
        tmp_path / "laptop",
        bootstrap.prepare_keys(PASSPHRASE),
        found,
        clock=StillClock(),
    )
    try:
        now = laptop.sync.sync_now()
        assert (now.state, now.kept) == (SyncState.SYNCED, "In this computer’s keychain")
        names = laptop.vault.connection.execute("SELECT legal_given FROM client").fetchall()
        assert names == [("Walter",)]
        assert len(elsewhere.sign_ins) == 1
    finally:
        laptop.close()


def test_an_account_without_a_practice_cannot_be_joined(person: Person, site: Site) -> None:
    signing = SignIn(site.address, "Laptop", "0.1")
    signing.begin()
    through_browser(person, signing)
    with pytest.raises(UserError, match="no practice on that account yet"):
        joining.signed_in(signing, StillClock())


def test_what_was_cut_off_before_it_was_kept_is_uploaded_by_the_next_sign_in(
    office: bootstrap.OpenPractice, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.desk.do(add_client, NewClient(WALTER))

    def cut_off(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(office.sync, "tie", cut_off)
        with pytest.raises(KeyboardInterrupt):
            sign_in(office, person)
    assert office.sync.status().state is SyncState.LOCAL
    sign_in(office, person)
    assert office.sync.sync_now().state is SyncState.SYNCED
    with person.site.services.database.engine.connect() as there:
        found = there.exec_driver_sql("SELECT legal_given FROM client").fetchall()
    assert [tuple(each) for each in found] == [("Walter",)]

"""Tokens are renewed one at a time, kept before the old ones go, and lost only to a sign-in."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app import bootstrap
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.core.vault.keychain import REFUSED
from app.sync.account.bearer import Bearer
from app.sync.account.tokens import Tokens
from app.sync.transport import Declined, Trouble, Unreachable
from app.sync.words import SENTENCES
from tests.hosted.account.conftest import Person, words_on
from tests.hosted.web.conftest import Site
from tests.support.clock import THE_MOMENT, StillClock
from tests.sync.account.conftest import Memory, Opens, sign_in

WALTER = PersonName(given="Walter", family="Strand")


def forward(practice: bootstrap.OpenPractice, **span: float) -> None:
    """Move this computer's clock."""
    assert isinstance(practice.desk.clock, StillClock)
    practice.desk.clock.forward(**span)


@pytest.fixture
def connected(office: bootstrap.OpenPractice, person: Person) -> bootstrap.OpenPractice:
    """The practice, signed in and uploaded, with work that waits."""
    sign_in(office, person)
    assert office.sync.sync_now().state is SyncState.SYNCED
    office.desk.do(add_client, NewClient(WALTER))
    return office


def test_tokens_are_renewed_when_they_end_by_this_clock(
    connected: bootstrap.OpenPractice, keychain: Memory, site: Site
) -> None:
    before = keychain.sign_ins
    forward(connected, minutes=59, seconds=30)
    site.clock.forward(minutes=59, seconds=30)
    assert connected.sync.sync_now().state is SyncState.SYNCED
    assert keychain.sign_ins != before
    assert keychain.sign_ins.keys() == before.keys()


def test_tokens_that_ended_by_the_accounts_clock_are_renewed_too(
    connected: bootstrap.OpenPractice, keychain: Memory, site: Site
) -> None:
    before = keychain.sign_ins
    site.clock.forward(hours=2)
    assert connected.sync.sync_now().state is SyncState.SYNCED
    assert keychain.sign_ins != before


def test_a_computer_that_stayed_away_too_long_signs_in_again_and_loses_nothing(
    connected: bootstrap.OpenPractice, person: Person, site: Site
) -> None:
    for clock in (site.clock, connected.desk.clock):
        assert isinstance(clock, StillClock)
        clock.forward(days=91)
    now = connected.sync.sync_now()
    assert (now.state, now.waiting, now.leaving) == (SyncState.SIGN_IN, 1, False)
    assert now.trouble == SENTENCES["unknown_device"]
    person.sign_in()
    person.prove()
    sign_in(connected, person)
    now = connected.sync.sync_now()
    assert (now.state, now.waiting) == (SyncState.SYNCED, 0)
    with site.services.database.engine.connect() as there:
        assert there.exec_driver_sql("SELECT count(*) FROM client").scalar() == 1
        # It is the computer that it was, in the life that it was in.
        assert there.exec_driver_sql("SELECT count(*) FROM device").scalar() == 1
        assert there.exec_driver_sql("SELECT count(*) FROM incarnation").scalar() == 1


def test_an_answer_that_was_lost_costs_a_sign_in_and_nothing_else(
    connected: bootstrap.OpenPractice,
    person: Person,
    site: Site,
    keychain: Memory,
    reopened: Opens,
) -> None:
    kept = keychain.sign_ins
    site.clock.forward(hours=2)
    connected.sync.sync_now()
    connected.desk.do(add_client, NewClient(WALTER))
    # As if the program had ended between the answer and the keychain.
    keychain.kept.update(kept)
    again = reopened()
    now = again.sync.sync_now()
    assert (now.state, now.waiting) == (SyncState.SIGN_IN, 1)
    person.sign_in()
    person.prove()
    sign_in(again, person)
    assert again.sync.sync_now().state is SyncState.SYNCED


def test_a_lasting_refusal_is_not_asked_again(
    connected: bootstrap.OpenPractice,
) -> None:
    place = connected.sync._place
    tokens = place.read()
    assert tokens is not None
    asked: list[str] = []

    def renew(refresh: str) -> Tokens:
        asked.append(refresh)
        raise Declined("unknown_device")

    bearer = Bearer(place, renew, StillClock(THE_MOMENT + timedelta(hours=2)))
    for _ in range(3):
        with pytest.raises(Declined):
            bearer.token()
    assert asked == [tokens.refresh]


def test_a_keychain_that_is_locked_is_waited_for(
    connected: bootstrap.OpenPractice, keychain: Memory, reopened: Opens
) -> None:
    keychain.locked = True
    again = reopened()
    now = again.sync.sync_now()
    assert (now.state, now.trouble, now.waiting) == (SyncState.OFFLINE, REFUSED, 1)
    keychain.locked = False
    assert again.sync.sync_now().state is SyncState.SYNCED


def test_where_the_keychain_refuses_new_tokens_they_lie_in_the_file_until_it_takes_them(
    connected: bootstrap.OpenPractice, keychain: Memory, site: Site, reopened: Opens
) -> None:
    def in_file(practice: bootstrap.OpenPractice) -> str:
        found: str = practice.vault.connection.execute("SELECT token FROM sync_link").fetchone()[0]
        return found

    keychain.locked = True
    site.clock.forward(hours=2)
    now = connected.sync.sync_now()
    assert now.state is SyncState.SYNCED
    assert in_file(connected)
    keychain.locked = False
    again = reopened()
    again.desk.do(add_client, NewClient(WALTER))
    assert again.sync.sync_now().state is SyncState.SYNCED
    site.clock.forward(hours=2)
    again.sync.check()
    assert in_file(again) == ""


def test_a_keychain_that_lost_the_sign_in_asks_for_another(
    connected: bootstrap.OpenPractice, keychain: Memory, reopened: Opens
) -> None:
    keychain.kept.clear()
    assert reopened().sync.sync_now().state is SyncState.SIGN_IN


def test_signing_in_as_somebody_else_does_not_take_the_file_over(
    connected: bootstrap.OpenPractice, person: Person, site: Site
) -> None:
    with site.services.database.engine.begin() as there:
        there.exec_driver_sql("UPDATE membership SET member_id = ?", (uuid4().bytes,))
    with pytest.raises(UserError, match="signed in as somebody else"):
        sign_in(connected, person)
    assert connected.sync.sync_now().state is SyncState.SYNCED
    assert words_on(person.get("/account")).count("Office Disconnected") == 1


def test_a_computer_that_was_taken_off_still_hands_over_when_its_token_ended(
    connected: bootstrap.OpenPractice, site: Site, keychain: Memory
) -> None:
    devices, practice_id = site.services.devices, connected.desk.actor.practice_id
    devices.revoke(practice_id, devices.listed(practice_id)[0].id)
    forward(connected, hours=2)
    site.clock.forward(hours=2)
    now = connected.sync.sync_now()
    assert (now.state, now.leaving) == (SyncState.SIGN_IN, True)
    said = connected.leave()
    assert "1 change not sent before was handed to the account’s owner" in said
    assert keychain.sign_ins == {}


class Shelf:
    """Keeps tokens, unless it is told to refuse."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.refuses = False

    def read(self) -> Tokens | None:
        """Return them."""
        return self.tokens

    def keep(self, tokens: Tokens) -> None:
        """Keep them."""
        if self.refuses:
            raise MachineError("The disk is full.")
        self.tokens = tokens


OLD = Tokens("pr_old", "rt_old", THE_MOMENT)
NEW = Tokens("pr_new", "rt_new", THE_MOMENT + timedelta(hours=1))


def test_many_who_ask_at_once_have_one_renewal_made() -> None:
    renewals, at_once, second = [], threading.Barrier(8), threading.Event()

    def renew(refresh: str) -> Tokens:
        renewals.append(refresh)
        if len(renewals) > 1:
            second.set()
        # Long enough for another one to begin, if any can.
        second.wait(0.2)
        return NEW

    bearer, got = Bearer(Shelf(OLD), renew, StillClock()), []

    def ask() -> None:
        at_once.wait()
        got.append(bearer.token())

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert (renewals, set(got)) == (["rt_old"], {"pr_new"})
    assert bearer.another("pr_old")


def test_what_could_not_be_kept_speaks_on_and_is_kept_by_the_next_request() -> None:
    shelf = Shelf(OLD)
    shelf.refuses = True
    bearer = Bearer(shelf, lambda _refresh: NEW, StillClock())
    assert bearer.token() == "pr_new"
    assert shelf.tokens is OLD
    shelf.refuses = False
    assert bearer.token() == "pr_new"
    assert shelf.tokens is NEW


def test_a_token_that_still_holds_is_used_while_the_account_cannot_be_asked() -> None:
    def offline(_refresh: str) -> Tokens:
        raise Unreachable(Trouble.OFFLINE)

    soon = Tokens("pr_soon", "rt_soon", THE_MOMENT + timedelta(seconds=30))
    assert Bearer(Shelf(soon), offline, StillClock()).token() == "pr_soon"
    with pytest.raises(Unreachable):
        Bearer(Shelf(OLD), offline, StillClock()).token()


@pytest.mark.parametrize("text", ["", "a b", "a b c", "a b 99999999999999999999", "a b 1 d"])
def test_what_is_no_token_is_not_taken_for_one(text: str) -> None:
    assert Tokens.from_text(text) is None


def test_tokens_come_back_as_they_were_kept() -> None:
    ends = datetime(2026, 11, 19, 20, 18, tzinfo=UTC)
    for each in (Tokens("pr_lasting"), Tokens("pr_a", "rt_a", ends)):
        assert Tokens.from_text(each.to_text()) == each
    assert "pr_a" not in repr(Tokens("pr_a", "rt_a", ends))

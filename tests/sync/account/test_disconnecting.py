"""A computer is parted from its account and connected again: one entry, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app import bootstrap
from app.core.kernel.computers import Computer
from app.core.kernel.errors import NotWhole, UserError
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.sync import joining
from app.sync.account.tokens import Tokens
from hosted.sync import epochs
from tests.hosted.account.conftest import Person, letters, words_on
from tests.hosted.web.conftest import Site
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE
from tests.sync.account.conftest import Memory, Opens, sign_in
from tests.sync.relay import Breaks, Relay

Reconnects = Callable[[bootstrap.OpenPractice], None]
COMPUTERS = "A computer was connected to your account"


def add(practice: bootstrap.OpenPractice, given: str) -> None:
    """Add a client."""
    practice.desk.do(add_client, NewClient(PersonName(given=given, family="Strand")))


def names(practice: bootstrap.OpenPractice) -> set[str]:
    """Return the clients that the file of a practice has."""
    found = practice.vault.connection.execute("SELECT legal_given FROM client").fetchall()
    return {name for (name,) in found}


def synced(*practices: bootstrap.OpenPractice) -> None:
    """Exchange until everybody has everything."""
    for each in (*practices, *practices):
        now = each.sync.sync_now()
        assert (now.state, now.waiting) == (SyncState.SYNCED, 0), now


def named(practice: bootstrap.OpenPractice, name: str) -> Computer:
    """Return the one computer of that name, as the account lists it to ``practice``."""
    (found,) = [each for each in practice.sync.computers.ask() if each.name == name]
    return found


@pytest.fixture
def connected(office: bootstrap.OpenPractice, person: Person, way: Relay) -> bootstrap.OpenPractice:
    """The practice, signed in and uploaded, with the way to its account."""
    add(office, "Walter")
    sign_in(office, person, server=way.address)
    synced(office)
    return office


@pytest.fixture
def laptop(
    connected: bootstrap.OpenPractice, site: Site, tmp_path: Path
) -> Iterator[bootstrap.OpenPractice]:
    """Another computer of the owner, which brought the practice with a code."""
    found = joining.pair(site.address, connected.sync.code(), "MacBook Air", "0.1")
    keys = bootstrap.prepare_keys(PASSPHRASE)
    made = bootstrap.join_practice(tmp_path / "laptop", keys, found, clock=StillClock())
    synced(made)
    yield made
    made.close()


def test_the_account_ends_the_sign_in_and_lists_the_computer_as_disconnected(
    connected: bootstrap.OpenPractice,
    laptop: bootstrap.OpenPractice,
    keychain: Memory,
    site: Site,
    person: Person,
) -> None:
    (kept,) = keychain.sign_ins.values()
    tokens = Tokens.from_text(kept)
    assert tokens is not None
    assert connected.sync.disconnect()
    assert keychain.sign_ins == {}
    now = connected.sync.status()
    assert (now.state, now.device) == (SyncState.LOCAL, "Office")
    assert now.server.startswith("http://127.0.0.1:")
    assert site.client(tokens.access).get("/v1/devices").status_code == 401
    said = {"client_id": "practicerunner-desktop", "grant_type": "refresh_token"}
    renewed = site.client().post("/v1/token", data={**said, "refresh_token": tokens.refresh})
    assert renewed.status_code == 400
    office = named(laptop, "Office")
    assert office.disconnected == site.clock.now()
    assert (office.in_use, office.taken_off) == (False, None)
    shown = words_on(person.get("/account"))
    assert "Office Disconnected" in shown
    assert "Take off Office" not in person.get("/account").text
    with pytest.raises(UserError, match="Office was disconnected on Nov 19, 2026"):
        laptop.sync.computers.take_off(office.id)
    # The other one goes on.
    add(laptop, "Vera")
    synced(laptop)
    add(connected, "Alone")
    assert names(connected) == {"Walter", "Alone"}


def test_a_computer_that_a_code_connected_disconnects_as_well(
    connected: bootstrap.OpenPractice, laptop: bootstrap.OpenPractice, site: Site
) -> None:
    (token,) = laptop.vault.connection.execute("SELECT token FROM sync_link").fetchone()
    assert laptop.sync.disconnect()
    assert site.client(token).get("/v1/devices").status_code == 401
    assert laptop.vault.connection.execute("SELECT token FROM sync_link").fetchone() == ("",)
    assert named(connected, "MacBook Air").disconnected is not None
    add(connected, "Vera")
    synced(connected)


def by_sign_in(person: Person, _other: bootstrap.OpenPractice) -> Reconnects:
    """Connect again by way of the browser."""
    return lambda practice: sign_in(practice, person)


def by_code(person: Person, other: bootstrap.OpenPractice) -> Reconnects:
    """Connect again with a code of the other computer."""
    code = other.sync.code()
    return lambda practice: practice.sync.connect(person.site.address, code, "Office")


@pytest.mark.parametrize("how", [by_sign_in, by_code])
@pytest.mark.parametrize("reaches", [True, False])
def test_connected_again_it_is_the_same_entry_and_both_sides_come_together(
    connected: bootstrap.OpenPractice,
    laptop: bootstrap.OpenPractice,
    person: Person,
    site: Site,
    reopened: Opens,
    way: Relay,
    how: Callable[[Person, bootstrap.OpenPractice], Reconnects],
    reaches: bool,
) -> None:
    before = named(laptop, "Office")
    way.breaks = {} if reaches else {"": Breaks.BEFORE}
    assert connected.sync.disconnect() is reaches
    office = reopened()
    add(office, "Alone")
    add(laptop, "Vera")
    synced(laptop)
    assert (named(laptop, "Office").disconnected is not None) is reaches
    letters(site)
    how(person, laptop)(office)
    assert [each.subject for each in letters(site)] == [COMPUTERS]
    assert office.sync.status().state is not SyncState.SYNCED
    synced(office, laptop)
    assert names(office) == names(laptop) == {"Walter", "Alone", "Vera"}
    now = named(laptop, "Office")
    assert (now.id, now.connected, now.in_use) == (before.id, before.connected, True)
    assert len(laptop.sync.computers.ask()) == 2


def test_connected_again_it_fetches_what_came_since_and_not_the_whole_practice(
    connected: bootstrap.OpenPractice,
    laptop: bootstrap.OpenPractice,
    person: Person,
    way: Relay,
) -> None:
    connected.sync.disconnect()
    add(laptop, "Vera")
    synced(laptop)
    way.asked.clear()
    sign_in(connected, person, server=way.address)
    synced(connected)
    assert names(connected) == {"Walter", "Vera"}
    assert "/v1/sync/pull" in way.asked
    assert "/v1/sync/snapshot" not in way.asked


def test_connected_by_a_code_again_its_earlier_sign_in_renews_nothing(
    connected: bootstrap.OpenPractice,
    laptop: bootstrap.OpenPractice,
    keychain: Memory,
    person: Person,
    site: Site,
    way: Relay,
) -> None:
    (kept,) = keychain.sign_ins.values()
    way.breaks = {"": Breaks.BEFORE}
    connected.sync.disconnect()
    by_code(person, laptop)(connected)
    synced(connected)
    said = {"client_id": "practicerunner-desktop", "grant_type": "refresh_token"}
    renewed = site.client().post("/v1/token", data={**said, "refresh_token": kept.split()[1]})
    assert renewed.status_code == 400
    synced(connected)


@pytest.mark.parametrize("breaks", list(Breaks))
def test_without_the_account_it_disconnects_at_once_and_is_taken_off_later(
    connected: bootstrap.OpenPractice,
    laptop: bootstrap.OpenPractice,
    keychain: Memory,
    way: Relay,
    breaks: Breaks,
) -> None:
    way.breaks = {"": breaks}
    assert not connected.sync.disconnect()
    assert connected.sync.status().state is SyncState.LOCAL
    assert keychain.sign_ins == {}
    office = named(laptop, "Office")
    # Where only the answer was lost the account knows more than this computer could say.
    assert office.in_use is (breaks is Breaks.BEFORE)
    if office.in_use:
        listed = laptop.sync.computers.take_off(office.id)
        assert [each.taken_off is not None for each in listed] == [True, False]
    assert names(connected) == {"Walter"}
    way.breaks = {}
    assert connected.sync.status().state is SyncState.LOCAL


def test_with_a_locked_keychain_it_disconnects_and_connects_again(
    connected: bootstrap.OpenPractice,
    laptop: bootstrap.OpenPractice,
    keychain: Memory,
    person: Person,
) -> None:
    keychain.locked = True
    assert not connected.sync.disconnect()
    assert connected.sync.status().state is SyncState.LOCAL
    assert named(laptop, "Office").in_use
    keychain.locked = False
    sign_in(connected, person)
    synced(connected, laptop)
    assert [each.in_use for each in laptop.sync.computers.ask()] == [True, True]


def test_what_is_not_in_the_account_is_said_in_words_first(
    connected: bootstrap.OpenPractice, person: Person, way: Relay
) -> None:
    add(connected, "Alone")
    add(connected, "Together")
    with pytest.raises(NotWhole) as refused:
        connected.sync.disconnect()
    assert refused.value.sentence == (
        "Not in the account yet: 2 clients. Sync first; or disconnect anyway: then it stays on "
        "this computer alone until you connect it again."
    )
    assert connected.sync.disconnect(anyway=True)
    sign_in(connected, person)
    synced(connected)
    with person.site.services.database.engine.connect() as there:
        assert there.exec_driver_sql("SELECT count(*) FROM client").scalar() == 3


def test_before_the_first_upload_is_whole_its_rest_is_said_and_follows_later(
    office: bootstrap.OpenPractice, person: Person
) -> None:
    add(office, "Walter")
    sign_in(office, person)
    with pytest.raises(NotWhole, match="practice is not whole in the account yet"):
        office.sync.disconnect()
    office.sync.disconnect(anyway=True)
    sign_in(office, person)
    synced(office)
    assert [each.name for each in office.sync.computers.ask()] == ["Office"]
    with person.site.services.database.engine.connect() as there:
        assert there.exec_driver_sql("SELECT count(*) FROM client").scalar() == 1


def test_an_account_that_was_set_back_meanwhile_gets_back_what_only_this_file_has(
    connected: bootstrap.OpenPractice, person: Person, site: Site
) -> None:
    add(connected, "Lost")
    connected.sync.disconnect(anyway=True)
    sign_in(connected, person)
    synced(connected)
    assert connected.sync.disconnect()
    engine = site.services.database.engine
    with engine.begin() as there:
        (last,) = there.exec_driver_sql("SELECT max(seq) FROM log WHERE entity = 'client'").one()
        there.exec_driver_sql("DELETE FROM client WHERE row_seq = ?", (last,))
        there.exec_driver_sql("DELETE FROM log WHERE seq >= ?", (last,))
        there.exec_driver_sql("UPDATE head SET head = (SELECT max(seq) FROM log)")
    epochs.begin_anew(site.services.database, site.clock.now())
    sign_in(connected, person)
    synced(connected)
    assert names(connected) == {"Walter", "Lost"}
    with engine.connect() as there:
        assert there.exec_driver_sql("SELECT count(*) FROM client").scalar() == 2


def test_a_computer_that_was_taken_off_does_not_disconnect(
    connected: bootstrap.OpenPractice, laptop: bootstrap.OpenPractice
) -> None:
    laptop.sync.computers.take_off(named(laptop, "Office").id)
    assert connected.sync.sync_now().leaving
    with pytest.raises(UserError, match="This computer was taken off the account"):
        connected.sync.disconnect(anyway=True)

"""The way to the account breaks at each step of a sign-in: nothing is half done or listed twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import bootstrap
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.syncing import SyncState
from app.sync import joining
from app.sync.account.signing_in import SignIn
from hosted.account import queries
from hosted.account.commands import connecting
from hosted.store.engine import For
from tests.hosted.account.conftest import Person
from tests.hosted.account.test_signing_up import login_of
from tests.hosted.web.conftest import Site
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE
from tests.sync.account.conftest import Memory, Opens, sign_in, through_browser
from tests.sync.account.test_disconnecting import add, names, synced
from tests.sync.relay import Breaks, Relay

DAMAGED = "The account’s answer was damaged on its way."
ONCE_MORE = "Sign in with your browser once more."
#: Before the code is exchanged, and before its answer; before the practice is begun, and before
#: that answer.
STEPS = [
    ("/v1/token", Breaks.BEFORE, f"{DAMAGED} {ONCE_MORE}"),
    ("/v1/token", Breaks.AFTER, f"{DAMAGED} {ONCE_MORE}"),
    ("/v1/practices", Breaks.BEFORE, f"{DAMAGED} Try again."),
    ("/v1/practices", Breaks.AFTER, f"{DAMAGED} Try again."),
]


def listed(person: Person) -> list[str]:
    """Return the computers of a person's account by name, as its page lists them."""
    database = person.site.services.database
    login = login_of(person.site, person.address).id
    return sorted(each.name for each in queries.computers(database, login))


def in_account(site: Site) -> int:
    """Return how many clients the account has."""
    with site.services.database.engine.connect() as there:
        found: int = there.exec_driver_sql("SELECT count(*) FROM client").scalar_one()
    return found


@pytest.mark.parametrize(("path", "breaks", "sentence"), STEPS)
def test_a_sign_in_that_is_cut_off_leaves_the_practice_and_is_tried_again(
    office: bootstrap.OpenPractice,
    person: Person,
    keychain: Memory,
    way: Relay,
    reopened: Opens,
    path: str,
    breaks: Breaks,
    sentence: str,
) -> None:
    add(office, "Walter")
    way.breaks = {path: breaks}
    # A practice that the account has begun need not be begun again.
    for _ in range(1 if (path, breaks) == STEPS[-1][:2] else 2):
        with pytest.raises(MachineError) as failed:
            sign_in(office, person, server=way.address)
        assert failed.value.sentence == sentence
        assert office.sync.status().state is SyncState.LOCAL
        assert keychain.sign_ins == {}
    office = reopened()
    add(office, "Vera")
    assert names(office) == {"Walter", "Vera"}
    way.breaks = {}
    sign_in(office, person, server=way.address)
    synced(office)
    assert listed(person) == ["Office"]
    assert in_account(person.site) == 2


def test_without_a_network_before_the_browser_opens_nothing_is_asked(
    office: bootstrap.OpenPractice, person: Person, way: Relay
) -> None:
    way.breaks = {"": Breaks.BEFORE}
    signing = office.sync.begin_sign_in(way.address, "Office")
    signing.begin()
    # The page does not come, and the person goes back.
    signing.cancel()
    with pytest.raises(UserError, match="canceled"):
        office.sync.sign_in(signing)
    assert way.asked == []
    assert office.sync.status().state is SyncState.LOCAL
    way.breaks = {}
    sign_in(office, person, server=way.address)
    synced(office)
    assert listed(person) == ["Office"]


def test_with_no_server_at_all_the_sentence_says_so(
    office: bootstrap.OpenPractice, person: Person, site: Site
) -> None:
    signing = office.sync.begin_sign_in(site.address, "Office")
    signing.begin()
    through_browser(person, signing)
    site.stop()
    with pytest.raises(MachineError) as failed:
        office.sync.sign_in(signing)
    assert failed.value.sentence == (
        f"There is no network, or the account’s server does not answer. {ONCE_MORE}"
    )


@pytest.mark.parametrize("verb", ["hello", "push", "pull", "snapshot"])
@pytest.mark.parametrize("breaks", list(Breaks))
def test_an_upload_that_is_cut_off_goes_on_by_itself(
    office: bootstrap.OpenPractice,
    person: Person,
    way: Relay,
    reopened: Opens,
    verb: str,
    breaks: Breaks,
) -> None:
    add(office, "Walter")
    way.breaks = {f"/v1/sync/{verb}": breaks}
    sign_in(office, person, server=way.address)
    now = office.sync.sync_now()
    if f"/v1/sync/{verb}" in way.asked:
        assert now.state is SyncState.OFFLINE
        assert now.trouble
    office = reopened()
    add(office, "Vera")
    way.breaks = {}
    synced(office)
    assert listed(person) == ["Office"]
    assert in_account(person.site) == 2


@pytest.mark.parametrize("breaks", list(Breaks))
def test_a_sign_in_anew_that_is_cut_off_is_tried_again(
    office: bootstrap.OpenPractice, person: Person, way: Relay, site: Site, breaks: Breaks
) -> None:
    sign_in(office, person, server=way.address)
    synced(office)
    add(office, "Walter")
    (device,) = office.sync.computers.ask()
    login = login_of(site, person.address).id
    with site.services.database.write(For(login=login)) as session:
        connecting.end_family(session, device.id, site.clock.now())
    assert office.sync.sync_now().state is SyncState.SIGN_IN
    way.breaks = {"/v1/token": breaks}
    with pytest.raises(MachineError, match=ONCE_MORE):
        sign_in(office, person)
    assert office.sync.status().state is SyncState.SIGN_IN
    assert names(office) == {"Walter"}
    way.breaks = {}
    sign_in(office, person)
    synced(office)
    assert [each.id for each in office.sync.computers.ask()] == [device.id]


def test_a_keychain_that_is_locked_when_the_sign_in_is_to_be_kept_leaves_it_in_the_file(
    office: bootstrap.OpenPractice, person: Person, keychain: Memory, reopened: Opens, site: Site
) -> None:
    add(office, "Walter")
    keychain.locked = True
    sign_in(office, person)
    now = office.sync.sync_now()
    assert (now.state, now.kept) == (
        SyncState.SYNCED,
        "In the encrypted practice file: this computer has no keychain that answers",
    )
    # The next renewal takes it there.
    keychain.locked = False
    office = reopened()
    assert isinstance(office.desk.clock, StillClock)
    for clock in (office.desk.clock, site.clock):
        clock.forward(hours=1)
    now = office.sync.sync_now()
    assert (now.state, now.kept) == (SyncState.SYNCED, "In this computer’s keychain")
    assert listed(person) == ["Office"]


@pytest.mark.parametrize(
    ("path", "breaks"),
    [
        ("/v1/token", Breaks.BEFORE),
        ("/v1/token", Breaks.AFTER),
        ("/v1/sync/hello", Breaks.BEFORE),
        ("/v1/sync/hello", Breaks.AFTER),
        ("/v1/sync/snapshot", Breaks.BEFORE),
        ("/v1/sync/snapshot", Breaks.AFTER),
    ],
)
def test_a_practice_that_is_brought_half_is_brought_anew_by_the_same_entry(
    office: bootstrap.OpenPractice,
    person: Person,
    way: Relay,
    tmp_path: Path,
    path: str,
    breaks: Breaks,
) -> None:
    add(office, "Walter")
    sign_in(office, person)
    synced(office)
    folder, prepared = tmp_path / "laptop", bootstrap.prepare_keys(PASSPHRASE)

    def bring() -> bootstrap.OpenPractice:
        signing = SignIn(way.address, "Laptop", "0.1")
        signing.begin()
        through_browser(person, signing)
        found = joining.signed_in(signing, StillClock(), life=prepared.life)
        return bootstrap.join_practice(folder, prepared, found, clock=StillClock())

    way.breaks = {path: breaks}
    for _ in range(2):
        with pytest.raises(MachineError, match="answer was damaged on its way"):
            bring()
        assert not list(folder.glob("*.keys"))
    way.breaks = {}
    laptop = bring()
    try:
        synced(laptop)
        assert names(laptop) == {"Walter"}
        assert listed(person) == ["Laptop", "Office"]
    finally:
        laptop.close()

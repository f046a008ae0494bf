"""Plan and team, asked of the real account; and the way from signing up to a lapse and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import bootstrap
from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan, Standing
from app.core.kernel.errors import MachineError, PlanRefuses, UserError
from app.core.kernel.syncing import SyncState
from app.core.kernel.text import PersonName
from app.core.membership.commands import activate_clients
from app.core.membership.rules.seats import Holding
from app.core.membership.rules.subscription import Status
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.sync import joining
from app.sync.account.signing_in import SignIn
from app.sync.practice import PracticeSync
from tests.hosted.account.conftest import Person, key_of, letters
from tests.hosted.team.test_pages import Guest
from tests.hosted.web.conftest import Site
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE
from tests.sync.account.conftest import Memory, Opens, sign_in, through_browser

WALTER = PersonName(given="Walter", family="Strand")


@pytest.fixture
def connected(office: bootstrap.OpenPractice, person: Person) -> bootstrap.OpenPractice:
    """The practice, signed in and uploaded."""
    sign_in(office, person)
    assert office.sync.sync_now().state is SyncState.SYNCED
    return office


def allowed(practice: bootstrap.OpenPractice) -> int | None:
    """Return how many clients may be active now."""
    return practice.desk.entitlement.active_clients


def standing(practice: bootstrap.OpenPractice) -> Standing:
    """Return the column of the table of acts that holds now."""
    return practice.desk.entitlement.standing


def test_the_owner_sees_plan_and_team_and_a_change_holds_at_once(
    connected: bootstrap.OpenPractice,
) -> None:
    account = connected.sync.membership
    found = account.ask()
    assert found.facts.subscription.plan is Plan.STARTER
    assert [(each.role, each.holding) for each in found.team] == [(Role.OWNER, Holding.ACTIVE)]
    assert found.team[0].computers == ("Office",)
    assert allowed(connected) == 10
    tried = account.change_plan(Plan.PROFESSIONAL)
    assert tried.facts.stands(tried.at).status is Status.TRIAL
    assert allowed(connected) is None
    assert connected.desk.entitlement.plan == Plan.PROFESSIONAL


def test_somebody_is_invited_again_and_the_invitation_taken_back(
    connected: bootstrap.OpenPractice, site: Site
) -> None:
    account = connected.sync.membership
    with pytest.raises(PlanRefuses, match="Associates need Professional or Group"):
        account.invite("imani@example.com", "Imani Osei", Role.ASSOCIATE)
    account.change_plan(Plan.PROFESSIONAL)
    letters(site)
    invited = account.invite(" imani@example.com ", "Imani  Osei", Role.ASSOCIATE)
    (row,) = [each for each in invited.team if each.holding is Holding.INVITED]
    assert (row.name, row.address, row.role) == ("Imani Osei", "imani@example.com", Role.ASSOCIATE)
    account.invite_again(row.id)
    assert len(letters(site)) == 2
    gone = account.withdraw(row.id)
    assert [each.holding for each in gone.team] == [Holding.ACTIVE]
    with pytest.raises(UserError, match="does not know that any more"):
        account.withdraw(row.id)
    reserved = account.reserve(Role.ASSOCIATE, 2)
    assert sum(each.holding is Holding.RESERVED for each in reserved.facts.staff) == 2


@pytest.mark.parametrize(
    ("address", "name", "field"),
    [("imani", "Imani", "address"), ("a b@c.d", "Imani", "address"), ("a@b.c", "  ", "name")],
)
def test_an_invitation_is_checked_before_the_account_is_asked(
    connected: bootstrap.OpenPractice, address: str, name: str, field: str
) -> None:
    with pytest.raises(UserError) as refused:
        connected.sync.membership.invite(address, name, Role.ADMIN)
    assert refused.value.field == field


def test_what_blocks_a_change_is_said_in_the_accounts_words(
    connected: bootstrap.OpenPractice,
) -> None:
    with pytest.raises(PlanRefuses, match="Archive is for practices on Professional or Group"):
        connected.sync.membership.change_plan(Plan.ARCHIVE)


def test_support_is_asked_about_archive_a_few_times_an_hour(
    connected: bootstrap.OpenPractice, site: Site
) -> None:
    letters(site)
    for _ in range(3):
        connected.sync.membership.ask_support()
    assert {each.subject for each in letters(site)} == {"A practice asks about Archive"}
    with pytest.raises(UserError, match="wait a quarter of an hour"):
        connected.sync.membership.ask_support()


def test_without_the_account_a_sentence_says_so(
    connected: bootstrap.OpenPractice, site: Site
) -> None:
    site.stop()
    with pytest.raises(MachineError, match="server does not answer"):
        connected.sync.membership.ask()


def test_a_practice_without_an_account_has_nobody_to_ask(practice: bootstrap.OpenPractice) -> None:
    with pytest.raises(UserError, match="not connected to an account"):
        practice.sync.membership.ask()


def test_a_practice_that_nobody_signed_up_for_has_no_plan_at_its_account(
    office: bootstrap.OpenPractice, site: Site
) -> None:
    office.sync.connect(site.address, site.services.devices.new_code(), "Office")
    with pytest.raises(UserError, match="keeps no plan for this practice"):
        office.sync.membership.ask()


def forward(practice: bootstrap.OpenPractice, site: Site, days: int) -> None:
    """Let days go by, here and at the account."""
    for clock in (practice.desk.clock, site.clock):
        assert isinstance(clock, StillClock)
        clock.forward(days=days)


def sign_in_again(practice: bootstrap.OpenPractice, person: Person) -> PracticeSync:
    """Sign in anew after months without a visit."""
    person.sign_in()
    person.prove()
    sign_in(practice, person)
    return practice.sync


def test_sign_up_connect_offline_lapse_read_and_return(
    office: bootstrap.OpenPractice, person: Person, site: Site, reopened: Opens
) -> None:
    client = office.desk.do(add_client, NewClient(WALTER)).value
    sign_in(office, person)
    office.sync.sync_now()
    assert office.plan().grant is not None
    # Offline for two months: nothing new is activated, everything else goes on.
    forward(office, site, 60)
    assert standing(office) is Standing.STALE
    with pytest.raises(PlanRefuses, match="Connect to the account once"):
        office.desk.do(activate_clients, [client])
    office.desk.do(add_client, NewClient(WALTER))
    # The year and its thirty days are over when it comes back.
    forward(office, site, 365 + 31 - 60)
    sign_in_again(office, person).sync_now()
    plan = office.plan()
    assert plan.grant is not None
    assert plan.grant.status is Status.LAPSED
    with pytest.raises(PlanRefuses, match="renew it under Settings, Subscription"):
        office.desk.do(add_client, NewClient(WALTER))
    moment = office.desk.clock.now()
    office = reopened()
    assert isinstance(office.desk.clock, StillClock)
    office.desk.clock.set(moment)
    names = office.vault.connection.execute("SELECT count(*) FROM client").fetchone()
    assert names == (2,)
    assert standing(office) is Standing.LAPSED
    # And back: the one trial is still there to begin.
    found = office.sync.membership.change_plan(Plan.PROFESSIONAL)
    assert found.facts.stands(found.at).status is Status.TRIAL
    assert standing(office) is Standing.WITHIN
    office.desk.do(activate_clients, [client])
    assert office.sync.sync_now().state is SyncState.SYNCED


def test_disconnecting_forgets_the_sign_in_and_keeps_the_file_with_its_last_limits(
    office: bootstrap.OpenPractice,
    person: Person,
    site: Site,
    keychain: Memory,
    reopened: Opens,
) -> None:
    office.desk.do(add_client, NewClient(WALTER))
    forward(office, site, 365 + 31)
    sync = sign_in_again(office, person)
    assert sync.sync_now().state is SyncState.SYNCED
    assert standing(office) is Standing.LAPSED
    moment = office.desk.clock.now()
    sync.disconnect()
    assert keychain.sign_ins == {}
    assert sync.status().state is SyncState.LOCAL
    alone = reopened()
    assert isinstance(alone.desk.clock, StillClock)
    alone.desk.clock.set(moment)
    assert standing(alone) is Standing.LAPSED
    with pytest.raises(PlanRefuses, match="Your plan has ended"):
        alone.desk.do(add_client, NewClient(WALTER))
    assert alone.vault.connection.execute("SELECT count(*) FROM client").fetchone() == (1,)
    # The limits hold for years; nothing makes them wider, or takes the records away.
    alone.desk.clock.forward(days=3650)
    assert standing(alone) is Standing.LAPSED


def test_who_was_invited_joins_by_the_browser_with_a_file_of_their_own(
    connected: bootstrap.OpenPractice, site: Site, tmp_path: Path
) -> None:
    connected.sync.membership.change_plan(Plan.PROFESSIONAL)
    letters(site)
    connected.sync.membership.invite("dana@example.com", "Dana Pruitt", Role.ADMIN)
    (letter,) = letters(site)
    guest = Guest(site, key_of(letter), "dana@example.com")
    guest.begin(name="Dana Pruitt")
    guest.set_up()
    guest.join()
    signing = SignIn(site.address, "Front desk", "0.1")
    signing.begin()
    through_browser(guest, signing)
    found = joining.signed_in(signing, StillClock())
    theirs = bootstrap.join_practice(
        tmp_path / "front-desk", bootstrap.prepare_keys(PASSPHRASE), found, clock=StillClock()
    )
    try:
        assert theirs.desk.actor.role is Role.ADMIN
        assert theirs.desk.actor.member_id == found.member_id
        assert found.member_id != connected.desk.actor.member_id
        assert theirs.sync.sync_now().state is SyncState.SYNCED
        with pytest.raises(UserError, match="Only the owner"):
            theirs.sync.membership.ask()
    finally:
        theirs.close()
    assert connected.sync.sync_now().state is SyncState.SYNCED
    assert len(connected.sync.membership.ask().team) == 2

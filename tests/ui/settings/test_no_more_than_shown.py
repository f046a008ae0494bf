"""Subscription and Team before a real account: no more is taken than the person was shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from app import bootstrap
from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.membership.rules.subscription import Status
from app.sync.protocol.membership import Invite
from app.ui.settings.subscription_panel import SubscriptionPanel
from app.ui.settings.team_panel import TeamPanel
from hosted.account import queries
from hosted.account.tables import Account as AccountRow
from hosted.membership.commands import changing, operating
from hosted.membership.facts import facts
from hosted.membership.tables import PlanCharge
from hosted.store.engine import For
from hosted.team.commands import inviting
from tests.hosted.account.conftest import Person
from tests.hosted.account.test_signing_up import login_of
from tests.hosted.web.conftest import Site
from tests.support.clock import StillClock
from tests.sync.account.conftest import (
    keychain,
    office,
    person,
    reopened,
    sign_in,
    signed_up,
    site,
)
from tests.ui.settings.accounts import SYNCED, Account, asking
from tests.ui.settings.conftest import Room

__all__ = ["keychain", "office", "person", "reopened", "signed_up", "site"]


@dataclass
class Counter:
    """The account's side of the counter: what was taken, and what happens behind one's back."""

    site: Site
    of: For
    office: bootstrap.OpenPractice

    @property
    def taken(self) -> list[int]:
        """What was taken so far, in cents."""
        with self.site.services.database.read(self.of) as session:
            return list(session.scalars(select(PlanCharge.cents).order_by(PlanCharge.at)))

    @property
    def stands(self) -> tuple[Plan, Status]:
        """Where the practice stands."""
        with self.site.services.database.read(self.of) as session:
            known = facts(session, session.get_one(AccountRow, self.of.account))
        stands = known.stands(self.site.clock.now())
        return stands.plan, stands.status

    def choose(self, plan: Plan) -> None:
        """Choose a plan from elsewhere."""
        services = self.site.services
        changing.change_plan(
            services.database, self.of, plan, services.charging, self.site.clock.now()
        )

    def days(self, days: float, *, here: bool = True) -> None:
        """Let days go by at the account, and on this computer unless its clock stands."""
        self.site.clock.forward(days=days)
        if here:
            assert isinstance(self.office.desk.clock, StillClock)
            self.office.desk.clock.forward(days=days)


@pytest.fixture
def counter(office: bootstrap.OpenPractice, person: Person, site: Site) -> Counter:
    """A practice on Professional, paid on the day that it signed up."""
    sign_in(office, person)
    office.sync.sync_now()
    (place,) = queries.places(site.services.database, login_of(site, person.address).id)
    of = For(place.practice_id, account=place.account_id)
    operating.say_card(site.services.database, of, site.clock.now(), card=True)
    made = Counter(site, of, office)
    made.choose(Plan.GROUP)
    made.choose(Plan.PROFESSIONAL)
    return made


class Window(Room):
    """The page, which each answer builds anew, a little later."""

    qtbot: Any

    def says(self, *words: str) -> None:
        """Wait until all of the words stand there."""
        self.qtbot.waitUntil(lambda: all(each in self.words() for each in words))

    def press(self, words: str) -> None:
        """Press a button as soon as it can be pressed."""
        self.qtbot.waitUntil(lambda: self.offers(words))
        self.click(words)

    def choose(self, plan: Plan) -> None:
        """Look at what a plan costs."""
        self.page._radios[plan].radio.click()


Looks = Callable[..., Window]
Page = SubscriptionPanel | TeamPanel


@pytest.fixture
def looks(
    looked: QApplication, qtbot: Any, screen: Any, office: bootstrap.OpenPractice
) -> Iterator[Looks]:
    """Opens Settings, Subscription, or another page, over the practice as it is."""
    made: list[Page] = []

    def open_page(kind: type[Page] = SubscriptionPanel) -> Window:
        context, heard = screen(office.desk)
        account = cast(Account, _Connected(office))
        page = kind(asking(context, office.desk, account))
        qtbot.addWidget(page)
        made.append(page)
        presenter = page._presenter
        qtbot.waitUntil(lambda: presenter.room is not None and bool(presenter.here))
        window = Window(page, heard, account)
        window.qtbot = qtbot
        return window

    yield open_page
    for page in made:
        page.closing()


class _Connected:
    """The practice's file, which says at once that it is connected."""

    status_now = SYNCED

    def __init__(self, practice: bootstrap.OpenPractice) -> None:
        self._practice = practice

    def __getattr__(self, name: str) -> Any:
        return getattr(self._practice, name)


#: 20 of 30 days are left of Professional's month: $20.00 x 2/3 more.
DUE = "Due now: $13.33, for the 20 days until December 19, 2026."


@pytest.fixture
def room(counter: Counter, looks: Looks) -> Window:
    """Ten days into the month, what changing to Group costs is looked at."""
    counter.days(10)
    made = looks()
    made.choose(Plan.GROUP)
    made.says(DUE)
    return made


def test_what_was_shown_is_taken(counter: Counter, room: Window) -> None:
    before = counter.taken
    room.press("Change to Group")
    room.says("Your plan is Group now.")
    assert counter.taken == [*before, 13_33]
    assert counter.stands == (Plan.GROUP, Status.PAID)


def test_once_the_month_has_ended_nothing_is_taken_before_the_new_amount_was_shown(
    counter: Counter, room: Window
) -> None:
    before = counter.taken
    counter.days(25, here=False)
    room.press("Change to Group")
    room.says(
        "Nothing was changed.",
        "Group costs $55.77 now, more than was shown: if that is right, choose it again.",
        "Due now: $55.77, for Professional since December 19, 2026 and for Group for the 26 days "
        "until January 19, 2027.",
    )
    assert counter.taken == before
    assert counter.stands == (Plan.PROFESSIONAL, Status.GRACE)
    assert DUE not in room.words()
    room.press("Change to Group")
    room.says("Your plan is Group now.")
    assert counter.taken == [*before, 55_77]
    assert counter.stands == (Plan.GROUP, Status.PAID)


def test_a_plan_that_was_changed_elsewhere_is_shown_before_it_is_paid_for(
    counter: Counter, room: Window
) -> None:
    counter.choose(Plan.ARCHIVE)
    before = counter.taken
    room.press("Change to Group")
    room.says(
        "Group costs $33.33 now, more than was shown",
        "Archive to Group",
        "Due now: $33.33, for the 20 days until December 19, 2026.",
    )
    assert (counter.taken, counter.stands) == (before, (Plan.ARCHIVE, Status.ARCHIVE))
    room.press("Change to Group")
    room.says("Your plan is Group now.")
    assert counter.taken == [*before, 33_33]
    assert counter.stands == (Plan.GROUP, Status.PAID)


def test_a_seat_more_is_shown_before_it_is_paid_for(counter: Counter, looks: Looks) -> None:
    counter.days(35)
    room = looks()
    room.choose(Plan.PROFESSIONAL)
    room.says("Due now: $39.00, for a month of Professional.")
    inviting.reserve(counter.site.services.team, counter.of, Role.ASSOCIATE, 1)
    before = counter.taken
    room.press("Pay for Professional")
    room.says(
        "Professional costs $50.00 now, more than was shown",
        "Due now: $50.00, for a month of Professional.",
    )
    assert (counter.taken, counter.stands) == (before, (Plan.PROFESSIONAL, Status.GRACE))
    room.press("Pay for Professional")
    room.says("Professional is paid for.")
    assert counter.taken == [*before, 50_00]
    assert counter.stands == (Plan.PROFESSIONAL, Status.PAID)


def test_what_has_become_cheaper_over_midnight_costs_less_than_was_shown(
    counter: Counter, room: Window
) -> None:
    before = counter.taken
    counter.days(1, here=False)
    room.press("Change to Group")
    room.says("Your plan is Group now.")
    assert counter.taken == [*before, 12_67]


@pytest.mark.parametrize("ahead", [5, -5])
def test_prices_go_by_the_accounts_clock_and_not_by_this_computers(
    counter: Counter, looks: Looks, ahead: int
) -> None:
    counter.days(10)
    assert isinstance(counter.office.desk.clock, StillClock)
    counter.office.desk.clock.forward(days=ahead)
    room = looks()
    room.choose(Plan.GROUP)
    room.says(DUE)
    before = counter.taken
    room.press("Change to Group")
    room.says("Your plan is Group now.")
    assert counter.taken == [*before, 13_33]


def test_of_seats_in_reserve_no_more_are_paid_for_than_were_shown(
    counter: Counter, looks: Looks
) -> None:
    services = counter.site.services

    def reserve(count: int) -> None:
        inviting.reserve(services.team, counter.of, Role.ASSOCIATE, count)

    reserve(2)
    room = looks(TeamPanel)
    room.says("2 held in reserve", "$11.00 a month, $11.00 of it now")
    # Given back elsewhere, one more than this window knows is two more than there are.
    reserve(1)
    before = counter.taken
    room.press("Reserve an associate seat")
    room.says("This seat costs $22.00 now, more than was shown", "1 held in reserve")
    assert counter.taken == before
    room.press("Reserve an associate seat")
    room.says("2 held in reserve")
    assert counter.taken == [*before, 11_00]


def test_an_invitation_that_was_free_is_not_paid_for_before_that_was_shown(
    counter: Counter, looks: Looks
) -> None:
    services = counter.site.services
    inviting.reserve(services.team, counter.of, Role.ASSOCIATE, 1)
    room = looks(TeamPanel)
    room.says("1 held in reserve")
    room.click("Invite someone")
    form = room.page._inviting
    form.role.set_value(Role.ASSOCIATE)
    form.name.setText("Imani Osei")
    form.address.setText("imani@example.com")
    room.says("nothing more is charged. If nobody joins")
    # Somebody else is invited from elsewhere, and takes the seat.
    asked = Invite("lee@example.com", "Lee Park", Role.ASSOCIATE)
    inviting.invite(services.team, counter.of, asked, "https://account.example")
    before = counter.taken
    room.press("Send invitation")
    room.says("This seat costs $11.00 now, more than was shown", "$11.00 of it now")
    assert counter.taken == before
    room.press("Send invitation")
    room.says("Imani Osei is invited")
    assert counter.taken == [*before, 11_00]

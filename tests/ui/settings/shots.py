"""Pictures of the pages of Settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from app import bootstrap
from app.core.kernel.acting import Permission, Role
from app.core.kernel.computers import after_disconnecting
from app.core.kernel.desk import Desk
from app.core.kernel.entitlement import Plan
from app.core.kernel.errors import MachineError, NotWhole, PlanRefuses
from app.core.kernel.money import Money
from app.core.kernel.syncing import NOT_CONNECTED, SyncState, SyncStatus
from app.core.kernel.text import PersonName
from app.core.membership.commands import activate_clients
from app.core.membership.rules.moves import unpaid
from app.core.membership.rules.seats import Holding
from app.core.membership.rules.subscription import Subscription
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.core.team.commands import set_permission
from app.core.vault.desk import VaultDesk
from app.sync.parting import require_whole
from app.sync.protocol.membership import TeamRow
from app.sync.protocol.terms import Refusal
from app.sync.state import Link
from app.sync.transport import Trouble
from app.sync.words import SENTENCES, asked_once
from app.ui.settings import area
from app.ui.settings.backup_panel import BackupPanel
from app.ui.settings.computers_panel import ComputersPanel
from app.ui.settings.page import SettingsPage
from app.ui.settings.roles_section import RolesSection
from app.ui.settings.subscription_panel import SubscriptionPanel
from app.ui.settings.sync_panel import SyncPanel
from app.ui.settings.team_panel import TeamPanel
from app.ui.shell.bridge import Bridge
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from app.ui.widgets.layout import Surface, column_layout
from tests.support import design_day
from tests.support.clock import THE_MOMENT, StillClock
from tests.support.colleagues import welcome
from tests.support.pictures import application
from tests.support.practice import OWNER, PASSPHRASE
from tests.support.screens import bare_context
from tests.support.shots import Shot
from tests.ui.settings.accounts import (
    FULL,
    GROUP,
    PROFESSIONAL,
    SIGNED_UP,
    STARTER,
    TOMAS,
    Account,
    asking,
    facts_of,
    team,
)
from tests.ui.settings.accounts import OWNER as OWNER_ROW
from tests.ui.settings.computers import LAPTOP, LONG, OFFICE, AccountOf, Computers, full, two

#: The window without its side bar.
SIZE = (1224, 872)
PAGES = (
    *("practice", "identifiers", "locations", "services", "calendar", "notes", "billing"),
    *("security", "appearance", "about"),
)


def _page(part: str, *, full: bool = True, ask: dict[str, str] | None = None) -> QWidgetOf:
    def make(desk: Desk) -> QWidget:
        if full:
            design_day.fill(desk)
        house = House()
        area.register(house)
        context, _heard = bare_context(desk, Bridge(application()), house=house)
        page = SettingsPage(context)
        page.show_place(Place("settings", part=part, ask=ask or {}))
        frame = Surface("page")
        column_layout(frame).addWidget(page)
        return frame

    return make


@dataclass
class Opened:
    """The program, as far as the page of backups asks for it."""

    practice: bootstrap.OpenPractice


class _OwnPractice(Surface):
    """A page over a practice of its own: the picture's has only its desk."""

    def __init__(self) -> None:
        super().__init__("page")
        self._folder = TemporaryDirectory(prefix="backups-")
        keys = bootstrap.prepare_keys(PASSPHRASE)
        data = Path(self._folder.name) / "data"
        self.practice = bootstrap.create_practice(data, keys, OWNER, StillClock())

    def closing(self) -> None:
        """Close the practice and remove it."""
        self.practice.close()
        self._folder.cleanup()


def _backups(made: int) -> QWidgetOf:
    def make(_desk: Desk) -> QWidget:
        frame = _OwnPractice()
        for _ in range(made):
            frame.practice.backup()
        context, _heard = bare_context(frame.practice.desk, Bridge(application()))
        program: Any = Opened(frame.practice)
        column_layout(frame).addWidget(BackupPanel(replace(context, program=program)))
        return frame

    return make


def _account(
    part: str,
    account: Account,
    *,
    member: str = "",
    computer: UUID | None = None,
    invites: Role | None = None,
    active: int = 0,
    refused: str = "",
    chosen: Plan | None = None,
    asks: bool = False,
) -> QWidgetOf:
    """A page about plan and team over an account that answers so."""

    def make(desk: Desk) -> QWidget:
        facts = account.facts
        if facts is not None and facts.subscription.plan is Plan.GROUP:
            # What the account says is signed here, too: roles are no longer fixed.
            assert isinstance(desk, VaultDesk)
            desk._entitlement = lambda: GROUP
        for number in range(active):
            client = desk.do(add_client, NewClient(PersonName(f"Client {number}", "Example"))).value
            desk.do(activate_clients, [client])
        house = House()
        area.register(house)
        context, _heard = bare_context(desk, Bridge(application()), house=house)
        context = asking(context, desk, account)
        page = SettingsPage(context)
        ask = {"field": "member", "record": member} if member else {}
        if computer is not None:
            ask = {"field": "computer", "record": computer.hex}
        page.show_place(Place("settings", part=part, ask=ask))
        if invites is not None:
            panel = page.findChildren(TeamPanel)[0]
            panel._ask_invite()
            assert panel._inviting is not None
            panel._inviting.role.set_value(invites)
        if refused:
            account.trouble = PlanRefuses(refused)
            presenter = page.findChildren(SubscriptionPanel)[0]._presenter
            presenter.change_plan(presenter.options[2])
        if chosen is not None:
            page.findChildren(SubscriptionPanel)[0]._radios[chosen].radio.click()
        if asks:
            page.findChildren(SubscriptionPanel)[0]._presenter.ask_support()
        frame = Surface("page")
        column_layout(frame).addWidget(page)
        return frame

    return make


def _roles(role: Role, *, group: bool) -> QWidgetOf:
    """Team with its roles, on Group with some of an owner's decisions."""

    def make(desk: Desk) -> QWidget:
        assert isinstance(desk, VaultDesk)
        for given, family, theirs in _COLLEAGUES:
            desk.do(welcome, given, family, theirs)
        if group:
            desk._entitlement = lambda: GROUP
            desk.do(set_permission, Role.ASSOCIATE, Permission.BILL, False)
            desk.do(set_permission, Role.ADMIN, Permission.IMPORT, True)
        frame = _account("team", Account(FULL), member=TOMAS)(desk)
        frame.findChildren(RolesSection)[0].role.set_value(role)
        return frame

    return make


_COLLEAGUES = (
    ("Tomás", "Arriaga", Role.ASSOCIATE),
    ("عبد الرحمن", "بن عبد العزيز الفارسي", Role.ASSOCIATE),
    ("Dana", "Pruitt", Role.ADMIN),
)
#: A team whose names are as long as names get, on the plan with the most to say.
_LONG = tuple(
    replace(
        each,
        name=f"{each.name.partition(' ')[0]} Wolfeschlegelsteinhausenbergerdorff-Papadimitropoulos",
        address=f"{'a-very-long-name.' * 4}{number}@a-practice-with-a-long-name.example",
        computers=("The computer in the consulting room on the second floor", "Home"),
    )
    for number, each in enumerate(team())
)
_ARABIC = tuple(
    replace(each, name="عبد الرحمن بن عبد العزيز الفارسي", credentials="") for each in team()
)
#: Twelve members of every kind of name, and those who are invited.
_TWELVE = (
    *team()[:3],
    *(
        replace(team()[1 + number % 2], id=f"{20 + number:032x}", name=name)
        for number, name in enumerate(
            (
                "Ola Berg",
                _ARABIC[0].name,
                _LONG[1].name,
                "Imani Osei",
                "Łukasz Żółciński",
                "Kim Park",
                "Noor Haddad",
                "Ana María de la Fuente y Gutiérrez",
                "J. R.",
            )
        )
    ),
    *team()[3:],
    replace(_ARABIC[3], id=f"{40:032x}"),
    replace(_LONG[3], id=f"{41:032x}"),
)
_TALL = (1224, 1500)
_OFFLINE = Account(trouble=MachineError("There is no network."))
_NONE = Account(facts=None, rows=(), status_now=NOT_CONNECTED)
_TRIAL = Account(
    facts_of(
        team(),
        Subscription(SIGNED_UP, Plan.PROFESSIONAL, trial_began=THE_MOMENT - timedelta(days=5)),
    )
)
_GRACE = Account(
    facts_of(
        team(),
        Subscription(
            SIGNED_UP, Plan.PROFESSIONAL, trial_began=THE_MOMENT - timedelta(days=16), card=True
        ),
    )
)
_NO_CARD = Account(
    facts_of(
        team(),
        Subscription(SIGNED_UP, Plan.PROFESSIONAL, trial_began=THE_MOMENT - timedelta(days=16)),
    )
)
#: One invitation sits on a seat of the reserve, one has ended, and a seat is held yet.
_RESERVED = (
    *team()[:3],
    replace(team()[3], from_reserve=True),
    replace(
        team()[3],
        id=f"{40:032x}",
        name="Kim Park",
        invited_at=THE_MOMENT - timedelta(days=20),
        ends_at=THE_MOMENT - timedelta(days=6),
    ),
    *(
        TeamRow(f"associate-{n}", "Reserved associate seat", "", Role.ASSOCIATE, Holding.RESERVED)
        for n in (1, 2)
    ),
)
_LAPSED = Account(facts=replace(PROFESSIONAL, subscription=Subscription(SIGNED_UP)))

_WAITING = SyncStatus(
    SyncState.WAITING,
    waiting=3,
    last_upload=THE_MOMENT - timedelta(minutes=14),
    last_download=THE_MOMENT - timedelta(minutes=2),
    oldest_unsent=THE_MOMENT - timedelta(seconds=40),
    clock_offset_ms=400,
    server="https://account.practicerunner.example",
    device="Office iMac",
    kept="in this computer’s keychain",
)
_SIGN_IN = replace(
    _WAITING,
    state=SyncState.SIGN_IN,
    trouble=SENTENCES[Refusal.UNKNOWN_DEVICE],
)


def _disconnecting(*, done: bool) -> QWidgetOf:
    """Sync where somebody disconnects: what would stay here alone, or what was done."""

    def make(desk: Desk) -> QWidget:
        account = Account(status_now=NOT_CONNECTED if done else _WAITING)
        frame = _account("sync", account)(desk)
        (page,) = frame.findChildren(SyncPanel)
        presenter = page._presenter
        assert presenter is not None
        if done:
            presenter.said = after_disconnecting(told=False)
        else:
            counted = (("client", 12), ("note", 3), ("attachment", 1), ("client_phone", 40))
            presenter.problem = _not_whole(counted)
        page._render()
        return frame

    return make


def _cut_off(desk: Desk) -> QWidget:
    """Sync where a sign-in was cut off, in its longest words."""
    frame = _account("sync", Account(status_now=NOT_CONNECTED))(desk)
    (page,) = frame.findChildren(SyncPanel)
    presenter = page._presenter
    assert presenter is not None
    page._acted = "sign-in"
    again = "Sign in with your browser once more."
    presenter.problem = MachineError(asked_once(Trouble.NOT_OUR_SERVER, again))
    page._render()
    return frame


def _not_whole(counted: tuple[tuple[str, int], ...]) -> NotWhole:
    """Return what is said where so much was not sent."""
    try:
        require_whole(_TIED, 3, counted)
    except NotWhole as refused:
        return refused
    raise AssertionError("what was not sent is said")


_TIED = Link(UUID(int=1), "", UUID(int=2), "", "", cursor="here")


def _computers(known: str, *, chosen: UUID | None = None, asks: bool = False) -> QWidgetOf:
    """The computers of an account, in one of the states of the page."""

    def make(desk: Desk) -> QWidget:
        owner = desk.actor.member_id
        lists = {"two": two(owner), "one": two(owner)[:1], "full": full(owner, _member(desk))}
        answers = Computers(lists.get(known, ()))
        if known == "offline":
            answers.trouble = MachineError(SENTENCES[Trouble.OFFLINE])
        status = NOT_CONNECTED if known == "none" else _WAITING
        account = AccountOf(computers=answers, status_now=status)
        frame = _account("computers", account, computer=chosen)(desk)
        (page,) = frame.findChildren(ComputersPanel)
        if known == "stale":
            page._presenter.computers = two(owner)
            page._presenter.offline = SENTENCES[Trouble.OFFLINE]
            page._render()
        if asks and page._details is not None:
            page._details._ask_first()
        return frame

    return make


def _member(desk: Desk) -> UUID:
    """Return another member, whose name is as long as names get."""
    family = _LONG[0].name.partition(" ")[2]
    member_id: UUID = desk.do(welcome, "Tomás", family, Role.ASSOCIATE).value
    return member_id


QWidgetOf = Callable[[Desk], QWidget]

SHOTS = [
    *(Shot(f"settings-{part}", _page(part), size=SIZE) for part in PAGES),
    Shot("settings-services-empty", _page("services", full=False), size=SIZE),
    Shot("settings-subscription", _account("subscription", Account()), size=SIZE),
    Shot(
        "settings-subscription-starter",
        _account("subscription", Account(STARTER, team()[:1]), active=9),
        size=SIZE,
    ),
    Shot("settings-subscription-full", _account("subscription", Account(FULL)), size=SIZE),
    Shot("settings-subscription-trial", _account("subscription", _TRIAL), size=SIZE),
    Shot("settings-subscription-grace", _account("subscription", _GRACE), size=SIZE),
    Shot("settings-subscription-no-card", _account("subscription", _NO_CARD), size=SIZE),
    Shot(
        "settings-subscription-refused",
        _account("subscription", Account(), refused=unpaid("Group", Money(9_33), card=True).words),
        size=SIZE,
    ),
    Shot(
        "settings-subscription-archive",
        _account("subscription", Account(FULL), chosen=Plan.ARCHIVE, asks=True),
        size=SIZE,
    ),
    Shot("settings-subscription-lapsed", _account("subscription", _LAPSED), size=SIZE),
    Shot("settings-subscription-offline", _account("subscription", _OFFLINE), size=SIZE),
    Shot("settings-subscription-empty", _account("subscription", _NONE), size=SIZE),
    Shot("settings-team", _account("team", Account(), member=TOMAS), size=SIZE),
    Shot("settings-team-owner", _account("team", Account(FULL), member=OWNER_ROW), size=SIZE),
    Shot(
        "settings-team-invite",
        _account("team", Account(FULL), invites=Role.ASSOCIATE),
        size=SIZE,
    ),
    Shot(
        "settings-team-invite-owner",
        _account("team", Account(PROFESSIONAL), invites=Role.OWNER),
        size=SIZE,
    ),
    Shot(
        "settings-team-reserve",
        _account(
            "team",
            Account(facts_of(_RESERVED, FULL.subscription), _RESERVED),
            invites=Role.ASSOCIATE,
        ),
        size=SIZE,
    ),
    Shot(
        "settings-subscription-reserve",
        _account("subscription", Account(facts_of(_RESERVED, FULL.subscription), _RESERVED)),
        size=SIZE,
    ),
    Shot("settings-team-long", _account("team", Account(FULL, _LONG), member=TOMAS), size=SIZE),
    Shot("settings-team-arabic", _account("team", Account(FULL, _ARABIC), member=TOMAS), size=SIZE),
    Shot(
        "settings-team-full",
        _account("team", Account(facts_of(_TWELVE, FULL.subscription), _TWELVE), member=TOMAS),
        size=_TALL,
    ),
    Shot("settings-team-roles", _roles(Role.ASSOCIATE, group=True), size=_TALL),
    Shot("settings-team-roles-admin", _roles(Role.ADMIN, group=True), size=_TALL),
    Shot("settings-team-roles-fixed", _roles(Role.PROVIDER, group=False), size=_TALL),
    Shot("settings-team-offline", _account("team", _OFFLINE), size=SIZE),
    Shot("settings-team-empty", _account("team", _NONE), size=SIZE),
    Shot("settings-sync-empty", _account("sync", _NONE), size=SIZE),
    Shot("settings-sync-waiting", _account("sync", Account(status_now=_WAITING)), size=SIZE),
    Shot("settings-sync-sign-in", _account("sync", Account(status_now=_SIGN_IN)), size=SIZE),
    Shot("settings-sync-cut-off", _cut_off, size=SIZE),
    Shot("settings-sync-not-whole", _disconnecting(done=False), size=SIZE),
    Shot("settings-sync-disconnected", _disconnecting(done=True), size=SIZE),
    Shot("settings-computers", _computers("two", chosen=LAPTOP), size=SIZE),
    Shot("settings-computers-asked", _computers("two", chosen=LAPTOP, asks=True), size=SIZE),
    Shot("settings-computers-one", _computers("one", chosen=OFFICE), size=SIZE),
    Shot("settings-computers-full", _computers("full", chosen=LONG, asks=True), size=SIZE),
    Shot("settings-computers-stale", _computers("stale"), size=SIZE),
    Shot("settings-computers-offline", _computers("offline"), size=SIZE),
    Shot("settings-computers-empty", _computers("none"), size=SIZE),
    Shot("settings-backup", _backups(1), size=SIZE),
    Shot("settings-backup-empty", _backups(0), size=SIZE),
]

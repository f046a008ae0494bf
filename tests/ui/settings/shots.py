"""Pictures of the pages of Settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PySide6.QtWidgets import QWidget

from app import bootstrap
from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError
from app.core.kernel.syncing import NOT_CONNECTED
from app.core.kernel.text import PersonName
from app.core.membership.commands import activate_clients
from app.core.membership.rules.subscription import Subscription
from app.core.people.commands import add_client
from app.core.people.rules import NewClient
from app.ui.settings import area
from app.ui.settings.backup_panel import BackupPanel
from app.ui.settings.page import SettingsPage
from app.ui.settings.team_panel import TeamPanel
from app.ui.shell.bridge import Bridge
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from app.ui.widgets.layout import Surface, column_layout
from tests.support import design_day
from tests.support.clock import StillClock
from tests.support.pictures import application
from tests.support.practice import OWNER, PASSPHRASE
from tests.support.screens import bare_context
from tests.support.shots import Shot
from tests.ui.settings.accounts import (
    FULL,
    PROFESSIONAL,
    SIGNED_UP,
    STARTER,
    TOMAS,
    Account,
    asking,
    team,
)

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
    part: str, account: Account, *, member: str = "", invites: bool = False, active: int = 0
) -> QWidgetOf:
    """A page about plan and team over an account that answers so."""

    def make(desk: Desk) -> QWidget:
        for number in range(active):
            client = desk.do(add_client, NewClient(PersonName(f"Client {number}", "Example"))).value
            desk.do(activate_clients, [client])
        house = House()
        area.register(house)
        context, _heard = bare_context(desk, Bridge(application()), house=house)
        context = asking(context, desk, account)
        page = SettingsPage(context)
        ask = {"field": "member", "record": member} if member else {}
        page.show_place(Place("settings", part=part, ask=ask))
        if invites:
            page.findChildren(TeamPanel)[0]._ask_invite()
        frame = Surface("page")
        column_layout(frame).addWidget(page)
        return frame

    return make


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
_OFFLINE = Account(trouble=MachineError("There is no network."))
_NONE = Account(facts=None, rows=(), status_now=NOT_CONNECTED)
_LAPSED = Account(facts=replace(PROFESSIONAL, subscription=Subscription(SIGNED_UP)))

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
    Shot("settings-subscription-lapsed", _account("subscription", _LAPSED), size=SIZE),
    Shot("settings-subscription-offline", _account("subscription", _OFFLINE), size=SIZE),
    Shot("settings-subscription-empty", _account("subscription", _NONE), size=SIZE),
    Shot("settings-team", _account("team", Account(), member=TOMAS), size=SIZE),
    Shot("settings-team-invite", _account("team", Account(FULL), invites=True), size=SIZE),
    Shot("settings-team-long", _account("team", Account(FULL, _LONG), member=TOMAS), size=SIZE),
    Shot("settings-team-offline", _account("team", _OFFLINE), size=SIZE),
    Shot("settings-team-empty", _account("team", _NONE), size=SIZE),
    Shot("settings-sync-empty", _account("sync", _NONE), size=SIZE),
    Shot("settings-backup", _backups(1), size=SIZE),
    Shot("settings-backup-empty", _backups(0), size=SIZE),
]

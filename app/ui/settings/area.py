"""What Settings brings into the house: the area, and the pages on it that are its own."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.kernel.acting import Permission
from app.core.practice.rules.settings import Page
from app.ui.shell.actions import Action
from app.ui.shell.places import Place
from app.ui.shell.registry import Area, House, Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.shell.context import ScreenContext

    Build = Callable[[ScreenContext, UUID | None], QWidget]

PRACTICE = Permission.PRACTICE_SETTINGS
OPERATIONS = Permission.OPERATIONAL_SETTINGS


def register(house: House) -> None:
    """Register the area and its pages. Pages of one hundred stand together in the menu."""
    house.areas.add(
        Area("settings", "Settings", "settings-2", _page, keys="Ctrl+,", position=90, foot=True)
    )
    for position, (key, words, build, needs) in enumerate(_PAGES):
        place = position * 5 + _GROUPS.get(key, 0)
        house.panels.add(Panel("settings", "page", key, words, build, place, needs))
    for part, words, icon, needs in _ACTIONS:
        house.actions.add(
            Action(
                f"settings.{part}",
                words,
                icon,
                enabled_when=partial(_may, needs),
                run=partial(_show, part),
            )
        )


def _may(needs: Permission, context: ScreenContext) -> bool:
    return context.desk.actor.may(needs)


def _show(part: str, context: ScreenContext) -> None:
    context.go(Place("settings", part=part))


def _page(context: ScreenContext) -> QWidget:
    from app.ui.settings.page import SettingsPage  # noqa: PLC0415  loaded when first shown

    return SettingsPage(context)


def _form(page: Page, title: str, sentence: str = "") -> Build:
    def build(context: ScreenContext, _record: UUID | None) -> QWidget:
        from app.ui.settings.form_panel import FormPanel  # noqa: PLC0415

        return FormPanel(context, page, title, sentence)

    return build


def _panel(module: str, name: str) -> Build:
    def build(context: ScreenContext, _record: UUID | None) -> QWidget:
        made: QWidget = getattr(import_module(f"app.ui.settings.{module}"), name)(context)
        return made

    return build


#: What the palette finds of the account: page, words, icon, and the permission that it needs.
_ACTIONS = (
    ("sync", "Connect and sync", "cloud", PRACTICE),
    ("computers", "Computers of the account", "laptop", Permission.KEEP_FILE),
    ("subscription", "Plan and subscription", "credit-card", Permission.MANAGE_TEAM),
    ("team", "Team and invitations", "users", Permission.MANAGE_TEAM),
)
#: Key, words in the menu, what builds it, the permission without which it is absent.
_PAGES: tuple[tuple[str, str, Build, Permission | None], ...] = (
    (
        "practice",
        "Practice",
        _form(Page.PRACTICE, "Practice", "What stands at the top of invoices and superbills."),
        PRACTICE,
    ),
    (
        "identifiers",
        "You and your identifiers",
        _panel("identifiers_panel", "IdentifiersPanel"),
        None,
    ),
    ("team", "Team", _panel("team_panel", "TeamPanel"), Permission.MANAGE_TEAM),
    ("locations", "Locations", _panel("locations_panel", "LocationsPanel"), OPERATIONS),
    ("services", "Services and fees", _panel("services_panel", "ServicesPanel"), OPERATIONS),
    ("calendar", "Calendar and hours", _panel("hours_panel", "HoursPanel"), OPERATIONS),
    (
        "notes",
        "Notes",
        _form(Page.NOTES, "Notes", "How a new note begins. Notes already begun stay as they are."),
        PRACTICE,
    ),
    ("billing", "Billing and numbers", _panel("numbers_panel", "NumbersPanel"), PRACTICE),
    ("security", "Security and locks", _panel("security_panel", "SecurityPanel"), None),
    ("backup", "Backup and restore", _panel("backup_panel", "BackupPanel"), None),
    ("sync", "Sync", _panel("sync_panel", "SyncPanel"), Permission.KEEP_FILE),
    (
        "computers",
        "Computers",
        _panel("computers_panel", "ComputersPanel"),
        Permission.KEEP_FILE,
    ),
    ("appearance", "Appearance", _panel("appearance_panel", "AppearancePanel"), None),
    (
        "subscription",
        "Subscription",
        _panel("subscription_panel", "SubscriptionPanel"),
        Permission.MANAGE_TEAM,
    ),
    ("about", "About", _panel("about_panel", "AboutPanel"), None),
)
#: The pages about this computer and program stand after those about the practice, and what the
#: practice pays for after both.
_GROUPS = {
    **dict.fromkeys(("security", "backup", "sync", "computers", "appearance"), 200),
    **dict.fromkeys(("subscription", "about"), 400),
}

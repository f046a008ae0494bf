"""Pictures of the window with Today in front, of the palette, and of what floats."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.cases.tables import CaseParticipant
from app.core.clinical.tables import Note
from app.core.kernel.acting import Scope
from app.core.kernel.desk import Desk
from app.core.kernel.entitlement import Plan
from app.core.kernel.syncing import NOT_CONNECTED, Repaired, SyncState, SyncStatus
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.subscription import Subscription
from app.core.people.tables import Client
from app.core.practice.tables import OfficeHours
from app.core.scheduling.tables import Appointment
from app.ui.areas import furnished
from app.ui.scheduling.grid import GridCanvas
from app.ui.shell.bridge import Bridge
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.program import PracticeFile, Program
from app.ui.shell.sidenav import SideNav
from app.ui.shell.window import ShellWindow
from app.ui.theme import look
from app.ui.widgets.tables import DataTable
from tests.support.clock import THE_MOMENT
from tests.support.design_day import fill
from tests.support.pictures import settle
from tests.support.screens import focused
from tests.support.screens import part as part_of
from tests.support.shots import Shot
from tests.ui.settings.accounts import SIGNED_UP, Account, Life, facts_of, team
from tests.ui.tasks.question import a_number_twice, refused_work, two_drafts


def _at(hour: int, minute: int) -> datetime:
    return datetime(2026, 11, 19, hour, minute, tzinfo=ZoneInfo("America/Los_Angeles"))


class _Window(ShellWindow):
    """The program's window with every area, on one desk."""

    def __init__(self, desk: Desk, program: Program | None = None) -> None:
        now = look.current()
        super().__init__(Preferences(theme=now.theme, percent=now.percent))
        self._bridge = Bridge(self)
        self.resize(1440, 900)
        self.shown = self.open_house(furnished(), desk, self._bridge, program)

    def closing(self) -> None:  # type: ignore[override]
        """Close the pages with the picture."""
        self.close_house()


def _today(desk: Desk) -> _Window:
    fill(desk)
    return _Window(desk)


def _plan(
    facts: PracticeFacts, area: str = "today", *, sheet: bool = False
) -> Callable[[Desk], QWidget]:
    """Return what shows the window over an account where the practice stands so."""

    def make(desk: Desk) -> QWidget:
        fill(desk)
        life = Life(cast(PracticeFile, Account(facts, team()[:1])))
        window = _Window(desk, cast(Program, life))
        window.shown.go(Place(area))
        window.show()
        settle(1500)
        page = window.shown.page
        if sheet and page is not None:
            page.open_attention()  # type: ignore[attr-defined]
        return window

    return make


def _signed_up(days: int) -> PracticeFacts:
    """Return a practice on Starter that signed up so many days ago."""
    return facts_of(team()[:1], Subscription(THE_MOMENT - timedelta(days=days)), 8)


#: A month of Professional that nobody paid.
_UNPAID = facts_of(
    team()[:1],
    Subscription(
        SIGNED_UP,
        Plan.PROFESSIONAL,
        SIGNED_UP,
        True,
        BillingPeriod(THE_MOMENT - timedelta(days=35), THE_MOMENT - timedelta(days=5)),
    ),
    8,
)


def _empty(desk: Desk) -> QWidget:
    return _Window(desk)


def _attention(desk: Desk) -> QWidget:
    window = _today(desk)
    window.resize(1180, 732)
    window.show()
    settle(500)
    page = window.shown.page
    assert page is not None
    page.open_attention()  # type: ignore[attr-defined]
    return window


def _tasks(desk: Desk) -> QWidget:
    window = _today(desk)
    window.shown.go(Place("tasks"))
    return window


def _question(left: Callable[[Desk], UUID]) -> Callable[[Desk], QWidget]:
    """Return what shows the question of the inbox that ``left`` leaves."""

    def make(desk: Desk) -> QWidget:
        fill(desk)
        item = left(desk)
        window = _Window(desk)
        window.shown.go(Place("tasks", ("inbox_item", item)))
        return window

    return make


OFFLINE = SyncStatus(
    SyncState.OFFLINE,
    waiting=3,
    offline_since=_at(9, 14),
    last_upload=_at(9, 12),
    last_download=_at(9, 13),
    oldest_unsent=_at(9, 21),
    clock_offset_ms=400,
    server="https://account.practicerunner.example",
    device="Office iMac",
)

NEWER = replace(OFFLINE, state=SyncState.SYNCED, waiting=0, oldest_unsent=None, newer=True)
REMOVAL = replace(
    OFFLINE,
    state=SyncState.NEEDS_YOU,
    asks=1,
    removal=(("client", 22), ("note", 64), ("appointment", 31)),
    trouble="The account would remove 117 records from this computer. "
    "Look, then say yes or not now.",
)


def _synced(
    status: SyncStatus | Callable[[Desk], SyncStatus], part: str = "", code: str = ""
) -> Callable[[Desk], QWidget]:
    """Return what shows the window under ``status``: its popover, or a page of Settings."""

    def make(desk: Desk) -> QWidget:
        window = _today(desk)
        if part:
            window.shown.go(Place("settings", part=part))
        window.show()
        settle(500)
        sync = window.shown.sync
        sync.code = code
        sync._have_told(status(desk) if callable(status) else status)
        settle(200)
        if not part:
            QTest.mouseClick(part_of(window, SideNav).sync, Qt.MouseButton.LeftButton)
            settle(200)
        return window

    return make


def _repaired(desk: Desk) -> SyncStatus:
    """Return what is told after a comparison that had to repair records of every kind."""
    rows = desk.ask(_some_rows)
    synced = replace(OFFLINE, state=SyncState.SYNCED, waiting=0, oldest_unsent=None)
    return replace(synced, repaired=Repaired(_at(8, 2), 23, rows))


def _some_rows(session: Session, _scope: Scope) -> tuple[tuple[str, UUID], ...]:
    found: list[tuple[str, UUID]] = []
    for table in (Client, Appointment, Note, CaseParticipant, OfficeHours):
        ids = session.scalars(select(table.id).order_by(table.id).limit(2))
        found += [(table.__tablename__, each) for each in ids]
    return tuple(found)


def _listed(page: QWidget) -> list[object]:
    ids: list[object] = []
    for table in page.findChildren(DataTable):
        ids += table.keys_in_order()
    for grid in page.findChildren(GridCanvas):
        shown = [each.session for each in grid.blocks.all if each.session is not None]
        ids += [each.id if each.is_kept else each.series_id for each in shown]
    return ids


def _waiting(place: Place) -> Callable[[Desk], QWidget]:
    """Return what shows lists at ``place`` with every third record not uploaded."""

    def make(desk: Desk) -> QWidget:
        window = _today(desk)
        window.shown.go(place)
        window.show()
        settle(500)
        page = window.shown.page
        assert page is not None
        while not (ids := _listed(page)):
            settle(100)
        third = frozenset(each for each in ids[::3] if isinstance(each, UUID))
        sync = window.shown.sync
        sync.status = replace(OFFLINE, unsent=third)
        sync.changed()
        return window

    return make


def _help(desk: Desk) -> QWidget:
    window = _Window(desk)
    window.shown.go(Place("help"))
    return window


def _palette(typed: str) -> Callable[[Desk], QWidget]:
    def make(desk: Desk) -> QWidget:
        window = _today(desk)
        window.show()
        settle(500)
        window.shown.run_action("shell.find")
        QTest.keyClicks(focused(), typed)
        settle(200)
        return window

    return make


def _keys(desk: Desk) -> QWidget:
    window = _today(desk)
    window.shown.run_action("shell.keys")
    return window


def _undo(desk: Desk) -> QWidget:
    window = _today(desk)
    window.show()
    settle(500)
    page = window.shown.page
    assert page is not None
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClick(focused(), Qt.Key.Key_Down)
    QTest.keyClick(focused(), Qt.Key.Key_C)
    return window


_WINDOW = (1440, 900)
SHOTS = [
    Shot("today", _today, _WINDOW),
    Shot("today-plan", _plan(_signed_up(335)), _WINDOW),
    Shot("today-plan-unpaid", _plan(_UNPAID), _WINDOW, ("light",)),
    Shot("today-plan-sheet", _plan(_UNPAID, sheet=True), _WINDOW, ("150",)),
    Shot("today-plan-ended", _plan(_signed_up(400)), _WINDOW, ("light", "dark")),
    Shot("tasks-plan", _plan(_UNPAID, "tasks"), _WINDOW, ("light",)),
    Shot("today-empty", _empty, _WINDOW),
    Shot("today-attention", _attention, _WINDOW, ("1180",)),
    Shot("tasks", _tasks, _WINDOW),
    Shot("sync-conflict", _question(lambda desk: two_drafts(desk)[0]), _WINDOW),
    Shot("inbox-number", _question(a_number_twice), _WINDOW),
    Shot("inbox-refused", _question(refused_work), _WINDOW),
    Shot("sync-status", _synced(OFFLINE), _WINDOW),
    Shot("sync-repaired", _synced(_repaired), _WINDOW),
    Shot("sync-newer", _synced(NEWER), _WINDOW, ("light",)),
    Shot("settings-sync-repaired", _synced(_repaired, "sync"), _WINDOW),
    Shot("settings-sync", _synced(NOT_CONNECTED, "sync"), _WINDOW),
    Shot("settings-sync-connected", _synced(OFFLINE, "sync", "K7QP3M9X"), _WINDOW),
    Shot("settings-sync-removal", _synced(REMOVAL, "sync"), _WINDOW),
    Shot("clients-not-uploaded", _waiting(Place("people")), _WINDOW),
    Shot("calendar-not-uploaded", _waiting(Place("scheduling")), _WINDOW),
    Shot("help", _help, _WINDOW),
    Shot("command-palette", _palette("okon"), _WINDOW, ("light", "dark", "150")),
    Shot("command-palette-empty", _palette(""), _WINDOW, ("light",)),
    Shot("undo", _undo, _WINDOW, ("light", "dark")),
    Shot("keyboard-shortcuts", _keys, _WINDOW, ("light", "dark")),
]

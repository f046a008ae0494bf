"""Pictures of the window as roles other than the owner find it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.kernel.acting import Permission, Role, member_actor
from app.core.kernel.desk import Desk
from app.core.tasks.queries import When, today
from app.core.vault.desk import VaultDesk
from app.ui.areas import furnished
from app.ui.shell.bridge import Bridge
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.window import ShellWindow
from app.ui.theme import look
from tests.support.colleagues import welcome
from tests.support.design_day import fill
from tests.support.pictures import settle
from tests.support.shots import Shot


class _Window(ShellWindow):
    """The program's window, opened as a role that holds the day's cases."""

    def __init__(self, desk: Desk, role: Role) -> None:
        now = look.current()
        super().__init__(Preferences(theme=now.theme, percent=now.percent))
        self._bridge = Bridge(self)
        self.resize(1440, 900)
        assert isinstance(desk, VaultDesk)
        assert desk.actor.member_id is not None
        desk.act_as(member_actor(desk.actor.practice_id, desk.actor.member_id, role))
        self.shown = self.open_house(furnished(), desk, self._bridge)

    def closing(self) -> None:  # type: ignore[override]
        """Close the pages with the picture."""
        self.close_house()


def _today(role: Role) -> Callable[[Desk], QWidget]:
    def make(desk: Desk) -> QWidget:
        fill(desk)
        return _Window(desk, role)

    return make


def _record(role: Role) -> Callable[[Desk], QWidget]:
    def make(desk: Desk) -> QWidget:
        fill(desk)
        now = desk.clock.now()
        case_id = desk.ask(today, When(now, now.date())).sessions[0].session.case_id
        window = _Window(desk, role)
        window.shown.go(Place("people", ("case", case_id)))
        window.show()
        settle(700)
        return window

    return make


def _told(desk: Desk) -> QWidget:
    """Today, a moment after Billing was taken from associates."""
    fill(desk)
    desk.do(welcome, "Marguerite", "Lindqvist-Papadimitropoulos", Role.OWNER)
    # The practice looks anew who acts, before somebody else does.
    settle(700)
    window = _Window(desk, Role.ASSOCIATE)
    window.shown.go(Place("billing"))
    window.show()
    settle(700)
    here, me = desk.actor.practice_id, desk.actor.member_id
    assert isinstance(desk, VaultDesk)
    assert me is not None
    desk.act_as(member_actor(here, me, Role.ASSOCIATE, {Permission.BILL: False}))
    settle(700)
    return window


_WINDOW = (1440, 900)
SHOTS = [
    Shot("role-admin-today", _today(Role.ADMIN), _WINDOW, ("light",)),
    Shot("role-admin-record", _record(Role.ADMIN), _WINDOW, ("light",)),
    Shot("role-associate-today", _today(Role.ASSOCIATE), _WINDOW, ("light",)),
    Shot("role-changed", _told, _WINDOW),
    Shot("role-associate-record", _record(Role.ASSOCIATE), _WINDOW, ("light",)),
]

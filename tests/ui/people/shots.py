"""Pictures of the clients' screens: list, record, details, adding; empty, full, strained."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from app.core.cases.commands import add_client_with_case
from app.core.kernel.desk import Desk
from app.core.membership.queries import capacity
from app.ui.areas import furnished
from app.ui.people.page import ClientsPage
from app.ui.shell.bridge import Bridge
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.window import ShellWindow
from app.ui.theme import look
from tests.support.pictures import settle
from tests.support.shots import Shot
from tests.ui.people import scene


class _Window(ShellWindow):
    """The program's window at a place."""

    def __init__(self, desk: Desk, place: Place) -> None:
        now = look.current()
        super().__init__(Preferences(theme=now.theme, percent=now.percent))
        self._bridge = Bridge(self)
        self.resize(1440, 900)
        self.shown = self.open_house(furnished(), desk, self._bridge)
        self.shown.go(place)
        self.show()
        settle(700)

    def closing(self) -> None:  # type: ignore[override]
        """Close the pages with the picture."""
        self.close_house()


def _at(part: str = "", field: str = "", *, client: bool = False) -> Callable[[Desk], QWidget]:
    def make(desk: Desk) -> QWidget:
        made = scene.small(desk)
        scene.with_sessions(desk, made)
        record = ("client", made.ruth) if client else ("case", made.couple_case)
        return _Window(desk, Place("people", record, part, {"field": field} if field else {}))

    return make


def _list(desk: Desk) -> QWidget:
    made = scene.small(desk)
    scene.with_sessions(desk, made)
    scene.crowd(desk)
    return _Window(desk, Place("people"))


def _empty(desk: Desk) -> QWidget:
    return _Window(desk, Place("people"))


def _adding(desk: Desk) -> QWidget:
    scene.small(desk)
    return _opened(desk, "couple")


def _full_plan(desk: Desk) -> QWidget:
    scene.small(desk)
    for number in range(desk.ask(capacity, desk.entitlement).free or 0):
        desk.do(add_client_with_case, scene.plain(f"Person {number}", "Li"))
    return _opened(desk, "client")


def _opened(desk: Desk, kind: str) -> QWidget:
    window = _Window(desk, Place("people"))
    page = window.shown.page
    assert isinstance(page, ClientsPage)
    page.add_client(kind)
    return window


SHOTS = [
    Shot("clients", _list),
    Shot("clients-empty", _empty),
    Shot("client-record", _at()),
    Shot("client-details", _at("details", "birth_date", client=True)),
    Shot("client-relationships", _at("relationships"), looks=("light", "dark")),
    Shot("client-activity", _at("activity"), looks=("light", "dark")),
    Shot("client-adding", _adding),
    Shot("client-plan-full", _full_plan, looks=("light", "dark")),
]

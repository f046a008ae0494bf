"""The window as each role finds it: what a role does not include is absent, not refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget

from app.core.kernel.acting import Permission, Role, member_actor
from app.core.tasks.queries import When, today
from app.ui.areas import furnished
from app.ui.people.record import RecordPage
from app.ui.settings.page import SettingsPage
from app.ui.shell.bridge import Bridge
from app.ui.shell.navigation import Navigator
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.window import ShellWindow
from app.ui.today.page import TodayPage
from tests.support.design_day import DesignDay
from tests.support.practice import TestDesk
from tests.support.screens import part

#: What each role finds nowhere: areas, settings, tabs of a record, actions.
ABSENT: dict[Role, dict[str, set[str]]] = {
    Role.OWNER: {"areas": set(), "settings": set(), "tabs": set(), "actions": set()},
    Role.PROVIDER: {
        "areas": {"exchange"},
        "settings": {
            *("practice", "locations", "services", "calendar", "notes", "billing", "import"),
            *("team", "subscription"),
        },
        "tabs": set(),
        "actions": {"exchange.import", "exchange.start"},
    },
    Role.ADMIN: {
        "areas": {"clinical", "exchange"},
        "settings": {"practice", "notes", "billing", "import", "team", "subscription"},
        "tabs": {"clinical"},
        "actions": {
            "exchange.import",
            "exchange.start",
            "clinical.sign",
            "clinical.discard",
            "people.note",
            "today.note",
        },
    },
}
ABSENT[Role.ASSOCIATE] = ABSENT[Role.PROVIDER]


class Sitting:
    """The window, opened as a member of a role who holds the cases of the day."""

    def __init__(
        self, desk: TestDesk, role: Role, without: frozenset[Permission], qtbot: Any
    ) -> None:
        self.qtbot = qtbot
        here, me = desk.actor.practice_id, desk.actor.member_id
        assert me is not None
        changes = dict.fromkeys(without, False)
        desk.act_as(member_actor(here, me, role, changes))
        self.window = ShellWindow(Preferences(theme="light"))
        self.nav: Navigator = self.window.open_house(furnished(), desk, Bridge(self.window))
        self.window.resize(1440, 900)
        self.window.show()

    def words(self) -> str:
        """Return all that the page in front says."""
        page = self.nav.page
        assert page is not None
        shown = [each for each in page.findChildren(QWidget) if each.isVisibleTo(page)]
        said = [each.text() for each in shown if isinstance(each, QLabel | QAbstractButton)]
        return "\n".join([*said, *(each.accessibleName() for each in shown)])

    def at(self, place: Place, *, until: str) -> str:
        """Go to a place and return what it says once it says ``until``."""
        self.nav.go(place)
        self.qtbot.waitUntil(lambda: until in self.words())
        return self.words()


@pytest.fixture
def sit(looked: QApplication, qtbot: Any, desk: TestDesk, thursday: DesignDay) -> Iterator[Any]:
    """``sit(role)``: the window as that role, closed after the test."""
    made: list[Sitting] = []

    def open_as(role: Role, without: frozenset[Permission] = frozenset()) -> Sitting:
        made.append(Sitting(desk, role, without, qtbot))
        return made[-1]

    yield open_as
    for each in made:
        each.window.close_house()
        each.window.close()
        each.window.deleteLater()


def case_of(desk: TestDesk) -> UUID:
    """Return a case with a session held today."""
    now = desk.clock.now()
    found = desk.ask(today, When(now, now.date()))
    return found.sessions[0].session.case_id


@pytest.mark.parametrize("role", list(Role))
def test_each_role_finds_what_is_theirs(
    sit: Any, desk: TestDesk, thursday: DesignDay, role: Role
) -> None:
    case_id = case_of(desk)
    opened: Sitting = sit(role)
    whole, absent = furnished(), ABSENT[role]
    house = opened.nav.house
    assert {area.id for area in whole.areas} - {area.id for area in house.areas} == absent["areas"]
    missing = {action.id for action in whole.actions} - {action.id for action in house.actions}
    assert missing == absent["actions"]
    assert not absent["actions"] & opened.window._actions.keys()
    day = opened.at(Place("today"), until="This week")
    reads = role is not Role.ADMIN
    for words in ("Write note", "Note to write", "Notes to sign", "Diagnosis"):
        assert reads or words not in day.splitlines(), words
    opened.at(Place("settings", part="appearance"), until="Appearance")
    pages = set(part(opened.window, SettingsPage)._panels)
    assert {panel.key for panel in whole.panels.of("settings", "page")} - pages == absent[
        "settings"
    ]
    record = opened.at(Place("people", ("case", case_id)), until="Next appointment")
    tabs = {panel.key for panel in part(opened.window, RecordPage)._registered()}
    assert {panel.key for panel in whole.panels.of("case", "tab")} - tabs == absent["tabs"]
    for words in ("New note", "No note", "Diagnosis"):
        assert reads or words not in record.splitlines(), words
    # A place that the role does not have is none, wherever a link to it may stand.
    for area in absent["areas"]:
        opened.nav.go(Place(area))
        assert opened.nav.here == Place("people", ("case", case_id))
    for action in absent["actions"]:
        opened.nav.run_action(action)


@pytest.mark.parametrize("role", list(Role))
def test_the_palette_offers_what_is_theirs(sit: Any, role: Role) -> None:
    opened: Sitting = sit(role)
    part(opened.window, TodayPage)
    finding = opened.nav._finding
    finding.begin(opened.nav.context, "people")
    finding.type(">")
    offered = {line.title for line in finding.lines}
    assert ("Import clients" in offered) == (role is Role.OWNER)
    assert ("New note" in offered) == (role is not Role.ADMIN)
    finding.type("walter")
    opened.qtbot.waitUntil(lambda: not finding.busy)
    offered = {line.title for line in finding.lines if line.group == "Do"}
    assert ("New note" in offered) == (role is not Role.ADMIN)
    assert "New appointment" in offered


def test_what_the_owner_took_from_a_role_is_absent_too(
    sit: Any, desk: TestDesk, thursday: DesignDay
) -> None:
    case_id = case_of(desk)
    taken = frozenset({Permission.BILL, Permission.SCHEDULE, Permission.EDIT_CLIENTS})
    opened: Sitting = sit(Role.ASSOCIATE, taken)
    assert {"billing", "scheduling"} & {area.id for area in opened.nav.house.areas} == set()
    day = opened.at(Place("today"), until="This week")
    for words in ("Take payment", "Owing", "Attended", "New appointment"):
        assert words not in day, words
    record = opened.at(Place("people", ("case", case_id)), until="Next appointment")
    for words in ("Book session", "Billing", "Add: Address"):
        assert words not in record.splitlines(), words

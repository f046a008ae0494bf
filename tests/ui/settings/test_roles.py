"""Roles in Team: what is fixed, what an owner on Group decides, and what a member's panel says."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtWidgets import QApplication

from app import bootstrap
from app.core.kernel.acting import ADJUSTABLE, GRANTS, Permission, Role
from app.core.kernel.entitlement import Entitlement, Standing
from app.core.kernel.errors import MachineError
from app.core.practice.queries import settings_under
from app.core.team.commands import set_permission
from app.core.team.queries import role_rights
from app.core.team.rules import PERMISSION_KEY, PERMISSION_WORDS
from app.ui.settings import team_words
from app.ui.settings.roles_section import RolesSection
from app.ui.settings.team_panel import TeamPanel
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.choices import Check
from app.ui.widgets.text import Text
from tests.support.colleagues import welcome
from tests.support.practice import TestDesk
from tests.support.screens import part
from tests.ui.settings.accounts import GROUP, TOMAS, Account
from tests.ui.settings.conftest import Opens, Room


@pytest.fixture
def group(practice: bootstrap.OpenPractice) -> TestDesk:
    """The practice on Group, and its desk."""
    practice._without_plan = GROUP
    desk: Any = practice.desk
    return desk  # type: ignore[no-any-return]


class Roles:
    """The section, and hands for its switches."""

    def __init__(self, room: Room, qtbot: Any) -> None:
        self.room, self.qtbot = room, qtbot
        self.section = part(room.page, RolesSection)
        qtbot.waitUntil(lambda: bool(self.section._presenter.decided))

    def choose(self, role: Role) -> str:
        self.section.role.set_value(role)
        return self.room.words()

    def switches(self) -> dict[str, Check]:
        self.room.words()
        shown = [each for each in self.section.findChildren(Check) if each.isVisible()]
        return {each.text(): each for each in shown}

    def press(self, words: str) -> None:
        self.qtbot.keyClick(self.switches()[words], Qt.Key.Key_Space)


@pytest.fixture
def roles(opens: Opens, qtbot: Any) -> Any:
    """``roles()``: Team on screen, and its roles."""
    return lambda: Roles(opens(TeamPanel, Account()), qtbot)


def decided(desk: TestDesk, role: Role, permission: Permission) -> bool:
    """Return what the practice keeps of a right."""
    found = {(each.role, each.permission): each.given for each in desk.ask(role_rights)}
    return found[role, permission]


@pytest.mark.parametrize("role", team_words.DECIDED)
def test_on_group_each_role_has_what_is_fixed_and_a_switch_for_all_else(
    group: TestDesk, roles: Any, role: Role
) -> None:
    opened: Roles = roles()
    opened.choose(role)
    switches = opened.switches()
    assert switches.keys() == {PERMISSION_WORDS[each] for each in ADJUSTABLE[role]}
    for permission in ADJUSTABLE[role]:
        switch = switches[PERMISSION_WORDS[permission]]
        assert switch.isChecked() is (permission in GRANTS[role])
        assert switch.accessibleName() == (
            f"{team_words.ROLES[role]}s: {PERMISSION_WORDS[permission]}"
        )
    assert "Read and write notes" in opened.room.words()
    assert "Read and write notes" not in switches


def test_a_right_is_given_by_key_said_to_be_unusual_and_undone(
    group: TestDesk, roles: Any, qtbot: Any
) -> None:
    opened: Roles = roles()
    opened.choose(Role.ADMIN)
    opened.press("Import clients from a file")
    qtbot.waitUntil(lambda: decided(group, Role.ADMIN, Permission.IMPORT))
    qtbot.waitUntil(lambda: "Usually admins do not have it." in opened.room.words())
    assert opened.switches()["Import clients from a file"].accessibleDescription()
    ((label, change),) = opened.room.heard.undoable
    assert label == "Change permissions"
    group.undo(change).result()
    qtbot.waitUntil(lambda: not opened.switches()["Import clients from a file"].isChecked())
    assert "Usually" not in opened.room.words()


def test_what_a_role_has_by_itself_again_is_no_decision(
    group: TestDesk, roles: Any, qtbot: Any
) -> None:
    opened: Roles = roles()
    opened.choose(Role.PROVIDER)
    opened.press("Export lists")
    qtbot.waitUntil(lambda: not decided(group, Role.PROVIDER, Permission.EXPORT))
    opened.press("Export lists")
    qtbot.waitUntil(lambda: decided(group, Role.PROVIDER, Permission.EXPORT))
    kept = group.ask(settings_under, PERMISSION_KEY)
    assert set(kept.values()) == {""}


def test_the_keyboard_stays_on_the_switch_that_it_pressed(
    group: TestDesk, roles: Any, qtbot: Any
) -> None:
    opened: Roles = roles()
    opened.room.page.activateWindow()
    switch = opened.switches()["Reports"]
    switch.setFocus()
    opened.press("Reports")
    qtbot.waitUntil(lambda: "Usually associates do not have it." in opened.room.words())
    assert opened.switches()["Reports"] is switch
    assert switch.hasFocus()


def test_off_group_the_usual_rights_are_read_and_one_line_says_what_group_adds(
    desk: TestDesk, roles: Any
) -> None:
    opened: Roles = roles()
    said = opened.choose(Role.ADMIN)
    assert not opened.switches()
    assert "On Group you give each role more, or less." in said
    assert "Import clients from a file" in said
    opened.room.click("Compare plans")
    assert opened.room.heard.visited == [Place("settings", part="subscription")]


def test_what_was_decided_does_not_count_off_group(
    practice: bootstrap.OpenPractice, group: TestDesk, roles: Any
) -> None:
    group.do(set_permission, Role.ASSOCIATE, Permission.BILL, False)
    practice._without_plan = replace(GROUP, plan="PROFESSIONAL", features=frozenset())
    opened: Roles = roles()
    presenter = opened.section._presenter
    assert Permission.BILL in presenter.rights(Role.ASSOCIATE)
    assert "Roles are fixed on Professional." in opened.room.words()


def test_on_a_lapsed_group_plan_the_decisions_are_read(
    practice: bootstrap.OpenPractice, group: TestDesk, roles: Any
) -> None:
    group.do(set_permission, Role.ASSOCIATE, Permission.BILL, False)
    practice._without_plan = replace(GROUP, standing=Standing.LAPSED)
    opened: Roles = roles()
    assert not opened.switches()
    assert "What you decided stays." in opened.room.words()
    assert Permission.BILL not in opened.section._presenter.rights(Role.ASSOCIATE)


def test_a_plan_that_ended_meanwhile_refuses_in_words_and_the_switch_goes_back(
    practice: bootstrap.OpenPractice, group: TestDesk, roles: Any, qtbot: Any
) -> None:
    opened: Roles = roles()
    opened.choose(Role.ADMIN)
    practice._without_plan = Entitlement("PROFESSIONAL", Standing.WITHIN, None)
    opened.press("Reports")
    qtbot.waitUntil(lambda: "can be changed on Group" in opened.room.words())
    assert not opened.switches()


def test_whom_it_is_about_goes_by_the_list_above_it(roles: Any, qtbot: Any) -> None:
    opened: Roles = roles()
    qtbot.waitUntil(lambda: "This is about Tomás Arriaga." in opened.room.words())
    assert "This is about Dana Pruitt." in opened.choose(Role.ADMIN)
    assert "Nobody is a provider yet" in opened.choose(Role.PROVIDER)


def test_without_the_account_they_are_those_whom_this_computer_knows(
    desk: TestDesk, opens: Opens, qtbot: Any
) -> None:
    for given in ("Tomás", "Imani", "Ola"):
        desk.do(welcome, given, "Berg", Role.ASSOCIATE)
    account = Account(trouble=MachineError("There is no network."))
    opened = Roles(opens(TeamPanel, account), qtbot)
    qtbot.waitUntil(lambda: "Ola Berg" in opened.room.words())
    assert "This is about Tomás Berg, Imani Berg and Ola Berg." in opened.room.words()
    assert "Nobody is a provider yet" in opened.choose(Role.PROVIDER)
    names = [str(number) for number in range(5)]
    assert team_words.of_role_words(Role.ADMIN, names) == "This is about 5 admins."


def test_the_panel_of_a_member_says_the_rights_that_the_practice_gives(
    group: TestDesk, opens: Opens, qtbot: Any
) -> None:
    group.do(set_permission, Role.ASSOCIATE, Permission.BILL, False)
    room = opens(TeamPanel, Account())
    room.page.show_field("member", TOMAS)
    listed = room.page._details._rights
    money = PERMISSION_WORDS[Permission.BILL]
    qtbot.waitUntil(lambda: (money, False) in listed._shown)
    # It follows while it stands there, and leads to where it is changed.
    room.page.activateWindow()
    room.click("What associates may do…")
    section = part(room.page, RolesSection)
    first = section._switches[Permission.EDIT_CLIENTS].check
    qtbot.waitUntil(first.hasFocus)
    group.do(set_permission, Role.ASSOCIATE, Permission.BILL, None)
    qtbot.waitUntil(lambda: (money, True) in listed._shown)


@pytest.mark.parametrize("percent", [100, 150])
def test_no_name_and_nothing_beside_it_is_cut(
    opens: Opens, looked: QApplication, percent: int
) -> None:
    look.use(looked, theme="light", percent=percent, density="regular", motion=False)
    room = opens(TeamPanel, Account())
    # The window without side bar and the menu of Settings.
    room.page.resize(1224 - 224 * percent // 100, 870)
    room.words()
    table = room.page._table
    index = table.rows_model.index
    for row, column in product(range(3), range(4)):
        area = QRectF(table.visualRect(index(row, column)))
        assert not table.itemDelegate().elided(area, index(row, column)), (row, column)
    assert not [each.text() for each in room.page._invited.findChildren(Text) if each.toolTip()]

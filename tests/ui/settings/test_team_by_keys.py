"""Team by the keyboard alone, in the real window: everything is reached and done, nothing twice.

After every key something has the keyboard, is seen, and shows that it has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, cast

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QComboBox, QWidget

from app import bootstrap
from app.core.kernel.acting import Role
from app.core.kernel.errors import MachineError, PlanRefuses, UserError
from app.core.membership.rules.seats import Holding
from app.ui.areas import furnished
from app.ui.settings.roles_section import RolesSection
from app.ui.settings.team_panel import TeamPanel
from app.ui.shell.bridge import Bridge
from app.ui.shell.preferences import Preferences
from app.ui.shell.window import ShellWindow
from app.ui.theme import look
from app.ui.widgets.tables import DataTable
from tests.e2e.driver import Driver
from tests.e2e.keyboard import Keyboard
from tests.support.practice import TestDesk
from tests.support.screens import focused, part
from tests.ui.settings.accounts import (
    FULL,
    GROUP,
    IMANI,
    OWNER,
    SYNCED,
    TOMAS,
    Account,
    Life,
    facts_of,
    team,
)

OLA = f"{5:032x}"
OLAS = ("Ola Berg", "ola@example.com")


class Hands(Keyboard):
    """A person without a mouse in the window of a practice with an account."""

    def __init__(self, desk: TestDesk, account: Account, waiting: list[Any] | None) -> None:
        self.account, self.waiting = account, waiting
        self.window = ShellWindow(Preferences(theme="light"))
        super().__init__(Driver(self.window))
        life = cast(Any, Life(cast(Any, account), waiting))
        nav = self.window.open_house(furnished(), desk, Bridge(self.window), life)
        nav.sync.status = SYNCED
        # It would have the account start syncing.
        nav._quiet.stop()
        self.window.resize(1440, 900)
        self.window.show()
        self.eyes.come_forward()

    def press(self, *combinations: str) -> None:
        for keys in combinations:
            super().press(keys)
            self.eyes.until(lambda: not self.wrong(), f"the keyboard to be seen: {self.wrong()}")

    def wrong(self) -> str:
        """Return what is wrong with where the keyboard is."""
        held = self.at
        if held is None:
            return "nothing has it"
        if not held.isVisible() or not QWidget.isEnabled(held):
            return f"{self.name} cannot have it"
        if held.property("ring") and self.ringed() is not held:
            return f"no ring around {self.name}"
        place = held.rect()
        if isinstance(held, QAbstractItemView):
            place = held.visualRect(held.currentIndex())
            if not (held.currentIndex().isValid() and held.property("byKeyboard")):
                return f"no row of {self.name} is marked"
            held = held.viewport()
        seen = held.visibleRegion().boundingRect()
        return "" if self._is_inside(place, seen) else f"{self.name} is not in view"

    @staticmethod
    def _is_inside(place: QRect, seen: QRect) -> bool:
        return seen.top() <= place.top() and place.bottom() <= seen.bottom()

    def ringed(self) -> QWidget | None:
        """Return what the ring is drawn around."""
        ring = self.window._ring
        return ring._target if ring is not None and ring.isVisible() else None

    @property
    def name(self) -> str:
        """What is read out of where the keyboard is."""
        return next(iter(self._said()), "")

    def answer(self) -> None:
        """Have the account answer what it was asked first."""
        assert self.waiting is not None
        self.waiting.pop(0)()

    def to_team(self) -> TeamPanel:
        """Open Settings and its page Team."""
        self.press("Ctrl+,")
        assert self.name == "Settings"
        while not self.window.findChildren(TeamPanel):
            self.press("Down")
        page = part(self.window, TeamPanel)
        if self.waiting is not None:
            self.answer()
        self.eyes.until(lambda: bool(page._rights.decided and page._presenter.team), "the team")
        self.press("Return")
        return page

    @property
    def changed(self) -> list[str]:
        """What the account was asked to change."""
        return [each for each in self.account.did if each not in ("ask", "start")]


@pytest.fixture
def hands(
    looked: QApplication, qtbot: Any, desk: TestDesk, practice: bootstrap.OpenPractice
) -> Iterator[Callable[..., Hands]]:
    """``hands(account, waiting)``: the window of a practice on Group."""
    practice._without_plan = GROUP
    made: list[Hands] = []

    def sit_down(account: Account | None = None, waiting: list[Any] | None = None) -> Hands:
        made.append(Hands(desk, account or Account(FULL), waiting))
        return made[-1]

    yield sit_down
    for each in made:
        each.window.close_house()
        each.window.close()
        each.window.deleteLater()


Sits = Callable[..., Hands]


def typed(page: TeamPanel) -> tuple[str, str] | None:
    """Return name and address in the form that invites somebody, ``None`` where it is not open."""
    form = page._inviting
    return None if form is None else (form.typed.name, form.typed.address)


def test_settings_is_opened_a_member_chosen_entered_and_left_again(hands: Sits) -> None:
    person = hands()
    page = person.to_team()
    assert person.name == "Invite someone"
    person.press("Tab")
    assert person.at is page._table
    assert page._table.current_key() == OWNER
    person.press("Down")
    assert page._table.current_key() == TOMAS
    person.press("Return")
    assert person.name == "What associates may do…"
    person.press("Esc")
    assert person.at is page._table
    person.press("Esc")
    assert person.name == "Settings"
    person.press("Esc")
    assert person.name == "Settings"


def test_somebody_is_invited_and_a_second_enter_invites_nobody_else(hands: Sits) -> None:
    person = hands(waiting=[])
    person.to_team()
    person.press("Return")
    assert person.name == "Name"
    person.type("Ola Berg")
    person.account.trouble = UserError("Type an e-mail address.", field="address")
    person.press("Return", "Return")
    assert len(person.waiting or ()) == 1
    person.answer()
    assert person.name == "Email"
    person.account.trouble = None
    person.type("ola@example.com")
    person.press("Tab")
    assert isinstance(person.at, QComboBox)
    person.press("Down", "Tab")
    assert person.name == "Send invitation"
    person.press("Return", "Return", "Space", "Return")
    assert person.name == "Send invitation"
    assert len(person.waiting or ()) == 1
    person.answer()
    assert person.changed == [
        "invite  Ola Berg ASSOCIATE",
        "invite ola@example.com Ola Berg ADMIN",
    ]
    assert person.name == "Invite someone"
    person.eyes.read("Ola Berg is invited: the letter is on its way.")
    # Another form begins empty, and what changes meanwhile does not close it.
    person.press("Return")
    person.type("K")
    page = part(person.window, TeamPanel)
    page._presenter.changed()
    assert typed(page) == ("K", "")
    assert person.name == "Name"


def test_what_is_typed_outlives_answers_errors_and_a_look_elsewhere(hands: Sits) -> None:
    person = hands(waiting=[])
    page = person.to_team()
    person.press("Tab", "Down", "Shift+Tab", "Return")
    person.type("Ola Berg")
    person.press("Tab")
    person.type("ola@exa")
    # A colleague has left, another is invited: the list and its choice are made anew.
    person.account.rows = (*team()[:1], *team()[2:], replace(team()[3], id=OLA, name="Kim Park"))
    page._presenter.ask()
    person.answer()
    person.eyes.read("Kim Park")
    assert person.name == "Email"
    person.type("mple.com")
    person.account.trouble = MachineError("There is no network.")
    person.press("Return")
    person.answer()
    person.eyes.read("The account was not reached.")
    assert person.name == "Email"
    assert typed(page) == OLAS
    person.press("Esc")
    assert typed(page) is None
    assert person.name == "Invite someone"
    person.press("Return")
    assert typed(page) == OLAS
    person.walk_to("Members")
    person.press("Down")
    assert typed(page) is None
    person.walk_to("Invite someone")
    person.press("Return")
    assert typed(page) == OLAS
    # Trying again is the act itself.
    person.account.trouble = None
    person.press("Return")
    person.answer()
    assert person.changed[-1] == "invite ola@example.com Ola Berg ASSOCIATE"
    assert not person.eyes.sees("The account was not reached.")
    person.press("Return")
    person.walk_to("Cancel")
    person.press("Return")
    assert typed(page) is None
    assert person.name == "Invite someone"


def test_of_two_with_one_name_the_one_in_hand_is_meant(hands: Sits) -> None:
    twins = (*team(), replace(team()[3], id=OLA, address="other@example.com"))
    person = hands(Account(FULL, twins), waiting=[])
    page = person.to_team()
    person.walk_to("Withdraw: Imani Osei")
    person.press("Tab")
    assert person.name == "Send again: Imani Osei"
    person.press("Return", "Return", "Space")
    person.answer()
    assert person.changed == [f"again {OLA}"]
    second = focused()
    person.account.trouble = PlanRefuses("Nobody can be invited any more.")
    person.press("Tab", "Return")
    person.answer()
    assert person.name == "Withdraw: Imani Osei"
    row = page._invited._rows[OLA]
    assert row._problem.text() == "Nobody can be invited any more."
    assert row.isAncestorOf(second)
    assert not page._told.isVisible()
    person.account.trouble = None
    person.answer()
    person.account.rows = team()
    person.press("Return", "Return")
    person.answer()
    assert person.changed[-1] == f"withdraw {OLA}"
    assert person.at is page._table
    person.press("Return")
    assert not person.waiting
    assert page._invited.stops() == list(page._invited._rows[IMANI].acts)


def test_a_link_to_an_invitation_leads_to_its_line(hands: Sits) -> None:
    person = hands()
    page = person.to_team()
    page.show_field("member", IMANI)
    assert person.name == "Send again: Imani Osei"
    assert not person.wrong()


def test_a_seat_is_reserved_and_given_back(hands: Sits) -> None:
    person = hands(waiting=[])
    page = person.to_team()
    person.walk_to("Reserve an associate seat")
    person.press("Return", "Return")
    held = replace(team()[3], id=OLA, name="", holding=Holding.RESERVED)
    person.account.facts = facts_of((*team(), held), FULL.subscription)
    person.answer()
    assert person.changed == ["reserve ASSOCIATE 1"]
    assert person.name == "Reserve an associate seat"
    person.press("Tab")
    assert person.name == "Give an associate seat back"
    person.press("Return")
    person.account.facts = FULL
    person.answer()
    assert person.changed[-1] == "reserve ASSOCIATE 0"
    # A second press on what stands there now would buy a seat.
    assert person.at is page._table
    person.press("Return")
    assert not person.waiting


def test_a_role_is_changed(hands: Sits) -> None:
    person = hands(waiting=[])
    page = person.to_team()
    person.press("Tab", "Down", "Return")
    person.walk_to("Role")
    person.press("Down")
    # The account's answer to something else makes nothing of the choice.
    person.account.rows = (
        *team()[:1],
        replace(team()[1], computers=("MacBook Pro", "Home")),
        *team()[2:],
    )
    page._presenter.ask()
    person.answer()
    person.eyes.read("MacBook Pro, Home")
    assert person.name == "Role"
    person.press("Return", "Return")
    assert len(person.waiting or ()) == 1
    person.account.rows = (
        *team()[:1],
        replace(team()[1], role=Role.ADMIN),
        *team()[2:],
    )
    person.answer()
    assert person.changed == [f"role {TOMAS} ADMIN"]
    assert person.name == "Role"
    person.press("Up", "Tab")
    assert person.name == "Change role"
    person.account.trouble = PlanRefuses("Group has no associate seat left.")
    person.press("Return")
    person.answer()
    person.eyes.read("Group has no associate seat left.")
    assert person.name == "Change role"


def test_a_membership_ends_after_the_question_what_becomes_of_the_work(hands: Sits) -> None:
    person = hands(waiting=[])
    page = person.to_team()
    person.press("Tab", "Down", "Return")
    person.walk_to("End membership…")
    person.press("Return")
    assert person.name == "Their work goes to"
    person.press("Esc")
    assert person.name == "End membership…"
    person.press("Return", "Down")
    # Nothing that the account says meanwhile takes the question or its answer away.
    person.account.rows = (
        *team()[:1],
        replace(team()[1], computers=("MacBook Pro", "Home")),
        *team()[2:],
    )
    page._presenter.ask()
    person.answer()
    assert person.name == "Their work goes to"
    person.press("Return")
    assert person.changed == []
    person.walk_to("End membership")
    person.press("Return", "Return", "Space")
    assert len(person.waiting or ()) == 1
    person.account.rows = tuple(each for each in team() if each.id != TOMAS)
    person.answer()
    assert person.changed == [f"end {TOMAS}"]
    assert person.at is page._table
    person.press("Return", "Return")
    assert not person.waiting


def test_without_a_network_the_way_to_try_again_is_reached(hands: Sits) -> None:
    person = hands()
    page = person.to_team()
    person.account.trouble = MachineError("There is no network.")
    person.walk_to("Send again: Imani Osei")
    person.press("Return")
    assert person.name == "Send again: Imani Osei"
    person.eyes.read("The account was not reached.")
    person.walk_to("Try again")
    person.press("Return")
    assert person.name == "Try again"
    person.account.trouble = None
    person.press("Return")
    assert person.at is page._table
    assert not person.eyes.sees("There is no network.")


def test_roles_are_looked_at_and_rights_given(hands: Sits) -> None:
    person = hands()
    page = person.to_team()
    person.press("Tab", "Down", "Return", "Return")
    section = part(page, RolesSection)
    assert person.name == "Associates: Add and change clients, cases and contacts"
    person.press("Space")
    person.eyes.until(lambda: person.eyes.sees("Usually associates have it."), "the change")
    assert person.name == "Associates: Add and change clients, cases and contacts"
    person.press("Shift+Tab")
    assert section.role.isAncestorOf(focused())
    person.press("Left", "Left")
    assert section.role.value() is Role.PROVIDER
    assert section.role.isAncestorOf(focused())


@pytest.mark.parametrize("percent", [100, 150])
def test_in_a_long_list_what_has_the_keyboard_is_in_view(
    hands: Sits, looked: QApplication, percent: int
) -> None:
    look.use(looked, theme="light", percent=percent, density="regular", motion=False)
    rows = (
        *team()[:3],
        *(replace(team()[1], id=f"{20 + n:032x}", name=f"Member {n}") for n in range(9)),
        *(replace(team()[3], id=f"{40 + n:032x}", name=f"Invited {n}") for n in range(4)),
    )
    person = hands(Account(facts_of(rows, FULL.subscription), rows))
    page = person.to_team()
    person.press("Tab", *["Down"] * 11)
    assert page._table.current_key() == f"{28:032x}"
    person.press("Return")
    assert page.has_keyboard_in_details
    person.press("Esc")
    assert isinstance(person.at, DataTable)
    person.walk_to("Withdraw: Invited 3")
    person.walk_to("Invite someone")
    person.press("Return")
    assert person.name == "Name"


def test_a_key_that_is_held_down_is_no_second_wish(hands: Sits) -> None:
    person = hands(waiting=[])
    person.to_team()
    person.walk_to("Reserve an associate seat")
    person.press("Return")
    person.answer()
    held = QKeyEvent(
        QKeyEvent.Type.KeyPress,
        Qt.Key.Key_Return,
        Qt.KeyboardModifier.NoModifier,
        "\r",
        True,
    )
    assert person.at is not None
    QApplication.sendEvent(person.at, held)
    assert not person.waiting

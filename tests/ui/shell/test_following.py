"""The open window follows what its member may do: other rights, plans and cases while in use."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from sqlalchemy import update

from app import bootstrap
from app.core.clinical.commands.notes import NewNote, start_note
from app.core.clinical.queries.notes import note
from app.core.clinical.rules.notes import NoteFormat
from app.core.kernel.acting import Permission, Role
from app.core.kernel.changes import Changes
from app.core.kernel.clock import unix_ms
from app.core.kernel.entitlement import Entitlement, Standing
from app.core.kernel.ids import new_id
from app.core.tasks.queries import When, today
from app.core.team.rules import MemberStatus, permission_key
from app.core.team.tables import Member
from app.sync.applying import Incoming
from app.sync.file import LocalFile
from app.ui.areas import furnished
from app.ui.clinical.note_page import NotePage
from app.ui.settings.page import SettingsPage
from app.ui.shell.bridge import Bridge
from app.ui.shell.navigation import Navigator
from app.ui.shell.places import Place
from app.ui.shell.preferences import Preferences
from app.ui.shell.window import ShellWindow
from app.ui.theme import look
from app.ui.widgets.buttons import IconButton
from tests.support.colleagues import welcome
from tests.support.design_day import DesignDay
from tests.support.practice import TestDesk
from tests.support.screens import part
from tests.ui.settings.accounts import GROUP

BY = "Kim Aldous"


class Sitting:
    """The window of Dana Whitfield, one of two owners; what changes comes as sync brings it."""

    def __init__(self, practice: bootstrap.OpenPractice, qtbot: Any) -> None:
        self.practice, self.qtbot = practice, qtbot
        desk: Any = practice.desk
        self.desk = desk
        self.me: Any = self.desk.actor.member_id
        practice._without_plan = GROUP
        self.desk.do(welcome, *BY.split(), Role.OWNER)
        self.window = ShellWindow(Preferences(theme="light"))
        self.nav: Navigator = self.window.open_house(furnished(), self.desk, Bridge(self.window))
        self.window.resize(1440, 900)
        self.window.show()
        self.window.activateWindow()
        self.until(lambda: self.nav.page is not None)

    def until(self, reached: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(reached()))

    def close(self) -> None:
        self.window.close_house()
        self.window.close()
        self.window.deleteLater()

    # What sync brings

    def becomes(self, role: Role) -> None:
        """The account says that the member has another role."""
        self.member_is(role=role)
        self.until(lambda: self.desk.actor.role is role)

    def member_is(self, **values: Any) -> None:
        """The account says something else of the member."""
        to = update(Member).where(Member.id == self.me).values(**values)
        told = Changes(frozenset({"team"}), frozenset({self.me}))
        self.desk.confirm(lambda session: (session.execute(to), told)).result()

    def decides(self, role: Role, permission: Permission, given: bool) -> None:
        """An owner gave a right to a role, or took it."""
        said = {"key": permission_key(role, permission), "value": given}
        coming = [Incoming(1, "setting", new_id(unix_ms(self.desk.clock.now())), said)]
        LocalFile(self.desk).slice(lambda part: part.told(part.applier().apply(coming)))

    def allows(self, plan: Entitlement) -> None:
        """The account signed another document."""
        self.practice._without_plan = plan
        self.practice._look_who_acts()
        told = Changes(frozenset({"membership"}))
        self.desk.confirm(lambda _session: (None, told)).result()

    def loses(self, kind: str, record_id: UUID) -> None:
        """A case is another member's by now: its rows leave this file."""
        LocalFile(self.desk).slice(lambda part: part.told(part.remover().hide([(kind, record_id)])))

    # What stands in the window

    @property
    def told(self) -> str:
        banner = self.nav._told
        return banner.accessibleName() if banner.isVisible() else ""

    def areas(self) -> set[str]:
        return {area.id for area in self.nav.house.areas}

    def listed(self) -> list[str]:
        return [item.words for item in self.nav._nav._main.items()]

    def goes(self, place: Place) -> QWidget:
        self.nav.go(place)
        page = self.nav.page
        assert page is not None
        return page

    def note_of(self, case_id: UUID) -> tuple[UUID, NotePage]:
        """Open a fresh note of a case; return it with its page, read."""
        begun = NewNote(case_id, self.nav.context.today(), format=NoteFormat.SOAP)
        note_id = self.desk.do(start_note, begun).value
        self.goes(Place("clinical", ("note", note_id)))
        page = part(self.window, NotePage)
        self.until(lambda: page._presenter.editable)
        return note_id, page

    def types(self, page: NotePage, words: str) -> QWidget:
        """Type in the first section of a note."""
        field = page._sections.fields[0]
        field.setFocus()
        self.until(field.hasFocus)
        self.qtbot.keyClicks(field, words)
        return field


@pytest.fixture
def dana(
    looked: QApplication, qtbot: Any, practice: bootstrap.OpenPractice, thursday: DesignDay
) -> Iterator[Sitting]:
    """The window, closed after the test."""
    made = Sitting(practice, qtbot)
    yield made
    made.close()


@pytest.fixture
def case_id(dana: Sitting) -> UUID:
    """A case with a session held today."""
    now = dana.desk.clock.now()
    found = dana.desk.ask(today, When(now, now.date()))
    return found.sessions[0].session.case_id  # type: ignore[no-any-return]


# A role


def test_an_owner_made_an_associate_while_looking_at_team_is_led_elsewhere_and_told(
    dana: Sitting,
) -> None:
    dana.goes(Place("settings", part="team"))
    assert "team" in part(dana.window, SettingsPage)._panels
    dana.becomes(Role.ASSOCIATE)
    dana.until(lambda: dana.told)
    assert dana.told == f"{BY} made you an associate. The page “Team” is not part of it."
    assert dana.nav.here == Place("settings")
    page = dana.nav.page
    assert isinstance(page, SettingsPage)
    assert not {"team", "subscription", "practice"} & page._panels.keys()
    assert "exchange.import" not in dana.window._actions
    assert "exchange" not in dana.areas()
    menus: list[Any] = [each.menu() for each in dana.window.menuBar().actions()]
    assert "Import clients" not in {act.text() for menu in menus for act in menu.actions()}


def test_an_associate_made_an_owner_finds_what_is_theirs_now(dana: Sitting) -> None:
    dana.becomes(Role.ASSOCIATE)
    dana.until(lambda: "exchange" not in dana.areas())
    dana.goes(Place("settings"))
    dana.becomes(Role.OWNER)
    dana.until(lambda: dana.told == f"{BY} made you an owner.")
    assert isinstance(dana.nav.page, SettingsPage)
    assert "team" in dana.nav.page._panels
    assert "exchange.import" in dana.window._actions


def test_billing_that_associates_do_not_have_is_left_for_today(dana: Sitting) -> None:
    dana.decides(Role.ASSOCIATE, Permission.BILL, False)
    dana.goes(Place("billing", part="payments"))
    dana.becomes(Role.ASSOCIATE)
    dana.until(lambda: dana.told)
    assert dana.told == f"{BY} made you an associate. The page “Billing” is not part of it."
    assert dana.nav.here == Place("today")
    assert "Billing" not in dana.listed()
    dana.nav.run_action("shell.back")
    assert dana.nav.here == Place("today")


def test_the_message_stays_until_it_is_closed_by_key(dana: Sitting) -> None:
    dana.becomes(Role.PROVIDER)
    dana.until(lambda: dana.told)
    dana.goes(Place("tasks"))
    assert dana.told
    close = part(dana.nav._told, IconButton)
    close.setFocus()
    dana.qtbot.keyClick(close, Qt.Key.Key_Space)
    assert not dana.told


def test_whose_membership_ended_is_told_and_has_what_can_be_read(dana: Sitting) -> None:
    dana.member_is(status=MemberStatus.INACTIVE)
    dana.until(lambda: dana.told)
    assert "Your membership has ended" in dana.told
    assert dana.nav.here == Place("today")


# A right


def test_a_right_that_is_given_is_there_while_the_page_is_open(dana: Sitting) -> None:
    dana.becomes(Role.ADMIN)
    dana.until(lambda: dana.told)
    dana.goes(Place("settings", part="appearance"))
    dana.decides(Role.ADMIN, Permission.IMPORT, True)
    dana.until(lambda: dana.told == f"{BY} lets admins do more: import clients from a file.")
    page = dana.nav.page
    assert isinstance(page, SettingsPage)
    assert "import" in page._panels
    assert page._menu.model().rowCount() == len(page._panels)
    assert dana.nav.here == Place("settings", part="appearance")
    finding = dana.nav._finding
    finding.begin(dana.nav.context, "settings")
    finding.type(">import")
    assert "Import clients" in {line.title for line in finding.lines}


def test_a_right_that_is_taken_is_said_by_its_name(dana: Sitting) -> None:
    dana.becomes(Role.ADMIN)
    dana.until(lambda: dana.told)
    dana.goes(Place("scheduling"))
    dana.decides(Role.ADMIN, Permission.SCHEDULE, False)
    dana.until(lambda: dana.told.startswith(f"{BY} took from admins"))
    assert "book, move and close sessions. The page “Calendar” is not part of it." in dana.told
    assert dana.nav.here == Place("today")


# The plan


def test_the_plan_lapses_while_one_works_and_comes_back(dana: Sitting) -> None:
    page = dana.goes(Place("people"))
    dana.allows(replace(GROUP, standing=Standing.LAPSED))
    dana.until(lambda: dana.told.startswith("The plan has ended"))
    assert dana.nav.page is page
    dana.allows(GROUP)
    dana.until(lambda: dana.told.startswith("The plan is active again"))


def test_a_plan_that_ends_by_the_clock_is_noticed_with_the_minute(dana: Sitting) -> None:
    dana.practice._without_plan = replace(GROUP, standing=Standing.STALE)
    dana.nav._minutes.timeout.emit()
    dana.until(lambda: "could not be checked for 44 days" in dana.told)


@pytest.mark.parametrize("plan_first", [False, True])
def test_with_group_goes_what_the_owner_had_given(dana: Sitting, plan_first: bool) -> None:
    dana.decides(Role.ADMIN, Permission.IMPORT, True)
    dana.becomes(Role.ADMIN)
    dana.until(lambda: dana.told)
    dana.goes(Place("exchange"))
    professional = Entitlement("PROFESSIONAL", Standing.WITHIN, None)
    if plan_first:
        # The plan is there at once; what it makes of the rights is read behind it.
        dana.practice._without_plan = professional
        dana.nav._following.refresh()
    dana.allows(professional)
    dana.until(lambda: "no longer on Group" in dana.told)
    assert "gone is import clients from a file" in dana.told
    assert "The page “Import” is not part of it." in dana.told
    assert dana.nav.here == Place("today")


# What is being typed


def test_who_writes_in_a_page_that_is_theirs_goes_on_and_has_it_anew_afterwards(
    dana: Sitting, case_id: UUID
) -> None:
    note_id, page = dana.note_of(case_id)
    field = dana.types(page, "Slept six ")
    dana.becomes(Role.ASSOCIATE)
    dana.until(lambda: dana.told)
    assert dana.nav.page is page
    assert field.hasFocus()
    dana.qtbot.keyClicks(field, "hours.")
    dana.nav._nav._main.setFocus()
    dana.until(lambda: dana.nav.page is not page)
    again = part(dana.nav._rooms, NotePage)
    dana.until(lambda: again._presenter.editable)
    # Sections without words may be there, or not yet.
    assert [each for each in again._presenter.texts.values() if each] == ["Slept six hours."]
    assert dana.nav.here == Place("clinical", ("note", note_id))


def test_a_note_that_is_kept_is_left_and_lies_whole_in_the_file(
    dana: Sitting, case_id: UUID
) -> None:
    note_id, page = dana.note_of(case_id)
    dana.types(page, "Slept six hours.")
    page._keep()
    dana.until(lambda: not page.holds_unkept())
    dana.becomes(Role.ADMIN)
    dana.until(lambda: dana.told)
    assert dana.told == f"{BY} made you an admin. The page “Note” is not part of it."
    assert dana.nav.here == Place("today")
    dana.becomes(Role.PROVIDER)
    dana.until(lambda: dana.told == f"{BY} made you a provider.")
    assert list(dana.desk.ask(note, note_id).sections.values()) == ["Slept six hours."]


def test_words_that_can_be_kept_nowhere_stay_in_sight(dana: Sitting, case_id: UUID) -> None:
    _note_id, page = dana.note_of(case_id)
    field = dana.types(page, "Slept six hours.")
    assert page.holds_unkept()
    dana.becomes(Role.ADMIN)
    dana.until(lambda: dana.told)
    assert dana.nav.page is page
    assert "What you typed" in dana.told
    dana.until(lambda: page._presenter.refusal is not None)
    assert isinstance(field, QTextEdit | QPlainTextEdit)
    assert field.toPlainText() == "Slept six hours."
    assert field.isVisible()
    dana.goes(Place("today"))
    dana.nav.run_action("shell.back")
    assert dana.nav.here is not None
    assert dana.nav.here.area != "clinical"


# Cases


def test_a_record_that_leaves_while_it_is_open_is_left_and_said(
    dana: Sitting, case_id: UUID
) -> None:
    dana.becomes(Role.PROVIDER)
    dana.until(lambda: dana.told)
    dana.goes(Place("people", ("case", case_id)))
    dana.until(lambda: "people.all" in dana.window._actions and dana.window.findChild(QLineEdit))
    dana.until(lambda: dana.nav.page._record._presenter.found is not None)  # type: ignore[union-attr]
    dana.loses("care_case", case_id)
    dana.until(lambda: dana.told.startswith("This record is no longer here"))
    assert dana.nav.here == Place("people")


def test_a_note_whose_case_leaves_is_left_once_it_is_kept_and_else_stays_in_sight(
    dana: Sitting, case_id: UUID
) -> None:
    _note_id, page = dana.note_of(case_id)
    field = dana.types(page, "Slept six hours.")
    page._timer.stop()
    dana.loses("care_case", case_id)
    dana.until(lambda: page._presenter.refusal is not None)
    assert field.isVisible()
    assert dana.nav.page is page


def test_a_kept_note_whose_case_leaves_is_left(dana: Sitting, case_id: UUID) -> None:
    _note_id, page = dana.note_of(case_id)
    dana.types(page, "Slept six hours.")
    page._keep()
    dana.until(lambda: not page.holds_unkept())
    dana.loses("care_case", case_id)
    dana.until(lambda: dana.told.startswith("This note is no longer here"))
    assert dana.nav.here == Place("people")


def test_another_text_size_begins_no_second_note(
    dana: Sitting, desk: TestDesk, case_id: UUID, looked: QApplication
) -> None:
    dana.goes(Place("clinical", ask={"case": str(case_id)}))
    page = part(dana.window, NotePage)
    dana.until(lambda: page._presenter.editable)
    found = page._presenter.note
    assert found is not None
    dana.types(page, "Slept six hours.")
    look.use(looked, theme="light", percent=150, density="regular", motion=False)
    dana.until(lambda: dana.nav.page is not page)
    again = part(dana.nav._rooms, NotePage)
    dana.until(lambda: again._presenter.editable)
    assert again._presenter.note is not None
    assert again._presenter.note.id == found.id

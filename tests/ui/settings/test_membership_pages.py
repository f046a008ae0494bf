"""Subscription and Team in a real window, over an account that answers as it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.core.kernel.acting import GRANTS, Permission, Role, member_actor
from app.core.kernel.entitlement import Plan
from app.core.kernel.errors import MachineError, PlanRefuses, UserError
from app.core.kernel.syncing import NOT_CONNECTED
from app.core.membership.rules.grant import grant_of, plan_state
from app.core.membership.rules.moves import Link, LinkTo, PracticeFacts, options
from app.core.membership.rules.offers import change_words
from app.core.membership.rules.subscription import Subscription
from app.sync.protocol.membership import TeamRow
from app.ui.settings import area, blocked, plan_words, team_words
from app.ui.settings.page import SettingsPage
from app.ui.settings.subscription_panel import SubscriptionPanel
from app.ui.settings.team_panel import TeamPanel
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from tests.support.clock import THE_MOMENT
from tests.support.practice import TestDesk
from tests.support.screens import focused
from tests.ui.settings.accounts import (
    DANA,
    FULL,
    IMANI,
    OWNER,
    PROFESSIONAL,
    SIGNED_UP,
    STARTER,
    TOMAS,
    Account,
    facts_of,
    team,
)
from tests.ui.settings.conftest import Opens

# Subscription


def test_what_a_change_costs_stands_beside_the_plans(opens: Opens) -> None:
    room = opens(SubscriptionPanel, Account())
    said = room.words()
    assert "Professional, renews December 3, 2026, for $61.00." in said
    assert "Professional to Group" in said
    assert "$81.00" in said
    assert "Due now: $9.33, for the 14 days until December 3, 2026." in said
    assert "Starter was for the first twelve months, which ended March 3, 2026." in said
    room.click("Change to Group")
    assert room.account.did == ["ask", "plan GROUP"]
    assert "Your plan is Group now." in room.words()


@pytest.mark.parametrize("answers", [1, 2])
def test_an_answer_while_a_button_is_held_down_swallows_no_press(
    opens: Opens, answers: int
) -> None:
    room = opens(SubscriptionPanel, Account())
    room._find("Change to Group").setFocus()
    # A key goes to what has the keyboard by then, not to what had it.
    window = room.page.windowHandle()
    QTest.keyPress(window, Qt.Key.Key_Space)
    for _answer in range(answers):
        room.page._render()
    assert "plan GROUP" not in room.account.did
    QTest.keyRelease(window, Qt.Key.Key_Space)
    assert room.account.did == ["ask", "plan GROUP"]
    assert "Your plan is Group now." in room.words()


def test_starters_last_weeks_and_the_trial_that_costs_nothing(opens: Opens) -> None:
    carded = replace(STARTER, subscription=replace(STARTER.subscription, card=True))
    room = opens(SubscriptionPanel, Account(carded, team()[:1]))
    said = room.words()
    assert "Starter, free for twelve months since December 19, 2025." in said
    assert (
        "Nothing is charged before December 3, 2026, and until December 19, 2026, you can go"
        in said
    )
    assert room.offers("Try Professional")
    room.page._radios[Plan.GROUP].radio.click()
    assert (
        "Due now: $59.00, for the first month of Group. It covers November 19 to December 18, 2026."
        in room.words()
    )
    room.click("Change to Group")
    assert room.account.did[-1] == "plan GROUP"


def test_what_stands_in_the_way_is_named_with_where_to_mend_it(opens: Opens) -> None:
    room = opens(SubscriptionPanel, Account(FULL))
    room.page._radios[Plan.ARCHIVE].radio.click()
    said = room.words()
    assert "1 note is not signed yet." in said
    assert not room.offers("Archive this practice")
    room.click("Progress note of Nov 12")
    room.click("MacBook Pro")
    assert [each.area for each in room.heard.visited] == ["clinical", "settings"]
    room.click("Ask support about Archive")
    assert room.account.did[-1] == "support"
    assert "Support was told what is open. The answer comes by email." in room.words()
    clinicians = facts_of(
        (*team(), replace(team()[1], id=f"{7:032x}", name="Ola Berg", role=Role.PROVIDER)),
        FULL.subscription,
    )
    room = opens(SubscriptionPanel, Account(clinicians))
    room.page._radios[Plan.PROFESSIONAL].radio.click()
    room.click("Ola Berg")
    assert room.heard.visited == [
        Place("settings", part="team", ask={"field": "member", "record": f"{7:032x}"})
    ]


def test_without_an_account_starters_limits_hold_and_connect_leads_to_sync(opens: Opens) -> None:
    room = opens(SubscriptionPanel, Account(facts=None, rows=(), status_now=NOT_CONNECTED))
    assert "one computer, with Starter’s limits and no end date" in room.words()
    assert "0 of 10" in room.words()
    room.click("Connect…")
    assert room.heard.visited == [Place("settings", part="sync")]
    assert room.account.did == []


def test_offline_the_signed_plan_is_shown_and_said_to_be_old(opens: Opens) -> None:
    room = opens(SubscriptionPanel, Account(trouble=MachineError("There is no network.")))
    said = room.words()
    assert "Professional, renews December 3, 2026, for $61.00." in said
    assert "This is what your account said last." in said
    assert "This needs the account. There is no network." in said
    room.account.trouble = None
    room.click("Check again")
    assert room.offers("Change to Group")


def test_the_account_that_is_lost_later_takes_the_acts_and_keeps_what_it_said(
    opens: Opens,
) -> None:
    room = opens(SubscriptionPanel, Account())
    room.account.trouble = MachineError("There is no network.")
    room.click("Change to Group")
    said = room.words()
    assert "There is no network." in said
    # The answer may have been lost, and not the question.
    assert "The change is not confirmed." in said
    assert "Nothing was changed." not in said
    assert "$81.00" in said
    assert not room.offers("Change to Group")


def test_a_refusal_is_said_in_the_accounts_words(opens: Opens) -> None:
    room = opens(SubscriptionPanel, Account())
    room.account.trouble = PlanRefuses("Your team has 2 clinicians; Professional has room for 1.")
    room.click("Change to Group")
    said = room.words()
    assert "Nothing was changed." in said
    assert "Your team has 2 clinicians" in said
    assert room.offers("Change to Group")
    # It judged by something that the page did not know: the page asks what it is.
    assert room.account.did == ["ask", "plan GROUP", "ask"]


def test_a_second_click_while_it_is_asked_changes_nothing(opens: Opens) -> None:
    waiting: list[Any] = []
    room = opens(SubscriptionPanel, Account(), waiting)
    waiting.pop(0)()
    room.click("Change to Group")
    presenter = room.page._presenter
    presenter.change_plan(presenter.options[2])
    assert len(waiting) == 1
    waiting.pop(0)()
    assert room.account.did == ["ask", "plan GROUP"]


def test_a_narrow_page_has_the_details_below(opens: Opens) -> None:
    room = opens(SubscriptionPanel, Account())
    assert room.page.aside.parentWidget() is not room.page._below
    room.page.resize(700, 800)
    assert room.page._below.isAncestorOf(room.page.aside)
    assert room.offers("Change to Group")


def test_a_plan_is_chosen_and_changed_to_by_keys_alone(opens: Opens, qtbot: Any) -> None:
    carded = replace(STARTER, subscription=replace(STARTER.subscription, card=True))
    room = opens(SubscriptionPanel, Account(carded, team()[:1]))
    room.page.activateWindow()
    radio = room.page._radios[Plan.GROUP].radio
    radio.setFocus()
    qtbot.keyClick(radio, Qt.Key.Key_Space)
    act = room._find("Change to Group")
    act.setFocus()
    qtbot.keyClick(act, Qt.Key.Key_Space)
    assert room.account.did[-1] == "plan GROUP"


# Team


def test_where_there_is_no_room_who_is_chosen_comes_over_the_page(opens: Opens) -> None:
    room = opens(TeamPanel, Account())
    page, table = room.page, room.page._table
    page.resize(700, 800)
    room.words()
    assert not page.aside.isVisible()
    row = table.visualRect(table.rows_model.index(1, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=row)
    assert "What Tomás may do" in room.words()
    seen = page.aside.visibleRegion().boundingRect()
    assert seen.width() == page.aside.width() > 200
    room.click("End membership…")
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert not room.offers("End membership"), "the question goes first"
    assert page.aside.isVisible()
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert not page.aside.isVisible()
    assert table.hasFocus()
    room.click("Invite someone")
    assert room.offers("Send invitation")
    page.resize(1000, 800)
    assert "Invite someone" in room.words()
    assert not page._sheet.is_open()
    assert page._inviting.isVisible()


def test_members_invitations_and_what_another_seat_costs(opens: Opens) -> None:
    room = opens(TeamPanel, Account())
    said = room.words()
    assert "1 clinician, 2 associate seats, 1 admin, on Professional." in said
    assert "7 days left" in said
    assert "$11.00 a month, $5.13 of it now for the 14 days until December 3, 2026." in said
    assert "A second clinician needs Group." in said
    room.click("Send again")
    room.click("Withdraw")
    room.click("Reserve an associate seat")
    assert room.account.did == ["ask", f"again {IMANI}", f"withdraw {IMANI}", "reserve ASSOCIATE 1"]


def test_somebody_is_invited_at_a_price_or_told_which_plan_has_the_seat(opens: Opens) -> None:
    room = opens(TeamPanel, Account())
    room.click("Invite someone")
    form = room.page._inviting
    form.role.set_value(Role.PROVIDER)
    assert "A second clinician needs Group." in room.words()
    assert not room.offers("Send invitation")
    form.role.set_value(Role.ASSOCIATE)
    form.name.setText("Ola Berg")
    room.account.trouble = UserError("Type an e-mail address.", field="address")
    room.click("Send invitation")
    assert form.form["address"].error() == "Type an e-mail address."
    room.account.trouble = None
    form.address.setText("ola@example.com")
    room.click("Send invitation")
    assert room.account.did[-1] == "invite ola@example.com Ola Berg ASSOCIATE"
    assert "Ola Berg is invited: the letter is on its way." in room.words()
    assert not room.offers("Send invitation")


def test_a_member_gets_another_role_where_the_plan_has_its_seat(opens: Opens) -> None:
    room = opens(TeamPanel, Account())
    room.page.show_field("member", TOMAS)
    details = room.page._details
    assert "What Tomás may do" in room.words()
    assert not room.offers("Change role")
    details._role.set_value(Role.PROVIDER)
    assert "A second clinician needs Group." in room.words()
    assert not room.offers("Change role")
    details._role.set_value(Role.ADMIN)
    room.click("Change role")
    assert room.account.did[-1] == f"role {TOMAS} ADMIN"


def test_the_end_of_a_membership_says_who_takes_over_and_what_comes_back(opens: Opens) -> None:
    room = opens(TeamPanel, Account())
    room.page.show_field("member", TOMAS)
    room.click("End membership…")
    assert "Gives back $5.13 on the next invoice." in room.words()
    room.click("Keep")
    assert not room.offers("End membership")
    room.click("End membership…")
    room.click("End membership")
    assert room.account.did[-1] == f"end {TOMAS} {OWNER}"
    room.page.show_field("member", DANA)
    room.click("End membership…")
    room.page._details._work_to.set_value("")
    room.click("End membership")
    assert room.account.did[-1] == f"end {DANA}"


def two_clinicians() -> tuple[PracticeFacts, tuple[TeamRow, ...]]:
    """Return a practice on Group whose included clinician seats are taken, and its team."""
    ola = replace(team()[1], id=f"{7:032x}", name="Ola Berg", role=Role.PROVIDER)
    rows = (*team(), ola)
    return facts_of(rows, FULL.subscription), rows


def test_an_owner_is_invited_at_the_price_of_a_clinicians_seat(opens: Opens) -> None:
    room = opens(TeamPanel, Account(*two_clinicians()))
    room.click("Invite someone")
    form = room.page._inviting
    form.role.set_value(Role.OWNER)
    said = room.words()
    assert "$29.00 a month, $13.53 of it now for the 14 days until December 3, 2026." in said
    assert "An owner sees every case and note, and runs plan and team" in said
    form.name.setText("Kim Park")
    form.address.setText("kim@example.com")
    room.click("Send invitation")
    assert room.account.did[-1] == "invite kim@example.com Kim Park OWNER"


def test_a_member_is_made_an_owner_and_told_what_it_costs(opens: Opens) -> None:
    room = opens(TeamPanel, Account(*two_clinicians()))
    room.page.show_field("member", TOMAS)
    room.page._details._role.set_value(Role.OWNER)
    said = room.words()
    assert "An owner sees every case and note, and runs plan and team" in said
    assert "$18.00 a month more, $8.40 of it now for the 14 days until December 3, 2026." in said
    room.click("Change role")
    assert room.account.did[-1] == f"role {TOMAS} OWNER"


def test_the_last_owner_stays_one_and_is_led_to_who_can_be_another(opens: Opens) -> None:
    room = opens(TeamPanel, Account(FULL))
    room.page.show_field("member", OWNER)
    said = room.words()
    assert "What Marguerite may do" in said
    assert "A practice keeps an owner: make Tomás Arriaga an owner first." in said
    assert not room.offers("End membership…")
    room.click("Open Tomás Arriaga")
    (place,) = room.heard.visited
    assert place.part == "team"
    room.page.show_field(place.ask["field"], place.ask["record"])
    room.page._details._role.set_value(Role.OWNER)
    assert room.offers("Change role")
    assert room.offers("End membership…")


def test_one_of_two_owners_changes_and_ends_the_other_and_not_herself(
    opens: Opens, desk: TestDesk
) -> None:
    assert desk.actor.member_id is not None
    own = desk.actor.member_id.hex
    rows = (replace(team()[0], id=own), replace(team()[1], role=Role.OWNER), *team()[2:])
    room = opens(TeamPanel, Account(facts_of(rows, FULL.subscription), rows))
    room.page.show_field("member", own)
    assert "Another owner gives you another role, or ends your membership." in room.words()
    assert not room.offers("End membership…")
    room.page.show_field("member", TOMAS)
    room.page._details._role.set_value(Role.PROVIDER)
    room.click("Change role")
    assert room.account.did[-1] == f"role {TOMAS} PROVIDER"
    room.click("End membership…")
    room.click("End membership")
    assert room.account.did[-1] == f"end {TOMAS} {own}"


def test_offline_the_team_is_who_this_computer_knows(opens: Opens) -> None:
    room = opens(TeamPanel, Account(trouble=MachineError("There is no network.")))
    assert "The account was not reached." in room.words()
    assert room.page._table.keys_in_order() == [each.id.hex for each in room.page._presenter.here]
    assert not room.offers("Invite someone")


def test_an_account_that_answers_after_the_page_was_closed_changes_nothing(opens: Opens) -> None:
    waiting: list[Any] = []
    room = opens(TeamPanel, Account(), waiting)
    room.page.closing()
    waiting.pop(0)()
    assert room.page._presenter.facts is None


# Whom they are shown to, and where links lead


@pytest.mark.parametrize("role", list(Role))
def test_plan_and_team_are_absent_for_who_does_not_manage_them(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk, role: Role
) -> None:
    house = House()
    area.register(house)
    own = desk.actor
    assert own.member_id is not None
    desk.actor = member_actor(own.practice_id, own.member_id, role)
    context, _heard = screen(desk, house)
    page = SettingsPage(context)
    qtbot.addWidget(page)
    shown = {"team", "subscription"} & page._panels.keys()
    assert bool(shown) is (Permission.MANAGE_TEAM in GRANTS[role])
    page.closing()
    desk.actor = own


def test_every_link_of_a_blocker_leads_somewhere() -> None:
    house = House()
    area.register(house)
    pages = {each.key for each in house.panels.of("settings", "page")}
    # Support is asked by a button of the page itself.
    for to in set(LinkTo) - {LinkTo.SUPPORT}:
        place = blocked.place_of(Link(to, "words", f"{1:032x}"))
        assert place is not None, to
        if place.area == "settings":
            assert place.part in pages


# Words


def test_the_clock_and_an_old_plan_are_said_and_lock_nobody_out() -> None:
    account = Account()
    fresh = account.plan()
    assert plan_words.about_the_clock(fresh, THE_MOMENT, "UTC") == []
    back = replace(fresh, clock_turned_back=True)
    (told,) = plan_words.about_the_clock(back, THE_MOMENT, "UTC")
    assert "clock says November 19, 2026, which cannot be" in told.cause
    assert "Nothing is locked" in told.sentence


def test_days_of_grace_that_passed_without_a_network_say_what_holds() -> None:
    ends = THE_MOMENT - timedelta(days=31)
    facts = facts_of(team()[:1], Subscription(ends.replace(year=2025)), 3)
    granted = grant_of(UUID(int=7), facts, 1, ends - timedelta(days=2))
    (told,) = plan_words.from_grant(plan_state(granted, THE_MOMENT), THE_MOMENT, "UTC").told
    assert told.cause == "Your days of grace ended on November 18, 2026."
    assert told.sentence == (
        "Go online once, and choose a plan if you have not yet. "
        "Until then everything works on this computer."
    )
    assert told.runs_out


def test_a_trial_after_starters_year_promises_no_way_back() -> None:
    facts = facts_of(team()[:1], Subscription(SIGNED_UP), 3)
    option = next(each for each in options(facts, THE_MOMENT) if each.plan is Plan.PROFESSIONAL)
    assert "go back to Starter" not in change_words(facts, option, THE_MOMENT)


def test_when_somebody_was_here() -> None:
    said = [
        team_words.seen_words(THE_MOMENT - ago, THE_MOMENT, "America/Los_Angeles")
        for ago in (timedelta(), timedelta(hours=2), timedelta(days=1), timedelta(days=9))
    ]
    assert said == ["Now", "9:18 AM", "Yesterday", "Nov 10"]
    assert team_words.seen_words(None, THE_MOMENT, "UTC") == "Not yet"


def test_what_roles_may_do_is_what_their_rights_say() -> None:
    said = {words: may for _, words, may in team_words.may_do(Role.ADMIN, GRANTS[Role.ADMIN])}
    assert said["Read and write notes"] is False
    assert said["Services, locations, hours and the calendar"] is True
    assert all(may for *_, may in team_words.may_do(Role.OWNER, GRANTS[Role.OWNER]))


def test_seats_beyond_the_plan_are_counted_and_cost_nothing_there() -> None:
    rows = plan_words.seat_rows(Plan.STARTER, PROFESSIONAL.used(THE_MOMENT))
    assert [(each.active, each.each, each.amount) for each in rows] == [
        ("1", "included", "$0.00"),
        ("1", "$11.00 on Professional", "$0.00"),
        ("1", "free on Professional", "$0.00"),
    ]

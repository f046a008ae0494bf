"""A question of the inbox in the window: both versions, keys, a second click, decided elsewhere."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.core.clinical.queries.notes import note
from app.core.tasks.commands import decide
from app.core.tasks.rules.inbox import InboxState
from app.ui.shell.places import Place
from app.ui.tasks.attention_list import AttentionList
from app.ui.tasks.decision_pane import DecisionPane
from app.ui.tasks.decision_presenter import DecisionPresenter
from app.ui.tasks.page import ALL_TASKS, TasksPage
from app.ui.widgets.buttons import Button, Link
from tests.core.tasks.twice import one_number_on_two_papers
from tests.support.practice import TestDesk
from tests.support.pumping import Pump
from tests.support.screens import part
from tests.ui.tasks.question import (
    KEPT,
    OTHER,
    a_number_twice,
    refused_client,
    refused_work,
    two_drafts,
)


def opened(
    qtbot: Any, screen: Any, desk: TestDesk, item: UUID, *, shows: str = "Keep both"
) -> tuple[TasksPage, Any]:
    context, heard = screen(desk)
    page = TasksPage(context)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    page.show_place(Place("tasks", ("inbox_item", item)))
    qtbot.waitUntil(lambda: button(page, shows) is not None)
    return page, heard


def button(page: TasksPage, words: str) -> Button | None:
    found = [each for each in page.findChildren(Button) if each.words() == words]
    return next((each for each in found if each.isVisible()), None)


def press(page: TasksPage, words: str) -> None:
    found = button(page, words)
    assert found is not None, words
    QTest.mouseClick(found, Qt.MouseButton.LeftButton)


def texts(page: TasksPage) -> list[str]:
    return [each.text() for each in part(page, DecisionPane).findChildren(QLabel)]


def sections(desk: TestDesk, note_id: UUID) -> dict[str, str]:
    return dict(desk.ask(note, note_id).sections)


def test_both_versions_are_read_side_by_side(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    item, _note = two_drafts(desk)
    page, _heard = opened(qtbot, screen, desk, item)
    shown = texts(page)
    assert {"Office iMac", "MacBook Air"} <= set(shown)
    spoken = [each.accessibleName() for each in part(page, DecisionPane).findChildren(QLabel)]
    assert f"Subjective: {KEPT['subjective']}" in spoken
    assert f"Plan: {OTHER['plan']}" in spoken
    assert any("The changes do not overlap." in text for text in shown)
    page.closing()


def test_combined_is_shown_before_it_is_kept(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    item, note_id = two_drafts(desk)
    page, heard = opened(qtbot, screen, desk, item)
    press(page, "Show them combined")
    assert button(page, "Show both versions") is not None
    press(page, "Keep both")
    qtbot.waitUntil(lambda: bool(heard.visited))
    assert sections(desk, note_id) == {
        **KEPT,
        "objective": OTHER["objective"],
        "plan": OTHER["plan"],
    }
    assert heard.visited[-1] == Place("tasks")
    page.closing()


def test_refused_work_can_be_copied_before_it_is_put_aside(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    page, _heard = opened(qtbot, screen, desk, refused_client(desk), shows="Put aside")
    press(page, "Copy")
    assert QApplication.clipboard().text() == (
        "Ingrid Vasquez-Holm, client\nBirth date: Apr 1, 1984\nFirst name: Inga"
    )
    assert button(page, "Copied") is not None
    page.closing()


def test_overlapping_changes_are_not_offered_combined(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    item, _note = two_drafts(desk, overlapping=True)
    page, _heard = opened(qtbot, screen, desk, item)
    assert button(page, "Show them combined") is None
    assert "Keep both puts one text below the other." in texts(page)
    page.closing()


def test_a_digit_decides_and_the_next_question_comes(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    first, note_id = two_drafts(desk)
    second, _note = two_drafts(desk)
    page, heard = opened(qtbot, screen, desk, first)
    lists = page.findChildren(AttentionList)
    qtbot.waitUntil(lambda: len(lists[0].items()) == 2)
    assert lists[0].open_record == ("inbox_item", first)
    QTest.keyClick(part(page, DecisionPane), Qt.Key.Key_2)
    qtbot.waitUntil(lambda: bool(heard.visited))
    assert heard.visited[-1].record == ("inbox_item", second)
    assert sections(desk, note_id) == OTHER
    page.closing()


def test_a_question_beside_the_tasks_gives_way_to_them_and_to_a_narrow_window(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    item, _note = two_drafts(desk)
    page, heard = opened(qtbot, screen, desk, item)
    tasks = page.findChildren(AttentionList)[1]
    assert tasks.isVisible()
    page.resize(800, 700)
    qtbot.waitUntil(lambda: not tasks.isVisible())
    assert page.can(ALL_TASKS)
    page.act(ALL_TASKS)
    assert heard.visited[-1] == Place("tasks")
    page.show_place(Place("tasks"))
    assert not page.can(ALL_TASKS)
    qtbot.waitUntil(tasks.isVisible)
    page.closing()


def test_work_that_the_account_never_had_stands_alone(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    page, _heard = opened(qtbot, screen, desk, refused_work(desk), shows="Put aside")
    shown = texts(page)
    assert "MacBook Air" in shown
    assert "The account" not in shown, "nothing of its own stands beside it"
    spoken = [each.accessibleName() for each in part(page, DecisionPane).findChildren(QLabel)]
    assert "Starts: Nov 24, 2026, 10:00 AM" in spoken
    page.closing()


def test_two_numbers_of_a_paper_are_told_with_what_putting_aside_does(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    page, _heard = opened(qtbot, screen, desk, a_number_twice(desk), shows="Put aside")
    shown = texts(page)
    assert {"Two numbers for one paper", "Putting it aside changes no paper."} <= set(shown)
    page.closing()


def test_two_clicks_decide_once(desk: TestDesk) -> None:
    item, note_id = two_drafts(desk)
    pump, told = Pump(), []
    presenter = DecisionPresenter(desk, pump, lambda: told.append(1))
    presenter.show(item)
    pump.until(lambda: presenter.view is not None)
    both = presenter.choices[-1]
    presenter.decide(both)
    presenter.decide(presenter.choices[0])
    pump.until(lambda: bool(told))
    assert "From MacBook Air:" in sections(desk, note_id)["plan"]
    presenter.close()


def test_what_was_decided_elsewhere_is_asked_no_more(desk: TestDesk) -> None:
    item, _note = two_drafts(desk)
    pump, told = Pump(), []
    presenter = DecisionPresenter(desk, pump, lambda: told.append(1))
    presenter.show(item)
    pump.until(lambda: presenter.view is not None)
    desk.do(decide, item, InboxState.KEPT)
    pump.until(lambda: bool(told))
    presenter.close()


def test_a_number_used_twice_names_both_papers_and_leads_to_them(
    qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    item, first, second = one_number_on_two_papers(desk)
    page, heard = opened(qtbot, screen, desk, item, shows="Put aside")
    pane = part(page, DecisionPane)
    links = [each for each in pane.findChildren(Link) if each.isVisible()]
    assert [each.accessibleName() for each in links] == [
        "Open the superbill of Dario Finch, Nov 9, 2026, $165.00",
        "Open the superbill of Ingrid Vasquez-Holm, Nov 12, 2026, $165.00",
    ]
    for link in links:
        QTest.mouseClick(link, Qt.MouseButton.LeftButton)
    assert [place.record for place in heard.visited] == [
        ("superbill", first),
        ("superbill", second),
    ]

"""The first page of help leads to what it speaks of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from app.core.kernel.syncing import SyncState, SyncStatus, sync_words
from app.ui.areas import furnished
from app.ui.help.articles import ARTICLES, article_about
from app.ui.help.page import HelpPage
from app.ui.shell.places import Place
from app.ui.widgets.buttons import Button, Link
from tests.support.clock import THE_MOMENT
from tests.support.practice import TestDesk
from tests.support.screens import part


def test_every_article_leads_to_an_area_that_exists() -> None:
    areas = furnished().areas
    for article in ARTICLES:
        assert article.paragraphs
        assert (article.place is None) == (not article.link)
        assert article.place is None or article.place.area in areas


def test_every_screen_has_its_article() -> None:
    for area in furnished().areas:
        assert area.id == "help" or article_about(area.id) is not None, area.id
    superbills = article_about("billing/superbills")
    assert superbills is not None
    assert superbills.title == "Superbills"
    assert article_about("billing/payments") is article_about("billing")
    assert article_about("") is None


def test_help_opens_at_the_screen_at_hand(
    looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk
) -> None:
    context, _heard = screen(desk)
    page = HelpPage(context)
    qtbot.addWidget(page)
    page.resize(900, 400)
    page.show()
    qtbot.waitExposed(page)
    page.show_place(Place("help", ask={"about": "billing/superbills"}))
    section = page._sections["Superbills"]
    qtbot.waitUntil(lambda: bool(section.visibleRegion().boundingRect().height()))
    qtbot.waitUntil(lambda: part(section, Link).hasFocus())


def test_links_go_there(looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk) -> None:
    context, heard = screen(desk)
    page = HelpPage(context)
    qtbot.addWidget(page)
    for link in page.findChildren(Link):
        link.click()
    part(page, Button).click()
    assert heard.visited == [article.place for article in ARTICLES if article.place]
    assert heard.actions == ["shell.keys"]


NINE_FOURTEEN = datetime(2026, 11, 19, 17, 14, tzinfo=UTC)
#: Every state with the words that the article explains.
SAID = {
    SyncState.LOCAL: SyncStatus(SyncState.LOCAL),
    SyncState.WAITING: SyncStatus(SyncState.WAITING),
    SyncState.SYNCING: SyncStatus(SyncState.SYNCING, done=12, total=40),
    SyncState.SYNCED: SyncStatus(SyncState.SYNCED, synced_at=THE_MOMENT - timedelta(minutes=2)),
    SyncState.OFFLINE: SyncStatus(SyncState.OFFLINE, waiting=3, offline_since=NINE_FOURTEEN),
    SyncState.NEEDS_YOU: SyncStatus(SyncState.NEEDS_YOU, asks=2),
    SyncState.SIGN_IN: SyncStatus(SyncState.SIGN_IN),
    SyncState.UPDATE: SyncStatus(SyncState.UPDATE),
}


@pytest.mark.parametrize("state", SyncState)
def test_help_explains_every_word_of_syncing(state: SyncState) -> None:
    article = article_about("settings/sync")
    assert article is not None
    assert article.title == "Two computers"
    words = sync_words(SAID[state], THE_MOMENT, "America/Los_Angeles")
    assert f"\u201c{words}\u201d" in " ".join(article.paragraphs)

"""The first page of help leads to what it speaks of."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QApplication

from app.ui.areas import furnished
from app.ui.help.articles import ARTICLES
from app.ui.help.page import HelpPage
from app.ui.widgets.buttons import Button, Link
from tests.support.practice import TestDesk
from tests.support.screens import part


def test_every_article_leads_to_an_area_that_exists() -> None:
    areas = furnished().areas
    for article in ARTICLES:
        assert article.paragraphs
        assert (article.place is None) == (not article.link)
        assert article.place is None or article.place.area in areas


def test_links_go_there(looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk) -> None:
    context, heard = screen(desk)
    page = HelpPage(context)
    qtbot.addWidget(page)
    for link in page.findChildren(Link):
        link.click()
    part(page, Button).click()
    assert heard.visited == [article.place for article in ARTICLES if article.place]
    assert heard.actions == ["shell.keys"]

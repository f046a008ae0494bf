"""A page about plan and team on screen, over an account that answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from app.ui.widgets.buttons import Button
from app.ui.widgets.buttons import Link as LinkButton
from tests.support.practice import TestDesk
from tests.support.screens import Heard
from tests.ui.settings.accounts import Account, asking


class Room:
    """A page on screen, and what it asked of account and shell."""

    def __init__(self, page: Any, heard: Heard, account: Account) -> None:
        self.page, self.heard, self.account = page, heard, account
        page.resize(1000, 800)
        page.show()

    def words(self) -> str:
        # What was put into a layout is shown when the window has time.
        QApplication.processEvents()
        shown = (each for each in self.page.findChildren(QLabel) if each.isVisible())
        return "\n".join(each.text() for each in shown)

    def _find(self, words: str) -> Any:
        QApplication.processEvents()
        found = [
            each
            for kind in (Button, LinkButton)
            for each in self.page.findChildren(kind)
            if each.text() == words and each.isVisible()
        ]
        assert found, f"no {words!r} in {self.words()}"
        return found[0]

    def click(self, words: str) -> None:
        found = self._find(words)
        assert found.isEnabled(), words
        found.click()

    def offers(self, words: str) -> bool:
        try:
            return bool(self._find(words).isEnabled())
        except AssertionError:
            return False


Opens = Callable[..., Room]


@pytest.fixture
def opens(looked: QApplication, qtbot: Any, screen: Any, desk: TestDesk) -> Iterator[Opens]:
    made: list[QWidget] = []

    def open_page(kind: Any, account: Account, waiting: list[Any] | None = None) -> Room:
        context, heard = screen(desk)
        page = kind(asking(context, desk, account, waiting))
        qtbot.addWidget(page)
        made.append(page)
        room = Room(page, heard, account)
        # The members come last; each answer builds the page anew.
        presenter = page._presenter
        qtbot.waitUntil(lambda: presenter.room is not None and bool(presenter.here))
        return room

    yield open_page
    for page in made:
        page.closing()  # type: ignore[attr-defined]

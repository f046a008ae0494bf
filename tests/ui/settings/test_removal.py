"""Agreeing to a removal in the window: over a real engine and a server on a socket."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QLabel

from app.core.kernel.syncing import SyncState
from app.sync import state
from app.ui.settings.sync_panel import SyncPanel
from app.ui.shell.removal import PUT_OFF
from app.ui.shell.syncing import SyncPresenter
from app.ui.widgets.buttons import Button
from tests.hosted.web.conftest import Site
from tests.sync.carrying import Computer, computers, site
from tests.sync.conftest import hosted, laptop, office, prepared, stored_keys, stored_world
from tests.sync.test_guarding import clients, delete_clients, live
from tests.sync.worlds import Desktop, settle
from tests.ui.onboarding.stand_ins import at_once

__all__ = [
    "computers",
    "hosted",
    "laptop",
    "office",
    "prepared",
    "site",
    "stored_keys",
    "stored_world",
]


class Window:
    """Settings, Sync over the practice of a computer that asks a server on a socket."""

    def __init__(self, desktop: Desktop, screen: Any) -> None:
        self.desktop = desktop
        context, _heard = screen(desktop.desk)
        self.sync = SyncPresenter(desktop.desk, lambda call: call(), desktop.practice, at_once)
        self.panel = SyncPanel(replace(context, sync=self.sync))
        self.panel.show()

    def press(self, words: str) -> None:
        """Press a button that can be seen."""
        found = [each for each in self.panel.findChildren(Button) if each.text() == words]
        next(each for each in found if each.isVisible()).click()

    def words(self) -> str:
        """Return what can be read."""
        return "\n".join(e.text() for e in self.panel.findChildren(QLabel) if e.isVisible())


@pytest.fixture
def window(
    looked: QApplication,
    qtbot: Any,
    screen: Any,
    computers: tuple[Computer, Computer],
    site: Site,
) -> Iterator[Window]:
    """The laptop's window; the office removes clients."""
    desktop = computers[1].desktop
    desktop.file.slice(
        lambda part: state.change(part.connection, part.link(), server=site.address, token="laptop")
    )
    made = Window(desktop, screen)
    qtbot.addWidget(made.panel)
    yield made
    made.panel.closing()
    made.sync.close()
    desktop.practice.sync.stop()


def test_a_yes_in_the_window_removes_what_was_told_and_no_more(
    window: Window, office: Desktop
) -> None:
    made = clients(office, 30)
    settle(office, window.desktop)
    office.desk.do(delete_clients, made[:25])
    office.sync()
    window.sync.sync_now()
    assert "25 clients" in window.words()
    assert live(window.desktop) == 30
    ask, facts = window.panel._agree, window.panel._facts
    above = facts.mapTo(window.panel, QPoint()).y() - ask.mapTo(window.panel, QPoint()).y()
    assert above > 0, "what must be answered stands above what may be read"
    window.press("Not now")
    assert PUT_OFF in window.words()
    window.panel.left()
    window.sync.sync_now()
    window.press("Remove them here")
    assert live(window.desktop) == 5
    assert "25 clients" not in window.words()
    assert window.sync.status.state is SyncState.SYNCED

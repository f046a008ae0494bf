"""Every practice here has the week of the design in it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication

from tests.support.practice import TestDesk
from tests.support.scenes import Scenes
from tests.ui.scheduling.room import Room


@pytest.fixture(autouse=True)
def cases(scenes: Scenes) -> dict[str, UUID]:
    """The week of the design, booked: its cases by their clients."""
    made: dict[str, UUID] = scenes.made("cases")
    return made


@pytest.fixture
def room(qtbot: Any, screen: Any, desk: TestDesk, looked: QApplication) -> Iterator[Room]:
    made = Room(qtbot, screen, desk)
    yield made
    made.page.closing()
    made.page.close()
    made.page.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

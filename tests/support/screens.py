"""A screen's surroundings without the shell's window."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from app.ui.shell.bridge import Bridge
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.shell.registry import House

W = TypeVar("W", bound=QWidget)


def part(whole: QWidget, kind: type[W]) -> W:
    """Return the first ``kind`` inside ``whole``; a test that looks for it expects it there."""
    found = whole.findChild(kind)
    assert found is not None, f"no {kind.__name__} in {type(whole).__name__}"
    return found


def focused() -> QWidget:
    """Return the control that has the keyboard."""
    found = QApplication.focusWidget()
    assert found is not None, "nothing has the keyboard"
    return found


@dataclass
class Heard:
    """What a screen asked of the shell."""

    visited: list[Place] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    undoable: list[tuple[str, UUID]] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    went_back: int = 0

    def back(self) -> None:
        self.went_back += 1


def bare_context(
    desk: Any, bridge: Bridge, *, house: House | None = None
) -> tuple[ScreenContext, Heard]:
    """Return a context whose requests are written down, and where."""
    heard = Heard()
    context = ScreenContext(
        desk=desk,
        house=house or House(),
        deliver=bridge.deliver,
        go=heard.visited.append,
        back=heard.back,
        say=heard.said.append,
        offer_undo=lambda words, change_set: heard.undoable.append((words, change_set)),
        run_action=heard.actions.append,
        later=bridge.later,
    )
    return context, heard


@pytest.fixture
def bridge(qapp: Any) -> Iterator[Bridge]:
    """The door into the window's thread."""
    door = Bridge()
    yield door
    door.deleteLater()


@pytest.fixture
def screen(bridge: Bridge) -> Any:
    """``context, heard = screen(desk)``: surroundings for a page under test."""

    def make(desk: Any, house: House | None = None) -> tuple[ScreenContext, Heard]:
        return bare_context(desk, bridge, house=house)

    return make

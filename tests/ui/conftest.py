"""Widgets under test look as they do in the program, and stand still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.support.screens import bridge, screen

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

__all__ = ["bridge", "looked", "screen"]


@pytest.fixture
def looked(qapp: QApplication) -> Iterator[QApplication]:
    """The application in the light theme at 100 %, without motion; put back afterwards."""
    from app.ui.theme import look  # noqa: PLC0415  fonts need the application first

    look.use(qapp, theme="light", percent=100, density="regular", motion=False)
    yield qapp
    look.use(qapp, theme="light", percent=100, density="regular", motion=False)

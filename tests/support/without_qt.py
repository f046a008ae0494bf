"""A pytest plugin (`-p tests.support.without_qt`) for runs in which Qt must be out of reach.

Importing PySide6 fails as if it were not installed, so whatever the core needs of it shows at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import pytest

QT = ("PySide6", "shiboken6")


class QtIsOutOfReach:
    """An import finder that refuses Qt's packages and leaves all others to the next finder."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse `name` if it belongs to Qt."""
        if name.partition(".")[0] in QT:
            raise ModuleNotFoundError(f"{name} is out of reach in this run", name=name)
        return None


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the settings of pytest-qt, which cannot be loaded without Qt."""
    for setting in ("qt_api", "qt_log_level_fail", "qt_log_ignore"):
        parser.addini(setting, "unused: Qt is out of reach")


def pytest_configure(config: pytest.Config) -> None:
    """Shut the door for the whole run."""
    sys.meta_path.insert(0, QtIsOutOfReach())

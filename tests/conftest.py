"""What every test runs under: no window on the screen, our own fonts, and nothing left behind."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from app.core.vault import keys

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

pytest_plugins = ["tests.support.practice", "tests.support.colleagues"]

#: How long a thread that was told to stop may take to be gone, in seconds.
THREAD_GRACE = 2.0


def pytest_collection_finish() -> None:
    """Set apart what the imports made: it is never garbage, yet every collection walks over it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def product_stretching() -> Iterator[tuple[int, int]]:
    """Stretch passphrases little meanwhile: at full cost it is a good part of the suite's time.

    Every key file says its own cost. Yields what the product takes: memory in KiB, and passes.
    """
    with pytest.MonkeyPatch.context() as patch:
        of_the_product = keys.MEMORY_KIB, keys.PASSES
        patch.setattr(keys, "MEMORY_KIB", 64)
        patch.setattr(keys, "PASSES", 1)
        yield of_the_product


@pytest.fixture(autouse=True)
def nothing_left_behind(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a running thread, or under Qt a window, timer or Qt thread.

    Set up before every other fixture of a test, so that it looks when all of them are gone.
    """
    threads = set(threading.enumerate())
    census = None
    if "qapp" in request.fixturenames:
        from tests.support.qt_leaks import QtCensus  # noqa: PLC0415 - the core runs without Qt

        request.getfixturevalue("qapp")
        census = QtCensus()
    yield
    left = [thread.name for thread in leftover_threads(threads)]
    if census:
        left += census.newcomers()
    if left:
        pytest.fail("left behind: " + ", ".join(left), pytrace=False)


def leftover_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    """Return the threads that were not there before and do not end within their grace."""
    fresh = [
        thread
        for thread in threading.enumerate()
        if thread not in before and not isinstance(thread, threading._DummyThread)
    ]
    for thread in fresh:
        thread.join(THREAD_GRACE)
    return [thread for thread in fresh if thread.is_alive()]


if "tests.support.without_qt" not in sys.modules:

    @pytest.fixture(scope="session")
    def qapp(qapp: QApplication) -> QApplication:
        """The application, with the bundled fonts: without them there is no text off screen."""
        from app.ui.theme import fonts  # noqa: PLC0415 - the core runs without Qt

        fonts.load()
        return qapp

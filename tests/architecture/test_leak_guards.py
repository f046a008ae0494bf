"""The guards of tests/conftest.py catch what they must; see 0005-nothing-left-behind.md."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.conftest import leftover_threads
from tests.support.qt_leaks import QtCensus


@pytest.fixture
def census(qapp: QApplication) -> QtCensus:
    """What of Qt is alive before the test begins."""
    return QtCensus()


def test_a_window_is_caught(census: QtCensus) -> None:
    window = QWidget()
    window.setObjectName("forgotten")
    assert census.newcomers() == ["QWidget 'forgotten'"]
    window.deleteLater()
    assert census.newcomers() == []


def test_a_child_goes_with_its_window(census: QtCensus) -> None:
    window = QWidget()
    label = QLabel("Hello", window)
    assert label.parent() is window
    window.deleteLater()
    assert census.newcomers() == []


def test_a_timer_is_caught(census: QtCensus) -> None:
    timer = QTimer()
    timer.setObjectName("ticking")
    timer.start(1000)
    assert census.newcomers() == ["QTimer 'ticking'"]
    timer.stop()
    assert census.newcomers() == []


def test_a_qt_thread_is_caught(census: QtCensus) -> None:
    thread = QThread()
    thread.setObjectName("spinning")
    thread.start()
    assert census.newcomers() == ["QThread 'spinning'"]
    thread.quit()
    thread.wait()
    assert census.newcomers() == []


LOUD = """
from PySide6.QtCore import qWarning
def test_warns():
    qWarning("QPainter::begin: Paint device returned engine == 0")
def test_is_silent():
    pass
def test_is_known():
    qWarning("This plugin does not support raise()")
"""


def test_a_qt_warning_fails_its_test(tmp_path: Path) -> None:
    (tmp_path / "test_loud.py").write_text(LOUD)
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [
            sys.executable,
            *("-m", "pytest", "-p", "no:cacheprovider", "-c", str(root / "pyproject.toml")),
            *("--rootdir", str(root), "--confcutdir", str(tmp_path), str(tmp_path)),
        ],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )

    assert "1 failed, 2 passed" in done.stdout, done.stdout + done.stderr
    assert "test_loud.py::test_warns" in done.stdout


def test_a_thread_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.conftest.THREAD_GRACE", 0.01)
    before, done = set(threading.enumerate()), threading.Event()
    thread = threading.Thread(target=done.wait, name="waiting")
    thread.start()
    try:
        assert leftover_threads(before) == [thread]
    finally:
        done.set()
        thread.join()

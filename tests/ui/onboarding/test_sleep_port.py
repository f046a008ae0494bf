"""The screen's lock, heard on a real D-Bus."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

_SAYS = """
import os
from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from app.ui.onboarding.sleep_port import system_port

app = QCoreApplication([])
port = system_port(app)
port.leaving.connect(lambda: (print("leaving", flush=True), app.quit()))
told = QDBusMessage.createSignal("/", "org.freedesktop.ScreenSaver", "ActiveChanged")
told.setArguments([True])
bus = QDBusConnection.connectToBus(os.environ["DBUS_SESSION_BUS_ADDRESS"], "screen saver")
again = QTimer()
again.timeout.connect(lambda: bus.send(told))
again.start(50)
QTimer.singleShot(20_000, app.quit)
app.exec()
"""


@pytest.mark.skipif(
    not sys.platform.startswith("linux") or shutil.which("dbus-run-session") is None,
    reason="needs a D-Bus",
)
def test_a_locked_screen_is_heard() -> None:
    heard = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-c", _SAYS],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert heard.stdout.strip().splitlines()[:1] == ["leaving"], heard.stderr

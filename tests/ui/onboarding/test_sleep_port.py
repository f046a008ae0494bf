"""Sleep and the screen's lock: heard on a real D-Bus, and as Windows and macOS say them."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.ui.onboarding.mac_port import MacPort
from app.ui.onboarding.sleep_port import WindowsPort, _WindowsMessage

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


class StandIn:
    """A Mac's power and lock, in the hands of the test."""

    def __init__(self) -> None:
        self.power: Callable[[int], bool] = lambda _message: False
        self.locked: Callable[[], None] = lambda: None

    def listen(self, power: Callable[[int], bool], locked: Callable[[], None]) -> None:
        self.power, self.locked = power, locked


def test_a_mac_that_will_sleep_or_is_locked_is_heard(qapp: Any) -> None:
    mac, heard = StandIn(), []
    port = MacPort(mac)
    port.leaving.connect(lambda: heard.append("leaving"))
    # Whether it may sleep is only asked: it is answered, and nothing is locked for it.
    assert mac.power(MacPort.CAN_SLEEP)
    assert heard == []
    assert mac.power(MacPort.WILL_SLEEP)
    assert not mac.power(0xE0000300), "awake again waits for no answer"
    mac.locked()
    assert heard == ["leaving", "leaving"]
    port.deleteLater()


@pytest.mark.parametrize(
    ("kind", "what", "leaves"),
    [(0x0218, 4, True), (0x0218, 7, False), (0x02B1, 7, True), (0x02B1, 8, False)],
)
def test_a_message_of_windows_is_read(qapp: Any, kind: int, what: int, leaves: bool) -> None:
    """Suspend and lock are heard; resume and unlock are not."""
    heard: list[str] = []
    port = WindowsPort()
    port.leaving.connect(lambda: heard.append("leaving"))
    message = _WindowsMessage(None, kind, what)
    port._filter.nativeEventFilter(b"windows_generic_MSG", ctypes.addressof(message))
    port._filter.nativeEventFilter(b"xcb_generic_event_t", ctypes.addressof(message))
    assert heard == (["leaving"] if leaves else [])
    qapp.removeNativeEventFilter(port._filter)
    port.deleteLater()

"""First paint, usable *Today* and memory on the ten-year practice, beside an empty window."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks.figures import Figure, against_floor, median
from tests.benchmarks.ten_years import stored

ROOT = Path(__file__).resolve().parents[2]
RUNS = 5

_HEAD = """
import time; begun = time.perf_counter()
import json, resource, sys
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

def megabytes():
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)
    # Not the peak of rusage, which a process inherits from the one that started it.
    return int(status.split("VmHWM:")[1].split()[0]) / 1024

def say():
    took = (time.perf_counter() - begun) * 1000
    print(json.dumps([took, megabytes()]), flush=True)
    import os; os._exit(0)

class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, say)
        return False
"""
_EMPTY = """
app = QApplication([]); window = QWidget(); window.resize(1440, 900)
painted = Painted(); window.installEventFilter(painted); window.show(); app.exec()
"""
_OURS = """
from app.__main__ import first_window
app = QApplication([]); preferences, window = first_window(Path(sys.argv[1])); painted = Painted()
for part in (window, *window.findChildren(QWidget)):
    # What an opaque page covers is never painted.
    part.installEventFilter(painted)
window.show(); app.exec()
"""
_FLOOR = """
app = QApplication([]); window = QWidget(); window.resize(1440, 900); window.show()
from app.core import mapping
mapping.complete()
from sqlalchemy import select
from sqlalchemy.orm import Session, configure_mappers
from app.core.people.tables import Client
from app.core.vault.engine import connect, engine_for
configure_mappers()
connection = connect(Path(sys.argv[2]) / "practice.db", bytes.fromhex(sys.argv[3]))
with Session(engine_for(connection, writes=False)) as session:
    session.scalars(select(Client).limit(40)).all()
QTimer.singleShot(0, say); app.exec()
"""
_TODAY = """
from app.__main__ import BootstrapKeeper, first_window, look_for_cycles, read_in_peace, take_on_look
read_in_peace()
app = QApplication([]); preferences, window = first_window(Path(sys.argv[1]))
window.resize(1440, 900); window.show(); app.processEvents(); take_on_look(preferences)
from app import bootstrap
from app.core.vault.keys import Keys
from app.ui.areas import furnished
from app.ui.shell.program import Program
from app.ui.today.contextpane import ContextPane
from tests.support.clock import StillClock
look_for_cycles()
key = bytearray(bytes.fromhex(sys.argv[3]))
practice = bootstrap.open_practice(Path(sys.argv[2]), Keys(key, bytearray(32)), StillClock())
program = Program(furnished(), BootstrapKeeper(), Path(sys.argv[2]), preferences, window)
program.opened(practice)
def look():
    shown = [pane for pane in window.findChildren(ContextPane) if pane.isVisible()]
    if shown and shown[0].stops():
        say()
timer = QTimer(); timer.timeout.connect(look); timer.start(5); app.exec()
"""


def figures() -> list[Figure]:
    """Return what a start costs."""
    source = stored()
    with tempfile.TemporaryDirectory() as root:
        shutil.copytree(source / "data", f"{root}/data")
        shutil.copytree(source / "state", f"{root}/state")
        arguments = (f"{root}/state", f"{root}/data", _raw_key(Path(root)))
        empty, ours, floor, today = _by_turns((_EMPTY, _OURS, _FLOOR, _TODAY), arguments)
    return [
        against_floor("first paint", ours[0], "ms", empty[0], 1.3),
        against_floor("usable Today, ten years, key remembered", today[0], "ms", floor[0], 1.5),
        against_floor("memory then", today[1], "MB", floor[1], 1.5),
    ]


def _raw_key(root: Path) -> str:
    from app.core.demo.fiction import PASSPHRASE  # noqa: PLC0415 - after the state folder is set
    from app.core.vault.keys import read_key_file  # noqa: PLC0415

    keys = read_key_file(root / "data" / "practice.keys").open_with_passphrase(PASSPHRASE)
    return keys.database.hex()


def _by_turns(scripts: tuple[str, ...], arguments: tuple[str, ...]) -> list[tuple[float, float]]:
    """Return the median milliseconds and megabytes of each script, after one uncounted round.

    They start by turns, so that what else the machine does weighs on all alike.
    """
    rounds = [[_started(script, arguments) for script in scripts] for _ in range(RUNS + 1)]
    return [
        (median([took for took, _ in each]), median([peak for _, peak in each]))
        for each in zip(*rounds[1:], strict=True)
    ]


def _started(script: str, arguments: tuple[str, ...]) -> tuple[float, float]:
    said = subprocess.run(
        [sys.executable, "-c", _HEAD + script, *arguments],
        cwd=ROOT,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "PRACTICERUNNER_STATE_DIR": arguments[0],
            # An installed program is compiled; the uncounted round does it here.
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": f"{arguments[0]}/compiled",
        },
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    took, peak = json.loads(said.stdout.strip().splitlines()[-1])
    return took, peak

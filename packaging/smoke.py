"""Try a built program: it starts and quits, makes a practice, and prints a superbill."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

PASSPHRASE = "four quiet rooms by the river"
FIRST_PAINT = 60  # seconds a slow machine may take to show the window

PRACTICE = (
    'init --name "Smoke Street Therapy" --owner "Robin Sample" --npi 1234567893 --ein 12-3456789'
)
STEPS: tuple[tuple[str, ...], ...] = (
    (
        "init", "--name", "Smoke Street Therapy", "--owner", "Robin Sample",
        "--npi", "1234567893", "--ein", "12-3456789", "--license", "84117 CA",
        "--address", "1 Smoke Street, Alder Bay, CA 95999", "--phone", "(707) 555-0142",
        "--zone", "America/Los_Angeles",
    ),
    ("service", "add", "--name", "Session", "--code", "0001Z", "--minutes", "50", "--fee", "150.00"),
    ("client", "add", "--name", "Avery Example", "--born", "1990-02-03"),
    ("diagnosis", "add", "--client", "Avery Example", "--code", "F41.1", "--from", "2026-01-05"),
    ("verify",),
)  # fmt: skip


def run(program: Path, folder: Path, *words: str) -> str:
    """Run one command of the built command line on the practice in `folder`; return its words."""
    done = subprocess.run(
        [str(program), *words, "--data-dir", str(folder / "practice")],
        env=surroundings(folder),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(words)}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def surroundings(folder: Path) -> dict[str, str]:
    """What the program is told of where it runs: nothing of this computer's own practice."""
    return {
        **os.environ,
        "PRACTICERUNNER_PASSPHRASE": PASSPHRASE,
        "PRACTICERUNNER_STATE_DIR": str(folder / "state"),
        "QT_QPA_PLATFORM": "offscreen",
    }

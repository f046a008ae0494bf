"""Try a built program: it starts and quits, makes a practice, and prints a superbill."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import tempfile
from pathlib import Path
from typing import Any

PASSPHRASE = "four quiet rooms by the river"  # noqa: S105  opens what is thrown away
#: Seconds a slow machine may take to show the window and close it again.
PATIENCE = 120.0

INIT = (
    "init --name 'Smoke Street Therapy' --owner 'Robin Sample' --npi 1234567893 --ein 12-3456789"
    " --license '84117 CA' --address '1 Smoke Street, Alder Bay, CA 95999'"
    " --phone '(707) 555-0142' --zone America/Los_Angeles"
)
#: What comes before the session, and what comes after it.
BEFORE = (
    "service add --name Session --code 0001Z --fee 150",
    "client add --name 'Avery Example' --birth-date 1990-02-03 --sex F"
    " --address '9 Elm Street, Alder Bay, CA 95999'",
    "case add --kind individual --member 'Avery Example'",
    "diagnosis add --client 'Avery Example' --code F41.1 --from 2025-10-06",
)
BOOK = (
    "appointment add --case 'Avery Example' --service 0001Z"
    " --start 2025-10-06T09:00 --end 2025-10-06T09:50"
)
AFTER = (
    "appointment complete {session}",
    "payment record --client 'Avery Example' --amount 150 --method check --date 2025-10-06",
    "superbill issue --client 'Avery Example' --from 2025-10-01 --to 2025-10-31 --out {paper}",
    "verify",
)


class BrokenBuild(Exception):
    """The built program does not do what it must."""


class Trial:
    """One built program with a practice of its own, away from this computer's own."""

    def __init__(self, program: Path, folder: Path) -> None:
        self._program = program
        self._folder = folder
        self._environment = {
            **os.environ,
            "PRACTICERUNNER_PASSPHRASE": PASSPHRASE,
            "PRACTICERUNNER_STATE_DIR": str(folder / "state"),
            "QT_QPA_PLATFORM": "offscreen",
        }

    def command(self, line: str) -> dict[str, Any]:
        """Run one line of the built command line and return its answer."""
        data = str(self._folder / "practice")
        done = subprocess.run(
            [
                self._executable("practicerunner-cli"),
                "--data-dir",
                data,
                "--json",
                *shlex.split(line),
            ],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise BrokenBuild(f"{line}: {done.stderr.strip() or done.returncode}")
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def window(self) -> None:
        """Start the built window over the practice, and have it go once its lock is shown."""
        data = str(self._folder / "practice")
        done = subprocess.run(
            [self._executable("practicerunner"), "--data-dir", data, "--quit-when-shown"],
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
        )
        if done.returncode:
            raise BrokenBuild(f"the window: {done.stderr.strip() or done.returncode}")

    def _executable(self, name: str) -> str:
        suffix = ".exe" if os.name == "nt" else ""
        return str(self._program / f"{name}{suffix}")


def try_program(program: Path) -> None:
    """Go through the main job in a folder that is thrown away; raises ``BrokenBuild``."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        trial = Trial(program, folder)
        trial.command(INIT)
        for line in BEFORE:
            trial.command(line)
        session = trial.command(BOOK)["id"]
        paper = folder / "superbill.pdf"
        for line in AFTER:
            trial.command(line.format(session=session, paper=paper.as_posix()))
        if not paper.read_bytes().startswith(b"%PDF"):
            raise BrokenBuild("the superbill is no PDF")
        trial.window()
    print("The built program made a practice and a superbill, showed its window, and went.")

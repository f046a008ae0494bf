"""What a person wrote can be read in no file that the program writes, also after a crash."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from app.cli.secrets import PASSPHRASE as VARIABLE
from tests.support.practice import PASSPHRASE

ROOT = Path(__file__).resolve().parents[2]
MARK = "Quorvexil"
#: Opens the practice, writes a draft that is acknowledged, and dies with everything open.
DIE = f"""
import os, signal, sys
from pathlib import Path
from uuid import UUID
from app import bootstrap
from app.core.clinical.commands.notes import NewNote
from app.core.clinical.rules.notes import NoteFormat
from app.core.journeys.notes import write_note
from datetime import date
folder = Path(sys.argv[1])
opened = bootstrap.open_practice(folder, bootstrap.unlock(folder, passphrase=sys.argv[2]))
about = NewNote(UUID(sys.argv[3]), date(2025, 10, 6), format=NoteFormat.PLAIN)
opened.desk.do(write_note, about, NoteFormat.PLAIN, {{"text": "{MARK} at night. " * 4000}})
os.kill(os.getpid(), signal.SIGKILL)
"""
#: Runs one command line after the other; starting a program takes longer than what most do.
RUN = """
import json, sys
from app.cli import main
for words in json.loads(sys.argv[1]):
    print("\f", end="")
    if main(words):
        sys.exit(1)
"""


class Computer:
    """A computer of its own: home, temporary folder and everything that a program may find."""

    def __init__(self, root: Path) -> None:
        self.root = root / "computer"
        self.data = self.root / "practice"
        self.outside = root / "outside"
        for name in ("home", "tmp", "run"):
            (self.root / name).mkdir(parents=True)
        self.outside.mkdir()
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "XDG_RUNTIME_DIR": str(self.root / "run"),
            "QT_QPA_PLATFORM": "offscreen",
            "PYTHONDONTWRITEBYTECODE": "1",
            VARIABLE: PASSPHRASE,
        }

    def python(self, *words: object) -> subprocess.CompletedProcess[str]:
        """Run the project's Python there."""
        return subprocess.run(
            [sys.executable, *map(str, words)],
            cwd=ROOT,
            env=self._environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )

    def cli(self, *commands: Sequence[object]) -> Any:
        """Run commands that must succeed, in one program; return the object of the last."""
        lines = [["--data-dir", str(self.data), "--json", *map(str, each)] for each in commands]
        done = self.python("-c", RUN, json.dumps(lines))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.rpartition("\f")[2])

    def readable(self) -> list[str]:
        """Return the files in which the mark can be read, in any of its forms."""
        forms = [
            form.encode(encoding)
            for form in (MARK, MARK.lower(), MARK.upper())
            for encoding in ("utf-8", "utf-16-le", "utf-16-be")
        ]
        return [
            str(path.relative_to(self.root))
            for path in self.root.rglob("*")
            if any(form.decode("latin-1") in str(path) for form in forms)
            or (path.is_file() and any(form in path.read_bytes() for form in forms))
        ]


@pytest.mark.slow
@pytest.mark.timeout(400)  # a dozen programs, one after the other
def test_nothing_written_can_be_read_also_after_a_crash(tmp_path: Path) -> None:
    computer = Computer(tmp_path)
    client = f"Ana {MARK}"
    book = ("--client", client, "--start", "2025-10-06T09:00", "--service", "0001Z")
    session = computer.cli(
        ("init", "--name", f"{MARK} Therapy", "--owner", "Dana Whitfield"),
        ("service", "add", "--name", f"{MARK} session", "--code", "0001Z", "--fee", "150"),
        ("client", "add", "--name", client, "--email", f"{MARK}@example.com"),
        ("appointment", "add", *book),
    )
    people = computer.outside / f"{MARK}.csv"
    rows = "".join(f"Person{n},{MARK}{n},Inactive\n" for n in range(300))
    people.write_text(f"First Name,Last Name,Status\n{rows}")
    out = computer.outside / "paper.pdf"
    computer.cli(
        ("appointment", "complete", session["id"]),
        ("note", "add", "--appointment", session["id"], "--text", MARK, "--sign"),
        ("import", "clients", people),
        ("invoice", "create", "--case", session["case_id"], "--out", out),
        ("backup",),
    )

    died = computer.python("-c", DIE, computer.data, PASSPHRASE, session["case_id"])
    assert died.returncode < 0, died.stderr
    assert (computer.data / "practice.db-wal").stat().st_size > 0, "the crash left its log"
    assert computer.readable() == []
    shown = computer.python("-m", "app", "--data-dir", computer.data, "--quit-when-shown")
    assert shown.returncode == 0, shown.stderr
    assert computer.readable() == []
    assert computer.cli(("verify",))["ok"]

    # The scan itself can find something.
    (computer.root / "home" / "left").write_text(f"x {MARK} x", encoding="utf-16-le")
    assert computer.readable() == ["home/left"]

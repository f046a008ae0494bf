"""The passphrase typed on a terminal: unseen, twice for a new practice."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.secrets import PASSPHRASE as VARIABLE
from tests.support.practice import PASSPHRASE

pty = pytest.importorskip("pty", reason="this system has no such terminals")
ROOT = Path(__file__).parents[2]


def typed(*words: object, answers: tuple[str, ...]) -> tuple[int, str]:
    """Run a command line on a terminal, type ``answers`` at its prompts, return what it showed."""
    ours, theirs = pty.openpty()
    without = {name: value for name, value in os.environ.items() if name != VARIABLE}
    program = subprocess.Popen(
        [sys.executable, "-m", "app.cli", *map(str, words)],
        cwd=ROOT,
        env=without,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    shown, waiting = "", list(answers)
    while True:
        try:
            got = os.read(ours, 4096).decode()
        except OSError:  # the other end is closed
            break
        if not got:
            break
        shown += got
        if shown.endswith(": ") and waiting:
            os.write(ours, f"{waiting.pop(0)}\n".encode())
            shown += "\n"
    os.close(ours)
    return program.wait(timeout=60), shown


def test_the_passphrase_is_asked_for_and_not_shown(practice_folder: Path) -> None:
    words = ("--data-dir", practice_folder, "location", "list")

    code, shown = typed(*words, answers=(PASSPHRASE,))
    assert code == 0
    assert "Office" in shown
    assert PASSPHRASE not in shown

    code, shown = typed(*words, answers=("wrong horse battery",))
    assert code == 1
    assert "does not open this practice" in shown


def test_a_new_one_is_typed_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    words = ("--data-dir", tmp_path / "new", "init", "--name", "Alder", "--owner", "Dana Whitfield")

    code, shown = typed(*words, answers=(PASSPHRASE, "something else"))
    assert (code, "The two passphrases differ" in shown) == (1, True)
    assert not (tmp_path / "new").exists()
    assert typed(*words, answers=(PASSPHRASE, PASSPHRASE))[0] == 0

"""The power goes while a note is typed: at most two seconds of typing are lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from uuid import UUID

import pytest

from app import bootstrap
from app.core.clinical.queries.notes import draft_of_session, note
from app.core.kernel.desk import Desk
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE
from tests.ui.clinical import scene

#: What the product promises; a busy machine may take that long for a keystroke's write.
PROMISE_SECONDS = 2.0


class Typist:
    """The process that types, and when each of its words was struck."""

    def __init__(self, folder: Path, appointment_id: UUID) -> None:
        module = "tests.ui.clinical.typist"
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(folder), str(appointment_id)],
            stdout=subprocess.PIPE,
            text=True,
        )
        self.struck: dict[int, float] = {}
        self._far_enough = threading.Event()
        self._words = sys.maxsize
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                self.struck[int(line)] = time.monotonic()
                if len(self.struck) >= self._words:
                    self._far_enough.set()

    def kill_after(self, words: int) -> float:
        """Kill it with ``SIGKILL`` once it has typed that many words; return the moment."""
        self._words = words
        assert self._far_enough.wait(60), "nothing was typed"
        killed = time.monotonic()
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        return killed


def read_draft(desk: Desk, appointment_id: UUID) -> str:
    note_id = desk.ask(draft_of_session, appointment_id)
    return "" if note_id is None else desk.ask(note, note_id).sections.get("subjective", "")


@pytest.mark.slow
@pytest.mark.parametrize("words", [130, 205])
def test_at_most_two_seconds_of_typing_are_lost(practice_folder: Path, words: int) -> None:
    def opened() -> bootstrap.OpenPractice:
        keys = bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)
        return bootstrap.open_practice(practice_folder, keys, StillClock())

    practice = opened()
    appointment_id = scene.walter(practice.desk).thursday_id
    practice.close()

    typist = Typist(practice_folder, appointment_id)
    killed = typist.kill_after(words)

    practice = opened()
    text = read_draft(practice.desk, appointment_id)
    practice.close()
    kept = {int(word[1:]) for word in text.split()}
    due = {word for word, at in typist.struck.items() if at < killed - PROMISE_SECONDS}
    assert due <= kept
    assert kept == set(range(1, len(kept) + 1)), "what is kept has no holes"

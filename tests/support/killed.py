"""A process that types into a form, and is killed while it does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

#: What the product promises; a busy machine may take that long for a keystroke's write.
PROMISE_SECONDS = 2.0


class Typist:
    """The process that types, and when each of its words was struck."""

    def __init__(self, module: str, folder: Path, what: object) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", module, str(folder), str(what)],
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

    def kill_after(self, words: int) -> None:
        """Kill it with ``SIGKILL`` once it has typed that many words."""
        self._words = words
        assert self._far_enough.wait(60), "nothing was typed"
        killed = time.monotonic()
        os.kill(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._reader.join()
        self._killed = killed

    def check(self, text: str) -> None:
        """Fail unless ``text`` has every word that was struck in time, and no holes."""
        kept = {int(word[1:]) for word in text.split()}
        due = {word for word, at in self.struck.items() if at < self._killed - PROMISE_SECONDS}
        assert due, "it was killed before anything was due"
        assert due <= kept
        assert kept == set(range(1, len(kept) + 1)), "what is kept has no holes"

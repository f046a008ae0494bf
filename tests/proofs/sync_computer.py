"""A desktop as its parent sees it: started, killed, listened to, asked."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from app.core.kernel.syncing import SyncStatus
from tests.proofs.sync_child import Life, live
from tests.proofs.sync_promises import Promises

#: Seconds for an answer, on however busy a machine.
PATIENCE = 120.0


class Gone(Exception):
    """A computer that nobody killed is not there any more."""


class Computer:
    """One desktop: its folder, and the process that is its present life."""

    def __init__(self, life: Callable[[int], Life], promises: Promises) -> None:
        self._life = life
        self._promises = promises
        self._process: Any = None
        self.line: Connection
        self.lives = 0
        self.name = life(0).device
        self.root = life(0).root
        self.problems: list[str] = []
        self.status: SyncStatus | None = None
        self.answers: dict[str, Any] = {}
        self.is_open = False

    def start(self) -> None:
        """Begin the next life."""
        self.lives += 1
        self.is_open = False
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["__main__", "tests.proofs.sync_child"])
        self.line, theirs = context.Pipe()
        self._process = context.Process(target=live, args=(self._life(self.lives), theirs))
        self._process.start()
        theirs.close()

    def kill(self) -> None:
        """Kill it with ``SIGKILL``, and hear what it had said by then."""
        self._process.kill()
        self._process.join()
        self.hear(to_end=True)
        if self._process.exitcode != -9:
            self.problems.append(f"{self.name} ended by itself with {self._process.exitcode}")
        self.line.close()

    def leave(self) -> None:
        """End its present life, if it goes on, without a look at what it said."""
        if self._process is not None and self._process.is_alive():
            self._process.kill()
            self._process.join()
            self.line.close()

    def end(self) -> None:
        """Wait for a computer that was told to close."""
        self._process.join()
        self.line.close()

    def hear(self, *, to_end: bool = False) -> None:
        """Take in what it has said."""
        try:
            while self.line.poll():
                self._heard(*self.line.recv())
        except (EOFError, OSError) as gone:
            if not to_end and "closed" not in self.answers:
                self._process.join()
                ended = self._process.exitcode
                self.problems.append(f"{self.name} is gone, ended with {ended}: {gone}")
                raise Gone(self.name) from None

    def ask(self, order: str, answer: str) -> Any:
        """Give an order and wait for its answer."""
        self.answers.pop(answer, None)
        self.line.send(order)
        until = time.monotonic() + PATIENCE
        while answer not in self.answers:
            if not self.line.poll(until - time.monotonic()):
                raise Gone(f"{self.name} does not answer {order}")
            self.hear()
        return self.answers[answer]

    def _heard(self, word: str, *said: Any) -> None:
        if word in {"begun", "kept"}:
            self._promises.hear(word, *said)
        elif word == "problem":
            self.problems.append(f"{self.name}, life {self.lives}: {said[0]}")
        elif word == "open":
            self.is_open = True
        elif word == "status":
            self.status = said[0]
        else:
            self.answers[word] = said[0] if said else None

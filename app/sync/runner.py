"""Keeps the engine going on a thread of its own, and wakes it when there is reason to.

Reasons: a local write, a poke of the server, a minute gone by, or what it does falls due of itself.
After trouble it waits, from a second up to a minute, never in step with other computers.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Protocol

from app.sync.engine import RESTING, Did

#: Seconds between two looks when nothing pokes, and the bounds of the wait after trouble.
POLL, FIRST_WAIT, LONGEST_WAIT = 60.0, 1.0, 60.0
#: A step without progress for so many seconds hangs, and so does a rest so much too long.
STILL, LATE = 30.0, 5.0
#: Seconds in which a thread ends whose requests were cut off.
ENDING = 5.0

_log = logging.getLogger(__name__)


def wait_after(failures: int, random: float) -> float:
    """Return the seconds to wait after so many failures in a row; ``random`` from 0 to 1."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(failures - 1, 10))
    return float(longest * (0.5 + random / 2))


class Stepping(Protocol):
    """What goes on by steps: the engine, and what carries files. See ``Engine``."""

    def step(self) -> Did:
        """Do one thing and say what it was."""
        ...

    def wake(self) -> None:
        """Try again what failed."""
        ...

    def poke(self) -> None:
        """Ask for news."""
        ...

    def due_in(self) -> float:
        """Return in how many seconds a step finds work of itself; infinite when none will."""
        ...


class Runner:
    """One thread that steps one engine until it is stopped."""

    def __init__(
        self,
        engine: Stepping,
        random: Callable[[], float],
        stepped: Callable[[Did], None],
        name: str = "practice-sync",
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._random = random
        self._stepped = stepped
        self._woken = threading.Event()
        self._stopped = threading.Event()
        self._poked = threading.Event()
        self._rests = threading.Condition()
        self._rested = 0
        self._timer = timer
        self._begun: float | None = timer()
        """When the present step began, ``None`` while it rests."""
        self._rests_until = math.inf
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def wrote(self) -> None:
        """Say that something was written on this computer."""
        self._woken.set()

    def poke(self) -> None:
        """Say that the server has news, or that a person wants it now."""
        self._poked.set()
        self._woken.set()

    def settle(self) -> None:
        """Exchange now, and wait until nothing is left to do; not called on its own thread."""
        with self._rests:
            seen = self._rested
            self.poke()
            self._rests.wait_for(lambda: self._rested > seen or self._stopped.is_set())

    def hangs(self, moved: float, still: float = STILL) -> bool:
        """Return whether it stands still: its thread has ended, or its step or rest does not end.

        ``moved`` is when bytes last moved in its requests; ``still`` the seconds that it may take.
        """
        if self._stopped.is_set() or self._thread.ident is None:
            return False
        if not self._thread.is_alive():
            return True
        begun, now = self._begun, self._timer()
        if begun is None:
            return now > self._rests_until + LATE
        return now > max(begun, moved) + still

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    def leave(self) -> None:
        """Tell the thread to end after the step under way, without waiting for it."""
        self._stopped.set()
        self._woken.set()
        with self._rests:
            self._rests.notify_all()

    def stop(self) -> None:
        """End the thread; its requests must have been cut off. One that hangs is left behind."""
        self.leave()
        if self._thread.ident is not None:
            self._thread.join(ENDING)

    def _work(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            self._begun = self._timer()
            did = self._step()
            if did not in RESTING:
                failures = 0 if did is not Did.GREETED else failures
                continue
            failures = failures + 1 if did is Did.FAILED else 0
            if failures:
                self._rest(did, wait_after(failures, self._random()))
            else:
                self._rest(did, POLL, self._engine.due_in())

    def _step(self) -> Did:
        did = self._guarded(self._engine.step)
        if not self._stopped.is_set():
            self._guarded(lambda: self._tell(did))
        return did

    def _tell(self, did: Did) -> Did:
        self._stepped(did)
        return did

    def _guarded(self, act: Callable[[], Did]) -> Did:
        try:
            return act()
        except Exception as bug:  # noqa: BLE001 - a bug must not end syncing; the file is whole
            # The class alone: a message may hold what somebody wrote.
            _log.error("a step of sync failed: %s", type(bug).__name__)
            return Did.FAILED

    def _rest(self, did: Did, seconds: float, due: float = math.inf) -> None:
        wait = min(seconds, due)
        self._rests_until, self._begun = self._timer() + wait, None
        with self._rests:
            # A rest that a poke ends at once has not seen what the poke is about.
            if not self._woken.is_set():
                self._rested += 1
                self._rests.notify_all()
        # Work that falls due is no reason to ask for news.
        woken = self._woken.wait(wait) or due < seconds
        self._woken.clear()
        if did is Did.FAILED:
            self._engine.wake()
        if self._poked.is_set() or not woken:
            self._poked.clear()
            self._engine.poke()

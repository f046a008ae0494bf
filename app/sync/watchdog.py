"""Notices what hangs, from a thread of its own, and has it started again.

Source: sync design, protocol: no progress for 30 seconds means a restart, and work that waits goes
out within a minute. The thread that hangs cannot notice it itself.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from app.sync.runner import STILL

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Watch:
    """Seconds between two looks, and without progress until something hangs."""

    every: float = 5.0
    still: float = STILL


#: What the sync design asks for.
PATIENTLY = Watch()


class Watchdog:
    """One thread that looks until it is stopped; ``restart`` is called when ``hangs`` says so."""

    def __init__(
        self,
        watch: Watch,
        hangs: Callable[[float], bool],
        restart: Callable[[], None],
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._watch = watch
        self._hangs = hangs
        self._restart = restart
        self._timer = timer
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="practice-watchdog", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the look under way; not called on it."""
        self._stopped.set()
        self._thread.join()

    def _work(self) -> None:
        last = self._timer()
        while not self._stopped.wait(self._watch.every):
            now = self._timer()
            # The whole computer slept, and whoever else did wakes up only now.
            slept, last = now - last > self._watch.every + self._watch.still / 2, now
            if not slept:
                self._look()

    def _look(self) -> None:
        try:
            if self._hangs(self._watch.still):
                _log.warning("syncing stood still and is started again")
                self._restart()
        except Exception as bug:  # noqa: BLE001 - whoever looks after the others must go on
            _log.error("looking after sync failed: %s", type(bug).__name__)

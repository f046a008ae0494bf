"""Listens for the server's pokes: a stream of events that say only that the log has grown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

from app.sync.http import HttpTransport
from app.sync.runner import ENDING, wait_after
from app.sync.transport import Unreachable

#: Seconds without a word, not even a heartbeat, after which the stream is begun anew.
SILENCE = 60.0


class Pokes:
    """One thread that holds the stream open until it is stopped; ``random`` from 0 to 1."""

    def __init__(
        self, http: HttpTransport, heard: Callable[[], None], random: Callable[[], float]
    ) -> None:
        self._http = http
        self._heard = heard
        self._random = random
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="practice-pokes", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether its thread runs."""
        return self._thread.is_alive()

    def leave(self) -> None:
        """Tell the thread to end, without waiting for it."""
        self._stopped.set()

    def stop(self) -> None:
        """End the thread; the stream must have been cut off. One that hangs is left behind."""
        self.leave()
        self._thread.join(ENDING)

    def _work(self) -> None:
        failures = 0
        while not self._stopped.is_set():
            failures += 1
            # Whatever is wrong, the next exchange finds it and says it.
            with suppress(Unreachable):
                for line in self._http.lines("/v1/poke", SILENCE):
                    if line.startswith("data:"):
                        failures = 1
                        self._heard()
            self._stopped.wait(wait_after(failures, self._random()))

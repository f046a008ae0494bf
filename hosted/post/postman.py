"""Carries the letters that are due, on a thread of its own."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from hosted.logs import log
from hosted.post.carriers import Carrier
from hosted.post.queue import Queue

#: Seconds between two looks at an empty queue.
_EVERY = 2.0
_SWEEP_EVERY = 3600.0


class Postman:
    """Looks for letters until it is told to stop; once an hour it has what is old swept away."""

    def __init__(
        self, queue: Queue, carrier: Carrier, sweep: Callable[[], None] = lambda: None
    ) -> None:
        self._queue = queue
        self._carrier = carrier
        self._sweep = sweep
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._walk, name="postman")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after the letter at hand, and wait until it has."""
        self._stop.set()
        self._thread.join()

    def round(self) -> int:
        """Carry every letter that is due now; returns how many arrived."""
        arrived = 0
        for leased in self._queue.all_due():
            if leased.letter is None:
                log().error("letter not carried", error="NotSealedHere")
                continue
            try:
                self._carrier.carry(leased.job, leased.letter)
            except (OSError, ValueError) as error:
                # A header that cannot be written is a ValueError; the text may name a person.
                log().warning("letter not carried", error=type(error).__name__)
                self._queue.failed(leased, type(error).__name__)
                continue
            self._queue.carried(leased)
            arrived += 1
            if self._stop.is_set():
                break
        return arrived

    def _walk(self) -> None:
        swept = -_SWEEP_EVERY
        while not self._stop.is_set():
            try:
                if self._queue.any_due():
                    self.round()
                if time.monotonic() - swept >= _SWEEP_EVERY:
                    swept = time.monotonic()
                    self._queue.sweep()
                    self._sweep()
            except Exception as error:  # noqa: BLE001 - a database that is away must not end the post
                log().error("post stands still", error=type(error).__name__)
            self._stop.wait(_EVERY)

"""Deliveries without a window: what presenters hand over waits here until the test runs it."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable


class Pump:
    """Stands in for the window's thread: pass it as ``deliver``, then ``until`` something holds."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def __call__(self, call: Callable[[], None]) -> None:
        self._waiting.put(call)

    def until(self, reached: Callable[[], bool], *, seconds: float = 10) -> None:
        """Run deliveries until ``reached``; fails after ``seconds``."""
        ends = time.monotonic() + seconds
        while not reached():
            left = ends - time.monotonic()
            try:
                call = self._waiting.get(timeout=max(0.0, left))
            except queue.Empty:
                raise AssertionError("what was waited for never came") from None
            call()

    def drain(self) -> None:
        """Run what waits now."""
        while not self._waiting.empty():
            self._waiting.get()()

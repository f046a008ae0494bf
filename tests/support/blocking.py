"""How long the window's thread works without a look at keys and mouse."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, QTimer

#: The product promises 50 ms of the window's thread; half as much again, since a core that other
#: processes use works slower.
LIMIT_MS = 75.0


class LoopWatch(QObject):
    """Measures the longest turn of the event loop while it is entered.

    What counts is the time that the thread itself worked, not the time on the clock: other
    processes of a busy machine are not the window's fault.
    """

    def __init__(self) -> None:
        super().__init__()
        self.turns_ms: list[float] = []
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._turn)
        self._last = 0.0

    @property
    def longest_ms(self) -> float:
        """Return the longest turn so far."""
        return max(self.turns_ms, default=0.0)

    def __enter__(self) -> Self:
        self.turns_ms.clear()
        self._last = time.thread_time()
        self._timer.start(0)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._turn()
        self._timer.stop()

    def _turn(self) -> None:
        now = time.thread_time()
        self.turns_ms.append((now - self._last) * 1000)
        self._last = now

"""What a scenario draws, and what its clocks say: all of it follows from the seed."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from app.core.kernel import ids
from tests.support.clock import THE_MOMENT

_MS = timedelta(milliseconds=1)


class Time:
    """The world's time, in milliseconds since 1970; it moves only when a scenario says so."""

    def __init__(self) -> None:
        self.ms = round(THE_MOMENT.timestamp() * 1000)

    def now(self) -> datetime:
        """Return the true time: the server's clock is right."""
        return datetime.fromtimestamp(0, UTC) + self.ms * _MS


class Clock:
    """A computer's clock, which may be wrong by ``skew_ms``. See ``kernel.clock.Clock``."""

    def __init__(self, time: Time) -> None:
        self._time = time
        self.skew_ms = 0

    def now(self) -> datetime:
        """Return what this computer takes for the time."""
        return self._time.now() + self.skew_ms * _MS


@contextmanager
def drawn_from(seed: str) -> Iterator[None]:
    """Let the machine's randomness (ids, tags, secrets) follow from ``seed`` meanwhile."""
    source = random.Random(seed)
    # ``secrets`` and ``uuid4`` end in one of these two names.
    was = os.urandom, random._urandom, ids._MAKER  # type: ignore[attr-defined]
    os.urandom = random._urandom = source.randbytes  # type: ignore[attr-defined]
    ids._MAKER = ids.IdMaker()
    try:
        yield
    finally:
        os.urandom, random._urandom, ids._MAKER = was  # type: ignore[attr-defined]

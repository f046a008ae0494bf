"""The server's one clock; on a server of one machine it can be moved, to try what time brings."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from app.core.kernel.clock import Clock, SystemClock
from hosted.settings import Settings


class MovableClock:
    """The computer's clock, ahead by what a file says; every part of the server reads it."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._real = SystemClock()
        self._read = 0
        self._ahead = timedelta(0)

    @property
    def ahead(self) -> timedelta:
        """Return how far it is ahead, also when another process moved it just now."""
        try:
            written = self._path.stat().st_mtime_ns
        except FileNotFoundError:
            return timedelta(0)
        if written != self._read:
            said = json.loads(self._path.read_text("utf-8"))
            self._ahead, self._read = timedelta(seconds=said["ahead_seconds"]), written
        return self._ahead

    def now(self) -> datetime:
        """Return the moment that it shows, in UTC."""
        return self._real.now() + self.ahead

    def move(self, ahead: timedelta) -> None:
        """Set how far it is ahead; nothing is the computer's own time."""
        if not ahead:
            self._path.unlink(missing_ok=True)
            return
        draft = self._path.with_suffix(".new")
        draft.write_text(json.dumps({"ahead_seconds": ahead.total_seconds()}), "utf-8")
        draft.replace(self._path)


def clock_of(settings: Settings) -> Clock:
    """Return the clock of a server; a public one has the computer's, whatever a file says."""
    return SystemClock() if settings.public_url else MovableClock(settings.clock)

"""Wrong passphrases slow down, also across restarts; unlocking never needs a network."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

from app.core.kernel.clock import Clock
from app.core.kernel.errors import MachineError
from app.core.kernel.phrases import plural
from app.core.vault.files import said_plainly, write_whole

FREE_TRIES = 3
LONGEST = timedelta(minutes=5)


class TooSoon(MachineError):
    """Another try is refused until ``wait`` has passed."""

    def __init__(self, wait: timedelta) -> None:
        seconds = max(1, round(wait.total_seconds()))
        super().__init__(f"Too many wrong tries: wait {plural(seconds, 'second')}, then try again.")
        self.wait = wait


class Throttle:
    """Counts wrong tries of one practice file in the per-user state folder."""

    def __init__(self, folder: Path, vault_id: str, clock: Clock) -> None:
        self._path = folder / f"{vault_id}.tries"
        self._clock = clock

    def before(self) -> None:
        """Raise ``TooSoon`` while the pause after the last wrong try lasts."""
        wrong, last = self._read()
        # A clock that was set back must not lengthen the pause.
        waited = max(self._clock.now() - last, timedelta()) if last else LONGEST
        left = pause_after(wrong) - waited
        if left > timedelta():
            raise TooSoon(left)

    def wrong(self) -> None:
        """Count a wrong try."""
        count = self._read()[0] + 1
        said = json.dumps({"wrong": count, "last": self._clock.now().isoformat()})
        with said_plainly(self._path.parent):
            write_whole(self._path, said.encode())

    def right(self) -> None:
        """Forget the wrong tries."""
        with said_plainly(self._path.parent):
            self._path.unlink(missing_ok=True)

    def _read(self) -> tuple[int, datetime | None]:
        try:
            said = json.loads(self._path.read_text("utf-8"))
            return int(said["wrong"]), datetime.fromisoformat(said["last"])
        except (OSError, ValueError, KeyError, TypeError):
            return 0, None


def pause_after(wrong: int) -> timedelta:
    """Return how long to wait after ``wrong`` tries in a row: none at first, then doubling."""
    if wrong < FREE_TRIES:
        return timedelta()
    return min(timedelta(seconds=2 ** min(wrong - FREE_TRIES + 1, 20)), LONGEST)

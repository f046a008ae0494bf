"""A mark beside the data that tells data which were set back: restored, they are behind it.

The backup of a database does not contain the mark, so a restored one finds a place that its log
has not reached, and a new epoch begins by itself. Devices that are ahead tell the same, later.
"""

from __future__ import annotations

import json
import threading
import time
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from hosted.store.engine import Database, For
from hosted.store.tables import Head
from hosted.sync import epochs

#: Seconds between two writings while devices push.
_EVERY = 5.0


class Mark:
    """How far each practice's log has come, as far as this server process knows."""

    def __init__(self, path: Path, database: Database) -> None:
        self._path = path
        self._database = database
        self._lock = threading.Lock()
        self._written = 0.0
        self._heads = self._read()

    def settle(self, now: datetime) -> bool:
        """Begin a new epoch if the data are behind the mark; return whether they were."""
        behind = any(self._head(UUID(hex=key)) < head for key, head in self._heads.items())
        if behind:
            epochs.begin_anew(self._database, now)
            self._heads = {key: self._head(UUID(hex=key)) for key in self._heads}
            self.write()
        return behind

    def pushed(self, practice_id: UUID, head: int) -> None:
        """Note how far a log has come; written now and then."""
        with self._lock:
            self._heads[practice_id.hex] = max(head, self._heads.get(practice_id.hex, 0))
            if time.monotonic() - self._written < _EVERY:
                return
            self._written = time.monotonic()
        self.write()

    def write(self) -> None:
        """Write the mark."""
        with self._lock:
            draft = self._path.with_suffix(".new")
            draft.write_text(json.dumps(self._heads), "utf-8")
            draft.replace(self._path)

    def _head(self, practice_id: UUID) -> int:
        with self._database.read(For(practice_id)) as session:
            found = session.scalar(select(Head.head).where(Head.practice_id == practice_id))
        return found or 0

    def _read(self) -> dict[str, int]:
        try:
            said = json.loads(self._path.read_text("utf-8"))
            return {UUID(hex=key).hex: int(head) for key, head in said.items()}
        except (FileNotFoundError, ValueError, AttributeError, TypeError):
            # A mark that cannot be read says nothing; devices that are ahead still do.
            return {}

"""Files and server in memory, used again by one scenario after the other.

Each keeps its connection and engine, so that SQLAlchemy compiles a statement once a process and
not once a scenario; what they hold is replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlcipher3 import dbapi2

from app.core.store.capture import PracticeSession
from app.core.vault import migrate
from app.core.vault.attached import AttachedFiles
from app.core.vault.engine import session_factory
from app.core.vault.outbox import OutboxSink, UndoTable
from app.core.vault.search import FullText
from app.core.vault.vault import VaultPorts
from hosted.store.engine import database_in_memory
from hosted.store.migrate import upgrade
from hosted.sync.exchange import Exchange
from hosted.sync.policy import Policy
from hosted.sync.register import Register
from tests.simulation.real.chance import Time
from tests.support import images

Stamp = tuple[int, int]
"""How often a database was replaced as a whole, and how many rows were written in it since ever."""

_NOBODY = UUID(int=0)
_NOWHERE = Path("/nowhere")


def image_of(connection: Any) -> Any:
    """Return a copy of a file in memory."""
    copy = dbapi2.connect(":memory:", isolation_level=None)
    connection.backup(copy)
    return copy


class FileSlot:
    """One practice file in memory, without encryption and without a disk."""

    def __init__(self, practice_id: UUID) -> None:
        self._filled = 0
        self.connection = dbapi2.connect(":memory:", isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA foreign_keys = ON")
        self.ports = VaultPorts(
            _NOBODY, "", OutboxSink(), UndoTable(), FullText(), AttachedFiles(_NOWHERE)
        )
        self.sessions: Callable[[], PracticeSession] = session_factory(
            self.connection, practice_id, self.ports, writes=True
        )

    def make(self) -> None:
        """Make the tables of an empty practice."""
        migrate.create(self.connection)

    def put(self, image: Any) -> None:
        """Hold what ``image`` holds, as a program that has just been started."""
        image.backup(self.connection)
        self._filled += 1
        self.started()

    @property
    def stamp(self) -> Stamp:
        """Another one whenever something may have been written here."""
        return self._filled, self.connection.total_changes

    def started(self) -> None:
        """Forget what the program held in memory."""
        self.ports.sink = OutboxSink()
        self.ports.chain_end = None
        self.ports.numbered = False


class ServerSlot:
    """The real server on a database in memory, asked directly."""

    def __init__(self, time: Time) -> None:
        self._filled = 0
        self.time = time
        self.database = database_in_memory()
        upgrade(self.database, time.now())
        self.policy = Policy()
        self.register = Register()
        self.exchange: Exchange
        self.started()

    def started(self) -> None:
        """Begin to answer, as after the server's program was started."""
        self.exchange = Exchange(self.database, self.time, self.policy, self.register)

    def image(self) -> bytes:
        """Return the whole database, as a backup of it."""
        return images.image_of(self.database)

    def put(self, image: bytes) -> None:
        """Hold what ``image`` holds."""
        images.put_image(self.database, image)
        self._filled += 1
        self.started()

    @property
    def stamp(self) -> Stamp:
        """Another one whenever something may have been written here."""
        return self._filled, self._driver.total_changes

    @cached_property
    def _driver(self) -> Any:
        return images.driver_of(self.database)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """Look into the database past the server, between two requests."""
        found: list[tuple[Any, ...]] = self._driver.execute(statement, values).fetchall()
        return found

"""SQLCipher connections: the raw key goes in through the creator, never through a URL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, StaticPool, create_engine, event
from sqlalchemy.engine.interfaces import Compiled
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session
from sqlalchemy.util import LRUCache
from sqlcipher3 import dbapi2

from app.core.kernel.errors import DiskFull, MachineError, NotOurFile
from app.core.store.capture import Capture, PracticeSession
from app.core.store.guards import CLOSED, WATCHED
from app.core.store.ports import Ports

_PRAGMAS = (
    "PRAGMA cipher_log_level = NONE",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA foreign_keys = ON",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA cache_size = -16000",
    "PRAGMA secure_delete = FAST",
)

#: Statements by their cache keys, as many as an engine would keep of its own.
_COMPILED: LRUCache[Any, Compiled] = LRUCache(1000)

#: What the engine says when not our statement but the disk or the file is at fault.
_OF_THE_MACHINE = (
    "disk is full",
    "disk I/O",
    "readonly",
    "unable to open",
    "malformed",
    "not a database",
)


def connect(path: Path, key: bytes | bytearray, *, read_only: bool = False) -> Any:
    """Open the encrypted database at ``path`` with the raw 256-bit ``key``.

    One that is only read keeps its journal mode, and so every byte of its file. Raises
    ``NotOurFile`` when the key does not fit or the file is damaged.
    """
    connection = dbapi2.connect(str(path), isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA cipher_log_level = NONE")
        connection.execute(f"PRAGMA key = \"x'{bytes(key).hex()}'\"")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if not read_only:
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except dbapi2.DatabaseError as error:
        connection.close()
        raise plain_database_error(error) from None
    return connection


def plain_database_error(error: BaseException) -> MachineError:
    """Return the sentence for an error of the database engine."""
    words = str(error)
    if "disk is full" in words or "disk I/O" in words:
        return DiskFull("The disk is full: free some space, then try again. Nothing was lost.")
    if "readonly" in words or "unable to open" in words:
        return MachineError("The practice's folder cannot be written: check it, then try again.")
    return NotOurFile(
        "This file is not a PracticeRunner practice, or it is damaged: restore a backup."
    )


@contextmanager
def database_said_plainly() -> Iterator[None]:
    """Turn what the engine reports of the disk and the file into a sentence; a bug stays one."""
    try:
        yield
    except (dbapi2.DatabaseError, DatabaseError) as error:
        cause = error.orig if isinstance(error, DatabaseError) else error
        if cause is None or not any(known in str(cause) for known in _OF_THE_MACHINE):
            raise
        raise plain_database_error(cause) from error


def engine_over(connection: Any) -> Engine:
    """Return an engine over one open ``connection`` that begins no transaction by itself.

    All engines of the program share one dialect and the statements that were compiled for it: the
    reader need not compile what the writer did, nor either of them again after a lock.
    """
    pattern = _pattern()
    return Engine(
        StaticPool(lambda: connection),
        pattern.dialect,
        pattern.url,
        hide_parameters=True,
        execution_options={"compiled_cache": _COMPILED},
    )


@cache
def _pattern() -> Engine:
    """Return an engine over nothing, whose dialect knows the driver's version."""
    engine = create_engine("sqlite://", module=dbapi2, poolclass=StaticPool)
    engine.connect().close()
    engine.dispose()
    return engine


def engine_for(connection: Any, *, writes: bool) -> Engine:
    """Return an engine over one open ``connection``; transactions begin explicitly."""
    engine = engine_over(connection)
    begin = "BEGIN IMMEDIATE" if writes else "BEGIN"

    @event.listens_for(engine, "begin")
    def _begin(opened: Any) -> None:
        opened.exec_driver_sql(begin)

    return engine


def driver(session: Session) -> Any:
    """Return the driver's own connection, in the transaction of ``session``."""
    return session.connection().connection.driver_connection


def session_factory(
    connection: Any, practice_id: UUID, ports: Ports, *, writes: bool
) -> Callable[[], PracticeSession]:
    """Return what opens sessions on ``connection``, and hand the triggers their question."""
    engine = engine_for(connection, writes=writes)
    state: dict[str, Capture] = {}
    connection.create_function(
        WATCHED, 0, lambda: state["capture"].open if "capture" in state else CLOSED
    )

    def open_session() -> PracticeSession:
        session = PracticeSession(engine, autoflush=True, expire_on_commit=False)
        session.info.update(practice_id=practice_id, ports=ports, capture=Capture())
        state["capture"] = session.info["capture"]
        return session

    return open_session

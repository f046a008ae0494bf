"""The two databases: PostgreSQL for many practices, one SQLite file for a single one.

Every transaction names whom it is for. On PostgreSQL one session event tells the database, whose
row-level security then hides everything else; a SQLite file holds one practice only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import Connection, Engine, StaticPool, create_engine, event
from sqlalchemy.engine.interfaces import Compiled
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.orm import Session, SessionTransaction
from sqlalchemy.util import LRUCache

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA busy_timeout = 10000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -32000",
    # 16 MB: a push of 500 fills the usual 4 MB, and most pages are written again by the next one.
    "PRAGMA wal_autocheckpoint = 4000",
)

#: Statements for SQLite by their cache keys, as many as an engine would keep of its own.
_COMPILED: LRUCache[Any, Compiled] = LRUCache(1000)


@dataclass(frozen=True, slots=True)
class For:
    """Whom a transaction is for: a practice, or whoever knows a token or a pairing code.

    Of token and code only the SHA-256 is ever seen here. ``login`` and ``account`` are a person
    who has signed in and the account of a practice; ``server`` is the server's own work, and opens
    nothing of a practice.
    """

    practice_id: UUID | None = None
    token: bytes | None = None
    code: bytes | None = None
    login: UUID | None = None
    account: UUID | None = None
    server: bool = False


class HostedSession(Session):
    """A transaction that is for somebody, and sees nothing that is not theirs."""


@event.listens_for(HostedSession, "after_begin")
def _confine(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if connection.dialect.name != "postgresql":
        return
    whom: For = session.info["whom"]
    said = {
        "practice_id": whom.practice_id.hex if whom.practice_id else "",
        "token": (whom.token or b"").hex(),
        "code": (whom.code or b"").hex(),
    }
    if whom.login or whom.account or whom.server:
        said["login"] = whom.login.hex if whom.login else ""
        said["account"] = whom.account.hex if whom.account else ""
        said["server"] = "on" if whom.server else ""
    _begin_for(connection, said)


def _begin_for(connection: Connection, said: Mapping[str, str]) -> None:
    """Begin a transaction and say in it whom it is for, in one message to the database.

    The driver would send two, and wait for each. What is said is hexadecimal digits or a fixed
    word, and so needs no quoting.
    """
    told = ", ".join(f"set_config('app.{name}', '{each}', true)" for name, each in said.items())
    sent: Any = connection.connection.driver_connection
    found = sent.pgconn.exec_(f"BEGIN; SELECT {told}".encode())
    if found.status != psycopg.pq.ExecStatus.TUPLES_OK:
        connection.invalidate()
        raise psycopg.OperationalError("the database began no transaction")


class Database:
    """Opens transactions; on SQLite one engine writes and one only reads."""

    def __init__(self, writer: Engine, reader: Engine) -> None:
        self._writer = writer
        self._reader = reader
        self.dialect = writer.dialect.name

    @property
    def engine(self) -> Engine:
        """The engine that writes, for migrations."""
        return self._writer

    @contextmanager
    def write(self, whom: For) -> Iterator[HostedSession]:
        """Open a transaction that commits at its end, or leaves nothing."""
        with HostedSession(self._writer, expire_on_commit=False) as session:
            session.info["whom"] = whom
            yield session
            if self.dialect == "sqlite":
                # Here SQLite checks what points at what, and a COMMIT that fails ends nothing:
                # the session must still hold the connection to roll it back.
                session.flush()
                driver(session).execute("COMMIT")
            session.commit()

    @contextmanager
    def read(self, whom: For) -> Iterator[HostedSession]:
        """Open a transaction that only reads."""
        with HostedSession(self._reader) as session:
            session.info["whom"] = whom
            yield session

    def close(self) -> None:
        """Close all connections."""
        self._writer.dispose()
        self._reader.dispose()


def driver(session: Session) -> Any:
    """Return the driver's own connection, in the transaction of ``session``."""
    return session.connection().connection.driver_connection


def open_database(url: str) -> Database:
    """Open the database that ``url`` names: ``postgresql://…``, or the path of a SQLite file."""
    if url.startswith(("postgresql:", "postgres:")):
        return _postgresql(url.replace("postgres:", "postgresql:", 1))
    return _sqlite(Path(url))


def database_in_memory() -> Database:
    """Open an empty SQLite database on one connection, for simulations and tests."""
    engine = _sqlite_engine("sqlite://", "BEGIN IMMEDIATE", poolclass=StaticPool)
    return Database(engine, engine)


def _postgresql(url: str) -> Database:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=8,
        max_overflow=4,
        connect_args={"options": "-c timezone=UTC -c lock_timeout=15000"},
    )
    event.listen(engine, "checkout", _require_alive)
    return Database(engine, engine)


def _require_alive(connection: Any, _record: Any, _proxy: Any) -> None:
    """Have a connection replaced that the database has ended since it was last used.

    Nobody was waiting for an answer on it: what lies there to be read is that it was ended. A
    look at the socket, where asking the database would be one more message for each transaction.
    """
    if connection.closed:
        raise DisconnectionError
    with DefaultSelector() as looking:
        looking.register(connection, EVENT_READ)
        if looking.select(0):
            raise DisconnectionError


def _sqlite(path: Path) -> Database:
    url = f"sqlite:///{path}"
    return Database(*(_sqlite_engine(url, begin) for begin in ("BEGIN IMMEDIATE", "BEGIN")))


def _sqlite_engine(url: str, begin: str, **pool: Any) -> Engine:
    """Return an engine that begins its transactions with ``begin``.

    All of them share one dialect and the statements that were compiled for it: the reader need not
    compile what the writer did.
    """
    own = create_engine(
        url, connect_args={"check_same_thread": False, "isolation_level": None}, **pool
    )
    engine = Engine(
        own.pool,
        _pattern().dialect,
        own.url,
        hide_parameters=True,
        execution_options={"compiled_cache": _COMPILED},
    )
    _prepare(engine, begin)
    return engine


@cache
def _pattern() -> Engine:
    """Return an engine over nothing, whose dialect knows the driver's version."""
    engine = create_engine("sqlite://")
    engine.connect().close()
    engine.dispose()
    return engine


def _prepare(engine: Engine, begin: str) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

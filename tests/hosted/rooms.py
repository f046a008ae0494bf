"""Databases of a private PostgreSQL that one test after the other uses.

Making a database copies a file for every table and index of it, and removing it waits for a
checkpoint; taking the rows out that a test left is a small part of either. Whoever does so stays
connected, and knows its tables; and the engine stays, with the statements that it compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Composed, Identifier, Literal

from hosted.private_postgres import PrivatePostgres
from hosted.store.engine import Database, open_database

TEMPLATE = "empty"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
_SEQUENCES = "SELECT sequencename, start_value FROM pg_sequences WHERE schemaname = 'public'"
#: Rows of every table go, whatever points at them and whatever a trigger says of it.
_UNCHECKED = "SET session_replication_role = replica"


@dataclass(frozen=True, slots=True)
class Room:
    """A database, and a connection of the owner of the cluster, whom nothing confines."""

    database: Database
    cleaner: psycopg.Connection[Any]


class Rooms:
    """Databases as migrations leave them, made when none is free."""

    def __init__(self, cluster: PrivatePostgres) -> None:
        self._cluster = cluster
        self._made: list[Room] = []
        self._free: list[Room] = []
        self._emptying = Composed([])
        """Takes every row out and lets every sequence begin again."""
        self._first_rows: dict[str, bytes] = {}
        """What the tables that are not empty after the migrations hold."""

    @contextmanager
    def room(self) -> Iterator[Database]:
        """Yield a database in which no test has left anything; its connections are new."""
        room = self._free.pop() if self._free else self._make()
        yield room.database
        room.database.close()
        with room.cleaner.transaction():
            room.cleaner.execute(self._emptying)
            for table, rows in self._first_rows.items():
                with room.cleaner.cursor().copy(_copy(table, "FROM STDIN")) as copy:
                    copy.write(rows)
        self._free.append(room)

    def close(self) -> None:
        """Close all connections."""
        for room in self._made:
            room.database.close()
            room.cleaner.close()

    def _make(self) -> Room:
        name = f"room_{len(self._made) + 1}"
        self._cluster.create(name, template=TEMPLATE)
        room = Room(open_database(self._cluster.url(name)), self._enter(name))
        if not self._made:
            self._learn(room.cleaner)
        self._made.append(room)
        return room

    def _learn(self, inside: psycopg.Connection[Any]) -> None:
        tables = [table for (table,) in inside.execute(_TABLES).fetchall()]
        for table in tables:
            with inside.cursor().copy(_copy(table, "TO STDOUT")) as copy:
                if rows := b"".join(map(bytes, copy)):
                    self._first_rows[table] = rows
        emptied = [SQL("DELETE FROM public.{};").format(Identifier(table)) for table in tables]
        begun = [
            SQL("SELECT setval({}, {}, false);").format(Literal(f'public."{name}"'), Literal(start))
            for name, start in inside.execute(_SEQUENCES).fetchall()
        ]
        self._emptying = Composed([*emptied, *begun])

    def _enter(self, name: str) -> psycopg.Connection[Any]:
        with self._cluster._administration() as outside:
            of_cluster = outside.info.get_parameters()
            word = outside.info.password
        address = make_conninfo(**{**of_cluster, "dbname": name, "password": word})
        inside = psycopg.connect(address, autocommit=True)
        inside.execute(_UNCHECKED)
        return inside


def _copy(table: str, how: LiteralString) -> Any:
    return SQL("COPY public.{} " + how).format(Identifier(table))

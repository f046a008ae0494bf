"""Databases of a private PostgreSQL that one test after the other uses.

Making a database copies a file for every table and index of it, and removing it waits for a
checkpoint; taking the rows out that a test left is a small part of either.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from hosted.private_postgres import PrivatePostgres

TEMPLATE = "empty"
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
#: Rows of every table go, whatever points at them and whatever a trigger says of it.
_EMPTY = """
SET session_replication_role = replica;
DO $$
DECLARE name text;
BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%I', name);
  END LOOP;
  FOR name IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER SEQUENCE public.%I RESTART', name);
  END LOOP;
END $$;
"""


class Rooms:
    """Databases as migrations leave them, made when none is free."""

    def __init__(self, cluster: PrivatePostgres) -> None:
        self._cluster = cluster
        self._free: list[str] = []
        self._made = 0
        self._first_rows: dict[str, bytes] = {}
        """What the tables that are not empty after the migrations hold."""

    @contextmanager
    def room(self) -> Iterator[str]:
        """Yield the address of a database in which no test has left anything."""
        name = self._free.pop() if self._free else self._make()
        yield self._cluster.url(name)
        with self._inside(name) as inside:
            inside.execute(_EMPTY)
            for table, rows in self._first_rows.items():
                with inside.cursor().copy(_copy(table, "FROM STDIN")) as copy:
                    copy.write(rows)
        self._free.append(name)

    def _make(self) -> str:
        self._made += 1
        name = f"room_{self._made}"
        self._cluster.create(name, template=TEMPLATE)
        if not self._first_rows:
            with self._inside(name) as inside:
                for (table,) in inside.execute(_TABLES).fetchall():
                    with inside.cursor().copy(_copy(table, "TO STDOUT")) as copy:
                        if rows := b"".join(map(bytes, copy)):
                            self._first_rows[table] = rows
        return name

    @contextmanager
    def _inside(self, name: str) -> Iterator[psycopg.Connection[Any]]:
        """Yield a connection of the owner of the cluster, whom nothing confines."""
        with self._cluster._administration() as outside:
            of_cluster = outside.info.get_parameters()
            word = outside.info.password
        with psycopg.connect(
            make_conninfo(**{**of_cluster, "dbname": name, "password": word})
        ) as inside:
            yield inside


def _copy(table: str, how: LiteralString) -> Any:
    return SQL("COPY public.{} " + how).format(Identifier(table))

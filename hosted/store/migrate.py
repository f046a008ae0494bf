"""Bring the server's database to this version: the shared tables, then the server's own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, insert, select

from app.core.kernel.clock import unix_ms
from hosted.store import rls
from hosted.store.engine import Database
from hosted.store.tables import Server


@dataclass(frozen=True, slots=True)
class Lineage:
    """One line of migrations."""

    scripts: str
    version_table: str


LINEAGES = (
    Lineage("app.core.store:migrations", "alembic_version"),
    Lineage("hosted.store:migrations", "alembic_version_hosted"),
)


def upgrade(database: Database, now: datetime) -> None:
    """Make or upgrade all tables in one transaction; on PostgreSQL state the isolation anew.

    Raises ``rls.UnsafeRole`` before anything is touched.
    """
    with database.engine.connect() as connection:
        if database.dialect == "postgresql":
            rls.require_bound_role(connection)
            # Two servers that start at once go one after the other.
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20261127)")
            _run_all(connection, now)
            rls.isolate(connection)
            connection.commit()
            return
        # A table rebuild would delete child rows; this cannot be set inside a transaction.
        opened: Any = connection.connection.driver_connection
        opened.execute("PRAGMA foreign_keys = OFF")
        try:
            _run_all(connection, now)
            if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise RuntimeError("a migration left rows that point at nothing")
            connection.commit()
        finally:
            connection.rollback()
            opened.execute("PRAGMA foreign_keys = ON")


def name_of_epoch(now: datetime) -> str:
    """Return 32 hexadecimal digits that no epoch was called by: the time, then chance.

    So the name of a later epoch is the greater one.
    """
    return f"{unix_ms(now):012x}{secrets.token_hex(10)}"


def _run_all(connection: Connection, now: datetime) -> None:
    for lineage in LINEAGES:
        _run(connection, lineage)
    _found(connection, now)


def _run(connection: Connection, lineage: Lineage) -> None:
    config = Config()
    config.set_main_option("script_location", lineage.scripts)
    scripts = ScriptDirectory.from_config(config)

    def steps(revision: Any, _context: Any) -> Any:
        return scripts._upgrade_revs("head", revision)  # noqa: SLF001 - alembic has no other door

    with EnvironmentContext(config, scripts, fn=steps, destination_rev="head") as environment:
        environment.configure(
            connection=connection, version_table=lineage.version_table, transactional_ddl=False
        )
        environment.run_migrations()


def _found(connection: Connection, now: datetime) -> None:
    """Give a new server its epoch and its secret."""
    if connection.execute(select(Server.id)).first() is None:
        connection.execute(
            insert(Server).values(
                id=1, epoch=name_of_epoch(now), secret=secrets.token_bytes(32), begun_at=now
            )
        )

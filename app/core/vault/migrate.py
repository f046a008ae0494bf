"""Bring an older file to this version, after a verified copy; refuse a newer one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.core.kernel.errors import MachineError, NewerFile, NotOurFile
from app.core.store.guards import WATCHED, guard_triggers
from app.core.vault.engine import engine_over


@dataclass(frozen=True, slots=True)
class Lineage:
    """One line of migrations: where its scripts lie, and which revision is the newest."""

    scripts: str
    version_table: str
    head: str


SHARED = Lineage("app.core.store:migrations", "alembic_version", "0001")
VAULT = Lineage("app.core.vault:migrations", "alembic_version_vault", "v0001")
LINEAGES = (SHARED, VAULT)


def is_current(connection: Any) -> bool:
    """Return whether the file is of this version.

    Raises ``NotOurFile`` for a database without our tables, ``NewerFile`` for an unknown version.
    """
    stamps = [_stamp(connection, lineage) for lineage in LINEAGES]
    if stamps == [lineage.head for lineage in LINEAGES]:
        return True
    if None in stamps:
        raise NotOurFile("This file is not a PracticeRunner practice: choose another file.")
    for lineage, stamp in zip(LINEAGES, stamps, strict=True):
        if stamp not in _known(lineage):
            raise NewerFile("A newer version wrote this practice: update the program to open it.")
    return False


def create(connection: Any) -> None:
    """Make all tables, triggers and indexes in an empty database."""
    _upgrade(connection)


def upgrade(connection: Any, path: Path, copy: Callable[[Path], None]) -> None:
    """Bring the file at ``path`` to this version; ``copy`` makes a verified copy of it first.

    Foreign keys are off meanwhile, since a table rebuild would otherwise delete child rows;
    they are checked, and rows counted, before the transaction commits.
    """
    copy(path)
    before = row_counts(connection)
    _upgrade(connection, before)


def _upgrade(connection: Any, before: dict[str, int] | None = None) -> None:
    connection.create_function(WATCHED, 0, lambda: 1)
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN IMMEDIATE")
    try:
        _drop_triggers(connection)
        for lineage in LINEAGES:
            _run(connection, lineage)
        for statement in guard_triggers().values():
            connection.execute(statement)
        _check(connection, before or {})
        connection.execute("COMMIT")
    except BaseException:
        # A full disk has ended the transaction already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


class _Joined:
    """A connection whose transaction belongs to somebody else: it cannot end it."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def commit(self) -> None:
        """Leave the transaction to its owner."""

    def rollback(self) -> None:
        """Leave the transaction to its owner."""


def _run(connection: Any, lineage: Lineage) -> None:
    # Imported here: alembic costs 150 ms, and only a new or an older file needs it.
    from alembic.runtime.environment import EnvironmentContext  # noqa: PLC0415

    config, scripts = _scripts(lineage)

    def steps(revision: Any, _context: Any) -> Any:
        return scripts._upgrade_revs("head", revision)  # noqa: SLF001 - alembic has no other door

    engine = engine_over(_Joined(connection))
    with (
        engine.connect() as opened,
        EnvironmentContext(config, scripts, fn=steps, destination_rev="head") as environment,
    ):
        environment.configure(
            connection=opened, version_table=lineage.version_table, transactional_ddl=False
        )
        environment.run_migrations()


def _scripts(lineage: Lineage) -> tuple[Any, Any]:
    from alembic.config import Config  # noqa: PLC0415 - as above
    from alembic.script import ScriptDirectory  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", lineage.scripts)
    return config, ScriptDirectory.from_config(config)


def _known(lineage: Lineage) -> set[str]:
    return {script.revision for script in _scripts(lineage)[1].walk_revisions()}


def _stamp(connection: Any, lineage: Lineage) -> str | None:
    tables = connection.execute(
        "SELECT 1 FROM sqlite_schema WHERE name = ?", (lineage.version_table,)
    ).fetchone()
    if tables is None:
        return None
    row = connection.execute(f"SELECT version_num FROM {lineage.version_table}").fetchone()
    return row[0] if row else None


def _drop_triggers(connection: Any) -> None:
    named = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'trigger' "
        "AND (name LIKE 'guard\\_%' ESCAPE '\\' OR name LIKE 'keep\\_%' ESCAPE '\\')"
    ).fetchall()
    for (name,) in named:
        connection.execute(f"DROP TRIGGER {name}")


def row_counts(connection: Any) -> dict[str, int]:
    """Return the number of rows of each of our tables."""
    tables = connection.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' "
        "AND name NOT LIKE 'search\\_%' ESCAPE '\\' AND name NOT LIKE 'alembic%'"
    ).fetchall()
    return {
        name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for (name,) in tables
    }


def _check(connection: Any, before: dict[str, int]) -> None:
    broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    after = row_counts(connection)
    lost = [name for name, count in before.items() if after.get(name, 0) < count]
    if broken is not None or lost:
        raise MachineError(
            "The practice could not be brought to this version; it is unchanged. "
            "Send us the diagnostics from Help."
        )

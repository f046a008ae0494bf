"""Migrations: they make exactly the tables that are mapped, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from app import bootstrap
from app.core import mapping
from app.core.kernel.errors import MachineError
from app.core.store.base import Base
from app.core.store.guards import guard_triggers
from app.core.vault import migrate
from app.core.vault.engine import connect, engine_over
from app.core.vault.files import DATABASE, KEYS
from app.core.vault.keys import read_key_file
from app.core.vault.tables import VaultBase
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE


def _connection(folder: Path) -> Any:
    keys = read_key_file(folder / KEYS).open_with_passphrase(PASSPHRASE)
    return connect(folder / DATABASE, keys.database)


def _ours(_object: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    # FTS5 keeps its own tables beside ours.
    return kind != "table" or not (name or "").startswith(
        ("search_names", "search_bodies", "alembic")
    )


def test_the_migrated_file_has_exactly_the_mapped_tables(practice_folder: Path) -> None:
    mapping.complete()
    connection = _connection(practice_folder)
    try:
        with engine_over(connection).connect() as opened:
            context = MigrationContext.configure(opened, opts={"include_object": _ours})
            both: Any = [Base.metadata, VaultBase.metadata]
            found = compare_metadata(context, both)
    finally:
        connection.close()
    names = [change for change in found if isinstance(change, tuple) and "type" not in change[0]]
    assert names == []


def test_every_guard_stands_in_the_file(practice_folder: Path) -> None:
    mapping.complete()
    connection = _connection(practice_folder)
    there = dict(
        connection.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    )
    connection.close()
    assert there == guard_triggers()


@pytest.mark.parametrize("lineage", migrate.LINEAGES)
def test_the_newest_revision_is_the_one_the_program_expects(lineage: migrate.Lineage) -> None:
    config = Config()
    config.set_main_option("script_location", lineage.scripts)
    assert ScriptDirectory.from_config(config).get_heads() == [lineage.head]


def _older(folder: Path) -> None:
    """Make the file look as if a migration were due: the guards are missing, the stamp is old."""
    connection = _connection(folder)
    for name in guard_triggers():
        connection.execute(f"DROP TRIGGER {name}")
    connection.close()


def test_a_migration_that_fails_leaves_the_file_as_it_was(
    practice_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping.complete()
    _older(practice_folder)
    connection = _connection(practice_folder)
    before = connection.execute("SELECT count(*), group_concat(sql) FROM sqlite_schema").fetchone()
    monkeypatch.setattr(migrate, "guard_triggers", lambda: {"bad": "CREATE TRIGGER nonsense"})
    copies: list[Path] = []
    with pytest.raises(Exception, match=r"nonsense|syntax|incomplete"):
        migrate.upgrade(connection, practice_folder / DATABASE, copies.append)
    after = connection.execute("SELECT count(*), group_concat(sql) FROM sqlite_schema").fetchone()
    connection.close()
    assert after == before
    assert copies == [practice_folder / DATABASE]


def test_a_migration_that_loses_rows_is_refused(
    practice_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mapping.complete()
    _older(practice_folder)
    connection = _connection(practice_folder)
    lossy = {**guard_triggers(), "zz": "DELETE FROM location"}
    monkeypatch.setattr(migrate, "guard_triggers", lambda: lossy)
    with pytest.raises(MachineError, match="it is unchanged"):
        migrate.upgrade(connection, practice_folder / DATABASE, lambda _path: None)
    assert connection.execute("SELECT count(*) FROM location").fetchone() == (1,)
    connection.close()


def test_an_upgrade_makes_a_verified_copy_first_and_opens(
    practice_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)
    answers = iter([False, True, True])
    real = migrate.is_current
    monkeypatch.setattr(
        "app.core.vault.vault.migrate.is_current",
        lambda connection: real(connection) and next(answers, True),
    )
    opened = bootstrap.open_practice(practice_folder, keys, StillClock())
    assert all(not finding.problems for finding in opened.verify())
    opened.close()
    assert len(list((practice_folder / "before-update").glob("*.prbackup"))) == 1

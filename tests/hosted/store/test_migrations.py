"""The server's migrations make exactly the tables that are mapped, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from app.core import mapping
from app.core.store.base import Base, of_the_program_alone
from hosted.store.engine import Database, For, open_database
from hosted.store.migrate import upgrade
from hosted.store.tables import HostedBase, Server
from tests.support.clock import THE_MOMENT


def _ours(thing: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    if kind == "index" and thing in of_the_program_alone(Base.metadata):
        return False
    return kind != "table" or not (name or "").startswith("alembic")


def test_the_migrated_database_has_exactly_the_mapped_tables(database: Database) -> None:
    mapping.complete()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": _ours})
        both: Any = [Base.metadata, HostedBase.metadata]
        found = compare_metadata(context, both)
    names = [change for change in found if isinstance(change, tuple) and "type" not in change[0]]
    flat = [change for change in found if isinstance(change, list)]
    nullable = [each for group in flat for each in group if each[0] == "modify_nullable"]
    assert (names, nullable) == ([], [])


def test_the_account_goes_without_what_only_the_programs_pages_read_by(database: Database) -> None:
    mapping.complete()
    without = {str(index.name): str(index.table) for index in of_the_program_alone(Base.metadata)}
    assert without
    there = inspect(database.engine)
    for name, table in without.items():
        assert name not in {index["name"] for index in there.get_indexes(table)}


def test_an_upgrade_of_what_is_current_changes_nothing(tmp_path: Path) -> None:
    database = open_database(str(tmp_path / "practice.sqlite"))
    facts = []
    for _ in range(2):
        upgrade(database, THE_MOMENT)
        with database.read(For()) as session:
            facts.append(session.get_one(Server, 1).epoch)
        with database.engine.connect() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
    database.close()
    assert facts[0] == facts[1]

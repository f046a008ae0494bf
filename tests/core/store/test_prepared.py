"""A prepared insert writes what an ordinary one writes, and fails as an ordinary one fails."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, LargeBinary, MetaData, Table, create_engine, insert, select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import IntegrityError
from sqlalchemy.schema import Column

from app.core.kernel.money import Money
from app.core.store.columns import Cents, Id, Json, Moment
from app.core.store.prepared import PreparedInsert

_ROW: dict[str, Any] = {
    "id": UUID(int=7),
    "at": datetime(2026, 11, 19, 9, 14, tzinfo=UTC),
    "amount": Money(16500),
    "said": {"b": 1, "a": ["x"]},
    "bytes": None,
}


@pytest.fixture
def connection() -> Any:
    with create_engine("sqlite://").connect() as opened:
        yield opened


@pytest.fixture
def table(connection: Connection) -> Table:
    made = Table(
        "thing",
        MetaData(),
        Column("id", Id, primary_key=True),
        Column("at", Moment),
        Column("amount", Cents),
        Column("said", Json),
        Column("bytes", LargeBinary),
    )
    made.create(connection)
    return made


def rows(connection: Connection, table: Table) -> list[Any]:
    found = connection.execute(select(table).order_by(table.c.id)).mappings()
    return [dict(row) for row in found]


def test_a_row_reads_back_as_an_ordinary_insert_wrote_it(
    connection: Connection, table: Table
) -> None:
    connection.execute(insert(table), _ROW)
    ordinary = connection.exec_driver_sql("SELECT * FROM thing").all()
    connection.exec_driver_sql("DELETE FROM thing")
    PreparedInsert(table).run(connection, [_ROW])
    assert connection.exec_driver_sql("SELECT * FROM thing").all() == ordinary
    assert rows(connection, table) == [_ROW]


def test_many_rows_or_none_go_in(connection: Connection, table: Table) -> None:
    many = [{**_ROW, "id": UUID(int=n)} for n in range(5)]
    prepared = PreparedInsert(table)
    prepared.run(connection, [])
    prepared.run(connection, many)
    assert rows(connection, table) == many


def test_a_column_left_out_is_the_databases_own(connection: Connection, table: Table) -> None:
    PreparedInsert(table, without=frozenset({"bytes"})).run(connection, [_ROW])
    assert rows(connection, table) == [_ROW]


def test_a_refused_row_is_said_as_ever_and_without_its_values(
    connection: Connection, table: Table
) -> None:
    prepared = PreparedInsert(table)
    prepared.run(connection, [_ROW])
    with pytest.raises(IntegrityError) as refused:
        prepared.run(connection, [{**_ROW, "said": "MARKER-7731"}])
    assert "MARKER-7731" not in str(refused.value)


def test_for_postgresql_the_values_go_by_name(table: Table) -> None:
    composed = PreparedInsert(table)._compose(make_url("postgresql+psycopg://").get_dialect()())
    assert "%(id)s" in composed.text
    assert composed.said(_ROW) == {**_ROW, "amount": 16500, "said": '{"a":["x"],"b":1}'}

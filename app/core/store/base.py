"""The declarative base: what every synced table has, and how tables point at each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, MetaData, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from app.core.kernel.acting import Permission
from app.core.kernel.money import Money
from app.core.store.columns import Cents, Day, Id, Moment
from app.core.store.merging import PLAIN, Merging

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_1_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Maps every table that both the desktop and the hosted account have."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        UUID: Id,
        datetime: Moment,
        date: Day,
        Money: Cents,
        str: Text,
    }


@dataclass(frozen=True, slots=True)
class Search:
    """What of a row can be found by words.

    ``kind`` and ``owner`` name the record that is found: the column ``owner`` holds its id.
    ``body`` marks long text (notes), which is searched apart from names.
    """

    kind: str
    text: tuple[str, ...]
    owner: str = "id"
    body: bool = False


class Synced(Base):
    """A row that belongs to one practice and travels to its other devices.

    ``practice_id`` leads the key, so that the hosted side can isolate and shard by practice.
    Rows are deleted softly; ordinary selects never see deleted ones.
    """

    __abstract__ = True
    __area__: ClassVar[str]
    __search__: ClassVar[Search | None] = None
    #: Triggers forbid changing or deleting a row once written.
    __append_only__: ClassVar[bool] = False
    #: An SQL condition on the row; while it holds, triggers forbid changing or deleting it.
    __frozen_when__: ClassVar[str | None] = None
    #: How the server joins two changes of a row that did not see each other.
    __merging__: ClassVar[Merging] = PLAIN
    #: The right without which a role writes no row of it; of what hangs on a case or a person
    #: ``None``: whoever sees it writes it.
    __right__: ClassVar[Permission | None] = None

    practice_id: Mapped[UUID] = mapped_column(Id, primary_key=True, sort_order=-3)
    id: Mapped[UUID] = mapped_column(Id, primary_key=True, sort_order=-2)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment, sort_order=90)
    row_seq: Mapped[int] = mapped_column(default=0, sort_order=91)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not cls.__dict__.get("__abstract__"):
            _SYNCED[cls.__tablename__] = cls


def only_where_set(name: str, column: str) -> Index:
    """Return an index of the rows whose ``column`` is set: few, where nearly all are empty.

    A whole index would tempt the database to look for the many empty ones in it, past the index
    that fits.
    """
    condition = text(f"{column} IS NOT NULL")
    return Index(name, "practice_id", column, sqlite_where=condition, postgresql_where=condition)


def for_reads_of_the_program(*columns: str) -> Index:
    """Return an index that the hosted account goes without.

    The program reads by it at once what a page shows; the account asks nothing by it, and takes
    thousands of rows a second, each of which every index makes dearer.
    """
    return Index(None, "practice_id", *columns, info={"program_alone": True})


def of_the_program_alone(metadata: MetaData) -> list[Index]:
    """Return the indexes of ``metadata`` that the hosted account goes without, by name."""
    found = (index for table in metadata.tables.values() for index in table.indexes)
    return sorted(
        (index for index in found if index.info.get("program_alone")),
        key=lambda index: str(index.name),
    )


_SYNCED: dict[str, type[Synced]] = {}

#: Columns that are the store's own: neither captured nor frozen.
HOUSEKEEPING = frozenset({"row_seq"})


def link(table: str, *, nullable: bool = False, index: bool = False) -> MappedColumn[Any]:
    """Return a column that points at ``table`` within the same practice.

    The foreign key is ``(practice_id, column)``, checked at commit, so that a page of changes
    may be written in any order.
    """
    return mapped_column(Id, nullable=nullable, index=index, info={"link": table})


def tie_links() -> None:
    """Make the foreign keys of every ``link``, once all tables are mapped."""
    tables = Base.metadata.tables
    for table in list(tables.values()):
        tied = {constraint.name for constraint in table.constraints}
        for column in list(table.columns):
            target = column.info.get("link")
            name = f"fk_{table.name}_{column.name}"
            if target in tables and name not in tied:
                table.append_constraint(
                    ForeignKeyConstraint(
                        ["practice_id", column.name],
                        [f"{target}.practice_id", f"{target}.id"],
                        name=name,
                        deferrable=True,
                        initially="DEFERRED",
                    )
                )


def synced_tables() -> dict[str, type[Synced]]:
    """Return every mapped synced class by its table's name; not to be changed."""
    return _SYNCED

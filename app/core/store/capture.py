"""The one mechanism that sees every change to a synced table.

ORM changes are read from the flush, Core ``UPDATE`` statements by reading the rows they name
before and after. Triggers (``guards``) abort whatever by-passes this.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, cast
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Executable, and_, event, select
from sqlalchemy.engine import Result
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.orm.attributes import get_history, instance_state
from sqlalchemy.orm.unitofwork import UOWTransaction
from sqlalchemy.types import TypeEngine

from app.core.kernel.ids import is_computed
from app.core.store.base import HOUSEKEEPING, Synced, synced_tables
from app.core.store.columns import encode
from app.core.store.guards import CLOSED, WRITTEN
from app.core.store.ports import RowChange
from app.core.store.prepared import PreparedInsert

_KEYS = frozenset({"practice_id", "id"})


@dataclass(frozen=True, slots=True)
class Seen:
    """The row as its writer sees it: its version, and its values beside the changed ones."""

    kind: type[Synced]
    row_seq: int
    value: Callable[[str], Any]

    def together(self, after: Mapping[str, Any]) -> dict[str, Any]:
        """Return the unchanged columns that travel with those of ``after``."""
        columns = self.kind.__table__.columns
        return {
            name: encode(columns[name].type, self.value(name))
            for name in sorted(self.kind.__merging__.together(after))
        }


class Capture:
    """Collects the row changes of one unit of work, merged per row.

    ``open`` tells the database's triggers whether the statement at hand is being captured.
    """

    def __init__(self) -> None:
        self.open = CLOSED
        self._rows: dict[tuple[str, UUID], RowChange] = {}

    @contextmanager
    def watching(self, level: int = WRITTEN) -> Iterator[None]:
        """Let the triggers pass what is written inside; ``CONFIRMED`` may replace what is final."""
        was, self.open = self.open, level
        try:
            yield
        finally:
            self.open = was

    def inserted(self, table: str, row_id: UUID, after: dict[str, Any]) -> None:
        """Record a new row with its values."""
        self._rows[table, row_id] = RowChange(table, row_id, True, {}, after)

    def updated(
        self,
        table: str,
        row_id: UUID,
        before: dict[str, Any],
        after: dict[str, Any],
        seen: Seen,
    ) -> None:
        """Record changed columns; several changes of a row in one unit become one."""
        earlier = self._rows.get((table, row_id))
        if earlier is not None and earlier.is_new:
            self._rows[table, row_id] = _made_then_changed(earlier, before, after, seen.kind)
            return
        if earlier is not None:
            before, after = {**before, **earlier.before}, {**earlier.after, **after}
            kept = {name for name in after if before[name] != after[name]}
            before = {name: before[name] for name in before if name in kept}
            after = {name: after[name] for name in after if name in kept}
        base_seq = earlier.base_seq if earlier is not None else seen.row_seq
        self._rows[table, row_id] = RowChange(
            table, row_id, False, before, after, seen.together(after), base_seq
        )

    def rows(self) -> tuple[RowChange, ...]:
        """Return all rows that really changed, in the order in which they were touched."""
        return tuple(row for row in self._rows.values() if row.is_new or row.after)


def _made_then_changed(
    new: RowChange, before: Mapping[str, Any], after: Mapping[str, Any], kind: type[Synced]
) -> RowChange:
    """Return a new row of this unit with what was changed in it since."""
    whole = {**new.after, **after}
    if not is_computed(new.id):
        return replace(new, after=whole)
    made = {**before, **new.made}
    made = {name: said for name, said in made.items() if said != whole[name]}
    names = kind.__merging__.together(made)
    return replace(new, after=whole, made=made, together={name: whole[name] for name in names})


class PracticeSession(Session):
    """A session of one practice: hides deleted rows, and captures what it writes."""

    @property
    def capture(self) -> Capture:
        """What the unit of work has changed so far."""
        found: Capture = self.info["capture"]
        return found

    @property
    def practice_id(self) -> UUID:
        """The practice that this session reads and writes."""
        found: UUID = self.info["practice_id"]
        return found

    def flush(self, objects: Any = None) -> None:
        """Write pending objects with the triggers open."""
        with self.capture.watching():
            super().flush(objects)

    def insert_rows(self, kind: type[Synced], rows: list[dict[str, Any]]) -> None:
        """Insert complete rows (keys included) in one statement and capture them."""
        table = kind.__table__
        for row in rows:
            for column in table.columns:
                if column.name not in row:
                    row[column.name] = _default(column)
        with self.capture.watching():
            _into(kind).run(self.connection(), rows)
        for row in rows:
            self.capture.inserted(kind.__tablename__, row["id"], _encoded(kind, row))


@cache
def _into(kind: type[Synced]) -> PreparedInsert:
    return PreparedInsert(kind.__table__)


def _default(column: Any) -> Any:
    default = column.default
    if default is None:
        return None
    if default.is_callable:
        return default.arg(None)
    return default.arg


def _encoded(kind: type[Synced], values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: encode(type_, values[name]) for name, type_ in _captured_types(kind).items()}


@event.listens_for(PracticeSession, "after_flush")
def _record_flush(flushed: Session, _context: UOWTransaction) -> None:
    session = cast(PracticeSession, flushed)
    if any(isinstance(row, Synced) for row in session.deleted):
        raise RuntimeError("synced rows are deleted softly, through the unit of work")
    for row in session.new:
        if isinstance(row, Synced):
            kind = type(row)
            values = {name: getattr(row, name) for name in _captured_types(kind)}
            session.capture.inserted(kind.__tablename__, row.id, _encoded(kind, values))
    for row in session.dirty:
        if isinstance(row, Synced):
            _record_update(session.capture, row)


def _record_update(capture: Capture, row: Synced) -> None:
    before: dict[str, Any] = {}
    after: dict[str, Any] = {}
    types = _captured_types(type(row))
    # Only what was set since the row was read can differ.
    for name in instance_state(row).committed_state:
        kind = types.get(name)
        if kind is None:
            continue
        history = get_history(row, name)
        old = encode(kind, history.deleted[0] if history.deleted else None)
        new = encode(kind, history.added[0] if history.added else None)
        if history.has_changes() and old != new:
            before[name], after[name] = old, new
    if after:
        seen = Seen(type(row), row.row_seq, lambda name: getattr(row, name))
        capture.updated(type(row).__tablename__, row.id, before, after, seen)


@cache
def _captured_types(kind: type[Synced]) -> dict[str, TypeEngine[Any]]:
    """Return the types of the columns that change sets speak of, by name."""
    return {
        column.name: column.type
        for column in kind.__table__.columns
        if column.name not in HOUSEKEEPING and column.name not in _KEYS
    }


@event.listens_for(PracticeSession, "do_orm_execute")
def _watch_statement(state: ORMExecuteState) -> Result[Any] | None:
    session = cast(PracticeSession, state.session)
    if state.is_select:
        if not state.is_column_load and not state.execution_options.get("include_deleted"):
            state.statement = _of_practice(state.statement, session.practice_id)
        return None
    if state.is_update:
        return _capture_update(session, state)
    kind = _kind_of(state)
    if kind is not None:
        raise RuntimeError("insert through insert_many, delete through delete, of the unit of work")
    return None


#: Statements as they are run, beside those that queries made: many a query keeps its own, and
#: giving it the condition anew, with its place in SQLAlchemy's cache, is a third of a small read.
_GIVEN: WeakKeyDictionary[Executable, tuple[UUID, Executable]] = WeakKeyDictionary()


def _of_practice(statement: Executable, practice_id: UUID) -> Executable:
    given = _GIVEN.get(statement)
    if given is None or given[0] != practice_id:
        given = (practice_id, statement.options(_visible(practice_id)))
        _GIVEN[statement] = given
    return given[1]


@lru_cache(maxsize=16)
def _visible(practice_id: UUID) -> Any:
    # Kept: SQLAlchemy looks through the lambda anew for each option made, a fifth of a read.
    return with_loader_criteria(
        Synced,
        lambda cls: and_(cls.practice_id == practice_id, cls.deleted_at.is_(None)),
        include_aliases=True,
    )


def _kind_of(state: ORMExecuteState) -> type[Synced] | None:
    table = getattr(state.statement, "table", None)
    return synced_tables().get(table.name) if table is not None else None


def _capture_update(session: PracticeSession, state: ORMExecuteState) -> Result[Any] | None:
    kind = _kind_of(state)
    if kind is None:
        return None
    table = kind.__table__
    statement: Any = state.statement
    touched = select(table).where(table.c.practice_id == session.practice_id)
    if statement.whereclause is not None:
        touched = touched.where(statement.whereclause)
    connection = session.connection()
    session.flush()
    found = connection.execute(touched, state.parameters or {}).mappings()
    before = {row["id"]: dict(row) for row in found}
    with session.capture.watching():
        result = state.invoke_statement()
    by_id = select(table).where(
        table.c.practice_id == session.practice_id, table.c.id.in_(list(before))
    )
    for row in connection.execute(by_id).mappings():
        _record_difference(session.capture, kind, before[row["id"]], dict(row))
    return result


def _record_difference(
    capture: Capture, kind: type[Synced], old: Mapping[str, Any], new: Mapping[str, Any]
) -> None:
    was, now = _encoded(kind, old), _encoded(kind, new)
    changed: Iterable[str] = [name for name in now if was[name] != now[name]]
    if changed:
        capture.updated(
            kind.__tablename__,
            new["id"],
            {name: was[name] for name in changed},
            {name: now[name] for name in changed},
            Seen(kind, new["row_seq"], new.__getitem__),
        )

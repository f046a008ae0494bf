"""The unit of work: one transaction that knows who acts, and leaves its change set and audit."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar, cast
from uuid import UUID

from sqlalchemy import Text, column, select, table

from app.core.kernel.acting import Actor, Permission, Scope
from app.core.kernel.changes import Changes
from app.core.kernel.clock import Clock, today, unix_ms, whole_milliseconds
from app.core.kernel.entitlement import Act, Entitlement
from app.core.kernel.errors import NotAllowed, NotFound
from app.core.kernel.ids import new_id
from app.core.store import audit
from app.core.store.base import Synced, synced_tables
from app.core.store.capture import PracticeSession
from app.core.store.columns import Id
from app.core.store.fence import Fence
from app.core.store.ports import ChangeSet, Numbers, Papers, Ports, RowChange

S = TypeVar("S", bound=Synced)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a command says of itself before it runs."""

    name: str
    label: str
    permission: Permission
    act: Act
    undo: bool


#: The key names the practice, and a deleted row is told here: what hides both from other reads
#: would be two fifths of this one.
_AS_IT_IS = {"include_deleted": True}
_PRACTICE = table("practice", column("id", Id), column("zone", Text))


class UnitOfWork:
    """One transaction on behalf of one actor.

    The first command that begins in it names the act; commands called inside join it.
    """

    def __init__(
        self,
        session: PracticeSession,
        actor: Actor,
        entitlement: Entitlement,
        clock: Clock,
        *,
        job: UUID | None = None,
    ) -> None:
        self.session = session
        self.actor = actor
        self.scope: Scope = actor.scope()
        self.entitlement = entitlement
        # Moments are stored in whole milliseconds: what was written must read back the same.
        self.now: datetime = whole_milliseconds(clock.now())
        self.job = job
        self._clock = clock
        self._ports: Ports = session.info["ports"]
        self._begun: Declaration | None = None
        self._subject: tuple[str, UUID] | None = None
        self._witnessed = False
        self._zone: str | None = None
        self._destroyed: list[RowChange] = []
        self._fence = Fence(session, self.scope) if self.scope.is_cut else None
        #: Held, so that several commands of one act read a row once: a session forgets it.
        self._found: dict[tuple[type[Synced], UUID], Synced] = {}

    def begin(self, declaration: Declaration) -> None:
        """Check the permission and the entitlement of the act; a joined command adds nothing."""
        if self._begun is not None:
            return
        if not self.actor.permissions:
            raise NotAllowed("Your membership in this practice has ended; ask the owner.")
        if not self.actor.may(declaration.permission):
            raise NotAllowed("Your role in this practice does not include this; ask the owner.")
        self.entitlement.require(declaration.act, self.actor.role)
        self._begun = declaration

    @property
    def today(self) -> date:
        """The date on the practice's wall."""
        return today(self._clock, self.zone)

    @property
    def zone(self) -> str:
        """The practice's IANA time zone; a unit ends in the one that it began in."""
        if self._zone is None:
            self._zone = self.session.execute(
                select(_PRACTICE.c.zone).where(_PRACTICE.c.id == self.actor.practice_id)
            ).scalar_one_or_none()
        return self._zone or "UTC"

    @property
    def numbers(self) -> Numbers:
        """Document numbers; one taken in a unit that fails is given again."""
        return self._ports.numbers(self.session)

    @property
    def papers(self) -> Papers:
        """The bytes of issued papers."""
        return self._ports.papers(self.session)

    def new_id(self) -> UUID:
        """Return a fresh record id."""
        return new_id(unix_ms(self.now))

    def add(self, row: S) -> S:
        """Add a new row; its practice, and its id where it has none, are set.

        Raises ``NotAllowed`` where it would hang on a case that is not the actor's.
        """
        row.practice_id = self.actor.practice_id
        if row.__dict__.get("id") is None:
            row.id = self.new_id()
        if self._fence is not None:
            self._fence.adds(type(row), row.id, row.__dict__)
        self.session.add(row)
        return row

    def insert_many(self, kind: type[Synced], rows: Iterable[dict[str, Any]]) -> list[UUID]:
        """Insert many rows in one statement, captured like any other; return their ids."""
        ready = [
            {**row, "practice_id": self.actor.practice_id, "id": row.get("id") or self.new_id()}
            for row in rows
        ]
        if self._fence is not None:
            for row in ready:
                self._fence.adds(kind, row["id"], row)
        if ready:
            self.session.flush()
            self.session.insert_rows(kind, ready)
        return [row["id"] for row in ready]

    def find(self, kind: type[S], row_id: UUID) -> S | None:
        """Return a row of this practice that lies in the actor's scope, or ``None``."""
        row = cast("S | None", self._found.get((kind, row_id)))
        if row is None:
            row = self.session.get(
                kind, (self.actor.practice_id, row_id), execution_options=_AS_IT_IS
            )
            if row is not None and self._fence is not None:
                row = row if self._fence.admits(kind.__tablename__, row_id) else None
            if row is not None:
                self._found[kind, row_id] = row
        return row if row is not None and row.deleted_at is None else None

    def get(self, kind: type[S], row_id: UUID) -> S:
        """Return a row of this practice; raises ``NotFound`` when there is none."""
        row = self.find(kind, row_id)
        if row is None:
            raise NotFound("This record is no longer there; go back and choose it again.")
        return row

    def delete(self, row: Synced) -> None:
        """Delete a row softly."""
        row.deleted_at = self.now

    def destroy(self, records: Collection[tuple[str, UUID]]) -> None:
        """Take records out of the file for good: the audit names them, nothing brings them back."""
        self.session.flush()
        gone = self._ports.removal.remove(self.session, records)
        self._destroyed += [RowChange(table, pk, False, {}, {}) for table, pk in gone]

    def empty_lists(self, table: str, row_id: UUID, names: Collection[str]) -> None:
        """Empty columns of a row that hold lists, uncaptured: what they held is forgotten."""
        self.session.flush()
        self._ports.removal.empty_lists(self.session, table, row_id, names)

    def about(self, kind: str, record_id: UUID) -> None:
        """Name the record that the act is about, for the audit; the first one named stays."""
        if self._subject is None:
            self._subject = (kind, record_id)

    def witness(self, kind: str, record_id: UUID) -> None:
        """Note a read, print or export of a record in the audit, once per person and hour."""
        self.about(kind, record_id)
        since = self.now - audit.ONCE_PER
        self._witnessed |= not audit.witnessed_since(
            self.session, self._require_begun().name, record_id, self.actor.member_id, since
        )

    def commit(self) -> tuple[Changes, UUID | None]:
        """Write change set, search index and audit row, and commit all of it at once.

        Returns what was touched and, where the act can be undone, its change set.
        """
        session = self.session
        session.flush()
        rows = session.capture.rows()
        if self._fence is not None:
            self._fence.passes(rows)
        change_set = self._change_set(rows) if rows else None
        if change_set is not None:
            self._ports.sink.write(session, change_set)
            self._ports.search.update(session, rows)
        link = None
        if self._destroyed:
            rows = (*rows, *self._destroyed)
            link = self._append_audit(self._change_set(rows))
        elif change_set is not None or self._witnessed:
            link = self._append_audit(change_set)
        session.commit()
        if link is not None:
            self._ports.chain_end = link
        kinds = synced_tables()
        changes = Changes(
            frozenset(kinds[row.table].__area__ for row in rows),
            frozenset(row.id for row in rows),
        )
        undoable = change_set is not None and change_set.undoable
        return changes, change_set.id if change_set and undoable else None

    def _change_set(self, rows: tuple[Any, ...]) -> ChangeSet:
        begun = self._require_begun()
        return ChangeSet(
            self.new_id(),
            self.now,
            begun.name,
            begun.label,
            rows,
            begun.undo or self.job is not None,
            self.job,
        )

    def _append_audit(self, change_set: ChangeSet | None) -> audit.Link:
        begun = self._require_begun()
        witness = audit.Witness(
            begun.name, begun.label, self.actor.member_id, self.actor.for_member_id, self._subject
        )
        practice_id, chain = self.actor.practice_id, self._ports.chain
        last = self._ports.chain_end or audit.last_link(self.session, practice_id, chain)
        return audit.append(self.session, practice_id, chain, self.now, witness, change_set, last)

    def _require_begun(self) -> Declaration:
        if self._begun is None:
            raise RuntimeError("a unit of work was written without a command")
        return self._begun

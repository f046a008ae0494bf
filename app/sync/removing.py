"""Records that leave this file for good: purged everywhere, or out of this member's sight."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from app.core.kernel.changes import Changes
from app.core.store.capture import PracticeSession
from app.core.store.ports import RowChange, ports_of
from app.core.vault import form_drafts
from app.core.vault.engine import driver
from app.sync.deferring import Deferrals
from app.sync.forms import Form, form_of, forms
from app.sync.outbox import Key, Outbox
from app.sync.papers import forget_papers, papers_of


class Remover:
    """Removes records in the transaction of one session."""

    def __init__(self, session: PracticeSession, outbox: Outbox, deferrals: Deferrals) -> None:
        self._session = session
        self._connection = driver(session)
        self._practice = session.practice_id.bytes
        self._outbox = outbox
        self._deferrals = deferrals

    def hide(self, records: Iterable[tuple[str, UUID]]) -> Changes:
        """Remove what this member may no longer see; own work on it still goes to the server.

        With it go questions about it that the account has not heard of yet.
        """
        keys = [(entity, pk.bytes) for entity, pk in records]
        return self._remove([*keys, *self._inbox_of(keys)])

    def purge(self, records: Collection[tuple[str, UUID]]) -> Changes:
        """Remove records with every trace: pending work, undo, forms, inbox, what was aside."""
        keys = [(entity, pk.bytes) for entity, pk in records]
        self._outbox.refresh(self._connection)
        for key in keys:
            self._outbox.remove(self._connection, self._outbox.of_row(key))
            # Undo holds old values of whole change sets; a part cannot be taken out of its proof.
            self._connection.execute('DELETE FROM undo WHERE instr("rows", ?) > 0', (key[1].hex(),))
        form_drafts.forget_about(self._session, [pk for _, pk in records])
        return self._remove([*keys, *self._inbox_of(keys)], with_work=True)

    def _inbox_of(self, keys: list[Key]) -> list[Key]:
        return [
            ("inbox_item", item)
            for entity, pk in keys
            for (item,) in self._connection.execute(
                "SELECT id FROM inbox_item WHERE practice_id = ? AND entity = ? AND record_id = ?",
                (self._practice, entity, pk),
            )
        ]

    def _remove(self, keys: list[Key], *, with_work: bool = False) -> Changes:
        known = [(entity, pk) for entity, pk in keys if form_of(entity) is not None]
        gone = dict.fromkeys(known)
        queue = list(gone)
        while queue:
            for child in self._unlinked(queue.pop()):
                if child not in gone:
                    gone[child] = None
                    queue.append(child)
        for key in gone if with_work else ():
            self._outbox.remove(self._connection, self._outbox.of_row(key))
        for table in ("shadow", "deferred"):
            self._connection.executemany(
                f"DELETE FROM {table} WHERE entity = ? AND pk = ?", [*keys, *gone]
            )
        self._deferrals.load(self._connection)
        papers = papers_of(self._connection, self._practice, list(gone))
        for entity, pk in gone:
            self._connection.execute(
                f"DELETE FROM {entity} WHERE practice_id = ? AND id = ?", (self._practice, pk)
            )
        forget_papers(self._connection, papers)
        changes = [RowChange(entity, UUID(bytes=pk), True, {}, {}) for entity, pk in gone]
        ports_of(self._session).search.update(self._session, changes)
        areas = {form.kind.__area__ for form in forms() if any(form.entity == e for e, _ in gone)}
        return Changes(frozenset(areas), frozenset(UUID(bytes=pk) for _, pk in gone))

    def _unlinked(self, parent: Key) -> list[Key]:
        """Clear what points at ``parent``; return the rows that cannot be without it."""
        children: list[Key] = []
        for form in forms():
            for name, target in form.links.items():
                if target == parent[0]:
                    children += self._cut(form, name, parent[1])
        return children

    def _cut(self, form: Form, name: str, pk: bytes) -> list[Key]:
        where = f"practice_id = ? AND {name} = ?"
        if name not in form.required:
            self._connection.execute(
                f"UPDATE {form.entity} SET {name} = NULL WHERE {where}", (self._practice, pk)
            )
            return []
        found: Any = self._connection.execute(
            f"SELECT id FROM {form.entity} WHERE {where}", (self._practice, pk)
        )
        return [(form.entity, child) for (child,) in found]

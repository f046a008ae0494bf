"""Records that leave this file for good: purged everywhere, or out of this member's sight."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from app.core.kernel.changes import Changes
from app.core.store.capture import PracticeSession
from app.core.vault import removing
from app.core.vault.engine import driver
from app.sync.deferring import Deferrals
from app.sync.forms import form_of
from app.sync.outbox import Outbox


class Remover:
    """Removes records in the transaction of one session, and keeps sync's mirrors in step."""

    def __init__(self, session: PracticeSession, outbox: Outbox, deferrals: Deferrals) -> None:
        self._session = session
        self._connection = driver(session)
        self._outbox = outbox
        self._deferrals = deferrals

    def hide(self, records: Iterable[tuple[str, UUID]]) -> Changes:
        """Remove what this member may no longer see; own work on it still goes to the server.

        With it go questions about it that the account has not heard of yet.
        """
        return self._told(removing.remove(self._session, list(records), with_work=False))

    def purge(self, records: Collection[tuple[str, UUID]]) -> Changes:
        """Remove records with every trace: pending work, undo, forms, inbox, what was aside."""
        self._outbox.refresh(self._connection)
        gone = removing.remove(self._session, records, with_work=True)
        for entity, pk in {*records, *gone}:
            self._outbox.remove(self._connection, self._outbox.of_row((entity, pk.bytes)))
        return self._told(gone)

    def _told(self, gone: Collection[tuple[str, UUID]]) -> Changes:
        self._deferrals.load(self._connection)
        forms = [form for form in map(form_of, {entity for entity, _ in gone}) if form is not None]
        areas = frozenset(form.kind.__area__ for form in forms)
        return Changes(areas, frozenset(pk for _, pk in gone))

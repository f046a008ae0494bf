"""Rows that the server writes itself, through the same log: members, and work that changes hands.

Like a computer's push they are one change set, with the log's head taken last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import select

from app.sync.protocol.terms import Verdict
from hosted.store.engine import HostedSession
from hosted.store.kinds import Kind
from hosted.store.tables import Server
from hosted.sync import epochs, purging
from hosted.sync.book import open_book
from hosted.sync.drafts import Drafts
from hosted.sync.policy import Policy
from hosted.sync.recording import Recorder
from hosted.sync.register import Register
from hosted.sync.scope import EVERYTHING
from hosted.sync.sender import NOBODY, Sender
from hosted.sync.touched import Rows
from hosted.sync.writing import write

_NO_COMPUTER = Sender(NOBODY, NOBODY, "", NOBODY)


@dataclass(frozen=True, slots=True)
class Written:
    """Columns of a row, as JSON values; of a new row those that have no default are among them."""

    entity: str
    pk: UUID
    columns: Mapping[str, Any]


class Author:
    """Writes into practices' logs in the server's own name."""

    def __init__(self, policy: Policy | None = None, register: Register | None = None) -> None:
        self._policy = policy or Policy()
        self._register = register or Register()

    def write(self, session: HostedSession, changes: Iterable[Written], now: datetime) -> int:
        """Write one change set; return where the log of the session's practice then stands.

        Nobody is told: whoever commits tells the practice's computers. The rows of the practice
        must not be locked by the session yet.
        """
        practice_id: UUID = session.info["whom"].practice_id
        self._enter(session, practice_id, now)
        book = open_book(session, practice_id)
        drafts = Drafts(_NO_COMPUTER, now, self._policy, None)
        rows = Rows(book, EVERYTHING)
        recorder = Recorder(rows, drafts)
        change_set = uuid4()
        # In the order in which every writer locks rows.
        for each in sorted(changes, key=lambda change: (change.entity, change.pk)):
            row = rows.row(each.entity, each.pk)
            said = each.columns if row.live else _whole(row.kind, each.columns)
            recorder.serve(row, change_set, said, Verdict.APPLIED)
        first = write(book, rows, {}, drafts, self._policy)
        return first + len(drafts) - 1

    def _enter(self, session: HostedSession, practice_id: UUID, now: datetime) -> None:
        """Bring the practice into the server's epoch, as the first hello after a restore does."""
        epoch = session.execute(select(Server.epoch)).scalar_one()
        if epochs.here(session).epoch != epoch and epochs.enter(
            session, epoch, now, self._register
        ):
            purging.purge_again(session, self._register.purges(practice_id), now)


def _whole(kind: Kind, said: Mapping[str, Any]) -> dict[str, Any]:
    return {**kind.defaults, **said}

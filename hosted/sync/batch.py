"""One transaction's worth of change sets: each is judged against its rows, then all are written.

``decode`` checks what came, ``touched`` finds the rows, ``fence`` looks whether the sender may,
``judging`` decides, ``recording`` changes them in memory and drafts the log's lines, ``writing``
writes both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.sync.protocol.records import Answer
from hosted.sync import log
from hosted.sync.book import Book
from hosted.sync.decode import ChangeSet
from hosted.sync.drafts import Drafts
from hosted.sync.epochs import ancestry
from hosted.sync.fence import Fence
from hosted.sync.inbox import Inbox
from hosted.sync.judging import Judge
from hosted.sync.merge import Refused
from hosted.sync.numbers import tell_of_twice
from hosted.sync.policy import Policy
from hosted.sync.recording import Recorder
from hosted.sync.scope import view_of
from hosted.sync.sender import Sender
from hosted.sync.touched import Rows
from hosted.sync.writing import write


class Batch:
    """Rows, lines and answers of one transaction."""

    def __init__(
        self,
        book: Book,
        sender: Sender,
        now: datetime,
        policy: Policy,
        sets: Sequence[ChangeSet],
        *,
        adjusted: bool = False,
    ) -> None:
        """Find and lock the rows that these change sets touch; ``adjusted`` as in ``Fence``."""
        self._book = book
        self._policy = policy
        late = any(each.earlier is not None for of in sets for each in of.operations)
        known = ancestry(book.session) if late else None
        self._drafts = Drafts(sender, now, policy, known)
        self._rows = Rows(book, view_of(book, sender.member_id))
        self._recorder = Recorder(self._rows, self._drafts)
        self.inbox = Inbox(book, self._rows, self._drafts, self._recorder)
        fence = Fence(book, self._rows, self._drafts, adjusted=adjusted)
        self._judge = Judge(self._rows, self._drafts, self._recorder, self.inbox, policy, fence)
        self._rows.load(sets)
        fence.load(sets)

    def take(self, of: ChangeSet) -> None:
        """Let all operations of a change set meet their rows, or refuse it having done none."""
        if len(of.decoded) == 1:
            # What refuses an operation does so before it touches anything.
            try:
                self._judge.take(of.decoded[0])
            except Refused as reason:
                of.refuse(of.operations[0], reason)
            return
        place, surplus = self._drafts.place(), dict(self._recorder.surplus)
        operation = of.operations[0]
        self._rows.begin()
        try:
            for decoded in of.decoded:
                operation = decoded.operation
                self._judge.take(decoded)
        except Refused as reason:
            self._drafts.take_back(place)
            self._rows.take_back()
            self._recorder.surplus = surplus
            of.refuse(operation, reason)
        finally:
            self._rows.end()

    def write(self) -> tuple[dict[UUID, Answer], int]:
        """Write everything; return the answer to each operation, and where the log stands."""
        if not self._drafts:
            return {}, log.head(self._book)
        tell_of_twice(self._book, self.inbox, self._recorder.created)
        surplus = self._recorder.surplus
        first = write(self._book, self._rows, surplus, self._drafts, self._policy)
        return self._drafts.answers(first), first + len(self._drafts) - 1

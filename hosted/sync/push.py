"""Push: one transaction for a batch.

A batch that the database refuses is halved until it is known which change set is at fault; that
one is answered and kept for a person, and the others go on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

import psycopg
from sqlalchemy.exc import IntegrityError, OperationalError

from app.sync.protocol.messages import Push, Pushed
from app.sync.protocol.records import Answer, Operation
from app.sync.protocol.terms import Refusal, Verdict
from hosted.store.engine import Database, For, HostedSession
from hosted.store.kinds import kinds
from hosted.sync import lives, log, numbers, records
from hosted.sync.batch import Batch
from hosted.sync.book import Book, open_book
from hosted.sync.decode import ChangeSet, change_sets
from hosted.sync.lives import Life
from hosted.sync.merge import Refused
from hosted.sync.policy import Policy
from hosted.sync.sender import Sender

#: What two writers can do to each other; the loser starts again.
_CROSSED = (
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.UniqueViolation,
    psycopg.errors.LockNotAvailable,
)
#: What the database holds against the data themselves.
_FAULTY = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    psycopg.errors.IntegrityError,
    psycopg.errors.DataError,
    IntegrityError,
)
_UNREACHED = (sqlite3.OperationalError, psycopg.OperationalError, OperationalError)
_ATTEMPTS = 8


class Busy(Exception):
    """Other writers were in the way for too long; the client comes again."""


class Pusher:
    """Takes what one device pushes."""

    def __init__(
        self,
        database: Database,
        practice_id: UUID,
        sender: Sender,
        policy: Policy,
        now: datetime,
        *,
        adjusts: Callable[[UUID], bool],
    ) -> None:
        self._database = database
        self._whom = For(practice_id)
        self._practice_id = practice_id
        self._sender = sender
        self._policy = policy
        self._now = now
        self._adjusts = adjusts
        self._adjusted = False
        self._kinds = kinds(database.dialect)
        self._floor: int | None = None
        self._sent: frozenset[UUID] = frozenset()
        self._confirmed: int | None = None
        self._moved = False
        """Whether operations may stand at other places than those at which they came first."""
        self._answers: dict[UUID, Answer] = {}
        self._head = 0

    def push(self, message: Push) -> Pushed:
        """Answer every operation; raises ``Refused`` for the whole, ``Busy`` when it must wait."""
        rules = {name: self._policy.rule(kind) for name, kind in self._kinds.items()}
        once = {operation.id: operation for operation in message.operations}
        sets = change_sets(once.values(), self._kinds, rules)
        self._sent, self._confirmed = frozenset(once), message.confirmed
        # What an earlier epoch had taken is queued anew, behind what was written since.
        self._moved = any(each.earlier is not None for each in once.values())
        known = (self._kinds.get(each.entity) for each in once.values())
        if any(kind is not None and kind.right is not None for kind in known):
            # Asked before the transaction: it takes one of its own.
            self._adjusted = self._adjusts(self._practice_id)
        self._settle(message.epoch, sets)
        return Pushed(tuple(self._in_order(message.operations)), self._head)

    def _in_order(self, operations: Sequence[Operation]) -> Iterable[Answer]:
        """Yield the answer of each operation; one that stands there twice was one."""
        if len(self._sent) == len(operations):
            yield from (self._answers[operation.id] for operation in operations)
            return
        said: set[UUID] = set()
        for operation in operations:
            answer = self._answers[operation.id]
            if operation.id in said:
                answer = Answer(
                    operation.id,
                    Verdict.DUPLICATE,
                    answer.seq,
                    answer.refusal,
                    answer.first or answer.verdict,
                )
            said.add(operation.id)
            yield answer

    def _settle(self, epoch: str, sets: Sequence[ChangeSet]) -> None:
        """Take change sets in one transaction, or in two halves if the database refuses them."""
        try:
            self._attempt(epoch, sets)
        except _FAULTY as error:
            # Outside of the transaction: that one has left nothing.
            if not self._moved:
                self._moved = True
                self._settle(epoch, sets)
                return
            if len(sets) > 1:
                middle = len(sets) // 2
                self._settle(epoch, sets[:middle])
                self._settle(epoch, sets[middle:])
                return
            if sets[0].refusal is not None:
                raise
            sets[0].refuse(*self._fault(sets[0], error))
            self._attempt(epoch, sets)

    def _attempt(self, epoch: str, sets: Sequence[ChangeSet]) -> None:
        for _attempt in range(_ATTEMPTS):
            try:
                with self._database.write(self._whom) as session:
                    answers, head = self._take(session, epoch, sets)
            except _CROSSED:
                # Also an operation that was taken at another place cannot be taken anew.
                self._moved = True
                continue
            except _UNREACHED as error:
                if not is_passing(error):
                    raise
                raise Busy from error
            self._answers.update(answers)
            self._head = head
            return
        raise Busy

    def _take(
        self, session: HostedSession, epoch: str, sets: Sequence[ChangeSet]
    ) -> tuple[dict[UUID, Answer], int]:
        book = open_book(session, self._practice_id)
        if log.epoch(book) != epoch:
            raise Refused(Refusal.EPOCH)
        life = lives.hold(book, self._sender.incarnation, self._sender.device_id, self._now)
        known = self._known(book, life, [each for of in sets for each in of.operations])
        if known:
            sent = (each for of in sets for each in of.operations)
            lives.learn(book, life, {each.id: each.lsn for each in sent if each.id in known})
        fresh = [left for of in sets if (left := of.without(known))]
        sender = replace(self._sender, lineage=life.lineage)
        sets = [of for of in fresh if of.refusal is None]
        batch = Batch(book, sender, self._now, self._policy, sets, adjusted=self._adjusted)
        for of in fresh:
            if of.refusal is None:
                batch.take(of)
        for of in fresh:
            refusal = of.refusal
            if refusal is None or of.offender is None:
                continue
            if refusal.code is Refusal.PURGED:
                # Of a purged record no word comes back, not even as refused work.
                numbers.tell_of_refused(book, batch.inbox, of.operations)
                continue
            for each in _to_show(of):
                batch.inbox.refuse(each, refusal)
        taken = [each.lsn for of in fresh if of.refusal is None for each in of.operations]
        life.accepted = max([life.accepted, *taken])
        lives.keep(book, life)
        answers, head = batch.write()
        for of in fresh:
            if of.refusal is not None:
                answers.update(self._refuse(book, of, of.refusal.code))
        for operation, (verdict, seq, code) in known.items():
            answers[operation] = Answer(operation, Verdict.DUPLICATE, seq, code, verdict)
        return answers, head

    def _refuse(self, book: Book, of: ChangeSet, code: Refusal) -> dict[UUID, Answer]:
        for operation in of.operations:
            log.write_receipt(book, operation.id, Verdict.REJECTED, code, self._now)
        return {each.id: Answer(each.id, Verdict.REJECTED, 0, code.value) for each in of.operations}

    def _known(
        self, book: Book, life: Life, operations: Sequence[Operation]
    ) -> dict[UUID, tuple[str, int, str]]:
        """Return earlier answers; raises ``Refused`` when this incarnation's counter ran back."""
        if self._floor is None:
            self._floor = life.lsn
        if self._is_fork(book, life, operations):
            raise Refused(Refusal.INCARNATION)
        repeated = [each.id for each in operations if self._moved or each.lsn <= life.lsn]
        known = self._policy.answered(book, repeated) if repeated else {}
        late = [each for each in operations if each.lsn <= self._floor and each.id not in known]
        # What was left behind and comes later is welcome; a place that is taken means two lives.
        if late and log.places_taken(book, self._sender.incarnation, [each.lsn for each in late]):
            raise Refused(Refusal.INCARNATION)
        life.lsn = max([life.lsn, *(each.lsn for each in operations)])
        return known

    def _is_fork(self, book: Book, life: Life, operations: Sequence[Operation]) -> bool:
        """Return whether two files live as this incarnation.

        Something was taken of a place that this push covers, of which the file neither knows that
        it arrived nor sends it again.
        """
        if self._confirmed is None or life.accepted <= self._confirmed:
            return False
        until = max(each.lsn for each in operations)
        taken = log.accepted_after(book, self._sender.incarnation, self._confirmed, until)
        return not taken <= self._sent

    def _fault(self, of: ChangeSet, error: Exception) -> tuple[Operation, Refused]:
        """Return the operation at fault: the first that points at nothing, else the first."""
        with self._database.read(self._whom) as session:
            book = open_book(session, self._practice_id)
            brought = {(each.entity, each.pk) for each in of.operations}
            for operation in of.operations:
                for column, target in self._kinds[operation.entity].links.items():
                    said = operation.columns.get(column)
                    if said is None or (target, UUID(hex=said)) in brought:
                        continue
                    above = UUID(hex=said)
                    if (target, above) in records.purged(book, [above]):
                        return operation, Refused(Refusal.PURGED, column)
                    if not records.there(book, target, [above]):
                        return operation, Refused(Refusal.MISSING_PARENT, column)
        return of.operations[0], Refused(Refusal.MALFORMED, type(error).__name__)


def _to_show(of: ChangeSet) -> list[Operation]:
    """Return the operations of a refused set that a person finds in the inbox.

    That are the one at fault, and all that changed rows: the computer takes its values off them.
    A new row stays there, where it was written.
    """
    return [each for each in of.operations if each is of.offender or not each.is_new]


def is_passing(error: BaseException) -> bool:
    """Return whether what the database met will pass: a lock held, a connection lost."""
    cause = error.orig if isinstance(error, OperationalError) else error
    if isinstance(cause, sqlite3.OperationalError):
        return "locked" in str(cause) or "busy" in str(cause)
    return isinstance(cause, psycopg.OperationalError)

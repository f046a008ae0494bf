"""Sends the outbox: whole change sets, in order, until each is taken or parked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from app.sync import lives, shadows, state
from app.sync.file import LocalFile, Slice
from app.sync.forms import form_of
from app.sync.lives import Life
from app.sync.outbox import Key, OpState, Pending
from app.sync.protocol.messages import Push, Pushed
from app.sync.protocol.records import Answer, Operation
from app.sync.protocol.terms import (
    CLOCKLESS,
    PUSH_BYTES,
    PUSH_OPERATIONS,
    Refusal,
    Verb,
    Verdict,
)
from app.sync.state import Link
from app.sync.transport import Declined, Transport, Trouble, Unreachable
from app.sync.withdrawing import withdraw

#: A batch is cut in two after so many failures that only its content can explain.
PATIENCE = 3
#: The code of work that fails alone while other work goes through.
UNSENT = "unsent"

_OF_THE_BATCH = {Refusal.MALFORMED, Refusal.TOO_LARGE}
_OF_THE_SERVER = {Trouble.SERVER_ERROR, Trouble.BROKEN}


class Sender:
    """Takes batches from the outbox and writes down what became of them."""

    def __init__(self, file: LocalFile, transport: Transport) -> None:
        self._file = file
        self._transport = transport
        self._most: int | None = None
        self._failures = 0
        self._aside: set[bytes] = set()
        self._proved = False
        self.uploaded: datetime | None = None
        """When the server last took something, until that is stored with the next page."""

    def send(self, link: Link, now: datetime) -> Pushed | None:
        """Send one batch; return the answer, or ``None`` when nothing waits.

        Raises ``Unreachable`` or ``Declined``.
        """
        life, batch, operations = self._file.slice(lambda part: self._pick(part, link))
        if not batch:
            return None
        try:
            pushed: Pushed = self._transport.ask(
                Verb.PUSH, Push(link.epoch, life.id, tuple(operations), life.confirmed)
            )
        except Unreachable as failed:
            if failed.kind in _OF_THE_SERVER:
                self._file.slice(lambda part: self._failed(part, batch))
            raise
        except Declined as refused:
            if refused.code in _OF_THE_BATCH:
                self._file.slice(lambda part: self._failed(part, batch))
            raise
        if {answer.id for answer in pushed.answers}.isdisjoint(each.id for each in operations):
            self._file.slice(lambda part: self._failed(part, batch))
            raise Unreachable(Trouble.BROKEN, "the answers are not to what was sent")
        self._file.slice(lambda part: self._answered(part, batch, pushed, now))
        self._most = None if self._most is None else self._most * 2
        self._failures, self._proved = 0, True
        return pushed

    def quarantine(self, link: Link) -> bool:
        """Hand over unsent work once, for the owner; nothing comes back and nothing is removed."""
        life, batch, operations = self._file.slice(
            lambda part: self._pick(part, link, everything=True)
        )
        if batch:
            self._transport.ask(Verb.QUARANTINE, Push(link.epoch, life.id, tuple(operations)))
        return bool(batch)

    # Choosing

    def _pick(
        self, part: Slice, link: Link, *, everything: bool = False
    ) -> tuple[Life, list[Pending], list[Operation]]:
        batch: list[Pending] = []
        operations: list[Operation] = []
        size = 0
        for number, change_set in enumerate(self._ready(part, everything=everything)):
            made = [self._operation(part, link, each) for each in change_set]
            size += sum(length for _, length in made)
            full = size > PUSH_BYTES or len(batch) + len(made) > PUSH_OPERATIONS
            if batch and not everything and (full or number == self._most):
                break
            batch += change_set
            operations += [operation for operation, _ in made]
        return lives.present(part.connection), batch, operations

    def _ready(self, part: Slice, *, everything: bool) -> list[list[Pending]]:
        """Return the next change sets that may go, at least one batch of them."""
        unsent = list(part.outbox.unsent())
        ready = [each for each in unsent if each.change_set not in self._aside]
        if not ready and unsent:
            # All else has gone: what was set aside is tried once more, one by one.
            ready, self._most = unsent, 1
        sets: dict[bytes, list[Pending]] = {}
        for count, each in enumerate(ready):
            if each.change_set not in sets and count >= PUSH_OPERATIONS and not everything:
                break
            sets.setdefault(each.change_set, []).append(each)
        return list(sets.values())

    def _operation(self, part: Slice, link: Link, each: Pending) -> tuple[Operation, int]:
        columns, base_seq, hlc, schema = part.connection.execute(
            "SELECT columns, base_seq, hlc, schema_version FROM outbox WHERE lsn = ?", (each.lsn,)
        ).fetchone()
        said = json.loads(columns)
        operation = Operation(
            id=UUID(bytes=each.op_id),
            change_set=UUID(bytes=each.change_set),
            lsn=each.lsn,
            entity=each.entity,
            pk=UUID(bytes=each.pk),
            is_new=each.is_new,
            base_seq=base_seq,
            hlc=told(hlc, link.clock_offset_ms),
            schema=schema,
            columns=said,
        )
        return operation, len(columns)

    # Writing down what became of it

    def _answered(self, part: Slice, batch: list[Pending], pushed: Pushed, now: datetime) -> None:
        answers = {answer.id.bytes: answer for answer in pushed.answers}
        refused: dict[str, list[Pending]] = {}
        taken: list[Pending] = []
        for each in batch:
            answer = answers.get(each.op_id)
            if answer is None or part.outbox.of_op(each.op_id) is None:
                continue
            if is_refused(answer):
                refused.setdefault(answer.refusal or Refusal.MALFORMED, []).append(each)
            else:
                each.echo_seq = answer.seq
                taken.append(each)
        known = [each.lsn for each in batch if each.op_id in answers]
        lives.confirm(part.connection, lives.present(part.connection), known)
        self._take(part, taken)
        for code, ops in refused.items():
            self._park(part, ops, code)
        self._aside -= {each.change_set for each in batch}
        if refused:
            state.change(part.connection, part.link(), last_upload=now)
        self.uploaded = now

    def _take(self, _part: Slice, taken: list[Pending]) -> None:
        """Note that the server has these; they stay over the confirmed rows until their echo.

        Only in memory: after a crash they are sent again, and the server knows them.
        """
        for each in taken:
            each.state = OpState.ACKED

    def _park(self, part: Slice, ops: Iterable[Pending], code: str) -> None:
        with_children = part.outbox.with_children(ops, lambda each: points_at(part, each))
        part.outbox.mark(part.connection, with_children, OpState.PARKED, code)
        withdraw(part, (each for each in with_children if not each.over))

    def _failed(self, part: Slice, batch: list[Pending]) -> None:
        part.outbox.tried(part.connection, batch)
        self._failures += 1
        sets = {each.change_set for each in batch}
        if self._proved and sets <= self._aside:
            self._park(part, batch, UNSENT)
            self._aside -= sets
            return
        if self._failures < PATIENCE:
            return
        self._failures = 0
        if len(sets) > 1:
            self._most = len(sets) // 2
            return
        # Alone and still failing: others go first, and whether those go through decides.
        self._proved = False
        held_back = part.outbox.with_children(batch, lambda each: points_at(part, each))
        self._aside |= {each.change_set for each in held_back}


def told(hlc: int, offset_ms: int) -> int:
    """Return a stamp as the server's clock would have given it; a wrong clock wins no tie."""
    return hlc if hlc < CLOCKLESS else max(CLOCKLESS, hlc + (offset_ms << 16))


def is_refused(answer: Answer) -> bool:
    """Return whether an operation was not taken, now or when it came the first time."""
    return Verdict.REJECTED in (answer.verdict, answer.first)


def points_at(part: Slice, each: Pending) -> set[Key]:
    """Return the rows that a pending operation points at."""
    form = form_of(each.entity)
    if form is None:
        return set()
    columns = shadows.own(part.connection, each.lsn).columns
    return {
        (target, bytes.fromhex(columns[name]))
        for name, target in form.links.items()
        if columns.get(name) is not None
    }

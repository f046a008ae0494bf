"""Sends the outbox: whole change sets, in order, until each is taken or parked."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from itertools import chain
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
from app.sync.versions import read_earlier
from app.sync.withdrawing import take_out_new, withdraw

#: A batch is cut in two after so many failures that only its content can explain.
PATIENCE = 3
#: The code of work that fails alone while other work goes through, and of what hangs on refused
#: work.
UNSENT, HELD = "unsent", "held"

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

    def quarantine(self, link: Link, *, more: bool = False) -> int:
        """Hand over unsent and refused work, for the owner; return how many change sets.

        Nothing comes back and nothing is removed. With ``more`` it may not be the last of it.
        """
        life, parts, count = self._file.slice(lambda part: self._all(part, link))
        for number, operations in enumerate(parts, 1):
            rest = more or number < len(parts)
            message = Push(link.epoch, life.id, tuple(operations), more=rest)
            self._transport.ask(Verb.QUARANTINE, message)
        return count

    # Choosing

    def _all(self, part: Slice, link: Link) -> tuple[Life, list[list[Operation]], int]:
        """Return all work that the account does not have, in parts that it takes; at least one."""
        sets: dict[bytes, list[Pending]] = {}
        for each in part.outbox:
            if each.state is not OpState.ACKED:
                sets.setdefault(each.change_set, []).append(each)
        parts: list[list[Operation]] = [[]]
        size = 0
        for change_set in sets.values():
            made = [self._operation(part, link, each) for each in change_set]
            size += sum(length for _, length in made)
            if parts[-1] and (size > PUSH_BYTES or len(parts[-1]) + len(made) > PUSH_OPERATIONS):
                parts.append([])
                size = sum(length for _, length in made)
            parts[-1] += [operation for operation, _ in made]
        return lives.present(part.connection), parts, len(sets)

    def _pick(self, part: Slice, link: Link) -> tuple[Life, list[Pending], list[Operation]]:
        batch: list[Pending] = []
        operations: list[Operation] = []
        size = 0
        for number, change_set in enumerate(self._ready(part)):
            made = [self._operation(part, link, each) for each in change_set]
            size += sum(length for _, length in made)
            full = size > PUSH_BYTES or len(batch) + len(made) > PUSH_OPERATIONS
            if batch and (full or number == self._most):
                break
            batch += change_set
            operations += [operation for operation, _ in made]
        # Stored before it is sent: a restored file could not know (record 0022, rule 11).
        fresh = [each for each in batch if each.state is OpState.QUEUED]
        part.outbox.mark(part.connection, fresh, OpState.SENT)
        return lives.present(part.connection), batch, operations

    def _ready(self, part: Slice) -> list[list[Pending]]:
        """Return the next change sets that may go, at least one batch of them."""
        if self._aside:
            # What was written since over the same rows must not overtake it: the account would
            # take the earlier words for the later ones.
            held = [each for each in part.outbox.unsent() if each.change_set in self._aside]
            self._put_aside(part, held)
        aside = self._aside
        ready = (each for each in part.outbox.unsent() if each.change_set not in aside)
        first = next(ready, None)
        if first is None and part.outbox.waiting:
            # All else has gone: what was set aside is tried once more, one by one.
            aside, self._most = set(), 1
            ready = (each for each in part.outbox.unsent() if each.change_set not in aside)
            first = next(ready, None)
        sets: dict[bytes, list[Pending]] = {}
        if first is None:
            return []
        for count, each in enumerate(chain([first], ready)):
            if each.change_set not in sets and count >= PUSH_OPERATIONS:
                break
            sets.setdefault(each.change_set, []).append(each)
        return list(sets.values())

    def _operation(self, part: Slice, link: Link, each: Pending) -> tuple[Operation, int]:
        columns, base_seq, hlc, schema, earlier = part.connection.execute(
            "SELECT columns, base_seq, hlc, schema_version, earlier FROM outbox WHERE lsn = ?",
            (each.lsn,),
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
            earlier=None if earlier is None else read_earlier(earlier),
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

    def _take(self, part: Slice, taken: list[Pending]) -> None:
        """Note that the server has these; they stay over the confirmed rows until their echo.

        Only in memory: after a crash they are sent again, and the server knows them.
        """
        part.outbox.took(taken)

    def _park(self, part: Slice, ops: Iterable[Pending], code: str) -> None:
        refused = list(ops)
        with_children = part.outbox.with_children(refused, lambda each: points_at(part, each))
        lsns = {each.lsn for each in refused}
        held = [each for each in with_children if each.lsn not in lsns]
        part.outbox.mark(part.connection, refused, OpState.PARKED, code)
        # Of these the account never heard: no inbox shows what was typed, so their rows still do.
        held_code = code if code == Refusal.OUT_OF_SCOPE else HELD
        part.outbox.mark(part.connection, held, OpState.PARKED, held_code)
        withdraw(part, (each for each in with_children if not each.over))
        if code == Refusal.OUT_OF_SCOPE:
            take_out_new(part, with_children)

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
        self._put_aside(part, batch)

    def _put_aside(self, part: Slice, ops: Iterable[Pending]) -> None:
        """Let change sets wait with what hangs on them, until all else has gone."""
        held_back = part.outbox.with_children(ops, lambda each: points_at(part, each))
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

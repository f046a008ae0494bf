"""How each operation is taken: as it was sent, joined with what it had not seen, or not."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from app.sync.protocol.records import Operation
from app.sync.protocol.terms import Refusal
from hosted.sync.decode import Decoded
from hosted.sync.drafts import Drafts
from hosted.sync.fence import Fence
from hosted.sync.inbox import ENTITY, Inbox
from hosted.sync.merge import Later, Meeting, Outcome, Refused, meet_append_only, merge
from hosted.sync.past import Past, no_news
from hosted.sync.policy import Policy
from hosted.sync.recording import Recorder
from hosted.sync.statuses import Statuses
from hosted.sync.touched import Row, Rows


class Judge:
    """Lets operations meet their rows. What refuses an operation does so before it is taken."""

    def __init__(
        self,
        rows: Rows,
        drafts: Drafts,
        recorder: Recorder,
        inbox: Inbox,
        policy: Policy,
        fence: Fence,
    ) -> None:
        self._rows = rows
        self._fence = fence
        self._drafts = drafts
        self._sender = drafts.sender
        self._recorder = recorder
        self._inbox = inbox
        self._policy = policy
        self._statuses = Statuses(rows, recorder, inbox)

    def take(self, decoded: Decoded) -> None:
        """Let one operation meet its row; raises ``Refused``."""
        operation, kind = decoded.operation, decoded.kind
        if self._rows.is_purged(operation):
            raise Refused(Refusal.PURGED)
        if self._rows.is_hidden(operation):
            if operation.earlier is None or not operation.earlier.whole:
                raise Refused(Refusal.OUT_OF_SCOPE)
            self._set_aside(self._rows.row(operation.entity, operation.pk), decoded)
            return
        if kind is None:
            self._recorder.keep(decoded)
            return
        if self._rows.view.limited:
            admitted = self._fence.admit(decoded)
            if admitted is None:
                standing = self._rows.row(operation.entity, operation.pk)
                self._recorder.pass_over(standing, operation)
                return
            decoded, operation = admitted, admitted.operation
        row = self._rows.row(operation.entity, operation.pk)
        if not row.live:
            self._recorder.create(row, decoded)
        elif kind.append_only:
            self._hold(row, decoded, meet_append_only(self._meeting(row, decoded, ())))
        elif self._has_seen(operation, row) and row.plain(operation.columns):
            self._recorder.apply(row, decoded)
        else:
            self._meet(row, decoded)
        self._statuses.let_stand(decoded)

    def _has_seen(self, operation: Operation, row: Row) -> bool:
        if row.stated:
            return False
        if operation.earlier is None:
            return operation.base_seq >= row.seq
        return self._drafts.seen_by(operation).all_of(row.seq)

    def _set_aside(self, row: Row, decoded: Decoded) -> None:
        """Show what a restatement says of a case that is another member's now, as late work.

        It changes nothing, and must not count as stated.
        """
        operation = decoded.operation
        news, current = self._news(row, operation), self._rows.full(row)
        said = {name: each for name, each in news.items() if current.get(name) != each}
        if self._drafts.is_included(row, operation):
            said = {}
        seal = row.kind.merging.seal
        if seal is not None and seal.column in said:
            # A signature is shown with the words that it covers, also where those stand here.
            said |= {name: news[name] for name in seal.columns if name in news}
        late, reason = replace(operation, columns=said), Refused(Refusal.OUT_OF_SCOPE)
        if row.kind.name == ENTITY:
            self._inbox.refuse_words(late, row, reason)
        elif said:
            self._inbox.refuse(late, reason)
        self._recorder.pass_over(row, operation)

    def _news(self, row: Row, operation: Operation) -> dict[str, Any]:
        """Return the columns in which an operation says something; a restatement may not in all."""
        earlier = operation.earlier
        if earlier is None or not earlier.whole:
            return dict(operation.columns)
        self._rows.full(row)
        shared = self._drafts.shared_with(earlier.was[0] if earlier.was else "")
        dull = no_news(row.kind.merging, row.history or (), operation, shared, row.kind.defaults)
        return {name: said for name, said in operation.columns.items() if name not in dull}

    def _meet(self, row: Row, decoded: Decoded) -> None:
        operation = decoded.operation
        current = self._rows.full(row)
        history = row.history or []
        whole = self._drafts.seen_by(operation).whole
        if self._drafts.is_included(row, operation):
            # An own value that stands already is still said: what goes on from it has no rival.
            said = {} if whole else operation.columns
            kept = {name: each for name, each in said.items() if current.get(name) == each}
            self._hold(row, decoded, Outcome(held=kept))
            return
        # Where its writer's own later words came first, they stay.
        overtaken = self._overtaken(operation, history) & operation.columns.keys()
        later = self._later(operation, history)
        own = row.set_aside or self._goes_on(row, operation, [line for line, _ in later])
        calm = not own and all(known for _, known in later) and row.plain(operation.columns)
        if calm and not overtaken and not whole:
            self._recorder.apply(row, decoded)
            return
        meeting = self._meeting(row, decoded, later, own=own, current=current, less=overtaken)
        outcome = merge(self._policy.rule(row.kind), row.kind.frozen, meeting)
        outcome.held.update((name, current.get(name)) for name in overtaken)
        self._hold(row, decoded, outcome)
        if whole and row.kind.name == ENTITY and any(not known for _, known in later):
            self._inbox.keep_both(operation, row, current)

    def _overtaken(self, operation: Operation, history: Sequence[Past]) -> set[str]:
        """Return the columns that the same life of the file wrote later, and that were taken."""
        if self._drafts.seen_by(operation).whole:
            return set()
        mine = self._sender.incarnation
        return {
            name
            for line in history
            if line.incarnation == mine and not line.whole and line.lsn > operation.lsn
            for name in line.columns
        }

    def _later(self, operation: Operation, history: Sequence[Past]) -> list[Later]:
        """Return the lines after what a writer had seen, each with whether it knows it still."""
        seen, wrote = self._drafts.seen_by(operation), self._sender.wrote
        return [
            (line, seen.knows(line) or (not seen.whole and wrote(line)))
            for line in history
            if line.seq > seen.until
        ]

    def _goes_on(self, row: Row, operation: Operation, later: Sequence[Past]) -> bool:
        """Return whether its writer's own words were set aside, which it does not know yet."""
        draft = frozenset(row.kind.merging.draft)
        mine = self._sender.incarnation
        if self._drafts.seen_by(operation).whole:
            return False
        return any(
            line.incarnation == mine and not line.whole and not draft.isdisjoint(line.lost)
            for line in later
        )

    def _meeting(
        self,
        row: Row,
        decoded: Decoded,
        later: Sequence[Later],
        *,
        own: bool = False,
        current: dict[str, Any] | None = None,
        less: AbstractSet[str] = frozenset(),
    ) -> Meeting:
        operation = decoded.operation
        news = self._news(row, operation)
        return Meeting(
            operation,
            {name: said for name, said in news.items() if name not in less} if less else news,
            (self._drafts.stamp(operation), self._sender.incarnation.bytes),
            self._rows.full(row) if current is None else current,
            later,
            own,
            lambda: self._statuses.proven(row),
        )

    def _hold(self, row: Row, decoded: Decoded, outcome: Outcome) -> None:
        self._recorder.hold(row, decoded, outcome)
        for aside in outcome.asides:
            self._inbox.put(decoded.operation, row, aside)
        if outcome.signed is not None:
            self._inbox.supersede(decoded.operation, row, outcome.signed)

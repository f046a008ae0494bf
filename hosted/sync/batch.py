"""One transaction's worth of operations: each meets its row in memory, then all are written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.kernel.clock import unix_ms
from app.core.tasks.rules.inbox import InboxKind
from app.sync.protocol.records import Answer, Operation
from app.sync.protocol.terms import Refusal, Verdict
from hosted.store.kinds import ASSIGNED, ASSIGNMENTS, Kind
from hosted.sync import past
from hosted.sync.book import SAME_PAPER, Book, Line, to_text
from hosted.sync.cases import BRINGS
from hosted.sync.decode import ChangeSet, Decoded, whole
from hosted.sync.epochs import Ancestry, ancestry
from hosted.sync.inbox import Inbox
from hosted.sync.merge import (
    Aside,
    Later,
    Meeting,
    Outcome,
    Refused,
    meet_append_only,
    merge,
)
from hosted.sync.past import Past, Seeing, is_included, no_news, seeing
from hosted.sync.policy import Policy
from hosted.sync.scope import assigned, holders, raise_version, view_of

NOBODY = UUID(int=0)
_NOTHING = "{}"
#: Lines of the batch at hand come after all that are stored; their numbers are given last.
_LATEST = 1 << 62
Key = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Sender:
    """The device whose operations these are, and the life of its file that wrote them."""

    device_id: UUID
    member_id: UUID
    name: str
    incarnation: UUID
    lineage: Mapping[str, int] = field(default_factory=dict)
    """Earlier lives of the file, each with the place up to which their work is its own."""

    def wrote(self, line: Past) -> bool:
        """Return whether a line was written by this life, or one that it goes on from.

        What was stated again is nobody's writing: its person may not have seen it.
        """
        if line.whole:
            return False
        if line.incarnation == self.incarnation:
            return True
        return 0 < line.lsn <= self.lineage.get(line.incarnation.hex, -1)


@dataclass(slots=True)
class Row:
    """A row that the batch touches: as it was found, and what the batch makes of it."""

    kind: Kind
    pk: UUID
    seq: int = 0
    live: bool = False
    created: bool = False
    watched: dict[str, Any] = field(default_factory=dict)
    taken: dict[str, Any] = field(default_factory=dict)
    said: dict[str, Any] = field(default_factory=dict)
    unknown: dict[str, Any] = field(default_factory=dict)
    last: int | None = None
    set_aside: bool = False
    served: bool = False
    """Whether the server wrote it itself in this batch, which no writer can have seen."""
    found: dict[str, Any] | None = None
    history: list[Past] | None = None

    def save(self) -> tuple[Any, ...]:
        """Return what ``restore`` needs."""
        kept = (dict(self.taken), dict(self.said), dict(self.unknown))
        past = None if self.history is None else list(self.history)
        return (self.live, self.created, *kept, self.last, self.set_aside, self.served, past)

    def restore(self, saved: tuple[Any, ...]) -> None:
        """Take back what was done since ``save``."""
        self.live, self.created, self.taken, self.said, self.unknown = saved[:5]
        self.last, self.set_aside, self.served, self.history = saved[5:]

    def plain(self, names: Iterable[str]) -> bool:
        """Return whether a change of ``names`` that saw the row as found has no more to meet."""
        if self.set_aside or self.served or self.frozen():
            return False
        return not self.kind.merging.given or set(self.kind.merging.given).isdisjoint(names)

    def frozen(self) -> bool:
        """Return whether the row is final as it stands."""
        if self.kind.frozen is None:
            return False
        name, value = self.kind.frozen
        now = self.said[name] if name in self.said else self.watched.get(name)
        return bool(now == value)


class Batch:
    """Rows, lines and answers of one transaction."""

    def __init__(self, book: Book, sender: Sender, now: datetime, policy: Policy) -> None:
        self.book = book
        self.sender = sender
        self.now = now
        self.now_ms = unix_ms(now)
        self.policy = policy
        self.rows: dict[Key, Row] = {}
        self.lines: list[Line] = []
        self.answers: dict[UUID, Answer] = {}
        self.inbox = Inbox(self)
        self._journal: dict[Key, tuple[Any, ...]] | None = None
        self._places: list[tuple[UUID, int, Verdict]] = []
        self._purged: set[Key] = set()
        self._view = view_of(book, sender.member_id)
        self._hidden: set[Key] = set()
        self._pointing: dict[tuple[str, str], set[str]] = {}
        self._surplus: dict[Key, tuple[dict[str, Any], int]] = {}
        self._ancestry: Ancestry | None = None
        self._papers: list[tuple[Row, Operation]] = []

    # Reading what will be met, locked in the order of entity and id.

    def load(self, sets: Sequence[ChangeSet]) -> None:
        """Find and lock the rows that these operations touch, and those they are evidence for."""
        if any(each.earlier is not None for of in sets for each in of.operations):
            self._ancestry = ancestry(self.book.session)
        wanted: dict[str, set[UUID]] = {}
        for decoded in (each for of in sets for each in of.decoded):
            if decoded.kind is not None:
                wanted.setdefault(decoded.kind.name, set()).add(decoded.operation.pk)
                self._note_evidence(decoded, wanted)
        for entity in sorted(wanted):
            kind = self.book.kinds[entity]
            found = self.book.locked(kind, wanted[entity])
            for pk in wanted[entity]:
                row = self.rows[entity, pk] = Row(kind, pk)
                if pk in found:
                    row.live = True
                    row.seq = found[pk][0]
                    row.watched = {
                        name: None if value is None else kind.manners[name].say(value)
                        for name, value in zip(kind.watched, found[pk][1:], strict=True)
                    }
        self._hide()
        self._purged = self.book.purged([each.pk for of in sets for each in of.operations])
        self._load_unseen(sets)

    def _hide(self) -> None:
        """Note which of the rows that are there belong to cases of other members."""
        if not self._view.limited:
            return
        there: dict[str, list[UUID]] = {}
        for (entity, pk), row in self.rows.items():
            if row.live:
                there.setdefault(entity, []).append(pk)
        for entity, ids in there.items():
            shown = self._view.shows(self.book, entity, ids)
            self._hidden.update((entity, pk) for pk in ids if pk not in shown)

    def _note_evidence(self, decoded: Decoded, wanted: dict[str, set[UUID]]) -> None:
        kind = decoded.kind
        for target, column in kind.proves if kind else ():
            said = decoded.operation.columns.get(column)
            if isinstance(said, str):
                wanted.setdefault(target, set()).add(UUID(hex=said))
                self._pointing.setdefault((kind.name if kind else "", column), set()).add(said)

    def _load_unseen(self, sets: Sequence[ChangeSet]) -> None:
        behind: dict[str, set[UUID]] = {}
        for operation in (each for of in sets for each in of.operations):
            row = self.rows.get((operation.entity, operation.pk))
            late = operation.earlier is not None or operation.base_seq < (row.seq if row else 0)
            if row is not None and row.live and late:
                behind.setdefault(operation.entity, set()).add(operation.pk)
        for entity, ids in behind.items():
            self._load_full(self.book.kinds[entity], sorted(ids))

    def _load_full(self, kind: Kind, ids: Sequence[UUID]) -> None:
        surplus = self.book.surplus(kind.name, ids)
        for pk, (_seq, columns) in self.book.rows(kind, ids).items():
            self.rows[kind.name, pk].found = {**columns, **surplus.get(pk, {})}
        histories = self.book.histories(kind.name, ids)
        for pk in ids:
            self.rows[kind.name, pk].history = [self._past(line) for line in histories[pk]]

    def _past(self, line: tuple[Any, ...]) -> Past:
        seq, incarnation, device, hlc, base_seq, verdict, at, columns, lost, lsn, earlier = line
        return Past(
            seq,
            self.book.uuid(incarnation),
            None if device is None else self.book.uuid(device),
            hlc,
            base_seq,
            verdict,
            self.book.milliseconds(at),
            lost=json.loads(lost) if lost else {},
            lsn=lsn,
            **past.read(earlier, json.loads(columns)),
        )

    def full(self, row: Row) -> dict[str, Any]:
        """Return the row's columns as they stand, as JSON values."""
        if row.found is None and row.live and not row.created:
            self._load_full(row.kind, [row.pk])
        return {**(row.found or {}), **row.said, **row.unknown}

    def current(self, operation: Operation) -> dict[str, Any]:
        """Return the columns of the operation's record as it stands, else as it was sent."""
        row = self.rows.get((operation.entity, operation.pk))
        return self.full(row) if row is not None and row.live else dict(operation.columns)

    # Meeting.

    def take(self, of: ChangeSet) -> None:
        """Let all operations of a change set meet their rows, or refuse it having done none."""
        if len(of.decoded) == 1:
            # What refuses an operation does so before it touches anything.
            try:
                self._take(of.decoded[0])
            except Refused as reason:
                of.refuse(of.operations[0], reason)
            return
        lines, places = len(self.lines), len(self._places)
        surplus = dict(self._surplus)
        journal = self._journal = {}
        operation = of.operations[0]
        try:
            for decoded in of.decoded:
                operation = decoded.operation
                self._take(decoded)
        except Refused as reason:
            del self.lines[lines:], self._places[places:]
            for key, saved in journal.items():
                self.rows[key].restore(saved)
            self._surplus = surplus
            of.refuse(operation, reason)
        finally:
            self._journal = None

    def _touch(self, row: Row) -> None:
        """Remember how the row was before this change set."""
        if self._journal is None:
            return
        key = (row.kind.name, row.pk)
        if key not in self._journal:
            self._journal[key] = row.save()

    def _take(self, decoded: Decoded) -> None:
        operation = decoded.operation
        if (operation.entity, operation.pk) in self._purged:
            raise Refused(Refusal.PURGED)
        if (operation.entity, operation.pk) in self._hidden:
            if operation.earlier is None or not operation.earlier.whole:
                raise Refused(Refusal.OUT_OF_SCOPE)
            self._set_aside(self.rows[operation.entity, operation.pk], decoded)
            return
        if decoded.kind is None:
            earlier = self._surplus.get((operation.entity, operation.pk), ({}, 0))[0]
            merged = {**earlier, **decoded.unknown}
            self._surplus[operation.entity, operation.pk] = (merged, len(self.lines))
            self._write(operation, decoded.text, Verdict.APPLIED)
            return
        row = self.rows[operation.entity, operation.pk]
        if not row.live:
            self._create(row, decoded)
        elif row.kind.append_only:
            self._hold(row, decoded, meet_append_only(self._meeting(row, decoded, ())))
        elif self.seen_by(operation).all_of(row.seq) and row.plain(operation.columns):
            self._apply(row, decoded)
        else:
            self._meet(row, decoded)

        self._let_stand(decoded)

    def seen_by(self, operation: Operation) -> Seeing:
        """Return what the writer of an operation had seen."""
        return seeing(operation, self._ancestry)

    def _set_aside(self, row: Row, decoded: Decoded) -> None:
        """Show what a restatement says of a case that is another member's now, as late work.

        It changes nothing, and must not count as stated.
        """
        operation = decoded.operation
        news, current = self._news(row, operation), self.full(row)
        said = {name: each for name, each in news.items() if current.get(name) != each}
        if said:
            late = replace(operation, columns=said)
            self.inbox.refuse(late, Refused(Refusal.OUT_OF_SCOPE))
        self._write(replace(operation, earlier=None), _NOTHING, Verdict.MERGED)

    def _news(self, row: Row, operation: Operation) -> dict[str, Any]:
        """Return the columns in which an operation says something; a restatement may not in all."""
        earlier = operation.earlier
        if earlier is None or not earlier.whole or self._ancestry is None:
            return dict(operation.columns)
        self.full(row)
        limit = self._ancestry.common(earlier.was[0] if earlier.was else "")
        shared = past.LARGEST if limit is None else limit
        dull = no_news(row.kind.merging, row.history or (), operation, shared, row.kind.defaults)
        return {name: said for name, said in operation.columns.items() if name not in dull}

    def _create(self, row: Row, decoded: Decoded) -> None:
        if not decoded.operation.is_new:
            raise Refused(Refusal.MISSING_PARENT, "the record itself is not here")
        self._touch(row)
        row.taken = dict(whole(decoded, row.kind))
        row.live = row.created = True
        row.said.update(decoded.operation.columns)
        row.unknown.update(decoded.unknown)
        row.last = self._write(decoded.operation, decoded.text, Verdict.APPLIED)
        if row.kind.name in SAME_PAPER and row.said.get("number"):
            self._papers.append((row, decoded.operation))

    def _apply(self, row: Row, decoded: Decoded) -> None:
        self._touch(row)
        row.taken.update(decoded.taken)
        row.said.update(decoded.operation.columns)
        row.unknown.update(decoded.unknown)
        row.last = self._write(decoded.operation, decoded.text, Verdict.APPLIED)
        self._remember(row, decoded.operation, decoded.operation.columns, {}, Verdict.APPLIED)

    def _remember(
        self,
        row: Row,
        operation: Operation,
        held: Mapping[str, Any],
        lost: Mapping[str, Any],
        verdict: Verdict,
    ) -> None:
        """Add this batch's own line to the row's: the next operation goes on from it."""
        if row.history is None:
            return
        sender, seen = self.sender, self.seen_by(operation)
        stamp = self.policy.stamp(operation.hlc, self.now_ms)
        row.history.append(
            Past(
                _LATEST + len(self.lines),
                sender.incarnation,
                sender.device_id,
                stamp,
                seen.until,
                verdict,
                self.now_ms,
                held,
                lost,
                operation.lsn,
                None if seen.whole else seen.lost,
                operation.earlier.was if operation.earlier else None,
                seen.whole,
            )
        )

    def _meet(self, row: Row, decoded: Decoded) -> None:
        operation = decoded.operation
        current = self.full(row)
        history = row.history or []
        if is_included(history, operation):
            # An own value that stands already is still said: what goes on from it has no rival.
            said = {} if self.seen_by(operation).whole else operation.columns
            kept = {name: each for name, each in said.items() if current.get(name) == each}
            self._hold(row, decoded, Outcome(held=kept))
            return
        # Where its writer's own later words came first, they stay.
        overtaken = self._overtaken(operation, history) & operation.columns.keys()
        later = self.later(operation, history)
        own = row.set_aside or self._goes_on(row, operation, [line for line, _ in later])
        calm = not own and all(known for _, known in later) and row.plain(operation.columns)
        if calm and not overtaken and not self.seen_by(operation).whole:
            self._apply(row, decoded)
            return
        meeting = self._meeting(row, decoded, later, own=own, current=current, less=overtaken)
        outcome = merge(self.policy.rule(row.kind), row.kind.frozen, meeting)
        outcome.held.update((name, current.get(name)) for name in overtaken)
        self._hold(row, decoded, outcome)

    def _overtaken(self, operation: Operation, history: Sequence[Past]) -> set[str]:
        """Return the columns that the same life of the file wrote later, and that were taken."""
        if self.seen_by(operation).whole:
            return set()
        mine = self.sender.incarnation
        return {
            name
            for line in history
            if line.incarnation == mine and not line.whole and line.lsn > operation.lsn
            for name in line.columns
        }

    def later(self, operation: Operation, history: Sequence[Past]) -> list[Later]:
        """Return the lines after what a writer had seen, each with whether it knows it still."""
        seen, wrote = self.seen_by(operation), self.sender.wrote
        return [
            (line, seen.knows(line) or (not seen.whole and wrote(line)))
            for line in history
            if line.seq > seen.until
        ]

    def _goes_on(self, row: Row, operation: Operation, later: Sequence[Past]) -> bool:
        """Return whether its writer's own words were set aside, which it does not know yet."""
        draft = frozenset(row.kind.merging.draft)
        mine = self.sender.incarnation
        if self.seen_by(operation).whole:
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
            (self.policy.stamp(operation.hlc, self.now_ms), self.sender.incarnation.bytes),
            self.full(row) if current is None else current,
            later,
            own,
            lambda: self.proven(row),
        )

    def _hold(self, row: Row, decoded: Decoded, outcome: Outcome) -> None:
        self._touch(row)
        for name, said in outcome.held.items():
            row.said[name] = said
            if name in row.kind.manners:
                row.taken[name] = _taken(row.kind, decoded, name, said)
            else:
                row.unknown[name] = said
        lost = to_text(outcome.lost) if outcome.lost else None
        columns = to_text(outcome.held) if outcome.held else _NOTHING
        stated = self.seen_by(decoded.operation).whole
        if stated:
            # Its echo replaces the row: what lost would differ for ever on who stated it.
            columns = to_text(self.full(row))
        row.last = self._write(
            decoded.operation, columns, outcome.verdict, lost, won=outcome.held if stated else None
        )
        self._remember(row, decoded.operation, outcome.held, outcome.lost, outcome.verdict)
        draft = row.kind.merging.draft
        row.set_aside |= not stated and bool(draft) and draft[0] in outcome.lost
        for aside in outcome.asides:
            self.inbox.put(decoded.operation, row, aside)
        if outcome.signed is not None:
            self.inbox.supersede(decoded.operation, row, outcome.signed)

    # Writing.

    def _write(
        self,
        operation: Operation,
        columns: str,
        verdict: Verdict,
        lost: str | None = None,
        won: Iterable[str] | None = None,
    ) -> int:
        place, seen = len(self.lines), self.seen_by(operation)
        self.lines.append(
            Line(
                operation.change_set,
                self.sender.device_id,
                self.sender.incarnation,
                operation.id,
                operation.lsn,
                operation.entity,
                operation.pk,
                operation.is_new,
                seen.until,
                self.policy.stamp(operation.hlc, self.now_ms),
                operation.schema,
                verdict,
                columns,
                lost,
                past.to_text(operation, seen, won),
            )
        )
        self._places.append((operation.id, place, verdict))
        return place

    def serve(self, row: Row, change_set: UUID, said: Mapping[str, Any], verdict: Verdict) -> None:
        """Write columns of the server's own making, in the change set that gave rise to them."""
        self._touch(row)
        is_new = not row.live
        if is_new:
            row.live = row.created = True
        else:
            self.full(row)
        row.served = True
        row.history = [
            *(row.history or ()),
            Past(
                _LATEST + len(self.lines), NOBODY, None, self.now_ms << 16, row.seq, verdict,
                self.now_ms, said,
            ),
        ]  # fmt: skip
        row.said.update(said)
        for name, value in said.items():
            row.taken[name] = None if value is None else row.kind.manners[name].take(value)
        row.last = len(self.lines)
        self.lines.append(
            Line(
                change_set=change_set,
                device_id=None,
                incarnation=NOBODY,
                operation=None,
                lsn=0,
                entity=row.kind.name,
                pk=row.pk,
                is_new=is_new,
                base_seq=row.seq,
                hlc=self.now_ms << 16,
                schema=0,
                verdict=verdict,
                columns=to_text(dict(said)),
            )
        )

    def row(self, entity: str, pk: UUID) -> Row:
        """Return a row, found and locked now if the batch has not touched it yet."""
        known = self.rows.get((entity, pk))
        if known is None:
            kind = self.book.kinds[entity]
            found = self.book.locked(kind, [pk]).get(pk)
            known = self.rows[entity, pk] = Row(kind, pk)
            if found is not None:
                known.live, known.seq = True, found[0]
        return known

    def write(self) -> int:
        """Write everything, the log's head last; return where the log stands."""
        if not self.lines:
            return self.book.head()
        self._tell_of_numbers()
        first = self.policy.reserve(self.book, len(self.lines))
        self._write_rows(first, _ends([line.change_set for line in self.lines]))
        for (entity, pk), (unknown, place) in self._surplus.items():
            self.book.write_surplus(entity, {pk: (first + place, unknown)})
        self.book.write_lines(first, self.lines, self.now)
        self._move_scopes()
        self.book.settle()
        for operation, place, verdict in self._places:
            self.answers[operation] = Answer(operation, verdict, first + place)
        return first + len(self.lines) - 1

    def _tell_of_numbers(self) -> None:
        """Ask about each number that stands on another paper already; both papers are out.

        A machine that was set back with all its marks can give one twice before anybody can know
        (record 0022, rule 14).
        """
        fresh = [(row, op) for row, op in self._papers if row.created and row.last is not None]
        if not fresh:
            return
        numbers = {str(row.said["number"]) for row, _ in fresh}
        holders = self.book.numbered(numbers)
        for row, _ in fresh:
            holders.setdefault(row.said["number"], []).append((row.kind.name, row.pk))
        for row, operation in fresh:
            own = SAME_PAPER[row.kind.name]
            for entity, pk in holders[row.said["number"]]:
                if entity in own and pk != row.pk:
                    self.inbox.number_twice(operation, row)
                    break

    def _write_rows(self, first: int, ends: Sequence[int]) -> None:
        inserts: dict[str, dict[UUID, tuple[int, dict[str, Any]]]] = {}
        updates: dict[tuple[str, tuple[str, ...]], dict[UUID, tuple[int, dict[str, Any]]]] = {}
        for (entity, pk), row in self.rows.items():
            if row.last is None:
                continue
            written = (first + ends[row.last], row.taken)
            if row.created:
                inserts.setdefault(entity, {})[pk] = written
            else:
                updates.setdefault((entity, tuple(sorted(row.taken))), {})[pk] = written
            if row.unknown:
                self.book.write_surplus(entity, {pk: (written[0], row.unknown)})
        for entity, rows in inserts.items():
            self.book.insert_rows(self.book.kinds[entity], rows)
        for (entity, names), rows in updates.items():
            self.book.update_rows(self.book.kinds[entity], names, rows)

    def _move_scopes(self) -> None:
        """Note what this batch brought into other members' view, or took from it."""
        for (entity, pk), row in self.rows.items():
            if row.last is None:
                continue
            if entity == ASSIGNED and not row.said.keys().isdisjoint(ASSIGNMENTS):
                before = [row.watched.get(name) for name in ASSIGNMENTS]
                after = [row.said.get(name, row.watched.get(name)) for name in ASSIGNMENTS]
                assigned(self.book, self.sender.member_id, pk, before, after)
            elif entity in BRINGS and row.created and row.said.get("case_id"):
                case_id = UUID(hex=row.said["case_id"])
                for member in holders(self.book, case_id) - {self.sender.member_id}:
                    raise_version(self.book, member, case_id, gained=True)

    # The status that stands.

    def proven(self, row: Row) -> bool:
        """Return whether a status of the row that stands has its evidence, here or on its way."""
        standing = row.kind.merging.standing
        for table, column in standing.evidence if standing else ():
            if row.pk.hex in self._pointing.get((table, column), ()):
                return True
            if self.book.points_at(table, column, row.pk):
                return True
        return False

    def _let_stand(self, decoded: Decoded) -> None:
        """Restore a status that had lost before its evidence arrived."""
        kind = decoded.kind
        if kind is None or not kind.proves or not decoded.operation.is_new:
            return
        for entity, column in kind.proves:
            said = decoded.operation.columns.get(column)
            if said is not None:
                self._restore_status(decoded.operation, self.rows[entity, UUID(hex=said)])

    def _restore_status(self, operation: Operation, row: Row) -> None:
        rule = row.kind.merging
        standing = rule.standing
        if standing is None or not row.live:
            return
        name = standing.column
        now = row.said[name] if name in row.said else row.watched.get(name)
        if now not in standing.against:
            return
        current = self.full(row)
        group = rule.group_of(name)
        stands = lost_status(row.history or (), name, standing.value)
        if stands is None:
            return
        said = {**stands.columns, **stands.lost}
        kept = {each: said[each] for each in group if each in said}
        other = {each: current.get(each) for each in group}
        self.serve(row, operation.change_set, kept, Verdict.APPLIED)
        self.inbox.put(operation, row, Aside(InboxKind.STATUS, kept, other, False, stands))


def _taken(kind: Kind, decoded: Decoded, name: str, said: Any) -> Any:
    """Return a column's value as it is stored; what holds may be another than the operation's."""
    if decoded.operation.columns.get(name) == said:
        return decoded.taken.get(name)
    return None if said is None else kind.manners[name].take(said)


def _ends(change_sets: Sequence[UUID]) -> list[int]:
    """Return by place the last place of its change set: the version that its rows get.

    So the rows of one change set can be told, and are stated as one by whoever has to state them
    again (record 0022, rule 21).
    """
    ends = list(range(len(change_sets)))
    for place in range(len(change_sets) - 2, -1, -1):
        if change_sets[place] == change_sets[place + 1]:
            ends[place] = ends[place + 1]
    return ends


def lost_status(history: Sequence[Past], name: str, value: str) -> Past | None:
    """Return the line that set ``name`` to ``value`` and lost to one that had not seen it."""
    setting = [line for line in history if name in line.columns or name in line.lost]
    last = next((line for line in reversed(setting) if name in line.columns), None)
    for line in reversed(setting):
        lost = line.lost.get(name) == value
        if lost or line.columns.get(name) == value:
            if last is None or line is last:
                return None
            apart = line.base_seq < last.seq if lost else last.base_seq < line.seq
            return line if apart and line.incarnation != last.incarnation else None
    return None

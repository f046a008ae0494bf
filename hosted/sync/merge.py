"""How an operation meets changes that its writer had not seen. Pure: rows in, a decision out.

Source: the merge rules of the sync design; each table says its own as ``__merging__``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.core.store.merging import Merging
from app.core.tasks.rules.inbox import InboxKind
from app.sync.protocol.records import Operation
from app.sync.protocol.terms import CLOCKLESS, Refusal, Verdict
from hosted.sync.past import Columns, Past

DELETED = "deleted_at"


class Refused(Exception):
    """The operation cannot be taken; its change set is answered with this code."""

    def __init__(self, code: Refusal, detail: str = "") -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Aside:
    """Two versions of which a person must decide: goes to the inbox.

    ``keeps_mine`` tells which of the two the operation at hand wrote; ``by`` is the line of the
    log that wrote the other one, where it is known.
    """

    kind: InboxKind
    kept: Columns
    other: Columns
    keeps_mine: bool
    by: Past | None


@dataclass(slots=True)
class Outcome:
    """What holds of an operation, what does not, and what a person is asked."""

    held: dict[str, Any] = field(default_factory=dict)
    lost: dict[str, Any] = field(default_factory=dict)
    asides: list[Aside] = field(default_factory=list)
    signed: Any = None
    """The words of a signature: it takes the place of such versions in the inbox."""

    @property
    def verdict(self) -> Verdict:
        """Return what the writer is told."""
        if self.asides:
            return Verdict.CONFLICT
        return Verdict.MERGED if self.lost else Verdict.APPLIED


Later = tuple[Past, bool]
"""A line that came after the version that a writer saw, and whether the writer knows it."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """An operation, the row that it meets, and the log lines of it since its writer's version.

    ``later`` are these lines, oldest first; the writer knows its own. ``set_aside`` holds while
    the writer does not know yet that its own words went to the inbox: what it writes meanwhile
    follows them there. ``proven`` tells whether there is evidence of the status that stands.
    ``columns`` are those in which a row that is stated whole says something new.
    """

    operation: Operation
    columns: Columns
    stamp: tuple[int, bytes]
    row: Columns
    later: Sequence[Later]
    set_aside: bool = False
    proven: Callable[[], bool] = lambda: False

    @property
    def unseen(self) -> list[Past]:
        """Return the lines that the writer does not know."""
        return [line for line, known in self.later if not known]

    def touching(self, names: Iterable[str]) -> Past | None:
        """Return the rival: the unseen line whose values of these columns stand, if one does.

        Who knows the value that stands has no rival. So an unseen edit that an own one has beaten
        already does not meet the next own one, whatever the clock says by then.
        """
        wanted = frozenset(names)
        rival: Past | None = None
        for line, known in self.later:
            if not wanted.isdisjoint(line.columns):
                seen = known or (line.whole and line.holds(wanted, self.replaced))
                rival = None if seen else line
        return rival

    def rival_text(self, draft: Sequence[str]) -> Past | None:
        """Return the rival of a draft; whose words are ones the writer knows is none."""
        rival: Past | None = None
        known_words = [self.replaced[draft[0]]] if draft[0] in self.replaced else []
        for line, known in self.later:
            if draft[0] not in line.columns:
                continue
            words = line.columns[draft[0]]
            rival = None if known or words in known_words else line
            if known:
                known_words.append(words)
        return rival

    @property
    def whole(self) -> bool:
        """Return whether a row of an earlier epoch is stated again: history, and no edit."""
        return self.operation.earlier is not None and self.operation.earlier.whole

    @property
    def replaced(self) -> Columns:
        """Return what the operation replaced, where that was of an earlier epoch.

        A row that is stated whole names one version for all of its columns, also for a value that
        is older: who replaced that one had seen it (record 0022, rule 19).
        """
        return self.operation.earlier.replaced if self.operation.earlier else {}

    def beats(self, rival: Past) -> bool:
        """Return whether this operation wins the tie.

        Of two that an earlier epoch had taken the later one there wins, whatever the clocks say.
        And what may be in a row that was stated again does not beat what stands there, or what was
        written over it: it may have been seen (record 0022, rule 32).
        """
        earlier = self.operation.earlier
        if earlier is not None and earlier.in_doubt and not self._stated.isdisjoint(rival.columns):
            return False
        if self.whole and rival.in_doubt:
            return True
        was = earlier.was if earlier else None
        if was is not None and rival.was is not None and was[0] == rival.was[0]:
            return was[1] > rival.was[1]
        return self.stamp > rival.stamp

    @property
    def _stated(self) -> frozenset[str]:
        """Return the columns that were stated again since, unseen."""
        return frozenset().union(*(line.columns for line in self.unseen if line.whole))

    def differs(self, names: Iterable[str]) -> bool:
        """Return whether the row holds other values in any of these columns."""
        return any(
            name in self.columns and self.row.get(name) != self.columns[name] for name in names
        )

    def mine(self, names: Iterable[str]) -> dict[str, Any]:
        """Return the operation's values of those of ``names`` that it writes."""
        return {name: self.columns[name] for name in names if name in self.columns}

    def theirs(self, names: Iterable[str]) -> dict[str, Any]:
        """Return the row's values of ``names``."""
        return {name: self.row.get(name) for name in names}


def merge(rule: Merging, frozen: tuple[str, str] | None, meeting: Meeting) -> Outcome:
    """Join an operation with what its writer had not seen; raises ``Refused`` for a final row."""
    outcome = Outcome()
    left = dict(meeting.columns)
    if frozen is not None and meeting.row.get(frozen[0]) == frozen[1]:
        _meet_final(rule, frozen, meeting, outcome)
        return outcome
    for step in (
        *(_sign, _write_draft, _delete, _stand, _keep_given, _decide),
        *(_write_fields, _open_again),
    ):
        step(rule, meeting, left, outcome)
    return outcome


def meet_append_only(meeting: Meeting) -> Outcome:
    """Take an entry of the ledger a second time: the same is a union, anything else refused."""
    if meeting.differs(meeting.columns):
        raise Refused(Refusal.FINAL)
    return Outcome()


def _meet_final(rule: Merging, frozen: tuple[str, str], meeting: Meeting, outcome: Outcome) -> None:
    mine = {name: said for name, said in meeting.columns.items() if meeting.row.get(name) != said}
    if not mine:
        return
    name, value = frozen
    ended = next((line for line in meeting.unseen if line.columns.get(name) == value), None)
    if ended is None and not meeting.whole:
        raise Refused(Refusal.FINAL)
    outcome.lost.update(mine)
    seal = rule.seal
    if seal is None or not rule.draft:
        return
    text = rule.draft[0]
    if text in mine:
        signed_too = meeting.columns.get(seal.column) == seal.value
        kind = InboxKind.SECOND_SIGNATURE if signed_too else InboxKind.LATE_REVISION
        outcome.signed = mine[text] if signed_too else None
        kept = meeting.theirs(seal.columns)
        outcome.asides.append(
            Aside(kind, kept, meeting.mine(set(seal.columns) | set(mine)), False, ended)
        )
    elif mine.get(DELETED) is not None:
        kept = meeting.theirs(seal.columns)
        outcome.asides.append(
            Aside(InboxKind.DELETED, kept, {DELETED: mine[DELETED]}, False, ended)
        )


def _sign(rule: Merging, meeting: Meeting, left: dict[str, Any], outcome: Outcome) -> None:
    seal = rule.seal
    if seal is None or left.get(seal.column) != seal.value:
        return
    text = rule.draft[0] if rule.draft else seal.column
    late = meeting.rival_text(rule.draft) if rule.draft else None
    signed = meeting.mine((seal.column, *seal.columns))
    if late is not None and text in signed and meeting.differs((text,)):
        theirs = meeting.theirs(rule.draft)
        outcome.asides.append(Aside(InboxKind.LATE_REVISION, signed, theirs, True, late))
    outcome.held.update(signed)
    outcome.signed = signed.get(text)
    for name in signed:
        left.pop(name, None)


def _write_draft(rule: Merging, meeting: Meeting, left: dict[str, Any], outcome: Outcome) -> None:
    mine = {name: left[name] for name in rule.draft if name in left}
    if not mine:
        return
    text = rule.draft[0]
    unseen = meeting.rival_text(rule.draft)
    if unseen is None and not meeting.set_aside:
        return
    if text not in mine or not meeting.differs((text,)):
        # The same words twice are one text; their writer knows by them what stands.
        outcome.held.update(meeting.theirs(mine))
        for name in mine:
            del left[name]
        return
    outcome.lost.update(mine)
    kept = meeting.theirs(rule.draft)
    outcome.asides.append(Aside(InboxKind.TEXT, kept, mine, False, unseen))
    for name in mine:
        del left[name]


def _delete(rule: Merging, meeting: Meeting, left: dict[str, Any], outcome: Outcome) -> None:
    if not rule.clinical or _by_rule(meeting):
        return
    gone = meeting.row.get(DELETED)
    edits = [
        line for line in meeting.unseen if set(line.columns) - {DELETED} and line.hlc >= CLOCKLESS
    ]
    if left.get(DELETED) is not None and gone is None and edits:
        kept = meeting.theirs({name for line in edits for name in line.columns})
        said = left.pop(DELETED)
        outcome.lost[DELETED] = said
        aside = Aside(InboxKind.DELETED, kept, {DELETED: said}, False, edits[-1])
        outcome.asides.append(aside)
    elif gone is not None and set(meeting.columns) - {DELETED}:
        by = meeting.touching((DELETED,))
        if by is None or meeting.columns.get(DELETED) is not None:
            return
        outcome.held[DELETED] = None
        left.pop(DELETED, None)
        kept = {name: said for name, said in meeting.columns.items() if name != DELETED}
        outcome.asides.append(Aside(InboxKind.DELETED, kept, {DELETED: gone}, True, by))


def _by_rule(meeting: Meeting) -> bool:
    """Return whether the operation only makes a row that a rule computes: it is no edit."""
    return meeting.operation.is_new and meeting.operation.hlc < CLOCKLESS


def _stand(rule: Merging, meeting: Meeting, left: dict[str, Any], outcome: Outcome) -> None:
    standing = rule.standing
    if standing is None or standing.column not in left:
        return
    group = rule.group_of(standing.column)
    unseen = meeting.touching(group)
    asked, held = left[standing.column], meeting.row.get(standing.column)
    if unseen is None or asked == held or standing.value not in (asked, held):
        return
    if not meeting.proven():
        return
    mine, theirs = meeting.mine(group), meeting.theirs(group)
    wins = asked == standing.value
    (outcome.held if wins else outcome.lost).update(mine)
    # What was merely planned yields without a question.
    asks = asked in standing.against or held in standing.against
    if asks and wins:
        outcome.asides.append(Aside(InboxKind.STATUS, mine, theirs, True, unseen))
    elif asks:
        outcome.asides.append(Aside(InboxKind.STATUS, theirs, mine, False, unseen))
    for name in mine:
        del left[name]


def _keep_given(rule: Merging, meeting: Meeting, left: dict[str, Any], outcome: Outcome) -> None:
    """What stands on a paper stays; a second value for the same paper is shown, and never used."""
    for name in rule.given:
        held = meeting.row.get(name)
        if name not in left or not held or left[name] == held:
            continue
        mine = {name: left.pop(name)}
        outcome.lost.update(mine)
        if mine[name]:
            by = meeting.touching((name,))
            outcome.asides.append(Aside(InboxKind.NUMBER, {name: held}, mine, False, by))


def _decide(rule: Merging, meeting: Meeting, left: dict[str, Any], outcome: Outcome) -> None:
    """A decision counts only for what its writer saw: any unseen change of its row stops it."""
    if not rule.decision or rule.decision[0] not in left or not meeting.unseen:
        return
    for name in rule.decision:
        if name in left:
            outcome.lost[name] = left.pop(name)


def _open_again(rule: Merging, meeting: Meeting, _left: Any, outcome: Outcome) -> None:
    """Words that a restatement brings into a question were not there when it was decided."""
    if not rule.decision or not meeting.whole:
        return
    brought = {name for name in outcome.held if name not in rule.decision}
    if meeting.differs(brought):
        said = meeting.operation.columns
        decided = {name: said[name] for name in rule.decision if name in said}
        outcome.held.update(decided)
        for name in decided:
            outcome.lost.pop(name, None)


def _write_fields(rule: Merging, meeting: Meeting, left: dict[str, Any], outcome: Outcome) -> None:
    """Last writer wins, each column alone or with its group; a sensitive one asks as well."""
    while left:
        group = rule.group_of(next(iter(left)))
        mine = {name: left.pop(name) for name in group if name in left}
        unseen = meeting.touching(group)
        if unseen is None:
            outcome.held.update(mine)
            continue
        wins = meeting.beats(unseen)
        # Equal values collapse and still count as written: later unseen edits meet them.
        if wins or not meeting.differs(mine):
            outcome.held.update(mine)
        else:
            outcome.lost.update(mine)
        if meeting.differs(set(rule.sensitive) & set(mine)):
            theirs = meeting.theirs(mine)
            outcome.asides.append(
                Aside(InboxKind.FIELDS, mine, theirs, True, unseen)
                if wins
                else Aside(InboxKind.FIELDS, theirs, mine, False, unseen)
            )

"""The invariants of the page, over a neutral view that every simulator can give.

``while_running`` are asked after each event, ``when_quiet`` once everybody has been online without
faults. Each yields sentences; none means that it holds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.simulation.entities import (
    CANCELED,
    CLINICAL,
    FIELDS,
    INVOICE,
    LEDGER,
    MEMBERS,
    NEW_COLUMNS,
    NOTE,
    Columns,
    Key,
    Value,
    group_of,
    members,
    signed_text,
)
from tests.simulation.history import LAST_WINS, Held, History

FUTURE_MS = 60_000


class Row(NamedTuple):
    """A row as somebody holds it."""

    case: str
    columns: Columns


class Question(NamedTuple):
    """An inbox row: two versions of one place, open until a person decided.

    ``is_late_work``: ``mine`` was written by somebody no longer on the case and went there whole.
    """

    about: Key
    group: str
    mine: Value
    theirs: Value
    is_open: bool
    is_late_work: bool = False


class Accepted(NamedTuple):
    """One line of the server's log: its operation, its final stamp and the server's time, in ms."""

    operation: object
    stamp_ms: int
    accepted_at_ms: int


@dataclass(slots=True)
class ServerView:
    """What the server holds."""

    rows: Mapping[Key, Row]
    questions: list[Question] = field(default_factory=list)
    log: list[Accepted] = field(default_factory=list)


@dataclass(slots=True)
class ClientView:
    """What a client shows and still keeps. ``scope`` is None for who sees every case."""

    name: str
    rows: Mapping[Key, Row]
    waiting: int
    parked: list[tuple[Key, Columns]]
    scope: frozenset[str] | None
    stray: list[Key]
    traces: Iterable[str] = ()
    """The cases of which it keeps anything at all."""


class Violation(NamedTuple):
    """An invariant that does not hold, and how."""

    invariant: str
    detail: str

    def __str__(self) -> str:
        return f"{self.invariant}: {self.detail}"


# --- while running ------------------------------------------------------------------------------


def no_flicker(
    expected: Mapping[tuple[Key, str], Value], shown: Callable[[Key], Columns | None]
) -> Iterator[str]:
    """Own edits never flicker: what a person saved is shown until its own echo was pulled."""
    for (key, column), value in expected.items():
        columns = shown(key)
        if columns is None or columns.get(column) != value:
            now = None if columns is None else columns.get(column)
            yield f"{key} {column} was saved as {value}, is shown as {now}"


def whole_change_sets(ledger: Mapping[Key, Columns]) -> Iterator[str]:
    """Both halves of a transfer are shown, or neither."""
    halves = Counter(columns["pair"] for columns in ledger.values() if columns.get("pair"))
    for pair, count in halves.items():
        if count != 2:
            yield f"transfer {pair} is shown with {count} of its two halves"


def nothing_foreign(cases: Iterable[str], allowed: frozenset[str] | None) -> Iterator[str]:
    """No byte of another practice or unassigned case in any answer."""
    if allowed is not None:
        for case in cases:
            if case and case not in allowed:
                yield f"an answer held case {case}"


def no_future_stamps(accepted: Iterable[Accepted]) -> Iterator[str]:
    """No stamp more than 60 s ahead of the server's clock."""
    for each in accepted:
        if each.stamp_ms > each.accepted_at_ms + FUTURE_MS:
            ahead = (each.stamp_ms - each.accepted_at_ms) // 1000
            yield f"a stamp lies {ahead} s ahead"


def signatures_stand(known: dict[Key, Columns], rows: Mapping[Key, Columns]) -> Iterator[str]:
    """Signed hashes and document numbers never change once given; ``known`` is brought up."""
    for key, columns in rows.items():
        for column in ("signed", "number"):
            value = columns.get(column)
            before = known.get(key, {}).get(column)
            if before is not None and value != before:
                yield f"{key} {column} was {before} and became {value}"
            elif value is not None:
                known.setdefault(key, {})[column] = value


def truly_synced(client: Mapping[Key, Row], server: Mapping[Key, Row]) -> Iterator[str]:
    """“Synced” only if true: then both hold the same, and the cursor passed nothing unapplied."""
    if client == server:
        return
    for key in sorted({*client, *server}):
        mine, theirs = client.get(key), server.get(key)
        if mine != theirs:
            yield f"{key} is {mine} here and {theirs} on the server"


# --- when quiet ---------------------------------------------------------------------------------


@dataclass(slots=True)
class Quiet:
    """Everything, after everybody has been online without faults."""

    history: History
    server: ServerView
    clients: list[ClientView]

    def kept_by_anybody(self) -> Held:
        """Return what is live on the server, put aside by a person, or parked on a client."""
        held = held_by_server(self.server) | self.history.decided
        for client in self.clients:
            held |= held_in(client.parked)
        return held

    def set_aside(self) -> Held:
        """Return what never met its row: late work in the inbox, and what was parked.

        So with what had lost to it: the row that it met went with a restored server, and what beat
        it there came back as late work alone. A person finds both in the inbox.
        """
        held: Held = set()
        for each in self.server.questions:
            if each.is_late_work:
                held |= held_in([(each.about, {members(each.group)[0]: each.mine})])
        for client in self.clients:
            held |= held_in(client.parked)
        return held | held_in(
            (each.about, {members(each.group)[0]: each.mine})
            for each in self.server.questions
            if (each.about, each.group, each.theirs) in held
        )


def held_by_server(server: ServerView) -> Held:
    """Return every value in the server's rows and in its open questions."""
    held = held_in((key, row.columns) for key, row in server.rows.items())
    for each in server.questions:
        if each.is_open:
            for value in (each.mine, each.theirs):
                held |= held_in([(each.about, {members(each.group)[0]: value})])
    return held


def note_purge(history: History, server: ServerView, case: str) -> None:
    """A case is about to be purged: nothing of it may be kept anywhere but the numbers it gave."""
    history.purged.add(case)
    going = {key: row.columns for key, row in server.rows.items() if row.case == case}
    for key, columns in going.items():
        if number := columns.get("number"):
            history.purged_numbers.add((str(number), key))
    for each in server.questions:
        if each.group == "number" and not each.is_open and each.about in going:
            history.decided_numbers.add(each.mine)


def held_in(rows: Iterable[tuple[Key, Columns]]) -> Held:
    """Return the values of some rows; a signature also holds the text that it covers."""
    held: Held = set()
    for key, columns in rows:
        for column, value in columns.items():
            if value is None:
                continue
            held.add((key, group_of(column), value))
            if key[0] == NOTE and column in {"signed", "text"} and "|" in str(value):
                held.add((key, "text", signed_text(value)))
                held.add((key, "signed", value))
    return held


def convergence(quiet: Quiet) -> Iterator[str]:
    """Everybody shows what the server holds of their cases."""
    for client in quiet.clients:
        scope = client.scope
        expected = {
            key: row
            for key, row in quiet.server.rows.items()
            if scope is None or not row.case or row.case in scope
        }
        for sentence in truly_synced(client.rows, expected):
            yield f"{client.name}: {sentence}"
        for key in client.stray:
            yield f"{client.name}: a change of {key} came without its row"


def empty_queues(quiet: Quiet) -> Iterator[str]:
    """Within 60 fault-free seconds the queue is empty or in the inbox."""
    for client in quiet.clients:
        if client.waiting:
            yield f"{client.name} still waits with {client.waiting}"


def nothing_typed_lost(quiet: Quiet) -> Iterator[str]:
    """No saved note text, signature, risk flag or ledger entry ever disappears.

    Of two signatures under the same words one is enough: nobody is asked to choose.
    """
    held = quiet.kept_by_anybody()
    signed = {(key, signed_text(said)) for key, group, said in held if group == "signed"}
    for place, known in quiet.history.kept():
        if place[1] in {"text", "signed", "risk", "amount"}:
            for value in sorted(known.keys() - quiet.history.alive(place, held), key=str):
                if place[1] != "signed" or (place[0], signed_text(value)) not in signed:
                    yield f"{place[0]} {place[1]} {value} is nowhere"


def seen_values_are_beaten(quiet: Quiet) -> Iterator[str]:
    """An edit after seeing a value beats that value: what somebody replaced never comes back."""
    aside, held = quiet.set_aside(), quiet.kept_by_anybody()
    for (key, group), known in quiet.history.kept():
        row = quiet.server.rows.get(key)
        if group not in FIELDS or row is None:
            continue
        now = row.columns.get(members(group)[0])
        passed = quiet.history.alive((key, group), aside)
        if passed and group in LAST_WINS:
            # What one of them had beaten, before a restored server knew it as late work alone.
            passed |= known.keys() - quiet.history.alive((key, group), held)
        for each in known.values():
            if now is not None and now in each.seen and each.value not in passed:
                yield f"{key} {group} is {now} again, though {each.value} replaced it"


def groups_move_as_one(quiet: Quiet) -> Iterator[str]:
    """The columns of a group are always of one save (a scenario gives them one value)."""
    for key, row in quiet.server.rows.items():
        for columns in MEMBERS.values():
            values = {row.columns.get(column) for column in columns}
            if len(values) > 1:
                yield f"{key} mixes {sorted(map(str, values))}"


def ledger_counts_once(quiet: Quiet) -> Iterator[str]:
    """The ledger counts every entry once, and no operation is accepted twice."""
    for key in quiet.server.rows:
        if key[0] == LEDGER and (key, "amount") not in quiet.history.places:
            yield f"{key} is an entry that nobody made"
    yield from whole_change_sets(
        {key: row.columns for key, row in quiet.server.rows.items() if key[0] == LEDGER}
    )
    times = Counter(each.operation for each in quiet.server.log if each.operation)
    for operation, count in times.items():
        if count > 1:
            yield f"operation {operation} was accepted {count} times"


def numbers_are_unique(quiet: Quiet) -> Iterator[str]:
    """Document numbers are unique.

    Only where a whole machine was rolled back together with its mark can nobody prevent a second
    one; then a person is told. Not where every paper with it was purged: of none may a word come
    back, and none is left to be set right.
    """
    history = quiet.history
    told = {each.mine for each in quiet.server.questions if each.group == "number"}
    told |= history.decided_numbers
    if not history.machine_rolled_back:
        told = set()
    for number, papers in history.numbers.items():
        is_left = any((number, each) not in history.purged_numbers for each in papers)
        must_be_told = is_left or not history.machine_rolled_back
        if len(set(papers)) > 1 and must_be_told and number not in told:
            yield f"{number} stands on {len(set(papers))} papers"
    carried = Counter(
        row.columns.get("number") for key, row in quiet.server.rows.items() if key[0] == INVOICE
    )
    for given, count in carried.items():
        if given is not None and count > 1 and given not in told:
            yield f"{given} stands on {count} papers of the server"


def held_sessions_stay(quiet: Quiet) -> Iterator[str]:
    """COMPLETED with a charge beats CANCELED, unless somebody who saw it canceled."""
    aside = quiet.set_aside()
    for (key, group), known in quiet.history.kept():
        row = quiet.server.rows.get(key)
        if group != "status" or row is None:
            continue
        if str(row.columns.get("status")).startswith(CANCELED):
            settled = set().union(*(each.seen for each in known.values()))
            settled.update(value for value in known if (key, group, value) in aside)
            for value in known:
                if str(value).startswith("COMPLETED") and value not in settled:
                    yield f"{key} is canceled over {value}"


def edits_beat_deletes(quiet: Quiet) -> Iterator[str]:
    """A clinical row is deleted only by somebody who saw all that it holds."""
    for key, row in quiet.server.rows.items():
        if key[0] not in CLINICAL or not row.columns.get("deleted"):
            continue
        holds = {
            column: value
            for column, value in row.columns.items()
            if column not in NEW_COLUMNS | {"deleted", "portal_email"} and value is not None
        }
        history = quiet.history
        if not any(
            all(history.knew(key, group_of(c), each.get(c), v) for c, v in holds.items())
            for each in history.deletions[key]
        ):
            yield f"{key} is deleted with what no deleter had seen"


def purged_never_return(quiet: Quiet) -> Iterator[str]:
    """Purged ids never return, on the server or anywhere else."""
    for key, row in quiet.server.rows.items():
        if row.case in quiet.history.purged:
            yield f"{key} of purged {row.case} is on the server"
    for client in quiet.clients:
        for case in sorted(quiet.history.purged.intersection(client.traces)):
            yield f"{client.name} keeps something of purged {case}"


def lapsed_never_blocks(quiet: Quiet) -> Iterator[str]:
    """A lapsed entitlement never blocks read, export or finishing a note."""
    yield from quiet.history.refused


def new_columns_survive(quiet: Quiet) -> Iterator[str]:
    """An old client never clears a column that it does not know.

    Nor does it where all that was written there was set aside, or replaced in sight by what was.
    """
    aside, history = quiet.set_aside(), quiet.history
    for (key, group), known in history.kept():
        row = quiet.server.rows.get(key)
        if group in NEW_COLUMNS and row is not None and row.columns.get(group) not in known:
            late = [value for value in known if (key, group, value) in aside]
            if all(any(history.knew(key, group, each, value) for each in late) for value in known):
                continue
            yield f"{key} {group} was cleared"


WHEN_QUIET: tuple[Callable[[Quiet], Iterator[str]], ...] = (
    convergence, empty_queues, nothing_typed_lost, seen_values_are_beaten, groups_move_as_one,
    ledger_counts_once, numbers_are_unique, held_sessions_stay, edits_beat_deletes,
    purged_never_return, lapsed_never_blocks, new_columns_survive,
)  # fmt: skip


def when_quiet(quiet: Quiet) -> Iterator[Violation]:
    """Ask everything that must hold once all is quiet."""
    for ask in WHEN_QUIET:
        for sentence in ask(quiet):
            yield Violation(ask.__name__, sentence)

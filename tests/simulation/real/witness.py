"""The witness of the real engine: looks at files and server, and asks the invariants."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.core.kernel.syncing import SyncState
from app.sync import wire
from app.sync.forms import form_of
from app.sync.outbox import OpState
from app.sync.protocol.messages import Push
from app.sync.protocol.terms import Refusal, Verb, Verdict
from hosted.sync.callers import Caller
from tests.simulation.entities import Columns, Key
from tests.simulation.history import Held, History
from tests.simulation.invariants import (
    Accepted,
    ClientView,
    Quiet,
    Row,
    ServerView,
    Violation,
    held_by_server,
    held_in,
    no_flicker,
    no_future_stamps,
    nothing_foreign,
    signatures_stand,
    truly_synced,
    whole_change_sets,
)
from tests.simulation.real.computer import Computer
from tests.simulation.real.programs import NEWEST, known
from tests.simulation.real.reading import (
    KINDS,
    LEDGER_TABLES,
    NOBODYS,
    Cases,
    Raw,
    Reading,
    key_of,
    neutral,
    questions_of,
    row_of,
    rows_of,
)
from tests.simulation.real.template import Bench

#: Every word that a scenario writes names its case, so that an answer can be searched for it.
MARK = re.compile(rb"@(c[1-9]\d*)\.")
_SIGNED = ("note", "invoice")
_TAKEN = frozenset({Verdict.APPLIED, Verdict.MERGED, Verdict.CONFLICT})


class Broken(Exception):
    """An invariant does not hold any more."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation


@dataclass(slots=True)
class Late:
    """A push that its sender has given up, still on its way."""

    caller: Caller
    body: bytes
    push: Push


class Witness:
    """Everything there is, what people did, and what must hold of it."""

    def __init__(self, bench: Bench, *, tracing: bool) -> None:
        self.bench = bench
        self.time = bench.time
        self.server = bench.server
        self.hosted = Reading(self.server.rows, lambda: self.server.stamp)
        self.tracing = tracing
        self.trace: list[str] = []
        self.history = History()
        self.computers: list[Computer] = []
        self.late: list[Late] = []
        self.aliases: dict[str, str] = {}
        """What a case is called in words and traces, by its id in hex."""
        self.pairs: dict[Key, str] = {}
        """Ledger entries of one change set."""
        self.signed: dict[Key, Columns] = {}
        self.taken: set[str] = set()
        """Every operation that the server says it took."""
        self.checked = 0

    def tell(self, sentence: str) -> None:
        """Add to the trace."""
        if self.tracing:
            self.trace.append(self._readable(sentence))

    def _readable(self, sentence: str) -> str:
        for pk, alias in self.aliases.items():
            sentence = sentence.replace(pk, alias)
        return sentence

    def demand(self, invariant: str, sentences: Iterator[str]) -> None:
        """Stop at the first sentence of an invariant."""
        for sentence in sentences:
            raise Broken(Violation(invariant, self._readable(sentence)))

    # --- while running ----------------------------------------------------------------------------

    def look(self, computer: Computer) -> None:
        """Ask what must hold on a computer at any moment, if anything was written there since."""
        if computer.looked == (stamp := computer.slot.stamp):
            return
        self._settle(computer)
        for expected in computer.expected.values():
            form = form_of(expected.entity)
            assert form is not None
            shown = row_of(computer.query, expected.entity, expected.pk)
            if shown is None:
                continue
            key = key_of(expected.entity, expected.pk.hex())
            places = {
                (key, name): said
                for name, said in expected.columns.items()
                if known(expected.entity, name, computer.version)
            }
            self.demand("no_flicker", no_flicker(places, {key: shown}.get))
        self.demand("whole_change_sets", whole_change_sets(self._halves(computer)))
        computer.looked = stamp

    def _settle(self, computer: Computer) -> None:
        """Let go of what has come back, was set aside, or was purged."""
        if not computer.expected:
            return
        held = dict(computer.query("SELECT op_id, state FROM outbox"))
        cursor = computer.query("SELECT cursor_seq FROM sync_link")[0][0]
        for operation in list(computer.expected):
            if held.get(operation) == OpState.PARKED:
                del computer.expected[operation]
            elif operation not in held:
                found = self.server.rows("SELECT seq FROM log WHERE operation = ?", operation)
                if not found or found[0][0] <= cursor:
                    del computer.expected[operation]

    def _halves(self, computer: Computer) -> dict[Key, Columns]:
        halves: dict[Key, Columns] = {}
        for table in LEDGER_TABLES if self.pairs else ():
            for (pk,) in computer.query(f"SELECT id FROM {table}"):
                key = key_of(table, pk.hex())
                if key in self.pairs:
                    halves[key] = {"pair": self.pairs[key]}
        return halves

    def check_taken(self, answers: Sequence[Sequence[Any]]) -> None:
        """The server takes an operation once; from then on it is a duplicate."""
        for operation, verdict, *_ in answers:
            if verdict in _TAKEN:
                if operation in self.taken:
                    raise Broken(Violation("ledger_counts_once", f"{operation} was taken twice"))
                self.taken.add(operation)

    def note_kept_out(self, body: bytes, answers: Sequence[Sequence[Any]]) -> None:
        """What the server keeps out for a purge it has read: it knows the numbers."""
        kept_out = {answer[0] for answer in answers if answer[3] == Refusal.PURGED}
        for each in Push.read(wire.read(body)).operations if kept_out else ():
            if each.id.hex in kept_out:
                columns = neutral(each.entity, each.columns)
                self.history.keep_out(key_of(each.entity, each.pk.hex), columns)

    def check_log(self) -> None:
        """Ask what must hold of every line of the log."""
        lines = self.server.rows(
            "SELECT operation, hlc, at, entity, seq FROM log WHERE seq > ? ORDER BY seq",
            self.checked,
        )
        if not lines:
            return
        self.checked = lines[-1][4]
        accepted = [Accepted(op, hlc >> 16, at) for op, hlc, at, _, _ in lines]
        self.demand("no_future_stamps", no_future_stamps(accepted))
        if any(entity in _SIGNED for _, _, _, entity, _ in lines):
            rows = rows_of(self.server.rows, _SIGNED)
            self.demand("signatures_stand", signatures_stand(self.signed, _neutral(rows)))

    def check_answer(self, caller: Caller, verb: Verb, body: bytes) -> None:
        """Look for a word of a case that is not the caller's."""
        allowed = self.scope_of(caller.member_id)
        if allowed is None or verb is Verb.PUSH:
            return
        names = {self.aliases[case] for case in allowed if case in self.aliases}
        said = sorted({found.decode() for found in MARK.findall(body)})
        self.demand("nothing_foreign", nothing_foreign(said, frozenset(names)))

    def scope_of(self, member: UUID) -> frozenset[str] | None:
        """Return the cases that are a member's now, as the server has them; None for all."""
        if member == self.bench.template.members[0]:
            return None
        found = self.server.rows(
            "SELECT id FROM care_case WHERE provider_id = ? OR supervisor_id = ?",
            member.bytes,
            member.bytes,
        )
        return frozenset(pk.hex() for (pk,) in found)

    def check_synced(self, computer: Computer) -> None:
        """“Synced” only if true."""
        if computer.status().state is SyncState.SYNCED:
            self.demand("truly_synced", truly_synced(*self._both(computer)))

    def _both(self, computer: Computer) -> tuple[dict[Key, Row], dict[Key, Row]]:
        """Return all that a computer holds, and all that the server holds of its cases."""
        scope, cases = self.scope_of(computer.seat.caller.member_id), self.hosted.cases()
        theirs = {
            key: Row("", _known(key[0], said, computer.version))
            for key, said in self.hosted.rows().items()
            if _is_shown(cases.of(*key), scope)
        }
        mine = {
            key: Row("", _known(key[0], said, computer.version))
            for key, said in computer.reading.rows().items()
        }
        return mine, theirs

    # --- disasters --------------------------------------------------------------------------------

    def held(self) -> Held:
        """Return every value that any living thing keeps."""
        held = held_by_server(self.server_view()) | self.history.decided
        # Also what was written over since: who had seen it, and what, stays known by the log.
        held |= held_in(
            (key_of(entity, pk.hex()), neutral(entity, json.loads(columns)))
            for entity, pk, columns in self.server.rows("SELECT entity, pk, columns FROM log")
        )
        for late in self.late:
            held |= held_in(
                (key_of(each.entity, each.pk.hex), neutral(each.entity, each.columns))
                for each in late.push.operations
            )
        for computer in self.computers:
            rows = rows_of(computer.query, (*KINDS, "inbox_item"))
            held |= held_in(_neutral(rows).items())
            held |= held_in(self._outbox(computer))
            held |= held_by_server(ServerView({}, questions_of(rows)))
        return held

    def _outbox(self, computer: Computer, state: str = "") -> list[tuple[Key, Columns]]:
        found = computer.query("SELECT entity, pk, columns, state FROM outbox")
        return [
            (key_of(entity, pk.hex()), neutral(entity, json.loads(columns)))
            for entity, pk, columns, now in found
            if state in ("", now)
        ]

    def forget_lost(self, before: Held) -> None:
        """After a disaster: what only the destroyed thing held is no longer asked for."""
        self.history.lose(before, self.held())

    # --- views ------------------------------------------------------------------------------------

    def server_view(self) -> ServerView:
        """Return the neutral view of the server."""
        rows = self.hosted.rows()
        return ServerView(self._view(rows, self.hosted.cases()), questions_of(rows), self._log())

    def _log(self) -> list[Accepted]:
        found = self.server.rows("SELECT operation, hlc, at FROM log ORDER BY seq")
        return [Accepted(operation, hlc >> 16, at) for operation, hlc, at in found]

    def _view(self, rows: Raw, cases: Cases) -> dict[Key, Row]:
        view: dict[Key, Row] = {}
        for (table, pk), said in rows.items():
            if table in KINDS:
                key = key_of(table, pk)
                columns = neutral(table, said)
                if key in self.pairs:
                    columns["pair"] = self.pairs[key]
                view[key] = Row(cases.of(table, pk), columns)
        return view

    def quiet_view(self) -> Quiet:
        """Return the neutral view of everything."""
        clients = [self._client_view(each) for each in self.computers]
        return Quiet(self.history, self.server_view(), clients)

    def _client_view(self, computer: Computer) -> ClientView:
        rows, cases = dict(computer.reading.rows()), computer.reading.cases()
        stray: list[Any] = computer.query(
            "SELECT entity, pk FROM deferred WHERE reason IN ('row', 'parent')"
        )
        for entity, pk, entry in computer.query(
            "SELECT entity, pk, entry FROM deferred WHERE reason = 'column' ORDER BY seq"
        ):
            # What an older program carries without knowing it.
            if (key := (entity, pk.hex())) in rows:
                rows[key] = {**rows[key], **json.loads(entry)}
        view = self._view(rows, cases)
        return ClientView(
            computer.name,
            view,
            computer.waiting,
            self._outbox(computer, OpState.PARKED),
            self.scope_of(computer.seat.caller.member_id),
            [key_of(entity, pk.hex()) for entity, pk in stray],
            {row.case for row in view.values()},
        )

    def convergence_in_full(self) -> None:
        """Everybody holds what the server holds of their cases, in every column of every table."""
        for computer in self.computers:
            for sentence in truly_synced(*self._both(computer)):
                raise Broken(
                    Violation("convergence", self._readable(f"{computer.name}: {sentence}"))
                )


def _neutral(rows: Raw) -> dict[Key, Columns]:
    return {
        key_of(table, pk): neutral(table, said)
        for (table, pk), said in rows.items()
        if table in KINDS
    }


def _known(table: str, said: dict[str, Any], version: int) -> Columns:
    if version >= NEWEST:
        return said
    return {name: value for name, value in said.items() if known(table, name, version)}


def _is_shown(case: str, scope: frozenset[str] | None) -> bool:
    return scope is None or not case or (case != NOBODYS and case in scope)

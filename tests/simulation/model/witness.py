"""The witness of the model: looks at every computer and at the server, and asks the invariants."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from tests.simulation.entities import (
    INBOX,
    INVOICE,
    LEDGER,
    NOTE,
    OPEN,
    Columns,
    Key,
    Value,
)
from tests.simulation.history import Held, History
from tests.simulation.invariants import (
    Accepted,
    ClientView,
    Question,
    Quiet,
    Row,
    ServerView,
    Violation,
    held_by_server,
    held_in,
    no_flicker,
    no_future_stamps,
    signatures_stand,
    truly_synced,
    whole_change_sets,
)
from tests.simulation.model.client import Client
from tests.simulation.model.file import File
from tests.simulation.model.messages import Answer, Hello, Operation, Page
from tests.simulation.model.server import Server

MEMBER = 1
"""The one member whose cases are assigned; member 0 owns the practice and sees all."""


class Broken(Exception):
    """An invariant does not hold any more."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation


@dataclass(slots=True)
class Computer:
    """A client, what is on its way to or from it, and what its person expects to see."""

    client: Client
    expected: dict[int, dict[tuple[Key, str], Value]] = field(default_factory=dict)
    answers: list[Answer] | str | None = None
    page: Page | None = None
    backup: File | None = None

    @property
    def name(self) -> str:
        """What it is called in a trace."""
        return self.client.name


@dataclass(slots=True)
class Late:
    """A push that its sender has given up, still on its way."""

    request: int
    hello: Hello
    sets: list[list[Operation]]


class Witness:
    """Everything there is, what people did, and what must hold of it."""

    def __init__(self, bug: str, tracing: bool, assigned: frozenset[str]) -> None:
        self.bug = bug
        self.tracing = tracing
        self.trace: list[str] = []
        self.history = History()
        self.server = Server(bug)
        self.late: list[Late] = []
        self.computers: list[Computer] = []
        self.assigned = assigned
        self.signed: dict[Key, Columns] = {}

    def tell(self, sentence: str) -> None:
        """Add to the trace."""
        if self.tracing:
            self.trace.append(sentence)

    def demand(self, invariant: str, sentences: Iterator[str]) -> None:
        """Stop at the first sentence of an invariant."""
        for sentence in sentences:
            raise Broken(Violation(invariant, sentence))

    def is_current(self, computer: Computer) -> bool:
        """Whether a computer has pulled all there is."""
        file, stored = computer.client.file, self.server.stored
        same = file.cases == stored.cases[file.member]
        return same and file.cursor is not None and file.cursor >= len(stored.log)

    # --- looking --------------------------------------------------------------------------------

    def look(self, computer: Computer) -> None:
        """Ask what must hold on a computer at any moment."""
        client = computer.client
        for operation in client.settled:
            computer.expected.pop(operation, None)
        client.settled.clear()
        for operation, places in computer.expected.items():
            if operation in client.file.outbox or self.bug == "overlay_dropped_on_ack":
                seen = {
                    place: value for place, value in places.items() if place[0] in client.file.rows
                }
                self.demand("no_flicker", no_flicker(seen, client.shown))
        entries = {key: row.columns for key, row in client.file.rows.items() if key[0] == LEDGER}
        self.demand("whole_change_sets", whole_change_sets(entries))

    def check_log(self, start: int) -> None:
        accepted = [
            Accepted(entry.operation, entry.hlc >> 16, entry.accepted_at)
            for entry in self.server.stored.log[start:]
            if entry.key is not None and entry.accepted_at
        ]
        self.demand("no_future_stamps", no_future_stamps(accepted))
        rows = {
            key: row.columns
            for key, row in self.server.stored.rows.items()
            if key[0] in {NOTE, INVOICE}
        }
        self.demand("signatures_stand", signatures_stand(self.signed, rows))

    def check_synced(self, computer: Computer, page: Page) -> None:
        """What the digest compares when the status would say *Synced*."""
        file = computer.client.file
        if file.outbox or file.cursor != page.head or not self.is_current(computer):
            return
        if file.epoch != self.server.stored.epoch and self.bug != "epoch_is_ignored":
            return
        held = {key: Row(row.case, row.columns) for key, row in file.rows.items()}
        server = {
            key: Row(row.case, row.columns) for key, row in self.server.visible(file.member).items()
        }
        self.demand("truly_synced", truly_synced(held, server))

    def held(self) -> Held:
        """Return every value that any living thing keeps."""
        held = held_by_server(self.server_view()) | self.history.decided
        # Also what was written over since: who had seen it, and what, stays known by the log.
        held |= held_in((each.key, each.columns) for each in self.server.stored.log if each.key)
        for push in self.late:
            held |= held_in((each.key, each.columns) for sent in push.sets for each in sent)
        for computer in self.computers:
            file = computer.client.file
            held |= held_in((key, row.columns) for key, row in file.rows.items())
            held |= held_in((each.key, each.columns) for each in file.outbox.values())
            held |= held_in((each.key, each.columns) for each, _ in file.parked)
            for key, row in file.rows.items():
                if key[0] == INBOX and row.columns["state"] == OPEN:
                    about = (str(row.columns["entity"]), str(row.columns["about"]))
                    group = str(row.columns["group"])
                    for side in ("mine", "theirs"):
                        held |= held_in([(about, {group: row.columns[side]})])
        return held

    def forget_lost(self, before: Held) -> None:
        """After a disaster: what only the destroyed thing held is no longer asked for."""
        self.history.lose(before, self.held())

    def restarted(self, computer: Computer, before: Held) -> None:
        """A computer's file went back: nobody expects to see what only it held."""
        computer.expected.clear()
        self.forget_lost(before)

    def note_kept_out(self, push: Late, answers: list[Answer] | str) -> None:
        """What the server keeps out for a purge it has read: it knows the numbers."""
        for answer in () if isinstance(answers, str) else answers:
            if answer.code == "purged":
                for each in chain.from_iterable(push.sets):
                    if each.id == answer.operation:
                        self.history.keep_out(each.key, each.columns)

    # --- views ------------------------------------------------------------------------------------

    def server_view(self) -> ServerView:
        """Return the neutral view of the server."""
        rows, questions = {}, []
        for key, row in self.server.stored.rows.items():
            rows[key] = Row(row.case, row.columns)
            columns = row.columns
            if key[0] == INBOX:
                about = (str(columns["entity"]), str(columns["about"]))
                questions.append(
                    Question(
                        about, str(columns["group"]), columns["mine"], columns["theirs"],
                        columns["state"] == OPEN, columns["reason"] == "late work",
                    )
                )  # fmt: skip
        log = [
            Accepted(entry.operation, entry.hlc >> 16, entry.accepted_at)
            for entry in self.server.stored.log
        ]
        return ServerView(rows, questions, log)

    def quiet_view(self) -> Quiet:
        """Return the neutral view of everything."""
        return Quiet(
            self.history, self.server_view(), [self._client_view(each) for each in self.computers]
        )

    def _client_view(self, computer: Computer) -> ClientView:
        file = computer.client.file
        scope = None if file.member != MEMBER else self.assigned
        rows = {key: Row(row.case, row.columns) for key, row in file.rows.items()}
        traces = {row.case for row in file.rows.values()}
        traces.update(each.case for each in file.outbox.values())
        traces.update(each.case for each, _ in file.parked)
        parked = [(each.key, each.columns) for each, _ in file.parked]
        return ClientView(
            computer.name, rows, len(file.outbox), parked, scope, computer.client.strays, traces
        )

"""The model's world: computers, server and network between them, one step at a time."""

from __future__ import annotations

from tests.simulation.entities import (
    APPOINTMENT,
    CONTACT,
    INVOICE,
    NOTE,
    PERSON,
    Columns,
    Key,
    Value,
    group_of,
    members,
)
from tests.simulation.invariants import (
    held_in,
    nothing_foreign,
    when_quiet,
)
from tests.simulation.model.client import Client
from tests.simulation.model.file import File
from tests.simulation.model.messages import Answer, Page
from tests.simulation.model.server import RENEW
from tests.simulation.model.storage import Stored
from tests.simulation.model.witness import MEMBER, Broken, Computer, Late, Witness
from tests.simulation.model.writing import Change
from tests.simulation.scenario import Scenario

CASES = ("c1", "c2")
ROUNDS = 10
TRIES = 60


class World(Witness):
    """Runs one scenario; raises ``Broken`` at the first invariant that does not hold."""

    def __init__(self, scenario: Scenario, bug: str = "", *, tracing: bool = False) -> None:
        super().__init__(bug, tracing, frozenset(CASES))
        self.now = 1_000_000_000
        self.backups: list[tuple[Stored, frozenset[str]]] = []
        self.keys: dict[str, list[tuple[Key, str]]] = {}
        self._minted = 0
        self._checked = 0
        self.server.stored.cases = {0: None, MEMBER: self.assigned}
        self._found()
        self.computers = [
            self._computer(number, File(f"{'ABCDEFGH'[number]}0", member.number, member.version))
            for number, member in enumerate(scenario.members)
        ]
        for computer in self.computers:
            self.exchange(computer)

    def mint(self) -> int:
        """Return an id that was never given before."""
        self._minted += 1
        return self._minted

    def word(self, stem: str) -> str:
        """Return a value that nobody else writes."""
        return f"{stem}{self.mint()}"

    # --- the practice before anything happens ---------------------------------------------------

    def _found(self) -> None:
        for case in CASES:
            self._seed((PERSON, f"p{case}"), case, {"name": "?", "phone": "?", "risk": "?",
                       "street": "?", "city": "?", "deleted": None})  # fmt: skip
            self._seed((NOTE, f"n{case}"), case, {"text": "?", "signed": None, "deleted": None})
            self._seed((APPOINTMENT, f"a{case}"), case, {"start": "?", "zone": "?",
                       "status": "SCHEDULED", "deleted": None})  # fmt: skip
            self._seed((INVOICE, f"i{case}"), case, {"title": "?", "number": None,
                       "deleted": None})  # fmt: skip
        self._seed((CONTACT, "k"), "", {"label": "?", "phone": "?", "deleted": None})

    def _seed(self, key: Key, case: str, columns: Columns) -> None:
        self.server.write(key, case, columns, self.now << 16, self.now, change_set=self.mint())
        self.knows(key, case)

    def knows(self, key: Key, case: str) -> None:
        """Add a row to those that steps pick from."""
        self.keys.setdefault(key[0], []).append((key, case))

    def _computer(self, number: int, file: File) -> Computer:
        return Computer(Client("ABCDEFGH"[number], file, self.mint, self.bug))

    # --- saving ---------------------------------------------------------------------------------

    def save(
        self, computer: Computer, changes: list[Change], seen: list[Columns] | None = None
    ) -> int:
        """Store a change set and note what its writer had seen; ``seen`` for an earlier look."""
        client = computer.client
        shown = seen or [client.shown(change.key) or {} for change in changes]
        before = client.file.lsn
        change_set = client.save(changes, self.now)
        self._note(computer, changes, shown)
        self._expect(computer, before)
        return change_set

    def _note(self, computer: Computer, changes: list[Change], shown: list[Columns]) -> None:
        for change, columns in zip(changes, shown, strict=True):
            for column, value in change.columns.items():
                before = columns.get(column)
                group = group_of(column)
                if column == "deleted" and value:
                    self.history.deletions[change.key].append(columns)
                elif (value is not None and not change.new) or group in {"text", "amount"}:
                    self.history.wrote(change.key, group, change.case, value, before)
            self.tell(f"{computer.name} saves {change.key} {change.columns}")

    def _expect(self, computer: Computer, before: int) -> None:
        for operation in computer.client.file.outbox.values():
            if operation.lsn > before:
                for column, value in operation.columns.items():
                    for old in computer.expected.values():
                        old.pop((operation.key, column), None)
                    computer.expected.setdefault(operation.id, {})[operation.key, column] = value

    def type(self, computer: Computer, key: Key, case: str, text: str) -> None:
        """Type a text into the focused note and note what it replaces."""
        client = computer.client
        lsn = client.file.lsn
        before = client.type(key, case, text, self.now)
        self.history.wrote(key, "text", case, text, before)
        self._expect(computer, lsn)
        self.tell(f"{computer.name} types {key} {before} -> {text}")

    def is_refused(self, computer: Computer, key: Key) -> bool:
        """Whether a computer will not let a note be written; that must never be."""
        refused = computer.client.refuses(key[0], new=False)
        if refused:
            self.history.refused.append(f"{computer.name} may not write {key}")
        return refused

    def put_aside(self, about: Key, group: str, *values: Value) -> None:
        """A person saw these versions side by side and decided."""
        for value in values:
            if value is not None:
                column = members(group)[0]
                self.history.decided |= held_in([(about, {column: value})])

    # --- the network ----------------------------------------------------------------------------

    def life(self, client: Client) -> str:
        """Return the name of another incarnation."""
        client.lives += 1
        return f"{client.name}{self.mint()}"

    def greet(self, computer: Computer) -> None:
        """Say hello; take in the server's time, its epoch, a renewal; lease numbers when out."""
        client = computer.client
        welcome = self.server.hello(client.hello(), self.now)
        if welcome.renew or welcome.epoch != client.file.epoch:
            self.tell(f"{computer.name} is told {welcome}")
        client.greeted(welcome, self.now, self.life(client) if welcome.renew else "")
        block = client.file.block
        if block is None or block.next > block.last:
            client.leased(*self.server.lease())

    def send(self, computer: Computer) -> Late:
        """Return the next push of a computer."""
        client = computer.client
        return Late(self.mint(), client.hello(), client.to_send())

    def reach(self, push: Late) -> list[Answer] | str:
        """A push reaches the server."""
        answers = self.server.push(push.hello, push.sets, self.now, push.request)
        self.tell(f"the server answers {answers}")
        self.note_kept_out(push, answers)
        log = self.server.stored.log
        self.check_log(self._checked)
        self._checked = len(log)
        return answers

    def reach_late(self, index: int) -> None:
        """A push that was given up reaches the server after all.

        If the server refuses it, and a disaster took the file it came from, it was the last copy.
        """
        before = self.held()
        answers = self.reach(self.late.pop(index))
        if isinstance(answers, str) or any(each.status == "rejected" for each in answers):
            self.forget_lost(before)

    def answer(self, computer: Computer, answers: list[Answer] | str) -> None:
        """The server's answers reach a computer."""
        client = computer.client
        if answers == RENEW:
            client.file.begin_life(self.life(client))
        elif not isinstance(answers, str):
            client.answered(answers)
        self.look(computer)

    def push(self, computer: Computer) -> bool:
        """Send once, without faults; return whether anything was sent."""
        push = self.send(computer)
        if push.sets:
            self.answer(computer, self.reach(push))
        return bool(push.sets)

    def ask(self, computer: Computer) -> Page | None:
        """Let the server answer a pull, and look at what it gives away."""
        client = computer.client
        file = client.file
        page = self.server.pull(client.hello(), file.cursor, file.cases, file.part)
        if page is not None and file.member == MEMBER:
            cases = [entry.case for entry in page.entries if entry.key is not None]
            cases += [row.case for row in (page.rows or {}).values()]
            self.demand("nothing_foreign", nothing_foreign(cases, self.assigned))
        return page

    def take(self, computer: Computer, page: Page | None, slices: int = 1 << 30) -> bool:
        """Apply a page, or only some slices of it before a kill; return whether that was all."""
        client = computer.client
        if page is None or (page.epoch != client.file.epoch and self.bug != "epoch_is_ignored"):
            return False
        # What a page takes out of sight that was on its way while the server went back is a part
        # of that disaster: a moment earlier it would have gone before it.
        ended = page.epoch != self.server.stored.epoch
        before = self.held() if ended and client.hides(page) else None
        client.begin_page(page)
        whole = True
        for number, entries in enumerate(client.slices(page)):
            if number == slices or client.must_send_first(entries):
                whole = False
                break
            client.apply(entries)
            if client.must_renew and self.bug != "same_identity_after_restore":
                client.file.begin_life(self.life(client))
            client.must_renew = False
            self.look(computer)
        if before is not None:
            self.forget_lost(before)
        if whole:
            client.end_page(page)
            self.look(computer)
            self.check_synced(computer, page)
        return whole

    def pull(self, computer: Computer) -> None:
        """Pull one page without faults."""
        self.take(computer, self.ask(computer))

    def exchange(self, computer: Computer) -> None:
        """A whole exchange without faults."""
        self.land(computer)
        for _ in range(TRIES):
            self.greet(computer)
            if not self.push(computer):
                break
        for _ in range(TRIES):
            if self.is_current(computer):
                break
            self.pull(computer)

    def land(self, computer: Computer) -> None:
        """Let what is on its way to a computer arrive."""
        answers, page = computer.answers, computer.page
        computer.answers = computer.page = None
        if answers is not None:
            self.answer(computer, answers)
        if page is not None:
            self.take(computer, page)
            self.history.find_again(self.held())

    # --- disasters ------------------------------------------------------------------------------

    def clone(self, computer: Computer) -> None:
        """Another computer opens a copy of a file."""
        twin = self._computer(len(self.computers), computer.client.file.copy())
        if self.bug != "same_identity_after_restore":
            twin.client.file.begin_life(self.life(twin.client))
        self.computers.append(twin)

    def restore_server(self, backup: Stored, assigned: frozenset[str]) -> None:
        """The server goes back to a backup of its own."""
        before = self.held()
        self.server.restore(backup, self.now)
        self.assigned = assigned
        self.signed.clear()
        self._checked = 0
        self.forget_lost(before)
        self.tell(f"the server is restored: {self.server.register.epochs}")

    # --- the end --------------------------------------------------------------------------------

    def quiet(self) -> None:
        """Let everybody be online without faults, then ask everything."""
        while self.late:
            self.reach_late(0)
        for computer in self.computers:
            computer.client.editor = None
        for _ in range(ROUNDS):
            before = self.server.stored.epoch, len(self.server.stored.log)
            for computer in self.computers:
                self.exchange(computer)
            waiting = any(computer.client.file.outbox for computer in self.computers)
            current = all(self.is_current(computer) for computer in self.computers)
            after = self.server.stored.epoch, len(self.server.stored.log)
            if before == after and current and not waiting:
                break
        for violation in when_quiet(self.quiet_view()):
            raise Broken(violation)

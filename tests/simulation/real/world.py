"""The world of the real engine: computers, server and network between them, one step at a time."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.core.kernel.errors import UserError
from app.sync import wire
from app.sync.engine import RESTING, Did
from app.sync.protocol.terms import Verb
from app.sync.transport import Trouble, Unreachable
from hosted.sync import epochs, purging
from hosted.sync.register import Register
from tests.simulation.entities import Columns, Key, group_of
from tests.simulation.invariants import Violation, held_in, note_purge, when_quiet
from tests.simulation.real.bugs import Bug
from tests.simulation.real.computer import Computer, Expected, Killed
from tests.simulation.real.reading import (
    KINDS,
    LEDGER_TABLES,
    case_above,
    key_of,
    neutral,
    row_of,
)
from tests.simulation.real.template import PRACTICE, Bench, read_answer
from tests.simulation.real.witness import Broken, Late, Witness
from tests.simulation.scenario import Scenario, Step

ROUNDS = 8
#: An exchange that needs more goes on for ever.
MOST_STEPS = 2_000
_LOOKED_AFTER = frozenset({Did.APPLIED, Did.SENT, Did.GREETED, Did.RESTATED, Did.COMPARED})


class Plan:
    """What the network does to the next request of some kinds."""

    def __init__(self, verbs: frozenset[Verb], how: str, steps: int = 0) -> None:
        self.verbs = verbs
        self.how = how
        self.steps = steps


class World(Witness):
    """Runs one scenario; raises ``Broken`` at the first invariant that does not hold."""

    def __init__(self, scenario: Scenario, bench: Bench, bug: Bug, *, tracing: bool) -> None:
        super().__init__(bench, tracing=tracing)
        template = bench.template
        self.bug = bug
        self.time.ms = template.ms + 3_600_000
        self.server.policy, self.server.register = bug.policy, Register()
        self.server.put(template.server)
        self.checked = self._head()
        self.waiting_steps: deque[Step] = deque(scenario.steps)
        self.plans: dict[str, Plan] = {}
        self.rows = (2_000, 2_000, 7, 2)[scenario.seed % 4]
        """How many lines of the log fit in a page."""
        self.compares = scenario.seed % 10 == 0
        self.backups: list[bytes] = []
        self.purges: list[list[tuple[str, UUID]]] = []
        self.known: dict[str, list[tuple[str, str]]] = {}
        """Tables to rows (id and case in hex), in the order in which they were made."""
        self.act: Callable[[Step], None] = lambda _step: None
        self._minted = 0
        self._depth = 0
        for alias, case in template.cases.items():
            self.aliases[case.hex] = alias
        self._seat(scenario)
        self._know_the_template()

    def _seat(self, scenario: Scenario) -> None:
        taken = {0: 0, 1: 0}
        for number, member in enumerate(scenario.members):
            begun = self.bench.template.computers[member.number][taken[member.number]]
            taken[member.number] += 1
            slot = self.bench.slots[number]
            slot.put(begun.image)
            computer = Computer(
                "ABCDE"[number], slot, begun.seat, self.time, self._carry, self.bug.kinds
            )
            # Old programs are not run yet: their file would need tables without the new columns.
            computer.mark = begun.mark
            computer.open()
            self.computers.append(computer)

    def _know_the_template(self) -> None:
        for table, rows in self.bench.template.known.items():
            self.known[table] = list(rows)

    def mint(self) -> int:
        """Return a number that was never given before."""
        self._minted += 1
        return self._minted

    def word(self, stem: str, case: str) -> str:
        """Return a value that nobody else writes, and that names its case."""
        return f"{stem}{self.mint()}@{self.aliases.get(case, 'c0')}."

    def _head(self) -> int:
        return int(self.server.rows("SELECT head FROM head")[0][0])

    # --- saving -----------------------------------------------------------------------------------

    def save(self, computer: Computer, command: Any, *args: Any, **kwargs: Any) -> Any:
        """Let a person do something, and note what it wrote and what they had seen.

        Returns what the command returned; None where the program refused it.
        """
        before = computer.last_lsn()
        try:
            done = computer.desk.do(command, *args, **kwargs).value
        except UserError as refused:
            self.tell(f"  {computer.name} may not: {refused.sentence}")
            return None
        self._note(computer, before)
        return done

    def _note(self, computer: Computer, before: int) -> None:
        found = computer.query(
            "SELECT lsn, op_id, entity, pk, columns, before, is_new, hlc FROM outbox "
            "WHERE lsn > ? ORDER BY lsn",
            before,
        )
        fresh: list[Key] = []
        for lsn, operation, table, pk, columns, was, is_new, _hlc in found:
            said, earlier = json.loads(columns), json.loads(was)
            self._expect(computer, Expected(lsn, operation, said, table, pk))
            case = self._case_of(computer, table, pk.hex(), said, is_new=bool(is_new))
            key = key_of(table, pk.hex())
            if is_new and table in LEDGER_TABLES:
                fresh.append(key)
            if table in KINDS:
                self._wrote(computer, key, table, case, said, earlier, is_new=bool(is_new))
        for key in fresh[:2] if len(fresh) > 1 else ():
            self.pairs[key] = f"pair{fresh[0][1]}"

    def _wrote(
        self,
        computer: Computer,
        key: Key,
        table: str,
        case: str,
        said: dict[str, Any],
        earlier: dict[str, Any],
        *,
        is_new: bool,
    ) -> None:
        columns = neutral(table, said)
        whole = row_of(computer.query, table, bytes.fromhex(key[1])) or {}
        shown = neutral(table, {**whole, **earlier})
        self.tell(f"  {computer.name} saves {key} {columns}")
        for column, value in columns.items():
            group = group_of(column)
            if column == "deleted":
                if value:
                    self.history.deletions[key].append(shown)
            elif column == "number" and value is not None:
                if is_new:
                    self.history.numbers[str(value)].append(key)
            elif value is not None and (not is_new or group in {"text", "amount"}):
                self.history.wrote(key, group, case, value, shown.get(column))

    def _case_of(
        self, computer: Computer, table: str, pk: str, said: dict[str, Any], *, is_new: bool
    ) -> str:
        listed = self.known.setdefault(table, [])
        for known, case in listed:
            if known == pk:
                return case
        case = case_above(self.known, table, pk, said)
        if is_new:
            listed.append((pk, case))
            if table == "care_case":
                self.aliases[pk] = f"c{len(self.aliases) + 1}"
        return case

    def _expect(self, computer: Computer, expected: Expected) -> None:
        for earlier in computer.expected.values():
            if (earlier.entity, earlier.pk) == (expected.entity, expected.pk):
                for name in expected.columns:
                    earlier.columns.pop(name, None)
        computer.expected[expected.operation] = expected

    # --- the network ------------------------------------------------------------------------------

    def _carry(self, computer: Computer, verb: Verb, message: Any) -> Any:
        """Carry a request and its answer, as well as the network does just now."""
        if verb is Verb.PULL and self.rows < message.rows:
            message = replace(message, rows=self.rows)
        body = wire.write(message.to_json())
        plan = self.plans.get(computer.name)
        if plan is None or verb not in plan.verbs:
            return read_answer(verb, self.reach(computer, verb, body))
        del self.plans[computer.name]
        self.tell(f"  {computer.name} asks {verb}: {plan.how}")
        if plan.how == "request lost":
            raise Unreachable(Trouble.TIMEOUT)
        if plan.how == "delivered late":
            self.bug.leaves_late(self.server, len(message.operations))
            self.late.append(Late(computer.seat.caller, body, message))
            raise Unreachable(Trouble.TIMEOUT)
        answer = self.reach(computer, verb, body)
        if plan.how == "sent twice":
            answer = self.reach(computer, verb, body)
        elif plan.how == "answer lost":
            raise Unreachable(Trouble.TIMEOUT)
        elif plan.how == "answer late":
            self._meanwhile(computer, plan.steps)
        return read_answer(verb, answer)

    def _meanwhile(self, computer: Computer, steps: int) -> None:
        """Let other things happen while an answer is on its way."""
        runs = computer.runs
        for _ in range(steps):
            if self.waiting_steps and computer.runs == runs:
                self.act(self.waiting_steps.popleft())
        if computer.runs != runs:
            raise Killed

    def reach(self, computer: Computer, verb: Verb, body: bytes) -> bytes:
        """A request reaches the server."""
        return self._answered(computer.seat.caller, verb, body)

    def _answered(self, caller: Any, verb: Verb, body: bytes) -> bytes:
        answer, code = self.server.exchange.answer(caller, verb, body)
        if code:
            self.tell(f"  the server refuses {caller.name} {verb}: {code}")
        if verb is Verb.PUSH:
            said = wire.read(answer).get("answers", [])
            self.tell(f"  the server answers {[each[1:] for each in said]}")
            self.check_taken(said)
            self.note_kept_out(body, said)
            self.check_log()
        self.check_answer(caller, verb, answer)
        return answer

    def reach_late(self, index: int) -> None:
        """A push that was given up reaches the server after all.

        If the server refuses it, and a disaster took the file it came from, it was the last copy.
        """
        before = self.held()
        late = self.late.pop(index)
        self.bug.comes_late(self.server)
        said = wire.read(self._answered(late.caller, Verb.PUSH, late.body))
        if "refused" in said or any(each[1] == "rejected" for each in said["answers"]):
            self.forget_lost(before)

    def step(self, computer: Computer) -> Did:
        """Let an engine do one thing, and look what it did."""
        did = computer.step()
        if did in _LOOKED_AFTER:
            self.look(computer)
        return did

    def exchange(self, computer: Computer, *, rounds: int = 2) -> Did:
        """A whole exchange, until nothing is left to do now."""
        did = Did.QUIET
        for _ in range(rounds):
            computer.engine.wake()
            computer.engine.poke()
            did = self._until_resting(computer)
        if did is Did.QUIET:
            self.check_synced(computer)
        return did

    def _until_resting(self, computer: Computer) -> Did:
        for _ in range(MOST_STEPS):
            did = self.step(computer)
            if did in RESTING:
                return did
        raise Broken(Violation("empty_queues", f"{computer.name} goes on for ever"))

    # --- disasters --------------------------------------------------------------------------------

    def restore_server(self, image: bytes) -> None:
        """The server goes back to a backup of its own, and notices it."""
        before = self.held()
        self.server.put(image)
        epochs.begin_anew(self.server.database, self.time.now())
        self.server.started()
        self.signed.clear()
        self.taken.clear()
        self.checked = self._head()
        for computer in self.computers:
            computer.expected.clear()
        self.forget_lost(before)

    # --- the end ----------------------------------------------------------------------------------

    def quiet(self) -> None:
        """Let everybody be online without faults, then ask everything."""
        self.plans.clear()
        while self.late:
            self.reach_late(0)
        for computer in self.computers:
            self.leave_note(computer)
        for number in range(ROUNDS):
            before, asked = self._head(), False
            for computer in self.computers:
                self.time.ms += 500
                if self.compares and number == 1:
                    # Once all have met: digests are the dearest part of an exchange.
                    computer.engine.check()
                did = self.exchange(computer, rounds=1)
                if did is Did.ASKS:
                    asked = True
                    self.tell(f"  {computer.name} agrees to a removal")
                    computer.engine.accept_removal()
            waiting = asked or any(computer.waiting for computer in self.computers)
            if self._head() == before and not waiting and number:
                break
        for violation in when_quiet(self.quiet_view()):
            raise Broken(violation._replace(detail=self._readable(violation.detail)))
        self.convergence_in_full()

    def purge(self, case: UUID) -> None:
        """The server destroys a case with all that hangs on it."""
        cases = self.hosted.cases()
        records = [
            (table, UUID(hex=pk))
            for table, pk in sorted(self.hosted.rows())
            if cases.of(table, pk) == case.hex
        ]
        if records:
            note_purge(self.history, self.server_view(), case.hex)
            purging.purge(
                self.server.database, PRACTICE, records,
                ordered_by="the owner", reason="retention has ended", now=self.time.now(),
                register=self.server.register,
            )  # fmt: skip
            self.purges.append(records)
            self.tell(f"  {case.hex} is purged")

    def leave_note(self, computer: Computer) -> None:
        """The note in focus loses it."""
        if computer.editor is not None:
            computer.desk.release(computer.editor)
            computer.editor = None

    def put_aside(self, about: Key, columns: Columns) -> None:
        """A person saw a version and decided."""
        self.history.decided |= held_in([(about, columns)])

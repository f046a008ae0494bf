"""The server of the model: the log with its head, what it accepts, what it shows to whom."""

from __future__ import annotations

from collections.abc import Iterable

from tests.simulation.entities import (
    INBOX,
    LEDGER,
    OPEN,
    RESOLVED,
    SERVER_OWNED,
    Columns,
    members,
    signed_text,
)
from tests.simulation.model.log import Log
from tests.simulation.model.merging import Meeting, fallen, merge
from tests.simulation.model.messages import (
    SERVER,
    Answer,
    Entry,
    Finding,
    Hello,
    Operation,
    Page,
    Welcome,
)
from tests.simulation.model.storage import ServerRow

#: A stamp from the future counts as this many milliseconds ahead at most.
CLAMP_MS = 60_000
PAGE = 12
BLOCK = 3
#: A new device gets its snapshot in parts, cut between cases: the first is soon usable.
PARTS: tuple[frozenset[str], ...] = (frozenset({"", "c1"}), frozenset({"c2"}))
#: Why a person is asked about a number.
TWICE = "number used twice"
#: Why a push is refused as a whole.
EPOCH, RENEW = "epoch", "renew"


class Server(Log):
    """Merges what is pushed, serves what is pulled. ``cases`` is None for who sees everything."""

    def __init__(self, bug: str = "") -> None:
        super().__init__(bug)
        self.lapsed = False
        self._reserved: dict[int, int] = {}

    # --- purge ----------------------------------------------------------------------------------

    def purge(self, case: str, now: int) -> None:
        """Remove a case for good; what it was still asked of a number is asked of the other paper.

        That one is out with the number, too.
        """
        asked = [
            str(row.columns["mine"])
            for key, row in self.stored.rows.items()
            if key[0] == INBOX and row.case == case and row.columns["state"] == OPEN
            and row.columns["reason"] == TWICE
        ]  # fmt: skip
        super().purge(case, now)
        for number in asked:
            self._name_holder(number, now)

    def _name_holder(self, number: str, now: int, change_set: int = 0) -> None:
        """Ask of the paper that bears a number, of which another paper with it is not to be named.

        Of what was purged no word may come back.
        """
        holder = self.stored.numbers.get(number)
        if holder is None or self.bug == "purged_numbers_forgotten":
            return
        twice = Finding(f"{holder[1]}/twice", TWICE, holder, "number", number, number)
        self._show(twice, self.stored.rows[holder].case, change_set or -len(self.stored.log), now)

    # --- hello ----------------------------------------------------------------------------------

    def hello(self, hello: Hello, now: int) -> Welcome:
        """Answer who asks; ``renew`` tells a file that its life has already gone further."""
        reached = self.stored.reached.get(hello.incarnation, 0)
        behind = hello.lsn < reached and self.bug != "same_identity_after_restore"
        return Welcome(self.stored.epoch, self.common(hello.epoch), behind, now, self.lapsed)

    def lease(self) -> tuple[str, int, int]:
        """Give a block of document numbers; each epoch has a series of its own."""
        first = self.stored.leased + 1
        self.stored.leased += BLOCK
        epoch = self.stored.epoch if self.bug != "lease_again_after_restore" else 1
        return ("INV" if epoch == 1 else f"INV-R{epoch}", first, self.stored.leased)

    # --- push -----------------------------------------------------------------------------------

    def reserve(self, operations: int, request: int) -> None:
        """Seeded bug: take the seqs when the transaction begins, not last before its commit."""
        self._reserved[request] = len(self.stored.log)
        for _ in range(operations):
            seq = len(self.stored.log) + 1
            self.stored.log.append(
                Entry(seq, -request, SERVER, 0, 0, None, "", False, {}, (), 0, 0)
            )

    def push(
        self, hello: Hello, sets: list[list[Operation]], now: int, request: int = 0
    ) -> list[Answer] | str:
        """Accept change sets, each whole; or say that another epoch or life must begin first."""
        if hello.epoch != self.stored.epoch and self.bug != "epoch_is_ignored":
            return EPOCH
        if self._is_fork(hello, sets):
            return RENEW
        held = self._reserved.pop(request, None)
        before = len(self.stored.log)
        answers: list[Answer] = []
        for operations in sets:
            answers.extend(self._accept(hello, operations, now))
        if held is not None:
            self._move(before, held)
        return answers

    def _is_fork(self, hello: Hello, sets: list[list[Operation]]) -> bool:
        """Whether two files live as one incarnation.

        A counter that runs backwards shows it, but only while the second life is the shorter one.
        What always shows it: something was accepted from this incarnation of which the file
        neither knows that it arrived nor still holds it to send again.
        """
        if self.bug == "same_identity_after_restore":
            return False
        if hello.lsn < self.stored.reached.get(hello.incarnation, 0):
            return True
        if self.bug == "forks_by_largest_counter":
            return False
        sent = {each.id for operations in sets for each in operations}
        accepted = self.stored.positions[hello.incarnation]
        return any(lsn > hello.confirmed and id_ not in sent for lsn, id_ in accepted.items())

    def _move(self, before: int, held: int) -> None:
        """Seeded bug: put the entries of a slow transaction where their seqs were taken."""
        log = self.stored.log
        late, log[before:] = log[before:], []
        for offset, entry in enumerate(late):
            if held + offset < before and log[held + offset].change_set < 0:
                entry.seq = held + offset + 1
                log[held + offset] = entry
            else:
                entry.seq = len(log) + 1
                log.append(entry)
            entry.end = entry.seq
            if entry.key is not None:
                self.stored.rows[entry.key].seq = entry.seq

    def _accept(self, hello: Hello, operations: list[Operation], now: int) -> list[Answer]:
        known = [self.stored.answers.get(each.id) for each in operations]
        first = known[0]
        if first is not None and self.bug != "no_idempotency":
            self.learn(hello, operations)
            return [answer for answer in known if answer is not None]
        code = next((found for each in operations if (found := self._refusal(each))), "")
        if code:
            answers = [Answer(each.id, "rejected", 0, code) for each in operations]
            if code == "purged":
                self._note_numbers(operations, now)
        else:
            start = len(self.stored.log)
            self._note_evidence(operations)
            answers = [self._apply(hello, each, now) for each in operations]
            self._end(start)
        lsns = self.stored.positions[hello.incarnation]
        for operation, answer in zip(operations, answers, strict=True):
            self.stored.answers[operation.id] = answer
            if not code:
                lsns[operation.lsn] = operation.id
        reached = self.stored.reached
        reached[hello.incarnation] = max(reached.get(hello.incarnation, 0), operations[-1].lsn)
        return answers

    def _note_evidence(self, operations: list[Operation]) -> None:
        """A charge counts for a status of its own change set, in whatever order they come."""
        for each in operations:
            if each.key[0] == LEDGER and "appointment" in each.columns:
                self.stored.evidence.add(str(each.columns["appointment"]))

    def _end(self, start: int) -> None:
        """Give all rows and entries of a change set its last seq."""
        end = len(self.stored.log)
        for entry in self.stored.log[start:]:
            entry.end = end
            if entry.key is not None:
                self.stored.rows[entry.key].seq = end

    def _refusal(self, operation: Operation) -> str:
        if operation.case in self.register.purged and self.bug != "purged_may_return":
            return "purged"
        if not SERVER_OWNED.isdisjoint(operation.columns):
            return "server owned"
        if not operation.new and not operation.full and operation.key not in self.stored.rows:
            return "unknown row"
        return ""

    def _apply(self, hello: Hello, operation: Operation, now: int) -> Answer:
        stamp = operation.hlc
        if self.bug != "no_future_stamp_check":
            stamp = min(stamp, (now + CLAMP_MS) << 16)
        row = self.stored.rows.get(operation.key)
        findings: list[Finding] = []
        if row is None:
            won = operation.columns
        elif self.is_included(row, operation):
            # An own value that stands already is still said: what goes on from it has no rival.
            said = {} if operation.full else operation.columns
            won = {c: v for c, v in said.items() if row.columns.get(c) == v}
        elif not operation.new and not self.can_see(hello.member, row.case):
            won, findings = {}, list(self._late_work(operation, row))
            # It must not count as stated; but what its sender holds is replaced by its echo.
            full = operation.full and self.bug != "set_aside_unreplaced"
            operation = operation.but(was=None, full=full)
        else:
            won, findings = self._merge(hello, operation, row, stamp)
        if operation.key[0] == LEDGER and row is not None and self.bug == "no_idempotency":
            twice = (LEDGER, f"{operation.key[1]}+")
            operation, won = operation.but(key=twice), operation.columns
        findings.extend(self._twice(operation, won))
        entry = self.write(
            operation.key, operation.case, won, stamp, now,
            change_set=operation.change_set, incarnation=hello.incarnation, lsn=operation.lsn,
            operation=operation.id, was=operation.was, full=operation.full,
            in_doubt=operation.in_doubt, stated=self.versions(operation),
        )  # fmt: skip
        for finding in findings:
            self._show(finding, operation.case, operation.change_set, now)
        return Answer(operation.id, "applied" if won else "merged", entry.seq, "")

    def _merge(
        self, hello: Hello, operation: Operation, row: ServerRow, stamp: int
    ) -> tuple[Columns, list[Finding]]:
        meeting = Meeting(
            operation, hello.incarnation, stamp, row.columns,
            self.later(row, operation, hello), operation.key[1] in self.stored.evidence, self.bug,
            self.untouched(row, operation), self.versions(operation),
        )  # fmt: skip
        merge(meeting)
        self._close_heads(operation, meeting.won)
        return meeting.won, meeting.findings

    def _late_work(self, operation: Operation, row: ServerRow) -> Iterable[Finding]:
        """What somebody wrote who is no longer on the case: whole, for those who are."""
        if operation.key[0] == INBOX and self.bug != "questions_about_questions":
            yield from self._late_words(operation, row)
            return
        for column, value in operation.columns.items():
            if value is not None and row.columns.get(column) != value:
                name = f"{operation.key[1]}/late/{operation.id}/{column}"
                current = row.columns.get(column)
                yield Finding(name, "late work", operation.key, column, value, current)

    def _late_words(self, operation: Operation, row: ServerRow) -> Iterable[Finding]:
        """Of a late change of a question its words are late work on what the question is about.

        A question about a question would hold them where nobody looks for them.
        """
        asked = row.columns
        about, group = (str(asked["entity"]), str(asked["about"])), str(asked["group"])
        record = self.stored.rows.get(about)
        current = None if record is None else record.columns.get(members(group)[0])
        for side in ("mine", "theirs"):
            value = operation.columns.get(side)
            if value is not None and value not in {asked["mine"], asked["theirs"], current}:
                name = f"{about[1]}/late/{operation.id}/{side}"
                yield Finding(name, "late work", about, group, value, current)

    def _twice(self, operation: Operation, won: Columns) -> Iterable[Finding]:
        """Name a document number that two papers carry; the papers are out, so both stay."""
        number = won.get("number")
        if number is None:
            return
        holder = self.stored.numbers.setdefault(str(number), operation.key)
        if holder != operation.key or self.register.numbers.get(str(number), holder) != holder:
            name = f"{operation.key[1]}/twice"
            yield Finding(name, TWICE, operation.key, "number", number, number)

    def _note_numbers(self, operations: list[Operation], now: int) -> None:
        """A purged case's paper is out, though nothing of it comes in: its number was given."""
        for each in operations:
            if number := each.columns.get("number"):
                self.spend(str(number), each.key)
                self._name_holder(str(number), now, each.change_set)

    def _close_heads(self, operation: Operation, won: Columns) -> None:
        """Signing the very text that waited for a decision is the decision."""
        if "signed" not in won:
            return
        text, note = signed_text(won["signed"]), operation.key[1]
        for key, row in list(self.stored.rows.items()):
            columns = row.columns
            if key[0] == INBOX and columns["about"] == note and columns["mine"] == text:
                self.write(
                    key, row.case, {"state": RESOLVED}, row.hlc, 0,
                    change_set=operation.change_set,
                )  # fmt: skip

    def _show(self, finding: Finding, case: str, change_set: int, now: int) -> None:
        key = (INBOX, finding.name)
        row = self.stored.rows.get(key)
        columns: Columns = {
            "reason": finding.reason, "about": finding.about[1], "entity": finding.about[0],
            "group": finding.group, "mine": finding.mine, "theirs": finding.theirs,
            "state": finding.state,
        }  # fmt: skip
        if row is not None and row.columns["mine"] == finding.mine:
            return
        # A file that was set back does not know what another one stated again.
        apart = fallen(key, row.columns, columns, self.bug) if row and _is_stated(row) else []
        if row is not None:
            changed = {name: v for name, v in columns.items() if row.columns.get(name) != v}
            columns = {**changed, "state": OPEN}
        self.write(key, case, columns, now << 16, now, change_set=change_set)
        for each in apart:
            self._show(each, case, change_set, now)

    # --- pull -----------------------------------------------------------------------------------

    def pull(
        self, hello: Hello, cursor: int | None, cases: frozenset[str] | None, part: int = 0
    ) -> Page | None:
        """Serve what comes after ``cursor``; None where the epoch is not right.

        ``cases`` is what the client's copy covers. A changed scope is answered first and alone.
        """
        stored = self.stored
        if hello.epoch != stored.epoch and self.bug != "epoch_is_ignored":
            return None
        now_seen = stored.cases.get(hello.member)
        head = len(stored.log)
        if cursor is None:
            wanted = PARTS[min(part, len(PARTS) - 1)]
            rows = {k: r for k, r in self.visible(hello.member).items() if r.case in wanted}
            to = head if part >= len(PARTS) - 1 else 0
            return Page(stored.epoch, [], to, head, now_seen, rows, snapshot=True)
        if now_seen != cases:
            added = (now_seen or frozenset()) - (cases or frozenset())
            rows = self.visible(hello.member, added)
            return Page(stored.epoch, [], cursor, head, now_seen, rows)
        end = min(head, cursor + PAGE)
        log = stored.log
        while 0 < end < head and log[end].change_set == log[end - 1].change_set:
            end += 1
        entries = [self._as_seen(entry, hello) for entry in log[cursor:end]]
        return Page(stored.epoch, entries, end, head, cases)

    def _as_seen(self, entry: Entry, hello: Hello) -> Entry:
        """Hide the content of what the member may not see; only that it happened remains."""
        if entry.key is None or self.can_see(hello.member, entry.case):
            return entry
        operation = entry.operation if self.bug != "no_echo_out_of_scope" else 0
        return Entry(
            entry.seq, entry.change_set, entry.incarnation, entry.lsn, operation,
            None, "", False, {}, (), 0, 0, end=entry.end,
        )  # fmt: skip


def _is_stated(question: ServerRow) -> bool:
    """Return whether the words that a question sets aside were stated again after a restore."""
    written = [entry for entry in question.history if "mine" in entry.won]
    return bool(written) and written[-1].full

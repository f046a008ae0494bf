"""The server's log of the model: its one writer, its epochs, and who has seen what of a row."""

from __future__ import annotations

from tests.simulation.entities import Columns, Key, group_of
from tests.simulation.model.messages import (
    NONE,
    SERVER,
    Entry,
    Hello,
    Operation,
    RowState,
    Version,
    Versions,
)
from tests.simulation.model.storage import Register, ServerRow, Stored

FOREVER = 1 << 60


class Log:
    """The log, the rows that it made, and the register that outlives a restore."""

    def __init__(self, bug: str = "") -> None:
        self.bug = bug
        self.stored = Stored()
        self.register = Register()
        self._limits: dict[int, int] = {1: FOREVER}

    # --- epochs ---------------------------------------------------------------------------------

    def restore(self, backup: Stored, now: int) -> None:
        """Go back to ``backup``: another epoch begins, and what was purged is purged again."""
        epoch = max([1, *self.register.epochs]) + 1
        self.register.epochs[epoch] = Version(backup.epoch, len(backup.log))
        self.stored = backup.copy()
        if self.bug != "epoch_is_ignored":
            self.stored.epoch = epoch
        if self.bug != "lease_again_after_restore":
            self.stored.leased = 0
        self._limits = {epoch: FOREVER}
        limit = FOREVER
        while epoch in self.register.epochs:
            epoch, head, _ = self.register.epochs[epoch]
            limit = self._limits[epoch] = min(limit, head)
        if self.bug != "purge_forgotten_by_restore":
            for case in self.register.purged:
                self.purge(case, now)

    def common(self, epoch: int) -> int:
        """Return the last seq that the history of ``epoch`` shares with this one."""
        limit = FOREVER
        while epoch not in self._limits:
            epoch, head, _ = self.register.epochs[epoch]
            limit = min(limit, head)
        return min(limit, self._limits[epoch])

    def first(self, version: Version) -> Version:
        """Return a version under the name of the epoch in which it was made."""
        while version.epoch in self.register.epochs:
            parent, head, _ = self.register.epochs[version.epoch]
            if version.seq > head:
                break
            version = version._replace(epoch=parent)
        return version

    def versions(self, operation: Operation) -> Versions:
        """Return as of which version each group stands that an operation states of an ended epoch.

        A group of which a restated row names none has not been touched since the first restore.
        What is in doubt is later than what its writer saw, and than what both histories share.
        """
        was = operation.was
        if operation.in_doubt:
            base = operation.base
            was = Version(base.epoch, max(base.seq, self.common(base.epoch)), over=1)
        if was is None:
            return NONE
        groups = {group_of(column) for column in operation.columns}
        if not operation.full or self.bug == "restated_under_one_version":
            return dict.fromkeys(groups, self.first(was))
        untouched = self.first(was)
        while untouched.epoch in self.register.epochs:
            parent, head, _ = self.register.epochs[untouched.epoch]
            untouched = Version(parent, min(untouched.seq, head))
        named = operation.versions
        return {each: self.first(named.get(each, untouched)) for each in groups}

    # --- writing ----------------------------------------------------------------------------------

    def write(
        self, key: Key, case: str, won: Columns, stamp: int, now: int, *,
        change_set: int, incarnation: str = SERVER, lsn: int = 0, operation: int = 0,
        was: Version | None = None, full: bool = False, in_doubt: bool = False,
        stated: Versions = NONE,
    ) -> Entry:  # fmt: skip
        """Append one entry and bring its row up to it: the one function of every writer."""
        row = self.stored.rows.get(key)
        new = row is None
        if row is None:
            row = self.stored.rows[key] = ServerRow(case)
        if won:
            row.columns = {**row.columns, **won}
        row.hlc = max(row.hlc, stamp)
        row.seq = len(self.stored.log) + 1
        whole = full and self.bug != "restate_as_new_edit"
        groups = {group_of(column) for column in won}
        versions: Versions = NONE
        if self.register.epochs:
            versions = {each: self._made(row, each, stated, in_doubt) for each in groups}
            row.versions = {**row.versions, **versions}
        entry = Entry(
            row.seq, change_set, incarnation, lsn, operation, key, row.case, new,
            row.columns if whole else won, tuple(groups),
            stamp, now, was, full, end=row.seq, in_doubt=in_doubt, stated=stated,
            versions=row.versions if whole else versions,
        )  # fmt: skip
        row.history.append(entry)
        self.stored.log.append(entry)
        return entry

    def _made(self, row: ServerRow, group: str, stated: Versions, in_doubt: bool) -> Version:
        """Return the version of a group that is written: its first one where it is stated."""
        version = stated.get(group, Version(self.stored.epoch, row.seq))
        if in_doubt and group in row.versions:
            # What it stands over was known to its writer, or else it would not stand.
            return max(version, row.versions[group]._replace(over=1))
        return version

    # --- purge ----------------------------------------------------------------------------------

    def purge(self, case: str, now: int) -> None:
        """Remove everything of a case for good, out of rows, log and inbox."""
        if case not in self.register.purged:
            self.register.purged.append(case)
        for key in [key for key, row in self.stored.rows.items() if row.case == case]:
            number = self.stored.rows.pop(key).columns.get("number")
            if number is not None and self.stored.numbers.get(str(number)) == key:
                del self.stored.numbers[str(number)]
                self.spend(str(number), key)
        log = self.stored.log
        for index, entry in enumerate(log):
            if entry.case == case and entry.key is not None:
                log[index] = Entry(
                    entry.seq, entry.change_set, entry.incarnation, entry.lsn, entry.operation,
                    None, "", False, {}, (), entry.hlc, entry.accepted_at, end=entry.end,
                )  # fmt: skip
        log.append(
            Entry(
                len(log) + 1, -len(log) - 1, SERVER, 0, 0, None, "", False, {}, (), 0, now,
                purges=case,
            )
        )  # fmt: skip

    def spend(self, number: str, key: Key) -> None:
        """Keep the number of a paper that was purged, or kept out by a purge: it was given."""
        if self.bug != "purged_numbers_forgotten":
            self.register.numbers.setdefault(number, key)

    # --- who sees what ----------------------------------------------------------------------------

    def can_see(self, member: int, case: str) -> bool:
        """Whether a member sees the rows of a case now; rows of no case are everybody's."""
        if self.bug == "scope_is_ignored":
            return True
        cases = self.stored.cases.get(member)
        return cases is None or not case or case in cases

    def assign(self, member: int, cases: frozenset[str]) -> None:
        """Set which cases a member works on."""
        self.stored.cases[member] = cases

    def visible(self, member: int, cases: frozenset[str] | None = None) -> dict[Key, RowState]:
        """Return the rows that a member sees, of some cases only where they are named."""
        return {
            key: row.state
            for key, row in self.stored.rows.items()
            if self.can_see(member, row.case) and (cases is None or row.case in cases)
        }

    def later(self, row: ServerRow, operation: Operation, hello: Hello) -> list[tuple[Entry, bool]]:
        """Return a row's entries since the version that the writer saw: unseen ones, or known."""
        base = (operation.was if operation.full else None) or operation.base
        current = base.epoch == self.stored.epoch
        if current and base.seq >= row.seq:
            return []
        limit = FOREVER if current else self.common(base.epoch)
        found = []
        learned = self.stored.learned[hello.incarnation]
        for entry in row.history:
            if entry.seq <= limit:
                if entry.seq <= base.seq:
                    continue
                seen = False
            else:
                was = entry.was
                seen = was is not None and was.epoch == base.epoch and was.seq <= base.seq
            # What a device restates is not its own writing: its person may not have seen it.
            stated = operation.full or entry.full
            found.append((entry, seen or (not stated and is_own(entry, hello, learned))))
        return found

    def learn(self, hello: Hello, operations: list[Operation]) -> None:
        """Note how far another life is the sender's own: who holds its work had seen all before."""
        if self.bug == "earlier_life_unknown":
            return
        sent = {each.id for each in operations}
        own = self.stored.learned[hello.incarnation]
        for life, accepted in self.stored.positions.items():
            reached = max((lsn for lsn, id_ in accepted.items() if id_ in sent), default=0)
            if life != hello.incarnation and reached:
                own[life] = max(own.get(life, 0), reached)

    def untouched(self, row: ServerRow, operation: Operation) -> frozenset[str]:
        """Return the groups in which a restated row says nothing new.

        Those whose value the row had at the common head, or was given since: whoever replaced it
        here had seen it. But where the row's value comes from another restatement of that epoch,
        the later of the two decides; so with a value given since, of which the version is a later
        one. Of a value in doubt it is news that it was seen.
        """
        was = operation.was
        if not operation.full or was is None or self.bug == "restates_what_never_changed":
            return frozenset()
        limit = self.common(was.epoch)
        shared: Columns = {}
        said = operation.columns
        known: set[str] = set()
        restated: set[str] = set()
        doubted: set[str] = set()
        later: set[str] = set()
        for entry in row.history:
            held = {c: v for c, v in entry.columns.items() if group_of(c) in entry.won}
            if entry.seq <= limit:
                shared.update(held)
                continue
            equal = {group_of(c) for c, v in held.items() if c in said and said[c] == v}
            known.update(equal)
            for groups in (restated, doubted, later):
                groups.difference_update(entry.won)
            later.update(each for each in entry.won if self._is_later(operation, entry, each))
            if entry.was is not None and entry.was.epoch == was.epoch:
                restated.update(entry.won)
            if entry.in_doubt and self.bug != "in_doubt_beats_restated":
                doubted.update(equal)
        at_head = {group_of(c) for c in said if said[c] == shared.get(c)}
        return frozenset((known - doubted - later) | at_head) - restated

    def _is_later(self, operation: Operation, entry: Entry, group: str) -> bool:
        """Whether an operation states a group as of a later version than an entry stated it."""
        if entry.in_doubt or self.bug == "restated_under_one_version":
            return False
        stated, version = entry.stated.get(group), self.versions(operation).get(group)
        return stated is not None and version is not None and version > stated

    def is_included(self, row: ServerRow, operation: Operation) -> bool:
        """Whether a row already holds what an earlier epoch had accepted.

        It was stated again since, or this very log goes on from where it was accepted.
        """
        was = operation.was
        if was is None or self.bug == "restate_as_new_edit":
            return False
        if was.seq <= self.common(was.epoch) and self.bug != "restates_what_is_shared":
            return True
        return any(
            entry.full and entry.was and entry.was.epoch == was.epoch and entry.was.seq >= was.seq
            for entry in row.history
        )


def is_own(entry: Entry, hello: Hello, learned: dict[str, int]) -> bool:
    """Whether an entry was written by this file's own life, or a life that it goes on from."""
    if entry.incarnation == hello.incarnation:
        return True
    life = entry.incarnation
    return entry.lsn <= max(hello.lineage.get(life, -1), learned.get(life, -1))

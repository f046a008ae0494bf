"""A client of the model: what a person sees and saves, what it sends and applies."""

from __future__ import annotations

from collections.abc import Callable

from tests.simulation.entities import (
    SERVER_OWNED,
    Columns,
    Key,
    group_of,
)
from tests.simulation.model.file import ACKED, QUEUED, SENT, Block, File
from tests.simulation.model.messages import (
    Answer,
    Entry,
    Hello,
    Operation,
    Page,
    RowState,
    Version,
    Welcome,
)
from tests.simulation.model.writing import Writer

PUSHED_SETS = 4
_NEWS = object()


class Client(Writer):
    """One computer. ``mint`` gives ids that nobody gives again (they stand for UUIDs)."""

    def __init__(self, name: str, file: File, mint: Callable[[], int], bug: str = "") -> None:
        super().__init__(file, mint, bug)
        self.name = name
        self.lives = 0
        self.settled: list[int] = []
        self.strays: list[Key] = []
        self.must_renew = False

    # --- lives ----------------------------------------------------------------------------------

    def crash(self) -> None:
        """Lose everything that is not in the file."""
        self.editor = self.form = None

    def open_copy(self, file: File, life: str) -> None:
        """Open a file of which the mark outside says that it is a copy."""
        self.crash()
        self.file = file
        if self.bug != "same_identity_after_restore":
            file.begin_life(life)

    # --- hello ----------------------------------------------------------------------------------

    def hello(self) -> Hello:
        """Return who asks."""
        file = self.file
        return Hello(
            file.member, file.incarnation, file.lineage, file.lsn, file.confirmed_lsn, file.epoch
        )

    def greeted(self, welcome: Welcome, now: int, life: str) -> None:
        """Take in what the server says first."""
        file = self.file
        file.offset = welcome.now - (now + self.skew)
        file.hlc = min(file.hlc, (welcome.now + 1_000) << 16)
        file.lapsed = welcome.lapsed
        if welcome.renew:
            file.begin_life(life)
        if welcome.epoch != file.epoch:
            self._enter_epoch(welcome)

    def leased(self, series: str, first: int, last: int) -> None:
        """Store a block of numbers."""
        self.file.block = Block(series, first, last)

    def _enter_epoch(self, welcome: Welcome) -> None:
        """Follow a server that was restored: say again what it forgot, and pull from there on.

        Rows above the common head go out whole, each naming the version it had in the old epoch;
        they go before everything that builds on them. All of it is one transaction. Of a row whose
        last restatement has not come back only what came since is said, behind that one: the rest
        is of the epoch before.
        """
        file, common = self.file, welcome.common
        naive = self.bug == "restate_as_new_edit"
        waiting = {id_: each for id_, each in file.outbox.items() if each.full}
        if self.bug == "restated_over_a_restatement":
            waiting = {}
        restated: dict[int, Operation] = dict(waiting)
        sets: dict[int, int] = {}
        above = [each for each in file.rows.items() if each[1].seq > common]
        for key, row in sorted(above, key=lambda each: each[1].seq):
            change_set = sets.get(row.seq)
            if change_set is None or self.bug == "restated_row_by_row":
                change_set = sets[row.seq] = self.mint()
            said = [each for each in waiting.values() if each.key == key]
            operation = _since(said, self._restated(key, row, welcome, change_set))
            if operation.columns:
                restated[operation.id] = operation
                file.states[operation.id] = (QUEUED, 0)
            file.rows[key] = row._replace(seq=common)
        for id_, operation in file.outbox.items():
            state, seq = file.states[id_]
            restated[id_] = operation
            if naive:
                base = Version(welcome.epoch, operation.base.seq)
                restated[id_] = operation.but(base=base)
            elif seq > common:
                was = operation.was or Version(file.epoch, seq)
                restated[id_] = operation.but(was=was)
            elif state == SENT and operation.was is None:
                restated[id_] = operation.but(in_doubt=True)
            file.states[id_] = (QUEUED if state == QUEUED else SENT, seq if seq <= common else 0)
        file.outbox = restated
        file.epoch = welcome.epoch
        file.first_head = min(file.first_head, common)
        if file.cursor is not None:
            file.cursor = min(file.cursor, common)

    def _restated(self, key: Key, row: RowState, welcome: Welcome, change_set: int) -> Operation:
        file = self.file
        file.lsn += 1
        columns = {name: v for name, v in row.columns.items() if name not in SERVER_OWNED}
        if self.bug == "restate_as_new_edit":
            file.hlc += 1
            base = Version(welcome.epoch, welcome.common)
            return Operation(
                self.mint(), change_set, file.lsn, key, row.case, True, base, file.hlc, columns, {}
            )
        was = Version(file.epoch, row.seq)
        return Operation(
            self.mint(), change_set, file.lsn, key, row.case, False, was, row.hlc,
            columns, columns, was, full=True, versions=row.versions,
        )  # fmt: skip

    # --- push -----------------------------------------------------------------------------------

    def to_send(self) -> list[list[Operation]]:
        """Return the next change sets, each whole, and mark them as sent before they are."""
        file = self.file
        sets: dict[int, list[Operation]] = {}
        for id_, operation in file.outbox.items():
            if file.states[id_][0] != ACKED:
                held = sets.get(operation.change_set)
                if held is None:
                    if len(sets) == PUSHED_SETS:
                        break
                    held = sets[operation.change_set] = []
                held.append(operation)
                file.states[id_] = (SENT, file.states[id_][1])
        return list(sets.values())

    def answered(self, answers: list[Answer]) -> None:
        """Take in the server's answers; what it rejected is parked and blocks nothing."""
        file = self.file
        for answer in answers:
            operation = file.outbox.get(answer.operation)
            if operation is None:
                continue
            file.confirmed_lsn = max(file.confirmed_lsn, operation.lsn)
            if answer.status == "rejected":
                self._settle(operation.id)
                if answer.code != "purged":
                    file.parked.append((operation, answer.code))
                continue
            file.states[operation.id] = (ACKED, answer.seq)
            if self.bug == "overlay_dropped_on_ack":
                self.forget(operation.id)
            if self.bug == "cursor_jumps_to_own_push" and file.cursor is not None:
                file.cursor = max(file.cursor, answer.seq)

    def _settle(self, operation: int) -> None:
        self.forget(operation)
        self.settled.append(operation)

    # --- pull -----------------------------------------------------------------------------------

    def slices(self, page: Page) -> list[list[Entry]]:
        """Return the entries of a page in slices that never cut a change set."""
        found: list[list[Entry]] = []
        last = None
        for entry in page.entries:
            if entry.change_set != last or not found:
                found.append([])
            last = entry.change_set
            found[-1].append(entry)
        return found

    def hides(self, page: Page) -> bool:
        """Whether a page takes something out of sight: cases, or own work in one that is."""
        own = (each for each in page.entries if each.operation in self.file.outbox)
        return page.cases != self.file.cases or any(each.key is None for each in own)

    def begin_page(self, page: Page) -> None:
        """Store what comes with a page before its slices: a scope, a part of the snapshot."""
        file = self.file
        if page.cases != file.cases or page.snapshot:
            self._change_scope(page)
        if page.snapshot:
            if file.part == 0:
                file.first_head = page.head
            file.part += 1
            if page.to:
                file.cursor = file.first_head
        if self.bug == "cursor_before_apply" and page.entries:
            file.cursor = page.to

    def end_page(self, page: Page) -> None:
        """Store the cursor, in the transaction of the page's last slice."""
        if page.entries and self.file.cursor is not None:
            self.file.cursor = max(self.file.cursor, page.to)

    def _change_scope(self, page: Page) -> None:
        file = self.file
        if not page.snapshot or file.part == 0:
            file.cases = page.cases
        cases = file.cases
        if cases is not None:
            gone = [k for k, row in file.rows.items() if row.case and row.case not in cases]
            for key in gone:
                del file.rows[key]
        for key, row in (page.rows or {}).items():
            held = file.rows.get(key)
            if held is None or held.seq < row.seq:
                file.rows[key] = row

    def must_send_first(self, entries: list[Entry]) -> bool:
        """Whether a slice holds a purge of papers that are out and of which nobody has heard yet.

        Their numbers were given: the purge is applied once the server knows them.
        """
        purged = {entry.purges for entry in entries if entry.purges}
        if self.bug == "purge_takes_unsent_papers":
            return False
        return any(
            operation.case in purged
            and operation.columns.get("number") is not None
            and self.file.states[id_][0] != ACKED
            for id_, operation in self.file.outbox.items()
        )

    def apply(self, entries: list[Entry]) -> None:
        """Apply one slice: idempotent by the row's seq; an own echo leaves the overlay."""
        file = self.file
        for entry in entries:
            key = entry.key
            if key is not None:
                row = file.rows.get(key)
                if row is None:
                    if entry.new or entry.full:
                        file.rows[key] = RowState(
                            entry.case, entry.columns, entry.end, entry.hlc, entry.versions
                        )
                    else:
                        self.strays.append(key)
                elif entry.end >= row.seq:
                    columns, versions = entry.columns, entry.versions
                    if not entry.full:
                        columns = {**row.columns, **columns} if columns else row.columns
                        versions = {**row.versions, **versions} if versions else row.versions
                    hlc = max(row.hlc, entry.hlc)
                    file.rows[key] = RowState(row.case, columns, entry.end, hlc, versions)
                file.hlc = max(file.hlc, entry.hlc)
            elif entry.purges:
                self._purge(entry.purges)
            self._recognize(entry)

    def _recognize(self, entry: Entry) -> None:
        """Let an own echo leave the overlay; an echo of a stranger who lives as we do ends a life.

        That is an entry of this incarnation, later than all that this file knows to have arrived,
        which it does not hold: the file was rolled back together with its mark.
        """
        file = self.file
        if entry.operation in file.outbox:
            if entry.incarnation == file.incarnation:
                file.confirmed_lsn = max(file.confirmed_lsn, entry.lsn)
            elif entry.incarnation in file.lineage and self.bug != "earlier_life_unknown":
                life = entry.incarnation
                file.lineage[life] = max(file.lineage[life], entry.lsn)
            operation = file.outbox[entry.operation]
            self._settle(entry.operation)
            # What was restated is not the person's own: nothing is known by its echo.
            if not operation.full and self.bug != "base_stays_behind_own_echo":
                self._advance(operation, entry)
        elif entry.incarnation == file.incarnation and entry.lsn > file.confirmed_lsn:
            self.must_renew = True

    def _advance(self, operation: Operation, entry: Entry) -> None:
        """Let what goes on from an own operation go on from its echo, where that one won.

        The value that stood at the echo is the person's own, so nothing below it is unseen.
        """
        base = Version(self.file.epoch, entry.end), operation.columns
        for id_, each in self.file.outbox.items():
            builds_on_it = each.key == operation.key and not each.full and not each.new
            if builds_on_it and all(group_of(column) in entry.won for column in each.columns):
                replaced = {column: operation.columns.get(column) for column in each.columns}
                self.file.outbox[id_] = each.but(base=base[0], replaced=replaced)
        editor = self.editor
        if editor is not None and editor.key == operation.key and "text" in entry.won:
            editor.base = base
        form = self.form
        if form is not None and form.key == operation.key and self.bug != "form_stays_behind":
            form.bases.update((each, base) for each in entry.won if each in form.bases)

    def _purge(self, case: str) -> None:
        file = self.file
        file.rows = {key: row for key, row in file.rows.items() if row.case != case}
        for operation in [each for each in file.outbox.values() if each.case == case]:
            self._settle(operation.id)
        file.parked = [each for each in file.parked if each[0].case != case]
        if self.editor is not None and self.editor.key not in file.rows:
            self.editor = None


def _since(said: list[Operation], whole: Operation) -> Operation:
    """Return of a restatement the groups of which earlier ones of the row did not say the same."""
    known: Columns = {}
    for each in said:
        known.update(each.columns)
    news = {group_of(name) for name, v in whole.columns.items() if known.get(name, _NEWS) != v}
    columns = {name: v for name, v in whole.columns.items() if group_of(name) in news}
    return whole.but(columns=columns, replaced=columns)

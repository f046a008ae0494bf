"""What a person sees and saves at a computer of the model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tests.simulation.entities import NEW_COLUMNS, PERSON, Columns, Key, Value, group_of
from tests.simulation.model.file import QUEUED, File
from tests.simulation.model.messages import Operation, Version

Base = tuple[Version, Columns]
"""The version that a person saw, and the columns that it held."""


@dataclass(slots=True)
class Change:
    """What a person saves of one row; ``bases`` where the row was read earlier, in a form."""

    key: Key
    case: str
    columns: Columns
    new: bool = False
    bases: dict[str, Base] | None = None


@dataclass(slots=True)
class Editor:
    """A note in focus: its text, and the version that the text goes on from."""

    key: Key
    base: Base
    text: Value


@dataclass(slots=True)
class Form:
    """An open form: what it shows of a row, and the versions that its groups were read at."""

    key: Key
    case: str
    bases: dict[str, Base]
    seen: Columns


class Writer:
    """A person at a computer: its file, the note in focus, an open form, what is not yet echoed."""

    def __init__(self, file: File, mint: Callable[[], int], bug: str) -> None:
        self.file = file
        self.mint = mint
        self.bug = bug
        self.skew = 0
        self.editor: Editor | None = None
        self.form: Form | None = None

    # --- what a person sees ---------------------------------------------------------------------

    def shown(self, key: Key) -> Columns | None:
        """Return the row as the person sees it: confirmed, with own pending operations on top."""
        file = self.file
        row = file.rows.get(key)
        columns = None if row is None else row.columns
        for operation in file.outbox.values():
            if operation.key == key:
                if columns is not None:
                    columns = {**columns, **operation.columns}
                elif operation.new or operation.full:
                    columns = operation.columns
        if columns is None or file.version > 1:
            return columns
        return {name: value for name, value in columns.items() if name not in NEW_COLUMNS}

    def base(self, key: Key, group: str) -> Base:
        """Return the version whose value of a group the person sees, and what it held.

        Under an own pending operation that is the version which that one goes on from: what the
        server has confirmed since lies hidden below, unseen.
        """
        file = self.file
        covering = [] if self.bug == "base_of_the_row" else self._covering(key, group)
        if covering:
            first = covering[0]
            if not first.full:
                return first.base, first.replaced
            # Of two restatements the person sees what the later one says.
            last = [each for each in covering if each.full][-1]
            return last.base, last.columns
        row = file.rows.get(key)
        if row is None:
            return Version(file.epoch, 0), {}
        return Version(file.epoch, row.seq), row.columns

    def _covering(self, key: Key, group: str) -> list[Operation]:
        """Return the pending operations under which a group lies, those first that cover more.

        What is only stated again is seen where no change of the person's own lies over it: that
        one's writer need not have seen it.
        """
        found = [
            each
            for each in self.file.outbox.values()
            if each.key == key and any(group_of(column) == group for column in each.columns)
        ]
        if self.bug != "restatement_taken_for_seen":
            found.sort(key=lambda each: each.full)
        return found

    def oldest_base(self, key: Key) -> Version:
        """Return the oldest version of which the person still sees a part: a delete's base."""
        row = self.file.rows.get(key)
        bases = [Version(self.file.epoch, row.seq if row else 0)]
        bases += [each.base for each in self.file.outbox.values() if each.key == key]
        return min(bases)

    def refuses(self, entity: str, *, new: bool) -> bool:
        """Whether a lapsed entitlement stops this here: new growth, and nothing else."""
        growth = entity == PERSON and new
        return self.file.lapsed and (growth or self.bug == "lapsed_stops_notes")

    # --- what a person saves --------------------------------------------------------------------

    def stamp(self, now: int) -> int:
        """Return the next stamp of this computer's clock, corrected by what the server said."""
        file = self.file
        file.hlc = max(file.hlc + 1, (now + self.skew + file.offset) << 16)
        return file.hlc

    def save(self, changes: Iterable[Change], now: int) -> int:
        """Store one change set; columns seen at different versions go as separate operations."""
        change_set, stamp = self.mint(), self.stamp(now)
        saved = list(changes)
        for change in saved:
            parts: dict[Version, tuple[Columns, Columns]] = {}
            for column, value in change.columns.items():
                version, held = self._base_of(change, group_of(column))
                columns, replaced = parts.setdefault(version, ({}, {}))
                columns[column], replaced[column] = value, held.get(column)
            for base, (columns, replaced) in parts.items():
                self._queue(change, change_set, base, columns, replaced, stamp)
        self._refresh_form(saved)
        return change_set

    def _refresh_form(self, saved: list[Change]) -> None:
        """An open form takes in at once what its own computer saves elsewhere."""
        form = self.form
        for change in saved if form is not None else ():
            for column, value in change.columns.items():
                group = group_of(column)
                if form is not None and change.key == form.key and group in form.bases:
                    form.seen[column] = value
                    form.bases[group] = self.base(form.key, group)

    def _base_of(self, change: Change, group: str) -> Base:
        if change.new:
            return Version(self.file.epoch, 0), {}
        if change.bases is not None:
            return change.bases[group]
        if group == "deleted":
            return self.oldest_base(change.key), {}
        return self.base(change.key, group)

    def _queue(
        self, change: Change, change_set: int, base: Version, columns: Columns, replaced: Columns,
        stamp: int,
    ) -> None:  # fmt: skip
        file = self.file
        careless = file.version == 1 and self.bug == "old_client_sends_whole_rows"
        if careless and change.key[0] == PERSON:
            columns = {**dict.fromkeys(NEW_COLUMNS), **columns}
        if self.bug == "half_a_group_is_sent" and not change.new:
            columns = {name: value for name, value in columns.items() if name != "city"}
        file.lsn += 1
        operation = Operation(
            self.mint(), change_set, file.lsn, change.key, change.case, change.new, base, stamp,
            columns, replaced,
        )  # fmt: skip
        file.outbox[operation.id] = operation
        file.states[operation.id] = (QUEUED, 0)

    def type(self, key: Key, case: str, text: str, now: int) -> Value:
        """Put a text into the focused editor, saved at once; return the text before.

        What was never handed to the network is replaced by an operation with an id of its own: a
        restored file cannot know whether its earlier life had sent the one before.
        """
        if self.editor is None or self.editor.key != key:
            columns = self.shown(key) or {}
            self.editor = Editor(key, self.base(key, "text"), columns.get("text"))
        editor, file = self.editor, self.file
        before = editor.text
        change = Change(key, case, {"text": text}, bases={"text": editor.base})
        editor.text = text
        held = self._unsent_text(key)
        if held is not None and self.bug == "coalesced_under_one_id":
            file.outbox[held.id] = held.but(columns={"text": text}, hlc=self.stamp(now))
            return before
        if held is not None:
            self.forget(held.id)
        self.save([change], now)
        return before

    def _unsent_text(self, key: Key) -> Operation | None:
        """Return a note's last operation if it is a text alone in its change set, never sent."""
        outbox = list(self.file.outbox.values())
        last = next((each for each in reversed(outbox) if each.key == key), None)
        if last is None or self.file.states[last.id][0] != QUEUED or last.new or last.full:
            return None
        alone = sum(each.change_set == last.change_set for each in outbox) == 1
        return last if alone and set(last.columns) == {"text"} else None

    def number(self, highest: int) -> str:
        """Return the next document number: of the leased block, else of the device's own series.

        ``highest`` is the largest one this computer has seen, for the seeded bug only.
        """
        file, block = self.file, self.file.block
        if self.bug == "shared_invoice_counter":
            return f"INV-{highest + 1}"
        if block is not None and block.next <= block.last:
            block.next += 1
            return f"{block.series}-{block.next - 1}"
        file.own_numbers += 1
        return f"INV-{file.incarnation}-{file.own_numbers}"

    def forget(self, operation: int) -> None:
        """Take an operation out of the outbox."""
        del self.file.outbox[operation]
        del self.file.states[operation]

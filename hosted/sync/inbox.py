"""What a person is asked: the server's own rows, written through the same log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

from app.core.store.columns import encode
from app.core.tasks.rules.inbox import InboxKind, InboxState
from app.core.tasks.tables import InboxItem
from app.sync.protocol.records import Operation
from app.sync.protocol.terms import CLOCKLESS, Verdict
from hosted.store.kinds import Kind
from hosted.store.said import to_text
from hosted.sync.book import Book
from hosted.sync.cases import case_of
from hosted.sync.decode import storable
from hosted.sync.drafts import Drafts
from hosted.sync.merge import Aside, Refused
from hosted.sync.past import Past, branch_of
from hosted.sync.recording import Recorder
from hosted.sync.touched import Row, Rows

ENTITY = InboxItem.__tablename__
_ITEMS = UUID("3a7c0f0e-6d0b-5b55-9a51-0f1b2f6b7c21")
#: Each branch (an incarnation, and the version it went on from) has one version of a text beside
#: the record's; later words follow it there.
_HEADS = frozenset({InboxKind.TEXT, InboxKind.LATE_REVISION})


def item_id(operation: UUID, part: str = "") -> UUID:
    """Return the id of the item that an operation gives rise to."""
    return uuid5(_ITEMS, f"{operation.hex}{part}")


def head_id(record: UUID, branch: str, nth: int) -> UUID:
    """Return the id of the item that holds a branch's version of a text."""
    return uuid5(_ITEMS, f"{record.hex}/{branch}/{nth}")


class Inbox:
    """Makes and keeps up the items of one batch."""

    def __init__(self, book: Book, rows: Rows, drafts: Drafts, recorder: Recorder) -> None:
        self._book = book
        self._rows = rows
        self._drafts = drafts
        self._recorder = recorder
        self._names: dict[UUID, str] | None = None

    def put(self, operation: Operation, row: Row, aside: Aside) -> None:
        """Set one of two versions aside for a person to decide."""
        said = {
            "kept": dict(aside.kept),
            "other": dict(aside.other),
            **self._sides(operation, aside),
        }
        if aside.kind in _HEADS:
            item = self._head(row.pk, self._branch(operation, row, aside), aside.other)
            if item.live and self._rows.full(item).get("other") == dict(aside.other):
                # The same words were asked about, or decided about, already.
                return
            if item.live:
                before = self._rows.full(item)
                stated = _is_stated(item)
                self._recorder.serve(item, operation.change_set, said, Verdict.APPLIED)
                if stated:
                    # A file that was set back does not know what another one stated again.
                    self._keep_apart(item, operation.change_set, before)
                return
        else:
            item = self._rows.row(ENTITY, item_id(operation.id, aside.kind))
        base = self._base(operation, row, aside)
        self._make(item, operation, row.kind, {**said, "kind": aside.kind.value, "base": base})

    def keep_both(self, operation: Operation, item: Row, before: Mapping[str, Any]) -> None:
        """Keep the words that fell where a question was stated again over one made anew.

        Both have one id: a file that was set back gives rise to its question a second time. What
        falls, of what is stated or of what stood there ``before``, becomes a question of its own,
        decided or not as it was. Source: decision record 0022, rule 34.
        """
        for version in (before, {**before, **operation.columns}):
            self._keep_apart(item, operation.change_set, version)

    def _keep_apart(self, item: Row, change_set: UUID, version: Mapping[str, Any]) -> None:
        now = self._rows.full(item)
        words = self._words(version, "other")
        if words in (self._words(now, "other"), self._words(now, "kept")):
            return
        apart = self._rows.row(ENTITY, item_id(item.pk, to_text(words)))
        if not apart.live:
            self._recorder.serve(apart, change_set, version, Verdict.APPLIED)

    def _words(self, item: Mapping[str, Any], side: str) -> Any:
        """Return what one side of a question says; of a draft its text, whatever its revision."""
        said, about = item[side], self._book.kinds.get(item["entity"])
        text = about.merging.draft[:1] if about is not None else ()
        return said[text[0]] if text and text[0] in said else said

    def supersede(self, operation: Operation, row: Row, words: Any) -> None:
        """Close the versions that a signature decides about.

        These are what the signer had set aside itself on the way, and the very words it signed,
        whoever had written them.
        """
        own = self._head(row.pk, self._own_branch(operation))
        items = {own.pk: own, **{item.pk: item for item in self._open_heads(row)}}
        text = row.kind.merging.draft[0]
        for item in items.values():
            if not item.live:
                continue
            if item is own or self._rows.full(item)["other"].get(text) == words:
                said = {
                    "state": InboxState.REPLACED.value,
                    "decided_at": self._drafts.now.isoformat(),
                }
                self._recorder.serve(item, operation.change_set, said, Verdict.APPLIED)

    def _open_heads(self, row: Row) -> list[Row]:
        """Return the undecided versions of a record's text, also those of this very batch."""
        for pk in _items_about(self._book, row.pk):
            self._rows.row(ENTITY, pk)
        found = []
        for item in list(self._rows):
            if item.kind.name != ENTITY or not item.live:
                continue
            said = self._rows.full(item)
            about = said.get("record_id") == row.pk.hex
            if about and said.get("kind") in _HEADS and said.get("state") == InboxState.OPEN:
                found.append(item)
        return found

    def _branch(self, operation: Operation, row: Row, aside: Aside) -> str:
        if aside.keeps_mine and aside.by is not None:
            return aside.by.branch
        seen = self._drafts.seen_by(operation)
        if aside.by is None and not seen.whole:
            # Its own earlier words were set aside and it did not know: the same branch goes on.
            draft = frozenset(row.kind.merging.draft)
            mine = self._drafts.sender.incarnation
            for line in row.history or ():
                own = line.seq > seen.until and line.incarnation == mine and not line.whole
                if own and not draft.isdisjoint(line.lost):
                    return line.branch
        return self._own_branch(operation)

    def _own_branch(self, operation: Operation) -> str:
        seen, earlier = self._drafts.seen_by(operation), operation.earlier
        stated = earlier.was[0] if earlier and earlier.whole and earlier.was else ""
        base = seen.lost or ("", seen.until)
        return branch_of(self._drafts.sender.incarnation, base, stated)

    def number_twice(self, operation: Operation, row: Row, *, by_row: bool = True) -> None:
        """Tell that the number of a paper stands on another one, too.

        ``by_row`` tells whether ``operation`` made this paper, or the one that is not here.
        """
        item = self._rows.row(ENTITY, item_id(row.pk, InboxKind.NUMBER))
        if item.live:
            return
        said = {"number": self._rows.full(row)["number"]}
        sides = self._sides(operation, Aside(InboxKind.NUMBER, said, said, not by_row, None))
        said = {"kept": said, "other": said, "base": {}, **sides}
        self._make(item, operation, row.kind, {**said, "kind": InboxKind.NUMBER.value})

    def number_spent(self, operation: Operation, entity: str, pk: UUID) -> None:
        """Tell of a paper that its number stands on one, too, that ``operation`` did not bring."""
        row = self._rows.row(entity, pk)
        about = replace(operation, entity=entity, pk=pk, columns={})
        self.number_twice(about, row, by_row=False)

    def refuse(self, operation: Operation, reason: Refused, part: str = "") -> None:
        """Keep refused columns where a person finds them; ``part`` tells items apart."""
        kind = self._book.kinds.get(operation.entity)
        kept: dict[str, Any] = {}
        if kind is not None:
            row = self._rows.row(operation.entity, operation.pk)
            if row.live and not row.created:
                current = self._rows.full(row)
                kept = {name: current.get(name) for name in operation.columns if name in current}
        said = {
            "kind": InboxKind.REFUSED.value,
            "kept": kept,
            "other": storable(operation.columns),
            "base": {},
            "other_device": self._drafts.sender.name,
            "other_at": _moment(operation.hlc >> 16, self._drafts.now),
            "reason": reason.code.value,
        }
        item = self._rows.row(ENTITY, item_id(operation.id, part))
        if not item.live:
            self._make(item, operation, kind, said)

    def refuse_words(self, operation: Operation, item: Row, reason: Refused) -> None:
        """Keep the words of a refused change of ``item`` as refused work on the item's record.

        In an item about an item nobody would look for them, and whoever may not read the record
        would.
        """
        asked = self._rows.full(item)
        entity, pk = asked["entity"], UUID(hex=asked["record_id"])
        current: Mapping[str, Any] = {}
        if entity in self._book.kinds and (record := self._rows.row(entity, pk)).live:
            current = self._rows.full(record)
        for side in ("other", "kept"):
            words = operation.columns.get(side)
            if words in (None, asked["other"], asked["kept"]):
                continue
            said = words if isinstance(words, dict) else {side: words}
            if any(name not in current or current[name] != each for name, each in said.items()):
                late = replace(operation, entity=entity, pk=pk, columns=said)
                self.refuse(late, reason, side)

    def _make(
        self, item: Row, operation: Operation, kind: Kind | None, said: Mapping[str, Any]
    ) -> None:
        table = InboxItem.__table__
        whole = {
            name: encode(table.columns[name].type, default)
            for name, default in item.kind.defaults.items()
        }
        columns = self._rows.current(operation)
        case = case_of(self._book, kind, operation.pk, columns)
        whole.update(said)
        whole.update(
            state=InboxState.OPEN.value,
            entity=operation.entity,
            record_id=operation.pk.hex,
            case_id=case.hex if case else None,
            made_at=self._drafts.now.isoformat(),
        )
        self._recorder.serve(item, operation.change_set, whole, Verdict.APPLIED)

    def _head(self, record: UUID, branch: str, other: Mapping[str, Any] | None = None) -> Row:
        """Return the open item of a branch's version, or one about ``other``, or a new row."""
        nth = 0
        while True:
            item = self._rows.row(ENTITY, head_id(record, branch, nth))
            if not item.live:
                return item
            said = self._rows.full(item)
            if said.get("state") == InboxState.OPEN or said.get("other") == other:
                return item
            nth += 1

    def _sides(self, operation: Operation, aside: Aside) -> dict[str, Any]:
        now = self._drafts.now
        mine = (self._drafts.sender.name, _moment(operation.hlc >> 16, now))
        by = aside.by
        timed = by is not None and by.hlc >= CLOCKLESS
        theirs = (self._name(by), _moment(by.hlc >> 16, now) if by and timed else None)
        kept, other = (mine, theirs) if aside.keeps_mine else (theirs, mine)
        return {
            "kept_device": kept[0],
            "kept_at": kept[1],
            "other_device": other[0],
            "other_at": other[1],
        }

    def _name(self, by: Past | None) -> str:
        if by is None or by.device_id is None:
            return ""
        if self._names is None:
            self._names = _device_names(self._book)
        return self._names.get(by.device_id, "")

    def _base(self, operation: Operation, row: Row, aside: Aside) -> dict[str, Any]:
        names = set(aside.kept) | set(aside.other)
        found: dict[str, Any] = {}
        until = self._drafts.seen_by(operation).until
        for line in row.history or ():
            if line.seq <= until:
                found.update((name, each) for name, each in line.columns.items() if name in names)
        return found


def _is_stated(item: Row) -> bool:
    """Return whether the words that an item sets aside were stated again after a restore."""
    lines = [line for line in item.history or () if "other" in line.columns]
    return bool(lines) and lines[-1].whole


def _items_about(book: Book, record: UUID) -> list[UUID]:
    """Return the inbox items about a record."""
    found = book.run(
        "SELECT id FROM inbox_item WHERE practice_id = ? AND record_id = ?",
        book.practice,
        book.id(record),
    )
    return [book.uuid(row[0]) for row in found.fetchall()]


def _device_names(book: Book) -> dict[UUID, str]:
    """Return what the practice's computers are called."""
    found = book.run("SELECT id, name FROM device WHERE practice_id = ?", book.practice)
    return {book.uuid(device): name for device, name in found.fetchall()}


def _moment(milliseconds: int, now: datetime) -> str:
    """Return when a version was written, as its computer said, but never later than now."""
    ours = int(now.timestamp() * 1000)
    return datetime.fromtimestamp(min(milliseconds, ours) / 1000, UTC).isoformat()

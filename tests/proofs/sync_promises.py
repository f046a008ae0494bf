"""What was promised on any computer, held against what a file or the server has in the end."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.proofs.sync_acts import PAID, Kept

Rows = Mapping[tuple[str, str], Mapping[str, Any]]
Name = tuple[str, str]


@dataclass
class Promises:
    """What acts were begun, and which of them the practice acknowledged."""

    begun: dict[Kept, set[Name]] = field(default_factory=lambda: defaultdict(set))
    kept: dict[Kept, set[Name]] = field(default_factory=lambda: defaultdict(set))

    @property
    def count(self) -> int:
        """How many writes were acknowledged."""
        return sum(map(len, self.kept.values()))

    def hear(self, word: str, kept: Kept, name: str, more: str) -> None:
        """Note what a computer said."""
        (self.begun if word == "begun" else self.kept)[kept].add((name, more))

    def broken(self, rows: Rows) -> list[str]:
        """Return every promise that ``rows`` breaks."""
        return [
            *self._missing(rows),
            *self._ledger(rows),
            *self._lines(rows),
            *self._signatures(rows),
            *self._names(rows),
            *_numbers(rows),
        ]

    def _missing(self, rows: Rows) -> Iterator[str]:
        for kept, entity in (
            (Kept.SESSION, "appointment"),
            (Kept.PAYMENT, "payment"),
            (Kept.INVOICE, "invoice"),
        ):
            for name, _ in sorted(self.kept[kept]):
                if (entity, name) not in rows:
                    yield f"{entity} {name} is lost"

    def _ledger(self, rows: Rows) -> Iterator[str]:
        """Every payment once and whole, and none that nobody began."""
        paid = {pk: said for (entity, pk), said in rows.items() if entity == "payment"}
        for pk in sorted(paid.keys() - {name for name, _ in self.begun[Kept.PAYMENT]}):
            yield f"payment {pk} was made by nobody"
        used: Counter[str] = Counter()
        for (entity, _), said in rows.items():
            if entity == "allocation":
                used[said["payment_id"]] += said["amount"]
        for pk, said in paid.items():
            if said["amount"] != PAID.cents or used[pk] != PAID.cents:
                yield f"payment {pk} holds {said['amount']} and pays {used[pk]} cents"

    def _lines(self, rows: Rows) -> Iterator[str]:
        texts: dict[str, set[str]] = defaultdict(set)
        for (entity, pk), said in rows.items():
            if entity == "note":
                texts[pk].update(said["sections"].get("text", "").split("\n"))
            elif entity == "inbox_item" and said["entity"] == "note":
                for side in ("kept", "other", "base"):
                    sections = (said[side] or {}).get("sections") or {}
                    texts[said["record_id"]].update(sections.get("text", "").split("\n"))
        for note, line in sorted(self.kept[Kept.LINE]):
            if line not in texts[note]:
                yield f"note {note} lost the line {line!r}"
        begun = {line for _, line in self.begun[Kept.LINE]}
        for note, lines in texts.items():
            for line in sorted(lines - begun):
                if line and not line.startswith("From "):
                    yield f"note {note} has a line of nobody: {line!r}"

    def _signatures(self, rows: Rows) -> Iterator[str]:
        seconds = {
            said["record_id"]
            for (entity, _), said in rows.items()
            if entity == "inbox_item" and said["kind"] == "SECOND_SIGNATURE"
        }
        signed: dict[str, set[str]] = defaultdict(set)
        for note, seal in self.kept[Kept.SIGNED]:
            signed[note].add(seal)
        for note, seals in signed.items():
            held = rows.get(("note", note), {}).get("signed_hash")
            if (note, held) not in self.begun[Kept.SIGNED]:
                yield f"note {note} is signed as {held}, which nobody signed"
            if seals - {held} and note not in seconds:
                yield f"note {note} lost a signature without a question"

    def _names(self, rows: Rows) -> Iterator[str]:
        begun = {name for name, _ in self.begun[Kept.NAME]}
        for (entity, pk), said in rows.items():
            if entity == "client" and self.kept[Kept.NAME] and said["legal_given"] not in begun:
                yield f"client {pk} has the name {said['legal_given']!r}, which nobody gave"


def _numbers(rows: Rows) -> Iterator[str]:
    given = Counter(said["number"] for (entity, _), said in rows.items() if entity == "invoice")
    for number, times in given.items():
        if times > 1:
            yield f"the invoice number {number} was given {times} times"

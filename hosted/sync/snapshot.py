"""Snapshot: everything visible, in parts, parents first; the first parts are of use by themselves.

First comes what a day's work needs: the practice, active people and the cases of the weeks around
today, with the last notes. Then everything, the first rows once more: what was skipped because it
had been sent could have changed its place meanwhile and never come.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.sync.wire import Malformed, Reader
from hosted.store.kinds import Kind, parents_first
from hosted.store.said import to_text
from hosted.sync import log, records
from hosted.sync.book import Book
from hosted.sync.scope import WHOLE, View, fill

_AROUND = timedelta(days=14)

_NEAR_SESSIONS = (
    "SELECT case_id FROM appointment WHERE practice_id = :p AND starts >= :from AND starts < :to"
)
_ACTIVE = (
    "SELECT id FROM client WHERE practice_id = :p AND lifecycle = 'ACTIVE' AND deleted_at IS NULL"
)
_NEAR_CASES = (
    f"SELECT case_id FROM case_participant WHERE practice_id = :p AND client_id IN ({_ACTIVE}) "
    f"UNION {_NEAR_SESSIONS}"
)
_NEAR_PEOPLE = (
    f"{_ACTIVE} UNION SELECT client_id FROM case_participant WHERE practice_id = :p "
    f"AND case_id IN ({_NEAR_CASES}) UNION SELECT identified_client_id FROM care_case "
    f"WHERE practice_id = :p AND id IN ({_NEAR_CASES})"
)
_LAST_NOTES = (
    "SELECT id FROM note WHERE practice_id = :p AND (case_id, held_on) IN "
    "(SELECT case_id, max(held_on) FROM note WHERE practice_id = :p "
    f"AND case_id IN ({_NEAR_CASES}) GROUP BY case_id)"
)
_NEAR_APPOINTMENTS = (
    "SELECT id FROM appointment WHERE practice_id = :p AND starts >= :from AND starts < :to "
    f"UNION SELECT appointment_id FROM note WHERE practice_id = :p AND id IN ({_LAST_NOTES})"
)
_OF_NEAR_PEOPLE = f"client_id IN ({_NEAR_PEOPLE})"
_OF_NEAR_CASES = f"case_id IN ({_NEAR_CASES})"

#: What a day's work needs, parents first; ``:p`` is the practice, the rest the days around today.
_USEFUL: tuple[tuple[str, str], ...] = (
    ("practice", WHOLE),
    ("setting", WHOLE),
    ("service", WHOLE),
    ("location", WHOLE),
    ("office_hours", WHOLE),
    ("member", WHOLE),
    ("license", WHOLE),
    ("import_run", WHOLE),
    ("client", f"id IN ({_NEAR_PEOPLE})"),
    ("client_email", _OF_NEAR_PEOPLE),
    ("client_phone", _OF_NEAR_PEOPLE),
    ("client_address", _OF_NEAR_PEOPLE),
    ("client_insurance", _OF_NEAR_PEOPLE),
    ("care_case", f"id IN ({_NEAR_CASES})"),
    ("case_participant", _OF_NEAR_CASES),
    ("series", _OF_NEAR_CASES),
    ("skipped_occurrence", "original_start >= :from AND original_start < :to"),
    ("appointment", f"id IN ({_NEAR_APPOINTMENTS})"),
    ("service_line", f"appointment_id IN ({_NEAR_APPOINTMENTS})"),
    ("note", f"id IN ({_LAST_NOTES}) OR appointment_id IN ({_NEAR_APPOINTMENTS})"),
    ("diagnosis", _OF_NEAR_PEOPLE),
    ("client_fee", _OF_NEAR_CASES),
)


@dataclass(frozen=True, slots=True)
class Place:
    """How far a snapshot has come: a step, the last id of it, and where the log stood.

    ``version`` is that of the member's scope when it began: what left the view since then lay in
    earlier parts, and is named by the pull that follows.
    """

    seq: int
    day: str
    total: int
    done: int = 0
    step: int = 0
    after: str = ""
    version: int = 0

    def to_text(self) -> str:
        """Return the place as it travels, still to be signed."""
        return json.dumps(
            [self.seq, self.day, self.total, self.done, self.step, self.after, self.version],
            separators=(",", ":"),
        )

    @classmethod
    def read(cls, text: str) -> Place:
        """Read a place that was made here."""
        of = Reader.row(json.loads(text), least=7)
        return cls(
            seq=of.whole(0),
            day=of.text(1),
            total=of.whole(2),
            done=of.whole(3),
            step=of.whole(4),
            after=of.text(5),
            version=of.whole(6),
        )


@dataclass(frozen=True, slots=True)
class Step:
    """One table's share of a snapshot."""

    entity: str
    where: str
    useful: bool


@dataclass(frozen=True, slots=True)
class Part:
    """Rows as they will travel, and where to go on; ``after`` is ``None`` at the end."""

    texts: list[str]
    place: Place
    after: Place | None
    useful: bool


class Snapshots:
    """Reads the parts of one practice's snapshot."""

    def __init__(self, book: Book, view: View) -> None:
        self._book = book
        self._view = view
        useful = [Step(entity, where, True) for entity, where in _USEFUL]
        rest = [Step(entity, WHOLE, False) for entity in parents_first(book.dialect)]
        self._steps = [*useful, *rest, Step("", WHOLE, False)]

    def begin(self, today: date) -> Place:
        """Return the place before the first row."""
        place = Place(log.head(self._book), today.isoformat(), 0, version=self._view.version)
        total = sum(self._count(step, place) for step in self._steps)
        return replace(place, total=total)

    def part(self, place: Place, rows: int) -> Part:
        """Return the next ``rows`` rows or fewer."""
        if place.step >= len(self._steps):
            raise Malformed("this snapshot is over")
        texts: list[str] = []
        step, after = place.step, place.after
        while step < len(self._steps) and len(texts) < rows:
            wanted = rows - len(texts)
            found = self._rows(self._steps[step], place, after, wanted)
            texts += [text for _key, text in found]
            if len(found) < wanted:
                step, after = step + 1, ""
            else:
                after = found[-1][0]
        now = replace(place, done=place.done + len(texts), step=step, after=after)
        over = step >= len(self._steps)
        now = replace(now, total=now.done if over else max(now.total, now.done))
        useful = over or not self._steps[step].useful
        return Part(texts, now, None if over else now, useful)

    def named(self, entity: str, ids: Sequence[UUID]) -> list[str]:
        """Return these rows, as far as they are there and visible."""
        book = self._book
        kind = book.kinds.get(entity)
        if not ids:
            return []
        if kind is None:
            more = {} if self._view.limited else records.all_surplus(book, entity)
            return [
                f'["{entity}","{pk.hex}",{more[pk][0]},{to_text(more[pk][1])}]'
                for pk in ids
                if pk in more
            ]
        among, values = book.among("id", ids)
        where, seen = self._view.where(entity)
        found = records.row_texts(book, kind, f"({where}) AND {among}", *seen, *values)
        return [text for _pk, text in self._with_surplus(kind, found)]

    def _rows(self, step: Step, place: Place, after: str, rows: int) -> list[tuple[str, str]]:
        book = self._book
        if not step.entity:
            return self._unknown(after, rows)
        kind = book.kinds[step.entity]
        where, values = self._condition(step, place)
        begins = UUID(hex=after) if after else UUID(int=0)
        sense = f"({where}) AND id > ?"
        tail = f"ORDER BY id LIMIT {rows}"
        found = records.row_texts(book, kind, sense, *values, book.id(begins), tail=tail)
        return [(pk.hex, text) for pk, text in self._with_surplus(kind, found)]

    def _with_surplus(
        self, kind: Kind, found: Sequence[tuple[UUID, int, str]]
    ) -> list[tuple[UUID, str]]:
        more = records.surplus(self._book, kind.name, [pk for pk, _, _ in found]) if found else {}
        texts = []
        for pk, seq, columns in found:
            said = columns
            if pk in more:
                said = to_text({**json.loads(columns), **more[pk]})
            texts.append((pk, f'["{kind.name}","{pk.hex}",{seq},{said}]'))
        return texts

    def _unknown(self, after: str, rows: int) -> list[tuple[str, str]]:
        """Return rows of tables that only newer programs know."""
        known = ",".join(f"'{name}'" for name in self._book.kinds)
        entity, _, pk = after.partition(":")
        found = self._book.run(
            "SELECT entity, pk, seq, columns FROM surplus WHERE practice_id = ? "
            f"AND entity NOT IN ({known}) AND (entity > ? OR (entity = ? AND pk > ?)) "
            f"ORDER BY entity, pk LIMIT {rows}",
            self._book.practice,
            entity,
            entity,
            self._book.id(UUID(hex=pk) if pk else UUID(int=0)),
        )
        if self._view.limited:
            # Nobody here can tell to which case they belong.
            return []
        said = self._book.hex
        return [
            (f"{name}:{said(key)}", f'["{name}","{said(key)}",{seq},{columns}]')
            for name, key, seq, columns in found.fetchall()
        ]

    def _count(self, step: Step, place: Place) -> int:
        if not step.entity:
            known = ",".join(f"'{name}'" for name in self._book.kinds)
            found = self._book.run(
                f"SELECT count(*) FROM surplus WHERE practice_id = ? AND entity NOT IN ({known})",
                self._book.practice,
            )
        else:
            where, values = self._condition(step, place)
            found = self._book.run(
                f"SELECT count(*) FROM {step.entity} WHERE practice_id = ? AND ({where})",
                self._book.practice,
                *values,
            )
        return int(found.fetchone()[0])

    def _condition(self, step: Step, place: Place) -> tuple[str, list[Any]]:
        """Return the step's condition with its values in the order of their marks."""
        where = f"({step.where}) AND ({self._view.of(step.entity)})"
        day = date.fromisoformat(place.day)
        known = {
            **self._view.known,
            ":p": self._book.practice,
            ":from": (day - _AROUND).isoformat(),
            ":to": (day + _AROUND + timedelta(days=1)).isoformat(),
        }
        return fill(where, known)

"""The first upload: every row of the practice goes into the outbox whole, parents first."""

from __future__ import annotations

from uuid import UUID

from app.sync import state
from app.sync.file import LocalFile, Slice
from app.sync.forms import forms
from app.sync.restating import place_after, restate, some_rows
from app.sync.state import SEEDING, Link

#: One change set each; a push holds as many operations.
ROWS = 500
_NONE = b"\0" * 16


class Seeding:
    """Queues the practice slice by slice; the place where it stands is in the file."""

    def __init__(self, file: LocalFile) -> None:
        self._file = file

    def step(self, now_ms: int) -> int:
        """Queue the next rows and return how many; none is left once ``Link.seeding`` ends."""
        return self._file.slice(lambda part: self._next(part, part.link(), now_ms), durable=True)

    def _next(self, part: Slice, link: Link, now_ms: int) -> int:
        entity, after = place(link.snapshot)
        listed = forms()
        names = [form.entity for form in listed]
        at = names.index(entity) if entity in names else 0
        for form in listed[at:]:
            rows = some_rows(part, form, after if form.entity == entity else _NONE, ROWS)
            if rows:
                # The whole row says what was changed since its upload was begun, too.
                earlier = [
                    each for pk, _, _ in rows for each in part.outbox.of_row((form.entity, pk))
                ]
                part.outbox.remove(part.connection, earlier)
                restate(part, form, rows, now_ms=now_ms, base_seq=0, hlc=now_ms << 16)
                mark = SEEDING + place_after(rows, form)
                state.change(part.connection, link, snapshot=mark)
                return len(rows)
        state.change(part.connection, link, snapshot="")
        return 0


def place(mark: str) -> tuple[str, bytes]:
    """Return the table and the id after which seeding goes on."""
    entity, _, pk = mark.removeprefix(SEEDING).partition(":")
    return entity, UUID(hex=pk).bytes if pk else _NONE


def begin(part: Slice) -> None:
    """Make the file one that no server has confirmed anything of; the outbox is made anew."""
    part.outbox.remove(part.connection, list(part.outbox))
    for table in ("shadow", "deferred", "number_block"):
        part.connection.execute(f"DELETE FROM {table}")
    part.deferrals.load(part.connection)
    for form in forms():
        part.connection.execute(f"UPDATE {form.entity} SET row_seq = 0 WHERE row_seq > 0")

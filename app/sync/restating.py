"""Whole rows as operations of one's own: for a practice's first upload, and for a server that
was restored from its backup and no longer has what it had confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.core.kernel.ids import new_id
from app.core.store.columns import canonical_json
from app.core.vault.outbox import SCHEMA_VERSION
from app.sync.deferring import unknown_of
from app.sync.file import Slice
from app.sync.forms import Form, full_rows

_INSERT = (
    "INSERT INTO outbox (op_id, change_set_id, entity, pk, base_seq, hlc, columns, before, is_new, "
    "schema_version, state, attempts) VALUES (?, ?, ?, ?, ?, ?, ?, '{}', 1, ?, 'queued', 0)"
)


def restate(
    part: Slice, form: Form, rows: Iterable[Any], *, now_ms: int, base_seq: int, hlc: int | None
) -> int:
    """Queue whole rows ``(id, row_seq, columns)`` as one change set; return how many.

    ``hlc`` is their stamp; ``None`` takes each row's old version for it, which loses against
    every stamp of a clock but keeps the order among restated versions.
    """
    unknown = unknown_of(part.connection, form.entity)
    change_set = new_id(now_ms).bytes
    stated = []
    for pk, row_seq, columns in rows:
        whole = {**columns, **unknown.get(pk, {})}
        stated.append(
            (
                new_id(now_ms).bytes,
                change_set,
                form.entity,
                pk,
                base_seq,
                row_seq if hlc is None else hlc,
                canonical_json(whole),
                SCHEMA_VERSION,
            )
        )
    part.connection.executemany(_INSERT, stated)
    return len(stated)


def some_rows(part: Slice, form: Form, after: bytes, most: int, newer_than: int = -1) -> list[Any]:
    """Return up to ``most`` rows of a table after an id, of a version newer than the one given."""
    return full_rows(
        part.connection,
        form,
        "practice_id = ? AND id > ? AND row_seq > ? ORDER BY id LIMIT ?",
        (part.session.practice_id.bytes, after, newer_than, most),
    )


def place_after(rows: list[Any], form: Form) -> str:
    """Return the mark from which the next slice goes on."""
    return f"{form.entity}:{UUID(bytes=rows[-1][0]).hex}"

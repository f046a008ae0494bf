"""Takes refused changes off the rows they lay over; the changes stay kept with their text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.sync import shadows
from app.sync.applying import Incoming
from app.sync.file import Slice
from app.sync.forms import form_of
from app.sync.outbox import Key, Pending


def withdraw(part: Slice, refused: Iterable[Pending]) -> None:
    """Show the confirmed values under ``refused``: what waited, else what the first one changed.

    A new row has nothing under it, and stays; see ``take_out_new``.
    """
    under: dict[Key, dict[str, Any]] = {}
    for each in sorted(refused, key=lambda each: each.lsn):
        confirmed = under.setdefault(each.key, {})
        for name, said in shadows.own(part.connection, each.lsn).before.items():
            confirmed.setdefault(name, said)
    coming = [_confirmed(part, key, before) for key, before in under.items()]
    part.told(part.applier().apply([each for each in coming if each is not None], anew=True))


def take_out_new(part: Slice, refused: Iterable[Pending]) -> None:
    """Remove the rows that ``refused`` made, as those of a case that is no longer the member's.

    They would leave with their case; but the case may be back before it has left, without them.
    """
    part.told(part.remover().hide((e.entity, UUID(bytes=e.pk)) for e in refused if e.is_new))


def _confirmed(part: Slice, key: Key, before: dict[str, Any]) -> Incoming | None:
    entity, pk = key
    if not before or form_of(entity) is None:
        return None
    found = part.connection.execute(
        f"SELECT row_seq FROM {entity} WHERE practice_id = ? AND id = ?",
        (part.session.practice_id.bytes, pk),
    ).fetchone()
    if found is None:
        return None
    waiting = shadows.load(part.connection, key)
    columns = {
        name: waiting.show(name) if name in waiting.columns else said
        for name, said in before.items()
    }
    shadows.store(part.connection, key, waiting)
    return Incoming(found[0], entity, UUID(bytes=pk), columns)

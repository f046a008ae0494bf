"""What the server's log says of the notes that lost a line: who wrote what, having seen what."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from hosted.store.engine import For, open_database
from hosted.store.tables import Device, Incarnation, LogEntry
from tests.proofs.sync_world import World

_LOST = re.compile(r"note ([0-9a-f]{32}) lost the line '(.*?)'")


def story(world: World, problems: Iterable[str]) -> list[str]:
    """Return, as lines to read, what became of every note that is said to have lost a line."""
    lost = [found.groups() for each in problems for found in _LOST.finditer(each)]
    lines = {line for _, line in lost}
    told: list[str] = []
    database = open_database(world.server.database)
    try:
        with database.read(For(world.practice_id)) as session:
            devices = dict(session.execute(select(Device.id, Device.name)).all())
            lives = dict(session.execute(select(Incarnation.id, Incarnation.device_id)).all())
            names = {life: devices.get(device, "") for life, device in lives.items()}
            for note in sorted({note for note, _ in lost}):
                about = (LogEntry.pk == UUID(hex=note)) | (
                    (LogEntry.entity == "inbox_item") & LogEntry.columns.contains(note)
                )
                for entry in session.scalars(select(LogEntry).where(about).order_by(LogEntry.seq)):
                    told += _entry(entry, names.get(entry.incarnation, "the server"), lines)
    finally:
        database.close()
    return told


def _entry(entry: LogEntry, who: str, lost: set[str]) -> Iterator[str]:
    yield (
        f"{entry.seq}: {entry.entity} {entry.pk.hex[-6:]} by {who}, place {entry.lsn}, "
        f"saw {entry.base_seq}, {entry.verdict}"
    )
    for side, columns in (("held", entry.columns), ("lost", entry.lost or "{}")):
        said: Mapping[str, Any] = json.loads(columns)
        versions = {side: said, **{f"{side} {name}": said.get(name) for name in ("kept", "other")}}
        for name, version in versions.items():
            text = ((version or {}).get("sections") or {}).get("text")
            for line in text.split("\n") if text else ():
                yield f"    {name:<12} {line}{'   <- lost in the end' if line in lost else ''}"

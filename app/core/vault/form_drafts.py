"""Forms left half-way, in the encrypted file of the practice they belong to."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, delete, or_, type_coerce
from sqlalchemy.orm import Session

from app.core.kernel.clock import whole_milliseconds
from app.core.kernel.desk import HalfTyped
from app.core.vault.tables import FormDraft


def keep(session: Session, key: str, content: dict[str, Any], at: datetime) -> None:
    """Keep what stands in the form ``key``, in place of what was kept of it before."""
    session.merge(FormDraft(key=key, content=content, at=whole_milliseconds(at)))


def kept(session: Session, key: str) -> HalfTyped | None:
    """Return what was kept last of the form ``key``."""
    found = session.get(FormDraft, key)
    return None if found is None else HalfTyped(found.content, found.at)


def forget(session: Session, key: str) -> None:
    """Forget what was kept of the form ``key``: it was saved, or thrown away."""
    session.execute(delete(FormDraft).where(FormDraft.key == key))


def forget_about(session: Session, records: Collection[UUID]) -> None:
    """Forget every form that names one of ``records``, which are destroyed for good."""
    for record in records:
        words = type_coerce(FormDraft.content, Text)
        names = or_(FormDraft.key.contains(str(record)), words.contains(str(record)))
        session.execute(delete(FormDraft).where(names))

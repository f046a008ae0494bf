"""Work of a device that may no longer sync: kept for the owner, with nothing given back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.sync.protocol.messages import Push
from hosted.store.tables import Quarantine


def digest_of(message: Push) -> bytes:
    """Return the SHA-256 by which the same work is known again."""
    return hashlib.sha256(_body(message)).digest()


def keep(session: Session, device_id: UUID, message: Push, reason: str, now: datetime) -> None:
    """Keep what was pushed; the same work a second time is kept once."""
    practice_id = session.info["whom"].practice_id
    body = _body(message)
    digest = hashlib.sha256(body).digest()
    if session.get(Quarantine, (practice_id, digest)) is None:
        session.add(
            Quarantine(
                practice_id=practice_id,
                digest=digest,
                device_id=device_id,
                incarnation=message.incarnation,
                at=now,
                operations=len(message.operations),
                reason=reason,
                body=body.decode(),
            )
        )


def kept(session: Session) -> list[Quarantine]:
    """Return what lies in quarantine, oldest first."""
    practice_id = session.info["whom"].practice_id
    found = session.scalars(
        select(Quarantine).where(Quarantine.practice_id == practice_id).order_by(Quarantine.at)
    )
    return list(found)


def is_kept(session: Session, message: Push) -> bool:
    """Return whether the same work is here already."""
    practice_id = session.info["whom"].practice_id
    return session.get(Quarantine, (practice_id, digest_of(message))) is not None


def _body(message: Push) -> bytes:
    # Nothing in it was checked: in ASCII even halves of characters can be kept. The same work is
    # the same whether it was the last or not.
    return json.dumps(replace(message, more=False).to_json()).encode()

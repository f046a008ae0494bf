"""What the account signed of the plan, in the file of the practice that it is about.

So every backup and every copy of the file has it. What it says, and whether it is genuine, is not
the vault's to know.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.vault.tables import SignedPlan


def keep(session: Session, practice_id: UUID, keys: str, document: str) -> None:
    """Keep a signed list of keys and a document in place of what was kept before."""
    session.merge(SignedPlan(practice_id=practice_id, keys=keys, document=document))


def kept(session: Session) -> tuple[str, str] | None:
    """Return the list of keys and the document (empty if none), or ``None`` if nothing came yet."""
    found = session.execute(select(SignedPlan.keys, SignedPlan.document)).first()
    return None if found is None else (found.keys, found.document)

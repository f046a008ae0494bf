"""The signed plan in the practice's file: measured by what is held there, and put in its place.

It is kept as it came, signatures included. What is read at a start is taken as the rest of the
encrypted file is; before anything newer is measured by it, it is checked again, so that a document
that somebody wrote into the file by hand keeps no genuine one out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from app.core.vault import signed_plan
from app.sync.entitlement.reading import Kept, read_kept
from app.sync.entitlement.roots import pinned_roots
from app.sync.entitlement.verifying import Checked, Held, Reason, check
from app.sync.protocol.entitlement import BETWEEN, PublicKey

#: A document that cannot be measured any more, though nothing is wrong with it.
_KEY_IS_GONE = frozenset({Reason.UNKNOWN_KEY, Reason.UNKNOWN_ROOT})


@dataclass(frozen=True, slots=True)
class Received:
    """What became of a pair that came, and what the file holds now."""

    reason: Reason
    kept: Kept | None


def hear(session: Session, text: str, practice_id: UUID) -> Kept | None:
    """Go by what the account said at a greeting; an account may have nothing to say of a plan."""
    return receive(session, text, practice_id, pinned_roots()).kept if text else None


def receive(session: Session, text: str, practice_id: UUID, roots: Sequence[PublicKey]) -> Received:
    """Check a pair that came, and keep it if it is genuine and no older than what is held.

    Whatever is wrong with it, what holds goes on to hold: nothing here raises for what came.
    """
    before = signed_plan.kept(session)
    floor = _checked_again(before, practice_id, roots)
    checked = check(text, practice_id, floor.held if floor else None, roots)
    document = _document(before, floor, checked)
    keys = checked.held.signed_keys if checked.held else before[0] if before else ""
    if keys and (keys, document) != before:
        signed_plan.keep(session, practice_id, keys, document)
    return Received(checked.reason, read_kept(keys, document) if keys else None)


def _checked_again(
    before: tuple[str, str] | None, practice_id: UUID, roots: Sequence[PublicKey]
) -> Checked | None:
    return None if before is None else check(BETWEEN.join(before), practice_id, None, roots)


def _document(before: tuple[str, str] | None, floor: Checked | None, checked: Checked) -> str:
    """Return the document that holds from now on, empty for none."""
    if checked.reason is Reason.ACCEPTED and isinstance(checked.held, Held):
        return checked.held.signed_grant
    if before is None or floor is None:
        return ""
    # One that was forged into the file goes; one whose key was dropped holds until the next comes.
    genuine = floor.reason is Reason.ACCEPTED or floor.reason in _KEY_IS_GONE
    return before[1] if genuine else ""

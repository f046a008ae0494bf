"""Work that may no longer be synced goes to the account's quarantine, for the owner."""

from __future__ import annotations

from app.sync.protocol.terms import Refusal
from app.sync.sender import Sender
from app.sync.session import Session
from app.sync.state import Link
from app.sync.transport import Declined, Unreachable


def hand_over_once(sender: Sender, session: Session, link: Link) -> None:
    """Hand over what waits, once in a run; note whether this copy shall go.

    Whoever only has to sign in again keeps it. Raises ``Unreachable``; then it is tried again.
    """
    if session.handed_over or link.refused == Refusal.UNKNOWN_DEVICE:
        return
    session.handed_over = True
    revoked = link.refused == Refusal.REVOKED
    try:
        sender.quarantine(link, more=revoked)
    except Unreachable:
        session.handed_over = False
        raise
    except Declined as refused:
        session.not_taken = revoked and refused.code == Refusal.REVOKED
        return
    session.leaving = revoked

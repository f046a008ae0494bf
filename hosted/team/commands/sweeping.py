"""The server forgets invitations that ended a month ago; those that were accepted stay."""

from __future__ import annotations

from sqlalchemy import delete

from hosted.account.commands.means import Means
from hosted.account.commands.sweeping import KEPT
from hosted.store.engine import For
from hosted.team.tables import Invitation


def sweep(means: Means) -> None:
    """Remove what ended a month ago."""
    with means.database.write(For(server=True)) as session:
        session.execute(delete(Invitation).where(Invitation.ends_at < means.now() - KEPT))

"""The server forgets what has ended: sign-ups nobody confirmed, old links and sessions."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from hosted.account.commands.means import Means
from hosted.account.tables import (
    Authorization,
    MailLink,
    PasskeyChallenge,
    RefreshToken,
    SignUp,
    WebSession,
)
from hosted.store.engine import For

#: As row-level security says it, too: ``hosted.store.rls``.
KEPT = timedelta(days=30)
_ENDED = (
    SignUp.ends_at,
    MailLink.ends_at,
    PasskeyChallenge.ends_at,
    Authorization.ends_at,
    RefreshToken.ends_at,
    WebSession.made_at,
)


def sweep(means: Means) -> None:
    """Remove what ended a month ago."""
    before = means.now() - KEPT
    for ended in _ENDED:
        with means.database.write(For(server=True)) as session:
            session.execute(delete(ended.class_).where(ended < before))

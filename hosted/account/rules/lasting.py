"""How long each proof of a person lasts.

Sessions after NIST SP 800-63B-4, section 5.2 (authenticator assurance level 2).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

SIGN_UP_LASTS = timedelta(hours=24)
RESET_LASTS = timedelta(hours=1)
#: A browser is signed out after this long without a request, and after so long in any case.
IDLE, AT_MOST = timedelta(minutes=30), timedelta(hours=12)
#: So many browsers are signed in at once; one more, and the one longest unseen is signed out.
MOST_BROWSERS = 20
#: A session that waits for its second factor.
UNPROVED = timedelta(minutes=10)
CODE_LASTS = timedelta(minutes=1)
ACCESS_LASTS = timedelta(hours=1)
#: Renewed with every use: a computer that stays away longer signs in again.
REFRESH_LASTS = timedelta(days=90)


class Purpose(StrEnum):
    """What a link in an e-mail is for."""

    RESET = "RESET"


def session_lives(
    now: datetime,
    *,
    made_at: datetime,
    seen_at: datetime,
    proved: bool,
) -> bool:
    """Return whether a browser's session still opens anything."""
    if not proved and now - made_at >= UNPROVED:
        return False
    return now - seen_at < IDLE and now - made_at < AT_MOST

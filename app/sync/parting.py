"""A computer parts from its account: what either would lack is said, and the account is told.

Whether the account can be told or not, the computer is parted from it: nothing waits for a network,
and nothing is tried again later, for what would speak to the account then is gone.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from app.core.kernel.errors import NotWhole
from app.core.kernel.phrases import plural
from app.core.kernel.records import counted_kinds
from app.sync.account.bearer import TokenPlace
from app.sync.account.tokens import Tokens, disconnect
from app.sync.http import HttpTransport
from app.sync.state import Link
from app.sync.transport import Declined, Unreachable

#: Seconds that the account may take; the person has been parted from it by then.
PATIENCE = 10.0
_STAYS = (
    "Sync first; or disconnect anyway: then it stays on this computer alone until you connect it "
    "again."
)
_UPLOADING = f"The practice is not whole in the account yet. {_STAYS}"
_COMING = (
    "Not all of the practice has come to this computer yet. Sync first; or disconnect anyway: then "
    "the rest comes when you connect it again."
)


def require_whole(link: Link, waiting: int, kinds: Sequence[tuple[str, int]]) -> None:
    """Raise ``NotWhole``, in a person's words, unless both sides hold the same.

    ``waiting`` counts the change sets and files that were not sent, ``kinds`` the records that they
    are about.
    """
    if link.seeding:
        raise NotWhole(_UPLOADING)
    if kinds:
        raise NotWhole(f"Not in the account yet: {', '.join(counted_kinds(kinds))}. {_STAYS}")
    if waiting:
        changes = plural(waiting, "change is", "changes are")
        raise NotWhole(f"{changes} not in the account yet. {_STAYS}")
    if not link.cursor:
        raise NotWhole(_COMING)


def last_tokens(place: TokenPlace) -> Tokens | None:
    """Return what speaks for this computer; ``None`` while its keychain is locked."""
    try:
        return place.read()
    except Unreachable:
        return None


def tell(http: HttpTransport, tokens: Tokens) -> bool:
    """End what a computer was given; return whether the account took note of it."""
    late = threading.Timer(PATIENCE, http.cut_off)
    late.daemon = True
    late.start()
    try:
        return disconnect(http, tokens)
    except (Unreachable, Declined):
        return False
    finally:
        late.cancel()
        late.join()

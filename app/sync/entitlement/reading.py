"""Reading the signed plan that the file holds, without asking for its signatures again.

Apart from ``verifying``, because a start reads the plan and need not load what checks it.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.core.membership.rules.grant import Grant
from app.sync import wire
from app.sync.protocol.entitlement import read_grant, read_key_list
from app.sync.wire import Malformed


@dataclass(frozen=True, slots=True)
class Kept:
    """What the file holds of the plan: the grant, if any, and the latest moment proven by it.

    ``dropped`` says that the key of the document has left the list: refresh now.
    """

    grant: Grant | None
    proven: datetime | None
    dropped: bool = False


def read_kept(keys: str, document: str) -> Kept | None:
    """Read what the file holds; ``None`` where it cannot be read, as if nothing had come."""
    try:
        listed = read_key_list(_part(keys, 1))
        if not document:
            return Kept(None, listed.issued)
        grant = read_grant(_part(document, 1))
        kid = _part(document, 0).get("kid")
    except Malformed:
        return None
    dropped = listed.find(str(kid)) is None
    return Kept(grant, max(listed.issued, grant.issued), dropped)


def _part(signed: str, place: int) -> dict[str, Any]:
    parts = signed.split(".")
    if len(parts) != 3:
        raise Malformed("this is no compact JWS")
    text = parts[place]
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        raise Malformed("this is no base64url") from None
    said: dict[str, Any] = wire.read(raw)
    return said

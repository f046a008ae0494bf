"""The signed plan as it travels: a list of keys and a document, each a compact JWS.

``KEYS~DOCUMENT``: the list of the keys that sign documents at present is itself signed by a root
key, of which the program has the public half (``sync.entitlement.roots``). Both are RFC 7515
with ``alg`` Ed25519 (RFC 9864), and nothing but ``alg``, ``typ`` and ``kid`` in their headers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.core.kernel.entitlement import Feature, SeatLimits
from app.core.membership.rules.grant import Grant
from app.core.membership.rules.notices import Notice, NoticeKind
from app.core.membership.rules.seats import SeatCount, SeatsUsed
from app.core.membership.rules.subscription import Status
from app.sync.wire import Reader

ALGORITHM = "Ed25519"
ISSUER = "practicerunner.account"
AUDIENCE = "practicerunner.desktop"
DOCUMENT_TYPE = "entitlement+jws"
KEYS_TYPE = "entitlement-keys+jws"
#: What no honest pair comes near to.
LARGEST_BYTES = 16 * 1024
BETWEEN = "~"

#: The year 9999 in seconds since 1970: later, a moment cannot be said.
_LAST_SECOND = 253_402_300_799
_MOST = 1_000_000
_MOST_KEYS = 50
_FEATURES = frozenset(map(str, Feature))
_NOTICES = frozenset(map(str, NoticeKind))


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that may sign documents: its name, and its public half in base64url."""

    kid: str
    x: str


@dataclass(frozen=True, slots=True)
class KeyList:
    """The keys that sign documents at present; one that left the list signs nothing any more."""

    seq: int
    issued: datetime
    keys: tuple[PublicKey, ...]

    def find(self, kid: str) -> PublicKey | None:
        """Return the key of that name, unless it is not, or no longer, in the list."""
        return next((each for each in self.keys if each.kid == kid), None)


def key_list_claims(listed: KeyList) -> dict[str, Any]:
    """Return the payload of a list of keys."""
    keys = [{"kid": each.kid, "x": each.x} for each in listed.keys]
    return {"iss": ISSUER, "seq": listed.seq, "iat": _seconds(listed.issued), "keys": keys}


def read_key_list(said: Any) -> KeyList:
    """Read the payload of a list of keys; raises ``Malformed``."""
    of = Reader.mapping(said)
    rows = [Reader.mapping(each) for each in of.items("keys", most=_MOST_KEYS)]
    keys = tuple(PublicKey(row.text("kid"), row.text("x")) for row in rows)
    return KeyList(of.whole("seq"), _moment(of, "iat"), keys)


def grant_claims(grant: Grant) -> dict[str, Any]:
    """Return the payload of a document."""
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": grant.practice_id.hex,
        "seq": grant.seq,
        "iat": _seconds(grant.issued),
        "refresh": _seconds(grant.refresh),
        "exp": _seconds(grant.expires),
        "stale": _seconds(grant.stale),
        "plan": grant.plan,
        "status": grant.status,
        "until": None if grant.until is None else _seconds(grant.until),
        "limits": {
            "active_clients": grant.active_clients,
            "clinicians": grant.seats.clinicians,
            "associates": grant.seats.associates,
            "admins": grant.seats.admins,
        },
        "used": {
            "active_clients": grant.active_clients_used,
            "clinicians": _counted(grant.seats_used.clinicians),
            "associates": _counted(grant.seats_used.associates),
            "admins": _counted(grant.seats_used.admins),
        },
        "features": sorted(grant.features),
        "catalogue": grant.catalogue,
        "notices": [
            [each.kind, None if each.until is None else _seconds(each.until), each.count]
            for each in grant.notices
        ],
    }


def read_grant(said: Any) -> Grant:
    """Read the payload of a document; raises ``Malformed``.

    What a later account says beyond this version (a status, a feature, a notice) is passed over.
    """
    of = Reader.mapping(said)
    limits, used = Reader.mapping(of.value("limits")), Reader.mapping(of.value("used"))
    status = of.word("status", Status, otherwise="")
    return Grant(
        practice_id=of.uuid("sub"),
        seq=of.whole("seq"),
        plan=of.text("plan"),
        status=Status(status) if status else None,
        until=None if of.value("until") is None else _moment(of, "until"),
        active_clients=_limit(limits, "active_clients"),
        seats=SeatLimits(
            _limit(limits, "clinicians"), _limit(limits, "associates"), _limit(limits, "admins")
        ),
        active_clients_used=used.whole("active_clients", most=_MOST),
        seats_used=SeatsUsed(
            _count(used, "clinicians"), _count(used, "associates"), _count(used, "admins")
        ),
        features=frozenset(
            Feature(each)
            for each in of.items("features", most=100)
            if isinstance(each, str) and each in _FEATURES
        ),
        catalogue=of.whole("catalogue"),
        issued=_moment(of, "iat"),
        refresh=_moment(of, "refresh"),
        expires=_moment(of, "exp"),
        stale=_moment(of, "stale"),
        notices=_notices(of),
    )


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())


def _moment(of: Reader, name: str | int) -> datetime:
    return datetime.fromtimestamp(of.whole(name, most=_LAST_SECOND), UTC)


def _limit(of: Reader, name: str) -> int | None:
    return None if of.value(name) is None else of.whole(name, most=_MOST)


def _counted(count: SeatCount) -> list[int]:
    return [count.active, count.invited, count.reserved]


def _count(of: Reader, name: str) -> SeatCount:
    row = Reader.row(of.value(name), least=3)
    return SeatCount(*(row.whole(place, most=_MOST) for place in range(3)))


def _notices(of: Reader) -> tuple[Notice, ...]:
    rows = [Reader.row(each, least=3) for each in of.items("notices", most=100)]
    return tuple(
        Notice(
            NoticeKind(row.text(0)),
            None if row.value(1) is None else _moment(row, 1),
            row.whole(2, most=_MOST),
        )
        for row in rows
        if row.text(0) in _NOTICES
    )

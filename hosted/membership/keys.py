"""The keys by which this server signs plans; they lie beside the database, never in it.

A list of them, signed by a root key, travels with every document. A server for its own machine
alone signs that list itself, with the development root that no release trusts. A public server
cannot: its list is signed where the root key is kept, and installed (``hosted admin keys``).
"""

from __future__ import annotations

import json
import os
import secrets
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.sync import wire
from app.sync.protocol.entitlement import KeyList, PublicKey, read_key_list
from app.sync.protocol.signing import (
    SigningKey,
    development_root,
    new_signing_key,
    read_signing_key,
    sign_key_list,
)
from app.sync.wire import Malformed


class NotListed(Exception):
    """There is no list for this server's keys; the text says what to do."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Private keys, the oldest first, and the signed list of those that may sign."""

    keys: tuple[SigningKey, ...]
    listed: str

    @property
    def signing(self) -> SigningKey:
        """Return the newest key that is listed; raises ``NotListed`` where none is."""
        known = listed_keys(self.listed).keys if self.listed else ()
        kids = {each.kid for each in known}
        for each in reversed(self.keys):
            if each.kid in kids:
                return each
        raise NotListed(
            "No root key has signed this server's keys: run `hosted admin keys new`, have the "
            "list signed where the root key is kept, and run `hosted admin keys install`."
        )


def own_ring(now: datetime) -> Ring:
    """Return a new key that the development root has listed, for a server of one machine."""
    return _signed_here((_drawn(now),), 1, now)


def open_ring(path: Path, now: datetime, *, public: bool) -> Ring:
    """Return the keys in a file; a server that is not public makes what is missing."""
    if path.exists():
        said = json.loads(path.read_text("utf-8"))
        keys = tuple(read_signing_key(each["kid"], each["key"]) for each in said["keys"])
        return Ring(keys, said["listed"])
    if public:
        return Ring((), "")
    ring = own_ring(now)
    keep(path, ring)
    return ring


def keep(path: Path, ring: Ring) -> None:
    """Write the keys down, for their owner's eyes alone; a power cut leaves the old file."""
    keys = [{"kid": each.kid, "key": each.key.as_dict(private=True)} for each in ring.keys]
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump({"keys": keys, "listed": ring.listed}, file)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def with_new_key(ring: Ring, now: datetime, *, public: bool, drop: str = "") -> Ring:
    """Return the ring with one key more, and without the one that is dropped.

    A public server signs with it once a list that names it is installed.
    """
    keys = (*(each for each in ring.keys if each.kid != drop), _drawn(now))
    if public:
        return Ring(keys, ring.listed)
    return _signed_here(keys, _next_seq(ring), now)


def to_be_signed(ring: Ring, now: datetime) -> str:
    """Return the list of this server's keys as the holder of the root key is to sign it."""
    keys = [{"kid": each.kid, "x": each.public.x} for each in ring.keys]
    return json.dumps({"seq": _next_seq(ring), "at": int(now.timestamp()), "keys": keys})


def sign_list(unsigned: str, kid: str, root: dict[str, str]) -> str:
    """Return a list that ``to_be_signed`` made, signed by a root key; raises ``ValueError``."""
    said = json.loads(unsigned)
    keys = tuple(PublicKey(each["kid"], each["x"]) for each in said["keys"])
    issued = datetime.fromtimestamp(said["at"], UTC)
    return sign_key_list(KeyList(said["seq"], issued, keys), read_signing_key(kid, root))


def with_list(ring: Ring, signed: str) -> Ring:
    """Return the ring with a list that was signed; keys that it does not name are forgotten.

    Raises ``NotListed`` for one that is older than the present one or names none of the keys.
    """
    named = listed_keys(signed)
    if named.seq < _next_seq(ring):
        raise NotListed("That list is older than the one that is installed.")
    kids = {each.kid for each in named.keys}
    found = Ring(tuple(each for each in ring.keys if each.kid in kids), signed)
    if not found.keys:
        raise NotListed("That list names none of this server's keys.")
    return found


def listed_keys(signed: str) -> KeyList:
    """Read a signed list; raises ``NotListed`` for what is none. Programs check its signature."""
    try:
        payload = signed.split(".")[1]
        raw = urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return read_key_list(wire.read(raw))
    except (IndexError, ValueError, Malformed):
        raise NotListed("That is no signed list of keys.") from None


def _signed_here(keys: tuple[SigningKey, ...], seq: int, now: datetime) -> Ring:
    named = KeyList(seq, now.replace(microsecond=0), tuple(each.public for each in keys))
    return Ring(keys, sign_key_list(named, development_root()))


def _next_seq(ring: Ring) -> int:
    return listed_keys(ring.listed).seq + 1 if ring.listed else 1


def _drawn(now: datetime) -> SigningKey:
    return new_signing_key(f"{now:%Y-%m-%d}-{secrets.token_hex(3)}")

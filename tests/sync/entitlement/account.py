"""An account that signs, and everything that one could try to slip in in its place."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.membership.rules.grant import Grant, grant_of
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.seats import SeatHolder
from app.core.membership.rules.subscription import Subscription
from app.sync.protocol.entitlement import KeyList
from app.sync.protocol.signing import (
    SigningKey,
    development_root,
    new_signing_key,
    pair,
    sign_grant,
    sign_key_list,
)
from tests.support.clock import THE_MOMENT

ROOT = development_root()
ROOTS = (ROOT.public,)
PRACTICE = UUID("0190c0de-0000-7000-8000-000000000001")


def grant(
    plan: Plan = Plan.GROUP,
    seq: int = 1,
    at: datetime = THE_MOMENT,
    practice_id: UUID = PRACTICE,
    *,
    lapsed: bool = False,
) -> Grant:
    """Return what an account grants a paid practice with one clinician and three clients."""
    year = 2025 if lapsed else 2030
    month = BillingPeriod(datetime(2025, 1, 1, tzinfo=UTC), datetime(year, 2, 1, tzinfo=UTC))
    signed_up = datetime(2025 if lapsed else 2026, 1, 5, tzinfo=UTC)
    paid = None if plan is Plan.STARTER else month
    owner = SeatHolder("m1", "Dana Whitfield", Role.OWNER)
    facts = PracticeFacts(Subscription(signed_up, plan, paid=paid), "UTC", (owner,), 3)
    return grant_of(practice_id, facts, seq, at)


@dataclass
class Account:
    """Signs with one key at a time; ``rotate`` takes the next, and drops the last one if asked."""

    key: SigningKey = field(default_factory=lambda: new_signing_key("2026-a"))
    root: SigningKey = ROOT
    listed: KeyList = field(init=False)

    def __post_init__(self) -> None:
        self.listed = KeyList(1, THE_MOMENT.replace(microsecond=0), (self.key.public,))

    def rotate(self, kid: str, at: datetime, *, drop: bool) -> None:
        """Sign with a new key from now on."""
        self.key = new_signing_key(kid)
        stay = () if drop else self.listed.keys
        self.listed = KeyList(self.listed.seq + 1, at, (*stay, self.key.public))

    @property
    def keys(self) -> str:
        """The signed list of keys."""
        return sign_key_list(self.listed, self.root)

    def says(self, said: Grant) -> str:
        """Return a grant as it travels."""
        return pair(self.keys, sign_grant(said, self.key))

    def says_raw(self, claims: dict[str, Any], **header: Any) -> str:
        """Return any claims under any header, with a genuine signature over both."""
        head = {"alg": "Ed25519", "typ": "entitlement+jws", "kid": self.key.kid, **header}
        signed = f"{part(head)}.{part(claims)}"
        private: Any = self.key.key.get_op_key("sign")
        return pair(self.keys, f"{signed}.{base64url(private.sign(signed.encode()))}")


def base64url(raw: bytes) -> str:
    """Return base64url without its padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def part(said: Any) -> str:
    """Return a header or payload as a compact JWS has it."""
    return base64url(json.dumps(said).encode())


def older(said: Grant, **times: datetime) -> Grant:
    """Return a grant with other times."""
    return replace(said, **times)  # type: ignore[arg-type]

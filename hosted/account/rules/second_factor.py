"""Codes of an authenticator app (RFC 6238): six digits, thirty seconds, each taken once."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

from app.core.kernel.clock import unix_ms
from app.core.kernel.text import digits

_SECONDS = 30
#: A phone's clock may be one step away from ours.
_DRIFT = 1
_ISSUER = "PracticeRunner"


def new_key() -> str:
    """Return a key for an authenticator app: 160 bits in base 32."""
    return pyotp.random_base32()


def key_address(key: str, address: str) -> str:
    """Return what the square code on the page says to the app."""
    return pyotp.TOTP(key).provisioning_uri(name=address, issuer_name=_ISSUER)


def step_of(key: str, typed: str, now: datetime, after: int) -> int | None:
    """Return the step of time that a typed code belongs to; ``None`` when it is not to be taken.

    ``after`` is the last step whose code was taken: that one and all before it are spent
    (RFC 6238, 5.2).
    """
    code = digits(typed)
    totp = pyotp.TOTP(key)
    here = unix_ms(now) // 1000 // _SECONDS
    found = None
    for step in range(here - _DRIFT, here + _DRIFT + 1):
        if hmac.compare_digest(totp.generate_otp(step), code) and step > after and found is None:
            found = step
    return found

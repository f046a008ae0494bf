"""What a computer says when it asks to be connected, and what is believed of it.

The authorization code flow with PKCE for native programs: RFC 6749, 7636 (S256 alone) and 8252.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from app.core.kernel.text import clean_line

CLIENT = "practicerunner-desktop"
_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")
_STATE = re.compile(r"[\x20-\x7e]{1,200}")
_LONGEST_NAME = 100


class NotOurs(Exception):
    """A request that no version of the program makes: it is not answered to where it says."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a computer asked for in the address that it opened in the browser."""

    redirect: str
    challenge: str
    state: str
    device_name: str
    program: str

    def fields(self) -> dict[str, str]:
        """Return what was asked as it was said, for a form."""
        return {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": self.redirect,
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
            "state": self.state,
            "device_name": self.device_name,
            "program": self.program,
        }

    def query(self) -> str:
        """Return the query by which the same may be asked again."""
        return urlencode(self.fields())

    def back(self, **said: str) -> str:
        """Return the address on the person's own computer that the browser goes to."""
        return f"{self.redirect}?{urlencode({**said, 'state': self.state})}"


def read(said: Mapping[str, str]) -> Asked:
    """Return what was asked; raises ``NotOurs``."""
    asked = Asked(
        redirect=said.get("redirect_uri", ""),
        challenge=said.get("code_challenge", ""),
        state=said.get("state", ""),
        device_name=clean_line(said.get("device_name", ""), limit=1 << 16),
        program=clean_line(said.get("program", ""), limit=1 << 16),
    )
    fits = (
        said.get("response_type") == "code"
        and said.get("client_id") == CLIENT
        and said.get("code_challenge_method") == "S256"
        and _CHALLENGE.fullmatch(asked.challenge)
        and _STATE.fullmatch(asked.state)
        and is_loopback(asked.redirect)
        and 0 < len(asked.device_name) <= _LONGEST_NAME
        and 0 < len(asked.program) <= _LONGEST_NAME
    )
    if not fits:
        raise NotOurs
    return asked


def is_loopback(address: str) -> bool:
    """Return whether an address is this computer's own, by number, on any port (RFC 8252, 7.3)."""
    if not address.isascii() or not address.isprintable() or len(address) > 200:
        return False
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    named = f"http://[{parts.hostname}]" if parts.hostname == "::1" else f"http://{parts.hostname}"
    return (
        parts.scheme == "http"
        and parts.hostname in _LOOPBACK
        and port is not None
        and port > 0
        and re.fullmatch(r"/[A-Za-z0-9/_-]*", parts.path) is not None
        # Nothing besides: no user, no query, no other way to write the same.
        and address == f"{named}:{port}{parts.path}"
    )


def proves(challenge: str, verifier: str) -> bool:
    """Return whether whoever brings a code is the program that asked for it (RFC 7636, 4.6)."""
    if not _VERIFIER.fullmatch(verifier):
        return False
    made = hashlib.sha256(verifier.encode()).digest()
    said = base64.urlsafe_b64encode(made).rstrip(b"=").decode()
    return hmac.compare_digest(said, challenge)

"""What a computer opens in the browser when it asks to be connected.

The authorization code flow with PKCE for native programs: RFC 6749, 7636 (S256 alone) and 8252.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from urllib.parse import urlencode

#: By this name the account knows the program.
CLIENT = "practicerunner-desktop"


@dataclass(frozen=True, slots=True)
class Asking:
    """One request to be connected; its secrets are drawn anew for each and kept nowhere."""

    server: str
    redirect: str
    device_name: str
    program: str
    verifier: str = field(default_factory=lambda: secrets.token_urlsafe(48), repr=False)
    """Proves to the account that whoever brings the code is who asked for it."""
    state: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    """Comes back with the code: an answer without it belongs to another request."""

    @property
    def address(self) -> str:
        """The page of the account on which the person allows it."""
        said = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": self.redirect,
            "code_challenge": _challenge(self.verifier),
            "code_challenge_method": "S256",
            "state": self.state,
            "device_name": self.device_name,
            "program": self.program,
        }
        return f"{self.server}/account/connect?{urlencode(said)}"


def _challenge(verifier: str) -> str:
    made = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(made).rstrip(b"=").decode()

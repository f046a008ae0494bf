"""How the engine speaks with the server, whatever carries the words."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Protocol

from app.sync.protocol import messages
from app.sync.protocol.terms import Verb


class Trouble(StrEnum):
    """Why the server could not be asked, or what it said could not be used."""

    OFFLINE = "offline"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    """Whoever answers cannot prove to be the server."""
    NOT_OUR_SERVER = "not_our_server"
    """A web page, a captive portal, a redirect: something else answers."""
    BROKEN = "broken"
    """An answer cut short, damaged, too large, or not as agreed."""
    SERVER_ERROR = "server_error"
    OTHER_VERSION = "other_version"
    """The account's server speaks no version of the protocol that is spoken here."""
    BUSY = "busy"
    KEYCHAIN = "keychain"
    """The system's keychain does not say what speaks for this computer."""


class Unreachable(Exception):
    """No usable answer; trying again later may help. ``detail`` is for a developer's log."""

    def __init__(self, kind: Trouble, detail: str = "") -> None:
        super().__init__(f"{kind}: {detail}" if detail else str(kind))
        self.kind = kind


class Declined(Exception):
    """The server understood and refused the whole request, with one of ``terms.Refusal``."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code


class Transport(Protocol):
    """Asks the server one thing at a time."""

    def ask(self, verb: Verb, message: Any) -> Any:
        """Return the answer to ``message``; raises ``Unreachable`` or ``Declined``."""
        ...


class Speaks(Protocol):
    """What speaks for this computer at the account. See ``account.bearer.Bearer``."""

    def token(self) -> str:
        """Return the token for a request; raises ``Unreachable``, or ``Declined`` without one."""
        ...

    def another(self, refused: str) -> bool:
        """Return whether a request that was refused with this token has another to try."""
        ...


#: The class of the answer to each verb.
ANSWERS: dict[Verb, Any] = {
    Verb.HELLO: messages.Welcome,
    Verb.PUSH: messages.Pushed,
    Verb.PULL: messages.Page,
    Verb.SNAPSHOT: messages.SnapshotPart,
    Verb.DIGEST: messages.Digested,
    Verb.ROWS: messages.SnapshotPart,
    Verb.LEASE: messages.Leased,
    Verb.QUARANTINE: messages.Pushed,
}

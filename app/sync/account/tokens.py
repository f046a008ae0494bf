"""The tokens of a connected computer: exchanged for a code, renewed again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from app.sync.account.asking import CLIENT, Asking
from app.sync.protocol.terms import Refusal
from app.sync.transport import Declined, Trouble, Unreachable
from app.sync.wire import Malformed, Reader

_TOO_MANY = "too_many"
#: Seconds that a token is renewed before it ends, so that no request meets its end.
EARLY = timedelta(seconds=60)
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Tokens:
    """What speaks for a computer.

    With ``refresh`` it ends at ``ends`` and is renewed; without, it lasts (it came by a one-time
    code).
    """

    access: str = field(repr=False)
    refresh: str = field(default="", repr=False)
    ends: datetime | None = None

    def ends_soon(self, now: datetime) -> bool:
        """Return whether it is to be renewed before the next request."""
        return bool(self.refresh) and self.ends is not None and now >= self.ends - EARLY

    def has_ended(self, now: datetime) -> bool:
        """Return whether it speaks for nobody any more, by this computer's clock."""
        return self.ends is not None and now >= self.ends

    def to_text(self) -> str:
        """Return it as text, to be kept: one word for a lasting token, three for the others."""
        if not self.refresh or self.ends is None:
            return self.access
        return f"{self.access} {self.refresh} {int(self.ends.timestamp())}"

    @classmethod
    def from_text(cls, text: str | None) -> Tokens | None:
        """Return what was kept; ``None`` for anything else."""
        match (text or "").split(" "):
            case [access] if access:
                return cls(access)
            case [access, refresh, ends] if access and refresh and ends.isdecimal():
                try:
                    return cls(access, refresh, datetime.fromtimestamp(int(ends), UTC))
                except (OverflowError, ValueError, OSError):
                    return None
        return None


@dataclass(frozen=True, slots=True)
class Granted:
    """What the account gave a computer; no practice yet where it is the first one."""

    tokens: Tokens
    device_id: UUID
    practice_id: UUID | None
    member_id: UUID | None


@dataclass(frozen=True, slots=True)
class Was:
    """The life that a computer's file is in, and which one of the account it was, if any.

    A computer that connects again says both, and stays the one that it was; so does one whose
    first answer was lost. A copied file is in another life, and so another computer.
    """

    incarnation: UUID
    device_id: UUID | None = None

    def said(self) -> dict[str, str]:
        """Return it as it travels."""
        said = {"incarnation": self.incarnation.hex}
        return said if self.device_id is None else said | {"device_id": self.device_id.hex}


class Forms(Protocol):
    """Sends a form once. See ``http.HttpTransport.form``."""

    def form(self, path: str, fields: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Return status and JSON object of the answer; raises ``Unreachable``, ``Declined``."""
        ...


def exchange(
    http: Forms, code: str, asking: Asking, now: datetime, was: Was | None = None
) -> Granted:
    """Return what a code gives; raises ``Unreachable``, or ``Declined`` for one that opens nothing.

    A code works once: an answer that is lost costs another sign-in.
    """
    said = {"code": code, "code_verifier": asking.verifier, "redirect_uri": asking.redirect}
    if was is not None:
        said |= was.said()
    return _ask(http, {"grant_type": "authorization_code", **said}, now)


def renew(http: Forms, refresh: str, now: datetime) -> Tokens:
    """Return the next tokens, the present ones ended; raises ``Unreachable`` or ``Declined``."""
    return _ask(http, {"grant_type": "refresh_token", "refresh_token": refresh}, now).tokens


def disconnect(http: Forms, tokens: Tokens) -> bool:
    """End what a computer was given; return whether the account knew it.

    Raises ``Unreachable`` or ``Declined``. Source: RFC 7009.
    """
    said = {"client_id": CLIENT, "token": tokens.refresh or tokens.access}
    status, _answer = http.form("/v1/disconnect", said)
    return status == 200


def _ask(http: Forms, said: dict[str, str], now: datetime) -> Granted:
    try:
        status, answer = http.form("/v1/token", {"client_id": CLIENT, **said})
    except Declined as declined:
        if declined.code == _TOO_MANY:
            raise Unreachable(Trouble.BUSY, declined.code) from None
        raise
    if status == 400:
        if answer.get("error") == "invalid_grant":
            raise Declined(Refusal.UNKNOWN_DEVICE)
        raise Unreachable(Trouble.BROKEN, "the request for tokens was refused")
    try:
        return _read(Reader.mapping(answer), now)
    except Malformed as damaged:
        raise Unreachable(Trouble.BROKEN, str(damaged)) from None


def _read(of: Reader, now: datetime) -> Granted:
    access, refresh = of.text("access_token"), of.text("refresh_token")
    for token in (access, refresh):
        if not 0 < len(token) <= _LONGEST or not token.isascii() or not token.isprintable():
            raise Malformed("no token")
        if " " in token:
            raise Malformed("no token")
    seconds = of.whole("expires_in", least=1, most=366 * 24 * 3600)
    none = (of.value("practice_id"), of.value("member_id")) == (None, None)
    return Granted(
        Tokens(access, refresh, now + timedelta(seconds=seconds)),
        of.uuid("device_id"),
        None if none else of.uuid("practice_id"),
        None if none else of.uuid("member_id"),
    )

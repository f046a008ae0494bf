"""Ties a practice to its account with a one-time code, and unties it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from app.core.kernel.errors import MachineError, PlanRefuses, UserError
from app.core.vault.incarnation import draw_tag
from app.sync import state
from app.sync.account.tokens import Granted, Tokens, Was
from app.sync.file import Slice
from app.sync.http import HttpTransport
from app.sync.protocol.terms import Refusal
from app.sync.seeding import begin
from app.sync.state import SEEDING, Link
from app.sync.transport import Declined, Trouble, Unreachable
from app.sync.wire import Malformed, Reader
from app.sync.words import asked_once

SOMEBODY_ELSE = (
    "You signed in as somebody else, or for another practice: sign in as the person whose practice "
    "file this is."
)
_LOCAL = {"localhost", "127.0.0.1", "::1"}
#: What the server says to too many codes in a row.
TOO_MANY = "too_many"
LONGEST_NAME = 100
_CODE = re.compile(r"[^A-Z0-9]")
_HOST = re.compile(r"[^\s@]+")


def checked_server(typed: str) -> str:
    """Return the server's address; raises ``UserError`` (field ``server``) for one without TLS.

    Plain HTTP is for a server on this very computer.
    """
    address = typed.strip()
    if "://" not in address:
        address = f"https://{address}"
    address = address.rstrip("/")
    try:
        parts = urlsplit(address)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host, parts = None, urlsplit("")
    # An e-mail address, or words with spaces between them, would be asked for as a host.
    odd = parts.path or parts.query or not _HOST.fullmatch(parts.netloc)
    if not host or parts.scheme not in {"https", "http"} or odd:
        raise UserError(
            f"{typed} is no address of a server; type it like https://sync.example.com.",
            field="server",
        )
    if parts.scheme == "http" and host not in _LOCAL:
        raise UserError(
            "Type an address that begins with https, so that nobody can listen.", field="server"
        )
    return address


def checked_name(typed: str) -> str:
    """Return what this computer is called; raises ``UserError`` (field ``device_name``)."""
    name = " ".join(typed.split())
    if not name:
        raise UserError(
            "Give this computer a name, such as Office: it heads its side of a conflict.",
            field="device_name",
        )
    if len(name) > LONGEST_NAME:
        raise UserError(
            f"Give this computer a shorter name, of at most {LONGEST_NAME} letters.",
            field="device_name",
        )
    return name


def pair(
    http: HttpTransport, code: str, device_name: str, program: str, was: Was | None = None
) -> Granted:
    """Exchange a one-time code for the token of this computer, which says what it ``was``.

    Raises ``UserError`` (field ``code``) for a code that is wrong or used, ``MachineError`` where
    the server cannot be asked.
    """
    said = ask(
        http,
        "/v1/pair",
        {
            "code": _CODE.sub("", code.upper()),
            "device_name": device_name,
            "program": program,
            **(was.said() if was is not None else {}),
        },
        refused="That code is wrong, used or too old: ask for a new one.",
        field="code",
    )
    try:
        of = Reader.mapping(said)
        none = (of.value("practice_id"), of.value("member_id")) == (None, None)
        practice = None if none else of.uuid("practice_id")
        member = None if none else of.uuid("member_id")
        return Granted(Tokens(of.text("token")), of.uuid("device_id"), practice, member)
    except Malformed:
        raise MachineError(asked_once(Trouble.BROKEN)) from None


def not_ones_own(granted: Granted, practice_id: UUID, *, by_code: bool) -> str:
    """Return what is said of a grant that is not for the person whose practice file this is."""
    if granted.practice_id != practice_id:
        which = "code" if by_code else "account"
        return (
            f"That {which} belongs to another practice: use “join” to bring that one to this "
            "computer."
        )
    if not by_code:
        return SOMEBODY_ELSE
    return "That code is of somebody else in your practice: ask for one of your own."


def found_practice(http: HttpTransport, practice_id: UUID, member_id: UUID) -> None:
    """Make the account's practice, from the first computer that it has."""
    ask(
        http,
        "/v1/practices",
        {"practice_id": practice_id.hex, "member_id": member_id.hex},
        refused="The account already has another practice.",
        field="code",
    )


def new_code(http: HttpTransport) -> str:
    """Return a one-time code for another computer of the same member."""
    said = ask(http, "/v1/codes", {}, refused="The account gives this computer no codes.")
    code = said.get("code")
    if not isinstance(code, str) or not 4 <= len(code) <= 20:
        raise MachineError(asked_once(Trouble.BROKEN))
    return code


def ask(
    http: HttpTransport,
    path: str,
    said: dict[str, Any],
    *,
    refused: str,
    field: str | None = None,
) -> dict[str, Any]:
    """Post to the account; its troubles are said in a sentence, a refusal in ``refused``."""
    try:
        return http.post(path, said)
    except Unreachable as failed:
        raise MachineError(asked_once(failed.kind)) from None
    except Declined as declined:
        if declined.code == Refusal.NO_COMPUTER:
            raise PlanRefuses(
                "Your plan has no room for another computer now: see Settings, Subscription."
            ) from None
        if declined.code == TOO_MANY:
            raise UserError("Too many codes were tried: wait a minute, then try again.") from None
        raise UserError(refused, field=field) from None


def tie(part: Slice, link: Link, *, upload: bool) -> str:
    """Tie the file to its account and return the tag of its own number series.

    With ``upload`` the whole practice goes up; else the account's is brought in. A file that was
    disconnected goes on from there.
    """
    earlier = state.parted(part.connection)
    if upload:
        begin(part)
    elif earlier is not None:
        link = state.resumed(link, earlier)
    state.tie(part.connection, link)
    if upload:
        state.change(part.connection, link, snapshot=SEEDING)
    current = part.incarnation()
    if not current.tag:
        # Numbers without a tag are the account's from now on; it leases them in blocks.
        current.tag = draw_tag(part.session)
        part.session.flush()
    return current.tag

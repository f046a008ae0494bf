"""A further computer: a new, empty file is filled from the account until it can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from app.core.kernel.clock import Clock
from app.core.kernel.errors import MachineError, UserError
from app.sync import connecting
from app.sync.account.bearer import Bearer
from app.sync.account.keeping import Safe, SignInPlace
from app.sync.account.tokens import Granted, Tokens, Was, renew
from app.sync.ahead import Begin
from app.sync.engine import RESTING, Engine
from app.sync.file import Confirms, LocalFile, SideDoor
from app.sync.http import HttpTransport
from app.sync.state import Link
from app.sync.transport import Speaks, Transport
from app.sync.words import SENTENCES, asked_once

if TYPE_CHECKING:
    from app.sync.account.signing_in import SignIn


class Closing(Transport, Protocol):
    """A transport that holds something open."""

    def close(self) -> None:
        """Let it go."""
        ...


MakeTransport = Callable[[str, str | Speaks], Closing]


@dataclass(frozen=True, slots=True)
class Joining:
    """The account to be joined, as its code named it."""

    server: str
    device_name: str
    tokens: Tokens
    device_id: UUID
    practice_id: UUID
    member_id: UUID

    @property
    def link(self) -> Link:
        """The tie of the new file."""
        token = self.tokens.to_text()
        return Link(self.practice_id, self.server, self.device_id, self.device_name, token)


def pair(
    server: str,
    code: str,
    device_name: str,
    program: str,
    transport: Callable[[str, str], HttpTransport] = HttpTransport,
    *,
    life: UUID | None = None,
) -> Joining:
    """Exchange the code that another computer of the practice showed.

    ``life`` is the same for each try to fill one file, so that the account lists them as one.
    Raises ``UserError`` (field ``server``, ``code`` or ``device_name``) or ``MachineError``.
    """
    address = connecting.checked_server(server)
    device_name = connecting.checked_name(device_name)
    http = transport(address, "")
    try:
        paired = connecting.pair(http, code, device_name, program, _was(life))
    finally:
        http.close()
    return _joining(address, device_name, paired, field="code")


def signed_in(
    signing: SignIn,
    clock: Clock,
    transport: Callable[[str, str], HttpTransport] = HttpTransport,
    *,
    life: UUID | None = None,
) -> Joining:
    """Return the account that a person signed in to, once the browser came back.

    ``life`` is the same for each try to fill one file, so that the account lists them as one.
    Raises ``UserError`` or ``MachineError``.
    """
    http = transport(signing.server, "")
    try:
        granted = signing.granted(http, clock, _was(life))
    finally:
        http.close()
    return _joining(signing.server, signing.device_name, granted)


def _joining(server: str, device_name: str, granted: Granted, field: str | None = None) -> Joining:
    if granted.practice_id is None or granted.member_id is None:
        raise UserError(
            "There is no practice on that account yet: connect the computer that has it first.",
            field=field,
        )
    return Joining(
        server,
        device_name,
        granted.tokens,
        granted.device_id,
        granted.practice_id,
        granted.member_id,
    )


def _was(life: UUID | None) -> Was | None:
    return None if life is None else Was(life)


class _Held:
    """The tokens while a new file is filled, which has no place of its own yet."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens

    def read(self) -> Tokens:
        return self.tokens

    def keep(self, tokens: Tokens) -> None:
        self.tokens = tokens


def fill(
    joining: Joining,
    desk: Confirms,
    clock: Clock,
    program: str,
    heard: Callable[[int, int], None],
    begin: Begin,
    transport: MakeTransport | None = None,
    safe: Safe | None = None,
) -> str:
    """Tie the empty file and bring in what makes it usable; return the tag of its numbers.

    ``heard`` is told how many records of how many have come. The rest comes once it is open.
    ``safe`` is the place of the file's sign-in in the keychain.
    Raises ``MachineError`` where the account cannot be asked.
    """
    file = LocalFile(desk)
    tag = file.slice(lambda part: connecting.tie(part, joining.link, upload=False), durable=True)
    held = _Held(joining.tokens)
    bearer = Bearer(held, lambda refresh: _renewed(joining.server, refresh, clock), clock)
    http = (transport or HttpTransport)(joining.server, bearer)
    engine = Engine(file, http, clock, program=program, begin=begin)
    try:
        while not engine.snapshots.useful:
            if engine.step() in RESTING:
                met = engine.session.last_trouble
                raise MachineError(asked_once(met) if met else SENTENCES["unknown_device"])
            heard(engine.snapshots.done, engine.snapshots.total)
    finally:
        http.close()
    SignInPlace(SideDoor(desk), safe).keep(held.tokens)
    return tag


def _renewed(server: str, refresh: str, clock: Clock) -> Tokens:
    http = HttpTransport(server)
    try:
        return renew(http, refresh, clock.now())
    finally:
        http.close()

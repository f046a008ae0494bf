"""A further computer: a new, empty file is filled from the account until it can be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.core.kernel.clock import Clock
from app.core.kernel.errors import MachineError, UserError
from app.sync import connecting
from app.sync.ahead import Begin
from app.sync.connecting import Paired
from app.sync.engine import RESTING, Engine
from app.sync.file import Confirms, LocalFile
from app.sync.http import HttpTransport
from app.sync.state import Link
from app.sync.transport import Transport
from app.sync.words import SENTENCES


class Closing(Transport, Protocol):
    """A transport that holds something open."""

    def close(self) -> None:
        """Let it go."""
        ...


MakeTransport = Callable[[str, str], Closing]


@dataclass(frozen=True, slots=True)
class Joining:
    """The account to be joined, as its code named it."""

    server: str
    device_name: str
    token: str
    device_id: UUID
    practice_id: UUID
    member_id: UUID

    @property
    def link(self) -> Link:
        """The tie of the new file."""
        return Link(self.practice_id, self.server, self.device_id, self.device_name, self.token)


def pair(
    server: str,
    code: str,
    device_name: str,
    program: str,
    transport: Callable[[str, str], HttpTransport] = HttpTransport,
) -> Joining:
    """Exchange the code that another computer of the practice showed.

    Raises ``UserError`` (field ``server``, ``code`` or ``device_name``) or ``MachineError``.
    """
    address = connecting.checked_server(server)
    device_name = connecting.checked_name(device_name)
    http = transport(address, "")
    try:
        paired: Paired = connecting.pair(http, code, device_name, program)
    finally:
        http.close()
    if paired.practice_id is None or paired.member_id is None:
        raise UserError(
            "There is no practice on that account yet: connect the computer that has it first.",
            field="code",
        )
    return Joining(
        address,
        device_name,
        paired.token,
        paired.device_id,
        paired.practice_id,
        paired.member_id,
    )


def fill(
    joining: Joining,
    desk: Confirms,
    clock: Clock,
    program: str,
    heard: Callable[[int, int], None],
    begin: Begin,
    transport: MakeTransport | None = None,
) -> str:
    """Tie the empty file and bring in what makes it usable; return the tag of its numbers.

    ``heard`` is told how many records of how many have come. The rest comes once it is open.
    Raises ``MachineError`` where the account cannot be asked.
    """
    file = LocalFile(desk)
    tag = file.slice(lambda part: connecting.tie(part, joining.link, upload=False), durable=True)
    http = (transport or HttpTransport)(joining.server, joining.token)
    engine = Engine(file, http, clock, program=program, begin=begin)
    try:
        while not engine.snapshots.useful:
            if engine.step() in RESTING:
                met = engine.session.last_trouble
                raise MachineError(SENTENCES[met] if met else SENTENCES["unknown_device"])
            heard(engine.snapshots.done, engine.snapshots.total)
    finally:
        http.close()
    return tag

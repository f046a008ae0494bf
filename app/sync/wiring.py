"""What syncing gets from whoever opens the practice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from app.core.kernel.changes import Changes
from app.core.kernel.clock import Clock
from app.core.vault.attached import AttachedFiles
from app.sync.account.keeping import Safe
from app.sync.ahead import Begin, in_turn
from app.sync.entitlement.reading import Kept
from app.sync.file import Confirms
from app.sync.http import HttpTransport
from app.sync.transport import Speaks
from app.sync.watchdog import PATIENTLY, Watch


class SyncDesk(Confirms, Protocol):
    """What syncing needs of the desk. See ``vault.desk.VaultDesk``."""

    clock: Clock

    @property
    def zone(self) -> str:
        """The practice's IANA time zone."""
        ...

    def listen(self, heard: Callable[[Changes], None]) -> Callable[[], None]:
        """Call ``heard`` after every write; returns how to stop."""
        ...


@dataclass(frozen=True, slots=True)
class Wiring:
    """What bootstrap knows of this program and this file."""

    practice_id: UUID
    member_id: UUID
    is_demo: bool
    program: str
    prefixes: Sequence[str]
    renewed: Callable[[UUID, str], None]
    """Speak as a new incarnation, with that tag."""
    tagged: Callable[[str], None]
    """Number one's own papers with that tag from now on."""
    files: AttachedFiles
    random: Callable[[], float]
    entitled: Callable[[Kept], None] = lambda _kept: None
    """Go by what the account says of the plan from now on."""
    begin: Begin = in_turn
    transport: Callable[[str, str | Speaks], HttpTransport] = HttpTransport
    """Makes the transport to a server with what speaks for this computer."""
    safe: Callable[[], Safe | None] = lambda: None
    """Returns the place of this file's sign-in in the system's keychain, where one answers."""
    watch: Watch = PATIENTLY

"""What a computer and its account say of themselves before anything else is asked."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from app.core.kernel.changes import Changes
from app.core.kernel.clock import Clock, unix_ms
from app.core.vault.incarnation import position
from app.core.vault.outbox import SCHEMA_VERSION
from app.sync import lives, state
from app.sync.deferring import SOON
from app.sync.entitlement.keeping import hear
from app.sync.entitlement.reading import Kept
from app.sync.file import LocalFile, Slice
from app.sync.machine import system_here
from app.sync.protocol.messages import Hello, Welcome
from app.sync.protocol.terms import OLDEST, VERSION, Refusal, Upgrade, Verb
from app.sync.puller import try_again
from app.sync.state import Link
from app.sync.transport import Declined, Transport, Trouble, Unreachable

#: What the plan allows may be another thing than before.
PLAN_CHANGED = Changes(frozenset({"membership"}), frozenset())


class Greeting:
    """Greets the account; ``entitled`` is told what the file holds of the plan from then on."""

    def __init__(
        self,
        file: LocalFile,
        transport: Transport,
        clock: Clock,
        program: str,
        entitled: Callable[[Kept], None],
    ) -> None:
        self._file = file
        self._transport = transport
        self._clock = clock
        self._program = program
        self.entitled = entitled
        self._looked_over = False

    def greet(self, link: Link, unsent: int) -> Welcome:
        """Say hello and note what the account said; raises ``Unreachable`` or ``Declined``."""
        hello = self._file.slice(lambda part: _hello(part, link, self._program, unsent))
        asked = unix_ms(self._clock.now())
        welcome: Welcome = self._transport.ask(Verb.HELLO, hello)
        if not OLDEST <= welcome.version <= VERSION:
            raise Unreachable(Trouble.OTHER_VERSION, str(welcome.version))
        if not welcome.epoch:
            raise Unreachable(Trouble.BROKEN, "the server names no epoch")
        if welcome.upgrade is Upgrade.REQUIRED:
            raise Declined(Refusal.UPGRADE_REQUIRED)
        kept = self._file.slice(lambda part: self._welcomed(part, welcome, asked))
        if kept is not None:
            self.entitled(kept)
            # Told when it is so: who looks then sees the plan that came.
            self._file.slice(lambda part: part.told(PLAN_CHANGED))
        return welcome

    def _welcomed(self, part: Slice, welcome: Welcome, asked: int) -> Kept | None:
        link = part.link()
        # It was said between the two: half of a slow network's time is not the clock's fault.
        offset = welcome.now_ms - (asked + unix_ms(self._clock.now())) // 2
        state.change(
            part.connection,
            link,
            clock_offset_ms=offset,
            epoch=link.epoch or welcome.epoch,
            refused="",
        )
        if not self._looked_over:
            # What an older version of the program kept aside may be understood by now.
            try_again(part, (*SOON, "entity", "column", "value"))
            self._looked_over = True
        return hear(part.session, welcome.entitlement, link.practice_id)


def who(part: Slice) -> tuple[UUID, str, int]:
    """Return the id and tag of the file's present life, and the last place of its outbox."""
    current = part.incarnation()
    return current.id, current.tag, position(part.session)


def _hello(part: Slice, link: Link, program: str, unsent: int) -> Hello:
    """Say who calls, and what of its life is known to have arrived."""
    incarnation, tag, lsn = who(part)
    life = lives.present(part.connection)
    return Hello(
        version=VERSION,
        oldest=OLDEST,
        schema=SCHEMA_VERSION,
        program=program,
        incarnation=incarnation,
        tag=tag,
        lsn=lsn,
        epoch=link.epoch,
        cursor=link.told_cursor,
        waiting=unsent,
        confirmed=life.confirmed,
        held=lives.held(part.outbox, life),
        lineage=lives.lineage(part.connection),
        system=system_here(),
    )

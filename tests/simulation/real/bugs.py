"""The seeded bugs of the design on the real engine: each breaks one rule of one method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from app.core.kernel.clock import today
from app.core.store.merging import Merging
from app.sync import numbers, state
from app.sync.engine import Did, Engine
from app.sync.file import Slice
from app.sync.greeting import who
from app.sync.outbox import Pending
from app.sync.protocol.messages import Leased, Page
from app.sync.puller import Puller
from app.sync.sender import Sender
from app.sync.state import Link
from hosted.store.engine import For
from hosted.store.kinds import Kind
from hosted.sync.book import Book, open_book
from hosted.sync.policy import Policy
from tests.simulation.real.computer import Kinds
from tests.simulation.real.storage import ServerSlot
from tests.simulation.real.template import bench


@dataclass(slots=True)
class Bug:
    """What runs in a scenario: the real thing, or one with a seeded bug."""

    kinds: Kinds = field(default_factory=Kinds)
    policy: Policy = field(default_factory=Policy)

    def leaves_late(self, server: ServerSlot, operations: int) -> None:
        """A push of so many operations leaves its computer, and will be late."""

    def comes_late(self, server: ServerSlot) -> None:
        """The next push that reaches the server is one that was late."""


def bug_named(name: str) -> Bug:
    """Return the seeded bug of that name; nothing is wrong with the one without a name."""
    return BUGS[name]() if name else Bug()


# --- on the computer ------------------------------------------------------------------------------


class _TakenOnAck(Sender):
    def _take(self, part: Slice, taken: list[Pending]) -> None:
        part.outbox.remove(part.connection, taken)


class _BeforeApply(Puller):
    def fetch(self, link: Link) -> Page:
        page = super().fetch(link)
        self._file.slice(lambda part: self._advance(part, page, datetime.now().astimezone()))
        return page


class _Dropping(Engine):
    sender_kind = _TakenOnAck


class _Early(Engine):
    puller_kind = _BeforeApply


class _Counting(Engine):
    """Counts on from the numbers that the file knows, as if it were the only one to give any."""

    def _lease(self) -> Did:
        life, _, _ = self._file.slice(who)
        on = today(self._clock, self._zone())
        wanted = self._file.slice(lambda part: numbers.wanted(part, life, self._prefixes, on))
        if wanted is not None:
            own = Leased(wanted.next, wanted.next + wanted.size - 1)
            self._file.slice(lambda part: numbers.keep(part, wanted, own))
        self.session.leases = wanted is not None
        return Did.LEASED


class _SameForEver(Engine):
    def _renew(self) -> None:
        """Go on as the same life, whatever the server says."""


def _jumping(server: ServerSlot) -> type[Engine]:
    class Jumping(Engine):
        def _send(self, link: Link, now: datetime) -> Any:
            did = super()._send(link, now)
            head = self.session.head

            def jump(part: Slice) -> None:
                caller = self._transport.seat.caller  # type: ignore[attr-defined]
                cursor = server.exchange._cursor(caller, head, link.scope_version)
                state.change(part.connection, part.link(), cursor=cursor, cursor_seq=head)

            self._file.slice(jump)
            return did

    return Jumping


# --- on the server --------------------------------------------------------------------------------


class _Forgetful(Policy):
    """Keeps nothing by which a push could be known again.

    Forgetting the answers alone does no harm: the places of the outbox tell that they are taken,
    and the log holds an operation once.
    """

    def answered(self, book: Book, operations: Sequence[UUID]) -> dict[UUID, tuple[str, int, str]]:
        for operation in operations:
            book.run(
                "UPDATE log SET operation = NULL, lsn = 0 WHERE practice_id = ? AND operation = ?",
                book.practice,
                book.id(operation),
            )
        return {}


class _LastWriterWins(Policy):
    def rule(self, kind: Kind) -> Merging:
        return replace(super().rule(kind), draft=())


class _AnyStamp(Policy):
    def stamp(self, hlc: int, now_ms: int) -> int:
        return hlc


class _Sequence(Policy):
    """Gives numbers out when a push begins, as a database's sequence does, not when it commits."""

    def __init__(self) -> None:
        self.given: list[int] = []
        self.next_is_late = False

    def reserve(self, book: Book, count: int) -> int:
        if self.next_is_late and self.given:
            self.next_is_late = False
            return self.given.pop(0)
        return super().reserve(book, count)


class _SequenceGap(Bug):
    _AHEAD = 40

    def leaves_late(self, server: ServerSlot, operations: int) -> None:
        practice = UUID(bytes=server.rows("SELECT practice_id FROM head")[0][0])
        with server.database.write(For(practice)) as session:
            first = Policy().reserve(open_book(session, practice), operations + self._AHEAD)
        policy = self.policy
        assert isinstance(policy, _Sequence)
        policy.given.append(first)

    def comes_late(self, server: ServerSlot) -> None:
        policy = self.policy
        assert isinstance(policy, _Sequence)
        policy.next_is_late = True


BUGS: dict[str, Any] = {
    "cursor_jumps_to_own_push": lambda: Bug(Kinds(_jumping(bench().server))),
    "cursor_before_apply": lambda: Bug(Kinds(_Early)),
    "sequence_gap": lambda: _SequenceGap(policy=_Sequence()),
    "overlay_dropped_on_ack": lambda: Bug(Kinds(_Dropping)),
    "no_idempotency": lambda: Bug(policy=_Forgetful()),
    "last_writer_wins_notes": lambda: Bug(policy=_LastWriterWins()),
    "shared_invoice_counter": lambda: Bug(Kinds(_Counting)),
    "no_future_stamp_check": lambda: Bug(policy=_AnyStamp()),
    "same_identity_after_restore": lambda: Bug(Kinds(_SameForEver, copies_are_the_same=True)),
}

"""The engine: one step at a time, it brings the file and its account together.

It has no thread, no sleep, no clock and no randomness of its own; all four are handed in, so that
a simulator runs many engines and the server in one thread. A step does one thing that may be cut
off at any moment: one request, or one slice of at most 50 ms in the file.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.core.kernel.clock import Clock, today, unix_ms
from app.core.membership.rules.grant import REFRESH_AFTER
from app.core.store.ports import ports_of
from app.core.vault.incarnation import begin as begin_incarnation
from app.sync import numbers, shadows, state
from app.sync.ahead import Ahead, Begin, in_turn
from app.sync.checking import Checker, Moved
from app.sync.entitlement.reading import Kept
from app.sync.epochs import NewEpoch
from app.sync.file import LocalFile, NotConnected, Slice
from app.sync.greeting import Greeting, who
from app.sync.guard import Consent, MuchRemoved
from app.sync.handing_over import hand_over_once
from app.sync.papers import PapersFirst
from app.sync.protocol.messages import Leased, Page, Welcome
from app.sync.protocol.terms import Refusal, Verb
from app.sync.puller import Puller
from app.sync.seeding import Seeding
from app.sync.sender import Sender
from app.sync.session import Session
from app.sync.snapshot import Snapshots
from app.sync.state import Link
from app.sync.transport import Declined, Transport, Trouble, Unreachable


class Did(StrEnum):
    """What a step did."""

    NOT_CONNECTED = "not connected"
    SEEDED = "queued a part of the practice"
    GREETED = "greeted the server"
    RESTATED = "stated rows again after the server was restored"
    SENT = "sent a batch"
    FETCHED = "fetched a page"
    APPLIED = "applied a slice"
    LEASED = "leased numbers"
    COMPARED = "compared an entity"
    INDEXED = "brought the search along"
    ASKS = "waits for the person's yes"
    FAILED = "met trouble"
    REFUSED = "was refused until a person acts"
    SHUT_OUT = "was refused, and hands over what it has"
    QUIET = "found nothing to do"


#: After these a step later may do more; after the others it waits to be woken.
RESTING = frozenset({Did.NOT_CONNECTED, Did.ASKS, Did.FAILED, Did.REFUSED, Did.QUIET})

#: Refusals that only a person or an update can mend.
_LASTING = frozenset({Refusal.REVOKED, Refusal.UNKNOWN_DEVICE, Refusal.UPGRADE_REQUIRED})
#: Of these the account is asked once more at each start: the program may be a newer one by now,
#: and no copy goes for what an account no longer says.
_ASKED_AGAIN = frozenset({Refusal.REVOKED, Refusal.UPGRADE_REQUIRED})
#: Long texts that are indexed in one slice, and the characters after which no more are begun.
TEXTS, CHARACTERS = 100, 60_000
#: The account is greeted again after so long where something was exchanged since.
ASK_AGAIN_AFTER = timedelta(minutes=5)
#: So many fresh starts in a row without a page between them are trouble.
_STARTS = 5


class Engine:
    """Syncs one open practice.

    ``renewed`` is told the id and tag of a new incarnation that the server asked for, ``entitled``
    what the file holds of the plan; ``begin`` may run requests beforehand, on a thread of its own.
    """

    sender_kind: type[Sender] = Sender
    puller_kind: type[Puller] = Puller

    def __init__(
        self,
        file: LocalFile,
        transport: Transport,
        clock: Clock,
        *,
        program: str,
        zone: Callable[[], str] = lambda: "UTC",
        prefixes: Sequence[str] = (),
        renewed: Callable[[UUID, str], None] = lambda _id, _tag: None,
        entitled: Callable[[Kept], None] = lambda _kept: None,
        begin: Begin = in_turn,
    ) -> None:
        self._file = file
        self._transport = transport
        self._clock = clock
        self._zone = zone
        self._prefixes = prefixes
        self._renewed = renewed
        ahead = Ahead(begin)
        self.session = Session()
        self.greeting = Greeting(file, transport, clock, program, entitled)
        self.sender = self.sender_kind(file, transport)
        self._consent = Consent(file)
        self.puller = self.puller_kind(file, transport, ahead, self._consent)
        self.snapshots = Snapshots(file, transport, ahead)
        self.checker = Checker(file, transport, self._consent)
        self._seeding = Seeding(file)
        self._epochs = NewEpoch(file)
        self._behind = False
        """Whether long texts wait to be indexed."""

    # What wakes it

    def wake(self) -> None:
        """Try again what failed: the wait is over, or the network is back."""
        self.session.welcome = None if self.session.trouble else self.session.welcome
        self.session.trouble = None

    def poke(self) -> None:
        """Ask for news: the server has some, or a minute has passed."""
        self.session.pull = True

    def due_in(self) -> float:
        """Return infinity: only a write, a poke or a minute gone by makes work."""
        return math.inf

    def check(self) -> None:
        """Compare everything with the account at the next quiet moment."""
        self.session.ask_to_compare()
        self.session.pull = True

    def accept_removal(self) -> None:
        """Go on with what removes much; the person agreed to what was told of it."""
        self._consent.accept(self.session.removal)
        self.session.removal = None
        self.session.pull = True

    # One step

    def step(self) -> Did:
        """Do one thing and say what it was."""
        try:
            return self._step()
        except Unreachable as failed:
            self._met(failed.kind)
        except Declined as refused:
            return self._declined(refused)
        except MuchRemoved as much:
            self.session.removal = much.removal
            return Did.ASKS
        except Moved:
            self.checker.stop()
            self.session.moved(self._clock.now(), found=bool(self.checker.repaired))
            return Did.COMPARED
        except NotConnected:
            self.session = Session()
            return Did.NOT_CONNECTED
        return Did.FAILED

    def run(self, most: int = 100_000) -> Did:
        """Step until nothing is left to do now; return what the last step did."""
        did = Did.QUIET
        for _ in range(most):
            did = self.step()
            if did in RESTING:
                break
        return did

    def _step(self) -> Did:
        link, unsent, sets, self._behind = self._file.slice(_look)
        self.session.begun_with = max(self.session.begun_with, sets) if sets else 0
        if link is None:
            return Did.NOT_CONNECTED
        now = self._clock.now()
        if link.refused:
            return self._shut_out(link, unsent, now)
        if self.session.trouble is not None:
            return Did.FAILED
        if (did := self._write_on(link, now)) is not None:
            return did
        greeted = self.session.greeted
        if self.session.welcome is None or greeted is None or now - greeted >= REFRESH_AFTER:
            return self._greet(link, unsent, now)
        return self._exchange(link, unsent, now)

    def _write_on(self, link: Link, now: datetime) -> Did | None:
        """Go on with what is half in the file, before anything is asked."""
        if link.seeding:
            self._seeding.step(unix_ms(now))
            return Did.SEEDED
        if self.puller.busy:
            self.puller.uploaded = self.sender.uploaded
            try:
                self.puller.apply(now)
            except PapersFirst:
                self.session.pull, self.session.sent_last = True, False
            return Did.APPLIED
        if self.snapshots.busy:
            if self.snapshots.apply(now):
                self.session.refill = None
            return Did.APPLIED
        return None

    def _exchange(self, link: Link, unsent: int, now: datetime) -> Did:
        session = self.session
        if session.welcome is not None and session.welcome.epoch != link.epoch:
            return self._restate(session.welcome, now)
        behind = not link.cursor or session.head > link.cursor_seq
        down = behind or session.pull or session.refill is not None
        if session.removal is not None:
            down = False
        # In turns, so that neither direction waits for the other.
        if unsent and not (down and session.sent_last):
            session.sent_last = True
            return self._send(link, now)
        if down:
            session.sent_last = False
            return self._fetch(link)
        if session.leases and self._prefixes:
            return self._lease()
        if session.check and not unsent and session.removal is None:
            return self._compare(link, now)
        return self._rest(link, unsent, now)

    def _plan_is_old(self, now: datetime) -> bool:
        """Return whether what was exchanged since the greeting may have changed what it said.

        Who is active counts against the plan, whichever computer said so.
        """
        welcome, greeted = self.session.welcome, self.session.greeted
        if welcome is None or greeted is None or not welcome.entitlement:
            return False
        return self.session.head > welcome.head and now - greeted >= ASK_AGAIN_AFTER

    def _rest(self, link: Link, unsent: int, now: datetime) -> Did:
        if self._plan_is_old(now):
            return self._greet(link, unsent, now)
        if self._behind:
            return self._index()
        if link.cursor_seq != link.agreed_seq and self.session.compare_at_rest(now):
            return self._compare(link, now)
        return Did.ASKS if self.session.removal is not None else Did.QUIET

    # The parts of an exchange

    def _greet(self, link: Link, unsent: int, now: datetime) -> Did:
        if self._behind and self.session.troubled_since is not None:
            # While the account cannot be asked there is time for it.
            return self._index()
        welcome = self.greeting.greet(link, unsent)
        self.session.greeted = now
        if welcome.renew:
            self._start_again()
            self._renew()
            return Did.GREETED
        self.session.welcome, self.session.head = welcome, welcome.head
        self.session.troubled_since = None
        self.session.pull = True
        return Did.GREETED

    def _send(self, link: Link, now: datetime) -> Did:
        pushed = self.sender.send(link, now)
        if pushed is None:
            return Did.SENT
        self.session.head = max(self.session.head, pushed.head)
        return Did.SENT

    def _fetch(self, link: Link) -> Did:
        if not link.cursor or self.session.refill is not None:
            self.snapshots.fetch(link)
            return Did.FETCHED
        page = self.puller.fetch(link)
        self._fetched(link, page)
        return Did.FETCHED

    def _fetched(self, link: Link, page: Page) -> None:
        session = self.session
        session.head = page.head
        session.pull = False
        session.starts = 0
        if page.scope_version != link.scope_version and page.seq >= page.head:
            # The page names what left the view, and goes in whole; then a snapshot brings what
            # came. The cursor stays: own echoes and purges meanwhile are still pulled one by one.
            session.refill = page.scope_version
            self._file.slice(lambda part: state.change(part.connection, part.link(), snapshot=""))

    def _lease(self) -> Did:
        incarnation, _, _ = self._file.slice(who)
        on = today(self._clock, self._zone())
        lease = self._file.slice(lambda part: numbers.wanted(part, incarnation, self._prefixes, on))
        if lease is None:
            self.session.leases = False
            return Did.LEASED
        leased: Leased = self._transport.ask(Verb.LEASE, lease)
        self._file.slice(lambda part: numbers.keep(part, lease, leased), durable=True)
        return Did.LEASED

    def _compare(self, link: Link, now: datetime) -> Did:
        if not self.checker.busy:
            self.checker.begin()
        self.checker.step(link, unix_ms(now))
        if not self.checker.busy:
            self.session.compared(now)
        return Did.COMPARED

    def _index(self) -> Did:
        """Bring the search along with long texts that came by the hundred, when all else rests."""
        self._file.slice(_catch_up)
        return Did.INDEXED

    def _restate(self, welcome: Welcome, now: datetime) -> Did:
        self.puller.forget()
        self.snapshots.forget()
        self.session.refill = None
        self._epochs.step(welcome.epoch, welcome.restored_head, unix_ms(now))
        return Did.RESTATED

    # Trouble

    def _met(self, kind: Trouble) -> None:
        self.session.trouble = self.session.last_trouble = kind
        self.session.welcome = None
        self.session.sent_last = True
        if self.session.troubled_since is None:
            self.session.troubled_since = self._clock.now()

    def _declined(self, refused: Declined) -> Did:
        code = refused.code
        if code in _LASTING:
            self.session.refused = True
            self._file.slice(lambda part: state.change(part.connection, part.link(), refused=code))
            return Did.REFUSED if self.session.handed_over else Did.SHUT_OUT
        self._start_again()
        if code == Refusal.INCARNATION:
            self._renew()
        elif code == Refusal.BAD_CURSOR:
            self._file.slice(_from_the_start)
            self.session.ask_to_compare()
        elif code == Refusal.BUSY:
            self._met(Trouble.BUSY)
            return Did.FAILED
        elif code != Refusal.EPOCH:
            self._met(Trouble.BROKEN)
            return Did.FAILED
        return Did.GREETED if self.session.trouble is None else Did.FAILED

    def _start_again(self) -> None:
        self.puller.forget()
        self.snapshots.forget()
        self.checker.stop()
        self.session.refill = None
        self.session.welcome = None
        self.session.starts += 1
        if self.session.starts > _STARTS:
            self.session.starts = 0
            self._met(Trouble.BROKEN)

    def _renew(self) -> None:
        """Become a new incarnation: the server knows that this file is a copy."""
        fresh, tag = self._file.slice(lambda part: _begin_incarnation(part, self._clock.now()))
        self.session.leases = True
        self._renewed(fresh, tag)

    def _shut_out(self, link: Link, unsent: int, now: datetime) -> Did:
        """Ask whether what was refused is so still; where it is, hand over what waits."""
        if link.refused not in _ASKED_AGAIN or self.session.refused:
            return self._hand_over(link)
        return Did.FAILED if self.session.trouble is not None else self._greet(link, unsent, now)

    def _hand_over(self, link: Link) -> Did:
        """Hand unsent work over once where it may no longer be synced."""
        if link.seeding:
            # What was not even queued yet would be lost with this copy.
            self._seeding.step(unix_ms(self._clock.now()))
            return Did.SEEDED
        hand_over_once(self.sender, self.session, link)
        return Did.REFUSED

    def hand_over(self) -> int:
        """Hand over the last of what only this computer has; return how many change sets.

        Nothing may be written here after it. Raises ``Unreachable`` or ``Declined``.
        """
        return self.sender.quarantine(self._file.slice(lambda part: part.link()))


def _look(part: Slice) -> tuple[Link | None, int, int, bool]:
    _let_go(part)
    behind = ports_of(part.session).search.behind(part.session)
    return state.load(part.connection), part.outbox.waiting, part.outbox.waiting_sets, behind


def _let_go(part: Slice) -> None:
    """Show what waited behind an editor that is closed by now; an operation has its echo.

    One that was refused has none, and covers nothing.
    """
    free = [
        key
        for key in shadows.rows(part.connection)
        if not any(each.over for each in part.outbox.of_row(key))
        and not part.holds(UUID(bytes=key[1]))
    ]
    if free:
        part.told(part.applier().uncover(free))


def _catch_up(part: Slice) -> None:
    ports_of(part.session).search.catch_up(part.session, TEXTS, CHARACTERS)


def _begin_incarnation(part: Slice, now: datetime) -> tuple[UUID, str]:
    fresh = begin_incarnation(part.session, now)
    # By what it has of it already, the account knows how far the earlier life is this one's own.
    part.outbox.ask_again(part.connection)
    return fresh.id, fresh.tag


def _from_the_start(part: Slice) -> None:
    link = part.link()
    # No snapshot tells what was removed since: whoever was filled once pulls the whole log.
    begins = state.FROM_THE_START if link.cursor else ""
    state.change(part.connection, link, cursor=begins, cursor_seq=0, snapshot="")

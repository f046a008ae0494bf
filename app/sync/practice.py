"""Syncing of one open practice, as the window and the command line use it."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.syncing import NOT_CONNECTED, SyncState, SyncStatus
from app.sync import connecting, parting, state
from app.sync.account.bearer import Bearer
from app.sync.account.keeping import SignInPlace
from app.sync.account.tokens import Granted, Tokens, Was, renew
from app.sync.computers import AccountComputers
from app.sync.connection import TELLING, Connection
from app.sync.engine import RESTING, Did
from app.sync.file import LocalFile, NotConnected, SideDoor, Slice
from app.sync.http import HttpTransport
from app.sync.membership import AccountMembership
from app.sync.protocol.terms import Refusal
from app.sync.state import Link
from app.sync.transport import Declined, Unreachable
from app.sync.unsent import unsent_kinds
from app.sync.watchdog import Watchdog
from app.sync.wiring import SyncDesk, Wiring
from app.sync.words import NOT_TAKEN, SENTENCES

if TYPE_CHECKING:
    from app.sync.account.signing_in import SignIn

_DEMO = "The demo practice cannot be connected: make a practice of your own."


class PracticeSync:
    """Connects, syncs, says how it stands. No call here may come from the window's thread."""

    def __init__(self, desk: SyncDesk, wiring: Wiring) -> None:
        self._desk = desk
        self._wiring = wiring
        self._file = SideDoor(desk)
        self._connection: Connection | None = None
        self._bearer: Bearer | None = None
        self._left: list[Connection] = []
        """What hung, until its threads have ended."""
        self._making = threading.Lock()
        self._watchdog: Watchdog | None = None
        self._heard: list[Callable[[SyncStatus], None]] = []
        self._turns = itertools.count(1)
        self._telling = threading.Lock()
        self._last: SyncStatus | None = None

    # How it stands

    def status(self) -> SyncStatus:
        """Return what a person sees now."""
        # Before anything is read: whoever changes it afterwards tells with a later turn.
        turn = next(self._turns)
        return replace(self._status(), turn=turn)

    def _status(self) -> SyncStatus:
        connection = self._connected()
        if connection is None:
            return self._file.slice(_apart)
        try:
            return connection.status()
        except NotConnected:
            # It was stopped, or started again, at this very moment.
            return self._last or NOT_CONNECTED

    def listen(self, heard: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Call ``heard`` whenever the words may be others, on sync's thread; returns how to stop.

        It also hears what it knows already: an answer that was read earlier may have reached it
        last, and must not stay.
        """
        self._heard.append(heard)

        def stop() -> None:
            if heard in self._heard:
                self._heard.remove(heard)

        return stop

    # Connecting

    def connect(self, server: str, code: str, device_name: str) -> None:
        """Tie the practice to its account with a one-time code; the upload begins by itself.

        Raises ``UserError`` for what the person can mend, ``MachineError`` for the network.
        """
        if self._wiring.is_demo:
            raise UserError(_DEMO)
        if self._link() is not None:
            raise UserError("This practice is connected already: disconnect it first.")
        address = connecting.checked_server(server)
        device_name = connecting.checked_name(device_name)
        with self._asking(address) as http:
            was = self._file.slice(_was)
            paired = connecting.pair(http, code, device_name, self._wiring.program, was)
        self._connect(address, device_name, paired, field="code")

    def begin_sign_in(self, server: str = "", device_name: str = "") -> SignIn:
        """Return a try to sign in by way of the browser, not yet begun.

        A practice that is connected signs in again where it is, and needs to say neither. Raises
        as ``SignIn`` does, and ``UserError`` for the demo.
        """
        # Imported here: a start signs nobody in.
        from app.sync.account.signing_in import SignIn  # noqa: PLC0415

        if self._wiring.is_demo:
            raise UserError(_DEMO)
        link = self._link()
        if link is not None:
            server, device_name = link.server, link.device_name
        return SignIn(server, device_name, self._wiring.program)

    def sign_in(self, signing: SignIn) -> None:
        """Connect the practice, or sign it in again, once the browser came back.

        Raises ``UserError`` for what the person can mend, ``MachineError`` for the network.
        """
        link = self._link()
        was = self._file.slice(_was)
        with self._asking(signing.server) as http:
            granted = signing.granted(http, self._desk.clock, was)
        if link is None:
            self._connect(signing.server, signing.device_name, granted)
            return
        if (granted.practice_id, granted.member_id) != self._mine:
            raise self._not_taken(signing.server, granted, UserError(connecting.SOMEBODY_ELSE))
        self.stop()
        self._file.slice(lambda part: _signed_in(part, granted), durable=True)
        self._place.keep(granted.tokens)

    def _connect(
        self, address: str, device_name: str, granted: Granted, field: str | None = None
    ) -> None:
        mine = self._mine
        upload = granted.practice_id is None
        if not upload and (granted.practice_id, granted.member_id) != mine:
            words = connecting.not_ones_own(granted, mine[0], by_code=field is not None)
            raise self._not_taken(address, granted, UserError(words, field=field))
        if upload:
            with self._asking(address, granted.tokens.access) as http:
                connecting.found_practice(http, *mine)
        # Into the file first: whatever comes between, it is kept.
        token = granted.tokens.to_text()
        self.tie(Link(mine[0], address, granted.device_id, device_name, token), upload=upload)
        self._place.keep(granted.tokens)

    def _not_taken(self, address: str, granted: Granted, why: UserError) -> UserError:
        """Return ``why`` a grant is not taken, which is given back: else it would stay in use."""
        with self._asking(address) as http:
            parting.tell(http, granted.tokens)
        return why

    def tie(self, link: Link, *, upload: bool) -> None:
        """Store the tie; see ``connecting.tie``."""
        file = LocalFile(self._desk)
        tag = file.slice(lambda part: connecting.tie(part, link, upload=upload), durable=True)
        self._wiring.tagged(tag)

    @cached_property
    def membership(self) -> AccountMembership:
        """Plan and team, for whoever manages them; asked of the account that it is tied to."""
        return AccountMembership(
            lambda: self._require_connection().http, self._file, self._wiring.entitled
        )

    @cached_property
    def computers(self) -> AccountComputers:
        """The computers of the account that it is tied to."""
        return AccountComputers(lambda: self._require_connection().http, lambda: self._desk.zone)

    def code(self) -> str:
        """Return a one-time code with which another computer joins."""
        return connecting.new_code(self._require_connection().http)

    def disconnect(self, *, anyway: bool = False) -> bool:
        """Part the practice from its account; the file stays whole.

        Returns whether the account could be told. Raises ``NotWhole`` while one side lacks what the
        other has, unless ``anyway``, and ``UserError`` for a computer that was taken off.
        """
        link = self._link()
        if link is None:
            raise UserError("This practice is not connected to an account.")
        if link.refused == Refusal.REVOKED:
            raise UserError(SENTENCES[Refusal.REVOKED])
        if not anyway:
            kinds = LocalFile(self._desk).slice(lambda part: unsent_kinds(part, link))
            parting.require_whole(link, self.status().waiting, kinds)
        self.stop()
        tokens = parting.last_tokens(self._place)
        now = self._desk.clock.now()
        self._file.slice(lambda part: state.untie(part.connection, part.link(), now), durable=True)
        self.forget_sign_in()
        self._tell(self.status())
        if tokens is None:
            return False
        with self._asking(link.server) as http:
            return parting.tell(http, tokens)

    # Exchanging

    def sync_now(self, heard: Callable[[SyncStatus], None] | None = None) -> SyncStatus:
        """Exchange until nothing is left to do, and return how it stands."""
        connection = self._require_connection()
        if connection.running:
            connection.poke()
            return self.status()
        engine = connection.engine
        engine.wake()
        engine.poke()
        while (did := engine.step()) not in RESTING:
            if heard is not None and did in TELLING:
                heard(self.status())
        if did not in {Did.FAILED, Did.REFUSED}:
            connection.carrier.look_again()
            connection.carrier.run()
        return self.status()

    def check(self) -> dict[str, list[UUID]]:
        """Compare everything with the account; return by entity what differed and was repaired.

        Raises ``MachineError`` where the account cannot be asked.
        """
        connection = self._require_connection()
        engine = connection.engine
        engine.check()
        connection.settle()
        now = self.status() if connection.running else self.sync_now()
        if engine.session.check and now.state is not SyncState.NEEDS_YOU:
            raise MachineError(now.trouble or "The practice could not be compared: sync first.")
        return {entity: list(ids) for entity, ids in engine.checker.repaired.items()}

    def accept_removal(self) -> None:
        """Agree to a pull that removes much; raises ``UserError`` when none asks."""
        connection = self._require_connection()
        if not connection.running:
            self.sync_now()
        if connection.engine.session.removal is None:
            raise UserError("No change of the account waits for your yes.")
        connection.engine.accept_removal()
        self.sync_now()

    # Running by itself

    def start(self) -> None:
        """Sync on threads of its own from now on, if the practice is connected."""
        connection = self._connected()
        if connection is None or connection.running:
            return
        connection.start(self._tell_now)
        self._watchdog = Watchdog(self._wiring.watch, self._hangs, self._start_again)
        self._watchdog.start()

    def stop(self) -> None:
        """End what runs by itself; what is under way is cut off and goes on next time."""
        if self._watchdog is not None:
            self._watchdog.stop()
        self._watchdog = None
        with self._making:
            connection, self._connection = self._connection, None
            bearer, self._bearer = self._bearer, None
        if bearer is not None:
            # What it gets is given once: cut off, it would cost a sign-in.
            bearer.settle()
        for each in (*self._left, connection):
            if each is not None:
                each.stop()
        self._left = []

    def leave(self) -> int:
        """Hand over the last of what only this computer has; return how many change sets.

        Nothing may be written in the practice after it. Raises ``MachineError`` where the account
        cannot be asked or does not take it: then everything stays.
        """
        self.stop()
        connection = self._require_connection()
        try:
            return connection.hand_over()
        except Unreachable as failed:
            raise MachineError(SENTENCES[failed.kind]) from None
        except Declined:
            # Not asked again at each start, which would lock a practice that must stay.
            self._file.slice(_stays, durable=True)
            raise MachineError(NOT_TAKEN) from None
        finally:
            self.stop()

    def _hangs(self, still: float) -> bool:
        connection = self._connection
        return connection is not None and connection.hangs(still)

    def _start_again(self) -> None:
        """Put another connection in the place of one that hangs, and say what was wrong.

        It asks for nothing beforehand: what hung may have been just that.
        """
        hung = self._connection
        if hung is None:
            return
        speaks = self._bearer_of(hung.link)
        fresh = Connection(self._desk, self._wiring, hung.link, speaks, ahead=False)
        for each in [each for each in self._left if each.ended]:
            each.stop()
            self._left.remove(each)
        self._left.append(hung)
        self._connection = fresh
        hung.followed_by(fresh, self._desk.clock.now())
        fresh.start(self._tell_now)
        self._tell_now()

    # Telling

    def _tell_now(self) -> None:
        if self._heard:
            self._tell(self.status())

    def _tell(self, now: SyncStatus) -> None:
        with self._telling:
            if self._last is not None and now.turn < self._last.turn:
                return
            self._last = now
            for heard in list(self._heard):
                heard(now)

    # Speaking for this computer

    def forget_sign_in(self) -> None:
        """Leave nothing of it in the system's keychain."""
        self._place.forget()

    @property
    def _mine(self) -> tuple[UUID, UUID]:
        return self._wiring.practice_id, self._wiring.member_id

    @cached_property
    def _place(self) -> SignInPlace:
        return SignInPlace(self._file, self._wiring.safe())

    def _bearer_of(self, link: Link) -> Bearer:
        """Return what speaks for this computer; one for all connections, until it is stopped."""
        if self._bearer is None:

            def renewed(refresh: str) -> Tokens:
                with self._asking(link.server) as http:
                    return renew(http, refresh, self._desk.clock.now())

            self._bearer = Bearer(self._place, renewed, self._desk.clock)
        return self._bearer

    @contextmanager
    def _asking(self, server: str, token: str = "") -> Iterator[HttpTransport]:
        """Ask once, beside whatever else is under way; it is cut off by nobody."""
        http = self._wiring.transport(server, token)
        try:
            yield http
        finally:
            http.close()

    def _link(self) -> Link | None:
        return self._file.slice(lambda part: state.load(part.connection))

    def _require_connection(self) -> Connection:
        connection = self._connected()
        if connection is None:
            raise UserError("This practice is not connected to an account: connect it first.")
        return connection

    def _connected(self) -> Connection | None:
        with self._making:
            if self._connection is None:
                link = self._link()
                if link is not None:
                    speaks = self._bearer_of(link)
                    self._connection = Connection(self._desk, self._wiring, link, speaks)
            return self._connection


def _apart(part: Slice) -> SyncStatus:
    had = state.parted(part.connection)
    if had is None:
        return NOT_CONNECTED
    return replace(NOT_CONNECTED, server=had.server, device=had.device_name)


def _was(part: Slice) -> Was:
    link = state.load(part.connection) or state.parted(part.connection)
    return Was(part.incarnation().id, None if link is None else link.device_id)


def _signed_in(part: Slice, granted: Granted) -> None:
    state.change(
        part.connection,
        part.link(),
        device_id=granted.device_id,
        token=granted.tokens.to_text(),
        refused="",
    )


def _stays(part: Slice) -> None:
    state.change(part.connection, part.link(), refused=Refusal.UNKNOWN_DEVICE)

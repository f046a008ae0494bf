"""The open practice as the engine uses it: short slices on the writer, when it is sync's turn."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar
from uuid import UUID

from app.core.kernel.changes import Changes
from app.core.store.capture import PracticeSession
from app.core.vault.engine import driver
from app.core.vault.incarnation import latest
from app.core.vault.tables import Incarnation
from app.sync import state
from app.sync.applying import Applier
from app.sync.bases import look_over
from app.sync.deferring import Deferrals
from app.sync.outbox import Outbox
from app.sync.removing import Remover
from app.sync.state import Link

R = TypeVar("R")


class Confirms(Protocol):
    """The desk's door for sync. See ``vault.desk.VaultDesk``."""

    def confirm(
        self, act: Callable[[PracticeSession], tuple[R, Changes]], *, durable: bool = False
    ) -> Future[R]:
        """Queue a slice whose writes are confirmed by the server."""
        ...

    def holds(self, record_id: UUID) -> bool:
        """Return whether an open editor holds the record."""
        ...


@dataclass(slots=True)
class Slice:
    """One transaction of sync; ``changes`` collects what open screens must show anew."""

    session: PracticeSession
    connection: Any
    outbox: Outbox
    deferrals: Deferrals
    holds: Callable[[UUID], bool]
    changes: Changes

    def applier(self) -> Applier:
        """Return what writes confirmed changes in this transaction."""
        return Applier(self.session, self.outbox, self.deferrals, self.holds)

    def remover(self) -> Remover:
        """Return what removes records in this transaction."""
        return Remover(self.session, self.outbox, self.deferrals)

    def told(self, changes: Changes) -> None:
        """Note what changed."""
        self.changes |= changes

    def link(self) -> Link:
        """Return the tie of the file; raises ``NotConnected``."""
        found = state.load(self.connection)
        if found is None:
            raise NotConnected
        return found

    def incarnation(self) -> Incarnation:
        """Return the life that the file is in."""
        found = latest(self.session)
        if found is None:
            raise RuntimeError("an open file has an incarnation")
        return found


class NotConnected(Exception):
    """The file was disconnected meanwhile, or whoever asks was left behind."""


class _Door:
    """The desk's door for as long as it is not shut, and how many wait in it."""

    def __init__(self, desk: Confirms) -> None:
        self._desk = desk
        self._waiting = 0
        self._counting = threading.Lock()
        self._shut = False

    @property
    def busy(self) -> bool:
        """Whether a slice waits for the file, or is being written."""
        return self._waiting > 0

    def shut(self) -> None:
        """Let nothing in any more, not even what waits: whoever comes late changes nothing."""
        self._shut = True

    def _confirmed(
        self, act: Callable[[PracticeSession], tuple[R, Changes]], *, durable: bool
    ) -> R:
        def run(session: PracticeSession) -> tuple[R, Changes]:
            if self._shut:
                raise NotConnected
            return act(session)

        self._count(1)
        try:
            return self._desk.confirm(run, durable=durable).result()
        finally:
            self._count(-1)

    def _count(self, by: int) -> None:
        with self._counting:
            self._waiting += by


class LocalFile(_Door):
    """Runs slices, and keeps the mirrors of outbox and deferrals in step with the file."""

    def __init__(self, desk: Confirms) -> None:
        super().__init__(desk)
        self.outbox = Outbox(look_over)
        self.deferrals = Deferrals()
        self._loaded = False

    def slice(self, act: Callable[[Slice], R], *, durable: bool = False) -> R:
        """Run ``act`` in one transaction and wait for it; ``durable`` for what no server has."""

        def run(session: PracticeSession) -> tuple[R, Changes]:
            connection = driver(session)
            if not self._loaded:
                self.deferrals.load(connection)
                self._loaded = True
            self.outbox.refresh(connection)
            part = Slice(
                session, connection, self.outbox, self.deferrals, self._desk.holds, Changes()
            )
            return act(part), part.changes

        try:
            return self._confirmed(run, durable=durable)
        except BaseException:
            # The transaction is gone, and with it what the mirrors took for written.
            self.outbox.forget()
            self._loaded = False
            raise


class SideDoor(_Door):
    """Runs slices beside the engine's, from any thread; they touch neither outbox nor deferrals."""

    def slice(self, act: Callable[[Slice], R], *, durable: bool = False) -> R:
        """Run ``act`` in one transaction and wait for it; see ``LocalFile.slice``."""

        def run(session: PracticeSession) -> tuple[R, Changes]:
            part = Slice(
                session, driver(session), Outbox(), Deferrals(), self._desk.holds, Changes()
            )
            return act(part), part.changes

        return self._confirmed(run, durable=durable)

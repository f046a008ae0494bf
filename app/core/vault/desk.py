"""The open practice: one writer thread, one reader thread, and what listens to them."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Concatenate, ParamSpec, TypeVar
from uuid import UUID

from app.core.kernel.acting import Actor, Scope
from app.core.kernel.changes import Changes, Outcome
from app.core.kernel.clock import Clock
from app.core.kernel.entitlement import Entitlement
from app.core.kernel.errors import MachineError
from app.core.store.capture import PracticeSession
from app.core.store.command import Command
from app.core.store.undoing import undo_change_set
from app.core.store.unit import UnitOfWork
from app.core.vault.engine import database_said_plainly

P = ParamSpec("P")
R = TypeVar("R")

_log = logging.getLogger(__name__)

#: People's commands go before sync, sync before jobs.
PEOPLE, SYNC, JOBS, CLOSING = 0, 1, 2, 9
CLOSED = "The practice is locked: unlock it and try again."


class Worker:
    """One thread that does one thing at a time, the most urgent first."""

    def __init__(self, name: str) -> None:
        self._queue: queue.PriorityQueue[tuple[int, int, Callable[[], None] | None]] = (
            queue.PriorityQueue()
        )
        self._order = itertools.count()
        self._lock = threading.Lock()
        self._open = True
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, act: Callable[[], R], priority: int = PEOPLE) -> Future[R]:
        """Queue ``act``; after ``close`` the future fails with the sentence that it is locked."""
        future: Future[R] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(act())
            except BaseException as error:  # noqa: BLE001 - the future hands it to who asked
                future.set_exception(error)

        with self._lock:
            if self._open:
                self._queue.put((priority, next(self._order), work))
            else:
                future.set_exception(MachineError(CLOSED))
        return future

    def close(self) -> None:
        """Finish what is queued, then end the thread."""
        with self._lock:
            if not self._open:
                return
            self._open = False
            self._queue.put((CLOSING, next(self._order), None))
        self._thread.join()

    def _work(self) -> None:
        while True:
            work = self._queue.get()[2]
            if work is None:
                return
            work()


class VaultDesk:
    """An open practice file. See the protocol ``kernel.desk.Desk``."""

    def __init__(
        self,
        *,
        writes: Callable[[], PracticeSession],
        reads: Callable[[], PracticeSession],
        actor: Actor,
        entitlement: Callable[[], Entitlement],
        zone: Callable[[], str],
        clock: Clock,
    ) -> None:
        self.clock = clock
        self.actor = actor
        self._scope: Scope = actor.scope()
        self._entitlement = entitlement
        self._zone = zone
        self._open_write = writes
        self._open_read = reads
        self._writer = Worker("practice-writer")
        self._reader = Worker("practice-reader")
        self._listeners: list[Callable[[Changes], None]] = []

    @property
    def entitlement(self) -> Entitlement:
        """What the plan allows now."""
        return self._entitlement()

    @property
    def zone(self) -> str:
        """The practice's IANA time zone."""
        return self._zone()

    def run(
        self, command: Callable[Concatenate[Any, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Future[Outcome[R]]:
        """Queue a person's command."""
        return self._writer.submit(lambda: self._write(command, args, kwargs))

    def run_slice(
        self,
        job: UUID,
        command: Callable[Concatenate[Any, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[Outcome[R]]:
        """Queue one slice of a job, behind every person's command."""
        return self._writer.submit(lambda: self._write(command, args, kwargs, job), JOBS)

    def do(
        self, command: Callable[Concatenate[Any, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Outcome[R]:
        """Run a person's command and wait for it."""
        return self.run(command, *args, **kwargs).result()

    def read(
        self, query: Callable[Concatenate[Any, Scope, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Future[R]:
        """Queue a read."""
        return self._reader.submit(lambda: self._read(query, args, kwargs))

    def ask(
        self, query: Callable[Concatenate[Any, Scope, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Read and wait for it."""
        return self.read(query, *args, **kwargs).result()

    def undo(self, change_set: UUID) -> Future[Outcome[int]]:
        """Queue the undoing of a change set."""
        return self.run(undo_change_set, change_set)

    def on_writer(self, act: Callable[[], R], priority: int = JOBS) -> Future[R]:
        """Queue work of the vault itself (backup) between the commands."""
        return self._writer.submit(act, priority)

    def listen(self, heard: Callable[[Changes], None]) -> Callable[[], None]:
        """Call ``heard`` after every write, on the writer's thread; returns how to stop."""
        self._listeners.append(heard)

        def stop() -> None:
            if heard in self._listeners:
                self._listeners.remove(heard)

        return stop

    def close(self) -> None:
        """Finish queued work and end both threads."""
        self._writer.close()
        self._reader.close()
        self._listeners.clear()

    @database_said_plainly()
    def _write(
        self, command: Any, args: tuple[Any, ...], kwargs: dict[str, Any], job: UUID | None = None
    ) -> Outcome[Any]:
        session = self._open_write()
        try:
            uow = UnitOfWork(session, self.actor, self.entitlement, self.clock, job=job)
            value = command(uow, *args, **kwargs)
            changes, undo = uow.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.close()
        self._tell(changes)
        label = command.declaration.label if isinstance(command, Command) else ""
        return Outcome(value, changes, undo, label)

    @database_said_plainly()
    def _read(self, query: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        session = self._open_read()
        try:
            return query(session, self._scope, *args, **kwargs)
        finally:
            session.close()

    def _tell(self, changes: Changes) -> None:
        if not changes.areas:
            return
        for heard in list(self._listeners):
            try:
                heard(changes)
            except Exception:  # noqa: BLE001
                # The write is done and must be acknowledged, whatever a listener makes of it.
                _log.exception("a listener failed after a write")

"""The open practice: one writer thread, one reader thread, and what listens to them."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID

from app.core.kernel.acting import Actor, Scope
from app.core.kernel.changes import RIGHTS, Changes, Outcome
from app.core.kernel.clock import Clock
from app.core.kernel.desk import HalfTyped
from app.core.kernel.entitlement import Entitlement
from app.core.kernel.errors import MachineError
from app.core.store.capture import PracticeSession
from app.core.store.command import Command
from app.core.store.guards import CONFIRMED
from app.core.store.undoing import undo_change_set
from app.core.store.unit import UnitOfWork
from app.core.vault import form_drafts
from app.core.vault.engine import database_said_plainly

P = ParamSpec("P")
R = TypeVar("R")

_log = logging.getLogger(__name__)

#: People's commands go before sync, sync before jobs.
PEOPLE, SYNC, JOBS, CLOSING = 0, 1, 2, 9
CLOSED = "The practice is locked: unlock it and try again."


class Works(Protocol):
    """Does one thing at a time, in the order of urgency."""

    def submit(self, act: Callable[[], R], priority: int = PEOPLE) -> Future[R]:
        """Queue ``act``; the future holds what it returned or raised."""
        ...

    @property
    def busy(self) -> bool:
        """Whether something is queued or under way."""
        ...

    def close(self) -> None:
        """Finish what is queued and take nothing more."""
        ...


class InlineWorker:
    """Does everything at once on the caller's thread: for one thread that runs a whole practice."""

    def __init__(self, _name: str = "") -> None:
        self._open = True

    def submit(self, act: Callable[[], R], _priority: int = PEOPLE) -> Future[R]:
        """Do ``act`` now; after ``close`` the future fails with the sentence that it is locked."""
        future: Future[R] = Future()
        if not self._open:
            future.set_exception(MachineError(CLOSED))
            return future
        try:
            future.set_result(act())
        except BaseException as error:  # noqa: BLE001 - the future hands it to who asked
            future.set_exception(error)
        return future

    @property
    def busy(self) -> bool:
        """Nothing is left over when ``submit`` returns."""
        return False

    def close(self) -> None:
        """Take nothing more."""
        self._open = False


class Worker:
    """One thread that does one thing at a time, the most urgent first."""

    def __init__(self, name: str) -> None:
        self._queue: queue.PriorityQueue[tuple[int, int, Callable[[], None] | None]] = (
            queue.PriorityQueue()
        )
        self._order = itertools.count()
        self._lock = threading.Lock()
        self._left = 0
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
                self._left += 1
                self._queue.put((priority, next(self._order), work))
            else:
                future.set_exception(MachineError(CLOSED))
        return future

    @property
    def busy(self) -> bool:
        """Whether something is queued or under way, its future's callbacks included."""
        with self._lock:
            return self._left > 0

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
            with self._lock:
                self._left -= 1


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
        works: Callable[[str], Works] = Worker,
        lightly: Callable[[], AbstractContextManager[None]] = nullcontext,
        undoing: Callable[[], Command[[UUID], int]] = lambda: undo_change_set,
    ) -> None:
        self.clock = clock
        self._lightly = lightly
        self._undoing = undoing
        self._sit(actor)
        self._entitlement = entitlement
        self._zone = zone
        self._open_write = writes
        self._open_read = reads
        self._writer = works("practice-writer")
        self._reader = works("practice-reader")
        self._listeners: list[Callable[[Changes], None]] = []
        self._held: Counter[UUID] = Counter()
        self._holding = threading.Lock()
        self._confirming = threading.RLock()

    def act_as(self, actor: Actor) -> None:
        """Let whoever sits here have other rights from now on; who listens is told ``RIGHTS``."""
        before = self.actor
        self._sit(actor)
        if actor != before:
            # On the writer's thread, like all that is told.
            self._writer.submit(lambda: self._tell(Changes(frozenset({RIGHTS}))))

    def _sit(self, actor: Actor) -> None:
        self.actor = actor
        self._scope: Scope = actor.scope()

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

    @property
    def reading(self) -> bool:
        """Whether a read is queued or under way."""
        return self._reader.busy

    def ask(
        self, query: Callable[Concatenate[Any, Scope, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Read and wait for it."""
        return self.read(query, *args, **kwargs).result()

    def undo(self, change_set: UUID) -> Future[Outcome[int]]:
        """Queue the undoing of a change set."""
        return self.run(self._undoing(), change_set)

    def keep_typed(
        self, key: str, content: dict[str, Any] | None, *, unread: bool = False
    ) -> Future[None]:
        """Queue the keeping, or the forgetting, of a form left half-way."""
        at = self.clock.now()

        def keep(session: PracticeSession) -> None:
            if content is None:
                form_drafts.forget(session, key)
            elif not unread or form_drafts.kept(session, key) is None:
                form_drafts.keep(session, key, content, at)

        return self._writer.submit(lambda: self._in_file(keep))

    def typed(self, key: str) -> Future[HalfTyped | None]:
        """Queue the reading of a form left half-way; on the writer, behind its keeping."""
        return self._writer.submit(
            lambda: self._in_file(lambda session: form_drafts.kept(session, key))
        )

    def finish(
        self, key: str, command: Callable[Concatenate[Any, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Future[Outcome[R]]:
        """Queue the command that a form ends in; one transaction with forgetting the form."""
        return self._writer.submit(lambda: self._write(command, args, kwargs, form=key))

    def on_writer(self, act: Callable[[], R], priority: int = JOBS) -> Future[R]:
        """Queue work of the vault itself (backup) between the commands."""
        return self._writer.submit(act, priority)

    def confirm(
        self, act: Callable[[PracticeSession], tuple[R, Changes]], *, durable: bool = False
    ) -> Future[R]:
        """Queue a slice of sync, between people's commands and jobs, in one transaction.

        What it writes is confirmed by the server: nothing is captured, final rows may change.
        Unless ``durable`` the commit does not wait for the disk: the server has it all.
        """

        def slice_of_sync() -> R:
            with nullcontext() if durable else self._lightly():
                return self._confirm(act)

        return self._writer.submit(slice_of_sync, SYNC)

    def hold(self, record_id: UUID) -> None:
        """Keep what an open editor holds of a record: no pull replaces its text meanwhile.

        It waits for the slice of sync under way, mostly below 50 ms: one that began before looked
        for editors already, and whoever reads before its end would write over words unseen.
        """
        with self._confirming, self._holding:
            self._held[record_id] += 1

    def release(self, record_id: UUID) -> None:
        """Let pulls change the record's text again, once what was queued before is written.

        Each ``hold`` has its own release. A pull between the last keystroke and its write would
        make that write look as if it had seen the other computer's words.
        """

        def let_go() -> None:
            with self._holding:
                self._held[record_id] -= 1
                if not self._held[record_id]:
                    del self._held[record_id]

        self._writer.submit(let_go)

    def holds(self, record_id: UUID) -> bool:
        """Return whether an editor holds the record."""
        with self._holding:
            return record_id in self._held

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
        self,
        command: Any,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        job: UUID | None = None,
        form: str = "",
    ) -> Outcome[Any]:
        session = self._open_write()
        try:
            uow = UnitOfWork(session, self.actor, self.entitlement, self.clock, job=job)
            value = command(uow, *args, **kwargs)
            if form:
                form_drafts.forget(session, form)
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
    def _confirm(self, act: Callable[[PracticeSession], tuple[R, Changes]]) -> R:
        with self._confirming:
            session = self._open_write()
            try:
                with session.capture.watching(CONFIRMED):
                    value, changes = act(session)
                    session.commit()
            except BaseException:
                session.rollback()
                raise
            finally:
                session.close()
        self._tell(changes)
        return value

    @database_said_plainly()
    def _in_file(self, act: Callable[[PracticeSession], R]) -> R:
        """Do what is no act of the practice, in one transaction on the writer's thread."""
        with self._open_write() as session:
            done = act(session)
            session.commit()
            return done

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

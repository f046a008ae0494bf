"""The base of presenters, without Qt: state in, commands and reads out, listeners told."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

from app.core.kernel.changes import Changes, Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.errors import NotAllowed

R = TypeVar("R")
Deliver = Callable[[Callable[[], None]], None]
"""Runs a call on the thread of the window, soon."""


class Presenter:
    """Reads and writes through the desk; answers arrive where the window lives.

    Of reads with one name only the latest answer counts. After ``close`` nothing arrives any more.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        did: Callable[[Outcome[Any]], None] | None = None,
    ) -> None:
        self.desk = desk
        self._deliver = deliver
        self._did = did
        self._latest: dict[str, int] = {}
        self._on_their_way: set[str] = set()
        self._listeners: list[Callable[[], None]] = []
        self._stops: list[Callable[[], None]] = []
        self._closed = False

    # For the view

    def on_change(self, heard: Callable[[], None]) -> Callable[[], None]:
        """Call ``heard`` whenever the state changed; returns how to stop, for a passing view."""
        self._listeners.append(heard)

        def stop() -> None:
            if heard in self._listeners:
                self._listeners.remove(heard)

        return stop

    def forget(self, heard: Callable[[], None]) -> None:
        """Call ``heard`` no more."""
        if heard in self._listeners:
            self._listeners.remove(heard)

    def refresh(self) -> None:
        """Read again what is shown; presenters that show something override it."""

    def close(self) -> None:
        """Stop listening; answers still on their way are dropped."""
        self._closed = True
        for stop in self._stops:
            stop()
        self._stops.clear()
        self._listeners.clear()

    @property
    def closed(self) -> bool:
        """Whether ``close`` was called."""
        return self._closed

    # For the presenter

    def changed(self) -> None:
        """Tell the listeners that the state changed."""
        for heard in tuple(self._listeners):
            heard()

    def watch(self, *areas: str) -> None:
        """Refresh after every write that touches one of ``areas``."""

        def heard(changes: Changes) -> None:
            if changes.touches(*areas):
                self._deliver(self._refresh_if_open)

        self._stops.append(self.desk.listen(heard))

    def read(
        self,
        name: str,
        query: Callable[..., R],
        *args: Any,
        then: Callable[[R], None],
        failed: Callable[[Exception], None] | None = None,
        **kwargs: Any,
    ) -> None:
        """Ask ``query``; ``then`` gets its answer unless a later read of ``name`` was asked."""
        turn = self._latest.get(name, 0) + 1
        self._latest[name] = turn
        asked: Future[R] = self.desk.read(query, *args, **kwargs)
        self._answer(asked, then, failed, still_wanted=lambda: self._latest[name] == turn)

    def run(
        self,
        command: Callable[..., R],
        *args: Any,
        then: Callable[[Outcome[R]], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        **kwargs: Any,
    ) -> None:
        """Do ``command``; ``then`` gets its outcome (by default the undo bar is offered)."""
        done: Future[Outcome[R]] = self.desk.run(command, *args, **kwargs)
        self._answer(done, then or self.did, failed, still_wanted=lambda: True)

    def run_once(
        self,
        name: str,
        command: Callable[..., R],
        *args: Any,
        then: Callable[[Outcome[R]], None] | None = None,
        failed: Callable[[Exception], None] | None = None,
        **kwargs: Any,
    ) -> None:
        """Do ``command`` unless one of this name is still on its way: a second click is no second
        act.
        """
        if name in self._on_their_way:
            return
        self._on_their_way.add(name)

        def done(outcome: Outcome[R]) -> None:
            self._on_their_way.discard(name)
            (then or self.did)(outcome)

        def refused(error: Exception) -> None:
            self._on_their_way.discard(name)
            if failed is None:
                raise error
            failed(error)

        self.run(command, *args, then=done, failed=refused, **kwargs)

    def did(self, outcome: Outcome[Any]) -> None:
        """Hand an outcome to the shell, which offers to undo it."""
        if self._did is not None:
            self._did(outcome)

    def _refresh_if_open(self) -> None:
        if not self._closed:
            self.refresh()

    def _answer(
        self,
        future: Future[R],
        then: Callable[[R], None],
        failed: Callable[[Exception], None] | None,
        *,
        still_wanted: Callable[[], bool],
    ) -> None:
        asked_as = self.desk.actor

        def arrive() -> None:
            if self._closed or not still_wanted():
                return
            error = future.exception()
            if isinstance(error, NotAllowed) and failed is None and self.desk.actor != asked_as:
                # It was theirs when they asked; the window follows their rights.
                return
            if error is None:
                then(future.result())
            elif failed is not None and isinstance(error, Exception):
                failed(error)
            else:
                raise error

        def finished(_future: Future[R]) -> None:
            if not future.cancelled():
                self._deliver(arrive)

        future.add_done_callback(finished)

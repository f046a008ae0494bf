"""The desk: the one door through which screens, the command line and jobs read and write."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar
from uuid import UUID

from app.core.kernel.acting import Actor, Scope
from app.core.kernel.changes import Changes, Outcome
from app.core.kernel.clock import Clock
from app.core.kernel.entitlement import Entitlement

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class HalfTyped:
    """What was left in a form: its fields as JSON values, and when something was typed last."""

    content: dict[str, Any]
    at: datetime


class Desk(Protocol):
    """An open practice. Writes stand in one queue, reads in another; neither blocks the caller."""

    @property
    def clock(self) -> Clock:
        """The one clock."""
        ...

    @property
    def actor(self) -> Actor:
        """Who is signed in."""
        ...

    @property
    def entitlement(self) -> Entitlement:
        """What the plan allows now."""
        ...

    @property
    def zone(self) -> str:
        """The practice's IANA time zone."""
        ...

    def run(
        self, command: Callable[Concatenate[Any, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Future[Outcome[R]]:
        """Queue a command; the future holds what it returned and what it touched."""
        ...

    def run_slice(
        self,
        job: UUID,
        command: Callable[Concatenate[Any, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[Outcome[R]]:
        """Queue one slice of a job, behind every person's command; the job's undo takes it back."""
        ...

    def read(
        self, query: Callable[Concatenate[Any, Scope, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Future[R]:
        """Queue a read; the desk hands the session and the scope to ``query``."""
        ...

    @property
    def reading(self) -> bool:
        """Whether a read that was asked has not handed over its answer yet."""
        ...

    def do(
        self, command: Callable[Concatenate[Any, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Outcome[R]:
        """Run a command and wait for it; never called on the window's thread."""
        ...

    def ask(
        self, query: Callable[Concatenate[Any, Scope, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> R:
        """Read and wait for it; never called on the window's thread."""
        ...

    def undo(self, change_set: UUID) -> Future[Outcome[int]]:
        """Queue the undoing of a change set; the value counts rows left because they changed."""
        ...

    def hold(self, record_id: UUID) -> None:
        """Keep what an open editor holds of a record: no sync replaces its text meanwhile.

        To be called before the text is read, so that what is typed follows what was seen.
        """
        ...

    def release(self, record_id: UUID) -> None:
        """Let sync change the record's text again, once what was queued before is written."""
        ...

    def listen(self, heard: Callable[[Changes], None]) -> Callable[[], None]:
        """Call ``heard`` after every write, on the writer's thread; returns how to stop."""
        ...

    def keep_typed(
        self, key: str, content: dict[str, Any] | None, *, unread: bool = False
    ) -> Future[None]:
        """Queue the keeping of what stands half-way in the form ``key``; ``None`` forgets it.

        It takes the place of what was kept before, unless the form has not read that yet
        (``unread``): then the earlier stays.

        It lies in the practice's file like everything else, but is nothing of the practice: it is
        never sent, never undone, and no audit speaks of it.
        """
        ...

    def typed(self, key: str) -> Future[HalfTyped | None]:
        """Queue the reading of what was kept last of a form, behind what is still to be kept."""
        ...

    def finish(
        self, key: str, command: Callable[Concatenate[Any, P], R], *args: P.args, **kwargs: P.kwargs
    ) -> Future[Outcome[R]]:
        """Queue the command that a form ends in; what was kept of the form goes with its commit.

        So a form that was saved is never offered again, and one that was refused always is.
        """
        ...

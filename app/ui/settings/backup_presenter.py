"""Backups: where they go, which there are, and making one. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from app.core.kernel.errors import MachineError, UserError

if TYPE_CHECKING:
    from app.ui.shell.program import PracticeFile


class BackupFile(Protocol):
    """A backup that was made."""

    @property
    def path(self) -> Path:
        """Where it lies."""
        ...

    @property
    def at(self) -> datetime:
        """The moment it stands for."""
        ...

    @property
    def size(self) -> int:
        """Its bytes."""
        ...


class BackupFolder(Protocol):
    """Where backups go on this computer, and the newest of them."""

    @property
    def folder(self) -> Path:
        """The folder."""
        ...

    @property
    def last(self) -> datetime | None:
        """When the newest was made."""
        ...

    @property
    def chosen(self) -> bool:
        """Whether a person chose the folder."""
        ...


class BackupPresenter:
    """``state`` and ``files`` as they are on the disk; ``busy`` while a backup is made."""

    def __init__(
        self, practice: PracticeFile, deliver: Callable[[Callable[[], None]], None]
    ) -> None:
        self._practice = practice
        self._deliver = deliver
        self._listeners: list[Callable[[], None]] = []
        self.state: BackupFolder | None = None
        self.files: Sequence[BackupFile] = ()
        self.busy = False
        self.problem: Exception | None = None

    def on_change(self, heard: Callable[[], None]) -> None:
        """Call ``heard`` whenever the state changed."""
        self._listeners.append(heard)

    def refresh(self) -> None:
        """Look at the folder again."""
        try:
            self.state, self.files = self._practice.backup_state(), self._practice.backups()
        except MachineError as error:
            self.problem = error
        self._changed()

    def make(self) -> None:
        """Make a backup now."""
        if self.busy:
            return
        self.busy, self.problem = True, None
        self._changed()
        made = self._practice.start_backup()
        made.add_done_callback(lambda done: self._deliver(lambda: self._made(done)))

    def _made(self, done: Future[BackupFile]) -> None:
        self.busy = False
        error = done.exception()
        if error is not None and not isinstance(error, (MachineError, UserError)):
            raise error
        self.problem = error
        self.refresh()

    def choose(self, folder: Path) -> None:
        """Keep backups in another folder from now on."""
        self.problem = None
        try:
            self._practice.choose_backup_folder(folder)
        except (MachineError, UserError) as error:
            self.problem = error
        self.refresh()

    def close(self) -> None:
        """Tell nobody any more."""
        self._listeners.clear()

    def _changed(self) -> None:
        for heard in tuple(self._listeners):
            heard()


def size_words(size: int) -> str:
    """Return a size as people read it: ``412 MB``."""
    for unit in ("KB", "MB"):
        size = -(-size // 1024)
        if size < 1024:
            return f"{size:,} {unit}"
    return f"{size / 1024:,.1f} GB"


def kept_words(backups: int) -> str:
    """Return how many backups there are and which are kept."""
    count = {0: "No backup", 1: "1 backup"}.get(backups, f"{backups} backups")
    return f"{count} there now. The newest of the last 7 days and 5 weeks are kept."


def is_stale(last: datetime | None, today: date) -> bool:
    """Return whether the newest backup is more than three days old, or there is none."""
    return last is None or (today - last.date()).days > 3

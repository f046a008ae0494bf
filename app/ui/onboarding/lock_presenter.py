"""The lock: a passphrase or a recovery key is tried; what refuses it is said. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.core.kernel.errors import MachineError, NotOurFile, UserError
from app.ui.onboarding.assistant import Arrival, Work

if TYPE_CHECKING:
    from app.ui.shell.program import Keeper, PracticeFile

AFTER_RECOVERY = "The recovery key opened your practice. Choose a new passphrase in Settings."


Opener = Callable[[str, bool], "PracticeFile"]
"""Opens the practice with a secret: the passphrase, or the recovery key where the flag is set."""


def opener_of(keeper: Keeper, folder: Path) -> Opener:
    """Return what opens the practice in ``folder``."""

    def unlock(secret: str, by_recovery_key: bool) -> PracticeFile:
        name = "recovery_key" if by_recovery_key else "passphrase"
        return keeper.unlock(folder, **{name: secret})

    return unlock


class LockPresenter:
    """What the lock shows, and the one thing it does."""

    def __init__(
        self,
        opener: Opener,
        work: Work,
        arrived: Callable[[Arrival], None],
    ) -> None:
        self._opener = opener
        self._work = work
        self._arrived = arrived
        self._listeners: list[Callable[[], None]] = []
        self.by_recovery_key = False
        self.busy = False
        self.problem = ""
        self.wait = timedelta()
        """How long no further try is taken."""
        self.can_restore = False
        """Whether the file is damaged, so that a backup is the way on."""

    def on_change(self, heard: Callable[[], None]) -> None:
        """Call ``heard`` whenever the state changed."""
        self._listeners.append(heard)

    def use_recovery_key(self, wanted: bool) -> None:
        """Ask for the recovery key, or for the passphrase again."""
        self.by_recovery_key, self.problem = wanted, ""
        self._changed()

    def unlock(self, secret: str) -> None:
        """Try ``secret``; opening takes about half a second."""
        if self.busy or self.wait:
            return
        if not secret.strip():
            self.problem = (
                "Type your recovery key." if self.by_recovery_key else "Type your passphrase."
            )
            self._changed()
            return
        self.busy, self.problem = True, ""
        self._changed()
        by_recovery_key = self.by_recovery_key
        self._work(
            lambda: self._opener(secret, by_recovery_key), then=self._opened, failed=self._failed
        )

    def waited(self) -> None:
        """Take tries again."""
        self.wait, self.problem = timedelta(), ""
        self._changed()

    def _opened(self, practice: PracticeFile) -> None:
        self.busy = False
        self._arrived(Arrival(practice, problem=AFTER_RECOVERY if self.by_recovery_key else ""))

    def _failed(self, error: Exception) -> None:
        self.busy = False
        if not isinstance(error, (UserError, MachineError)):
            self.problem = "It could not be opened. Start the program again."
            self._changed()
            raise error
        self.problem = error.sentence
        self.can_restore = isinstance(error, NotOurFile)
        self.wait = getattr(error, "wait", timedelta())
        self._changed()

    def _changed(self) -> None:
        for heard in tuple(self._listeners):
            heard()

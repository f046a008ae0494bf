"""One computer of a journey: a real window with its own practice file, clock and state folder."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication

from app import __version__, bootstrap
from app.__main__ import BootstrapKeeper
from app.sync.joining import pair, signed_in
from app.ui.areas import furnished
from app.ui.shell.preferences import Preferences
from app.ui.shell.program import Program
from app.ui.shell.window import ShellWindow
from tests.e2e.driver import Driver, breathe
from tests.support.clock import StillClock

#: Where marks lie is read from the environment: computers of one process take turns with it.
_AT_HOME = threading.Lock()


class ClockedKeeper(BootstrapKeeper):
    """Practice files as the program keeps them, at a moment that a test moves.

    With ``state``, marks lie there and not where the environment says.
    """

    def __init__(self, clock: StillClock, state: Path | None = None) -> None:
        self._clock = clock
        self._state = state

    def create(self, folder: Path, prepared: Any, new: Any) -> Any:
        """Make a practice."""
        with self._at_home():
            return bootstrap.create_practice(folder, prepared, new, self._clock)

    def unlock(
        self, folder: Path, *, passphrase: str | None = None, recovery_key: str | None = None
    ) -> Any:
        """Open a practice."""
        with self._at_home():
            keys = bootstrap.unlock(
                folder, passphrase=passphrase, recovery_key=recovery_key, clock=self._clock
            )
            return bootstrap.open_practice(folder, keys, self._clock)

    def join(
        self,
        folder: Path,
        prepared: Any,
        account: tuple[str, str, str],
        heard: Callable[[int, int], None],
    ) -> Any:
        """Bring a practice from its account."""
        with self._at_home():
            joining = pair(*account, __version__)
            return bootstrap.join_practice(folder, prepared, joining, heard, self._clock)

    def join_signed_in(
        self, folder: Path, prepared: Any, signing: Any, heard: Callable[[int, int], None]
    ) -> Any:
        """Bring a practice from the account that was signed in to."""
        with self._at_home():
            found = signed_in(signing, self._clock)
            return bootstrap.join_practice(folder, prepared, found, heard, self._clock)

    @contextmanager
    def _at_home(self) -> Iterator[None]:
        if self._state is None:
            yield
            return
        name = "PRACTICERUNNER_STATE_DIR"
        with _AT_HOME:
            before = os.environ.get(name)
            os.environ[name] = str(self._state)
            try:
                yield
            finally:
                os.environ.pop(name)
                if before is not None:
                    os.environ[name] = before


class Computer:
    """The window of a computer, and the hand that drives it."""

    def __init__(
        self,
        root: Path,
        out: Path | None = None,
        *,
        clock: StillClock | None = None,
        keeper: ClockedKeeper | None = None,
    ) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        preferences = Preferences.load(root / "state")
        preferences.motion = False
        preferences.apply(app)
        self.window = ShellWindow(preferences)
        self.window.resize(1440, 900)
        self.window.show()
        self.clock = clock or StillClock()
        self.program = Program(
            furnished(),
            keeper or ClockedKeeper(self.clock),
            root / "data",
            preferences,
            self.window,
            parent=self.window,
        )
        self.program.start()
        self.drive = Driver(self.window, out)

    def close(self) -> None:
        """Close the window as a person does."""
        self.window.close()
        self.window.deleteLater()
        breathe(50)

    def choose_keys(self, passphrase: str) -> None:
        """The first step of the first run: passphrase, and the recovery key typed back."""
        drive = self.drive
        drive.fill("Passphrase", passphrase)
        drive.fill("The same again", passphrase)
        drive.click("Continue")
        drive.read("Your recovery key")
        for number, group in enumerate(self._recovery_key(), 1):
            drive.fill(f"Group {number} of 8", group)

    def _recovery_key(self) -> list[str]:
        for widget in self.drive.visible():
            name = widget.accessibleName()
            if name.startswith("Recovery key:"):
                return [group.replace(" ", "") for group in name.split(":")[1].split(",")]
        raise AssertionError("no recovery key is shown")

"""The window: the only place that knows both bootstrap and the screens.

First paint first: nothing heavy is imported before the window shows; SQLAlchemy and the tables
load on a thread meanwhile.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import platformdirs

if TYPE_CHECKING:
    from app.ui.shell.preferences import Preferences
    from app.ui.shell.window import ShellWindow

FOLDER_NAME = "PracticeRunner"


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="practicerunner", description="PracticeRunner Desktop")
    parser.add_argument("--data-dir", type=Path, help="the folder of the practice")
    parser.add_argument("--demo", action="store_true", help="look around in the demo practice")
    # For the smoke run of a built program: whether the window comes up and goes cleanly.
    parser.add_argument("--quit-when-shown", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args(argv)


class BootstrapKeeper:
    """Practice files through ``app.bootstrap``, imported when it is first needed."""

    def exists(self, folder: Path) -> bool:
        """Return whether a practice lies in ``folder``."""
        from app import bootstrap

        return bootstrap.place_of(folder).keys.exists()

    def prepare_keys(self, passphrase: str) -> Any:
        """Draw the keys of a practice to be."""
        from app import bootstrap

        return bootstrap.prepare_keys(passphrase)

    def create(self, folder: Path, prepared: Any, new: Any) -> Any:
        """Make a practice."""
        from app import bootstrap

        return bootstrap.create_practice(folder, prepared, new)

    def unlock(
        self, folder: Path, *, passphrase: str | None = None, recovery_key: str | None = None
    ) -> Any:
        """Open a practice."""
        from app import bootstrap

        keys = bootstrap.unlock(folder, passphrase=passphrase, recovery_key=recovery_key)
        return bootstrap.open_practice(folder, keys)

    def restore(
        self,
        backup: Path,
        folder: Path,
        *,
        passphrase: str | None = None,
        recovery_key: str | None = None,
    ) -> Any:
        """Put a backup in place and open it."""
        from app import bootstrap

        keys = bootstrap.restore(backup, folder, passphrase=passphrase, recovery_key=recovery_key)
        return bootstrap.open_practice(folder, keys)

    def open_demo(self) -> Any:
        """Open the demo practice."""
        from app import demonstration

        return demonstration.open_demo()


def main(argv: list[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    arguments = _arguments(sys.argv[1:] if argv is None else argv)
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from app.ui.shell.preferences import Preferences
    from app.ui.shell.window import APP_NAME, ShellWindow

    app = QApplication(sys.argv[:1])
    app.setApplicationName(APP_NAME)
    app.setApplicationDisplayName(APP_NAME)
    preferences = Preferences.load(state_dir())
    preferences.apply(app)
    # A theme chosen here stays; *as the system* follows it from light to dark and back.
    app.styleHints().colorSchemeChanged.connect(lambda _scheme: preferences.apply(app))
    window = ShellWindow(preferences)
    window.show()
    # A timer of zero would fire before the first paint.
    QTimer.singleShot(15, lambda: _begin(arguments, preferences, window))
    return app.exec()


def default_data_dir() -> Path:
    """Return where the practice lies unless the person chose another place."""
    return Path(platformdirs.user_data_dir(FOLDER_NAME, appauthor=False))


def state_dir() -> Path:
    """Return the per-user folder for the window's manners."""
    named = os.environ.get("PRACTICERUNNER_STATE_DIR")
    return Path(named or platformdirs.user_state_dir(FOLDER_NAME, appauthor=False))


def _begin(arguments: argparse.Namespace, preferences: Preferences, window: ShellWindow) -> None:
    """Make the program's life once the window is on the screen."""
    from app.ui.areas import furnished
    from app.ui.onboarding.lock_watch import LockWatch
    from app.ui.shell.program import Program

    keeper = BootstrapKeeper()
    folder = arguments.data_dir or default_data_dir()
    program = Program(furnished(), keeper, folder, preferences, window, parent=window)
    LockWatch(program)
    if arguments.demo:
        program.start_demo()
    else:
        program.start()
    program.work(_warm_up, then=lambda _done: None)
    if arguments.quit_when_shown:
        program.front_shown.connect(window.close)


def _warm_up() -> None:
    """Import what an open practice needs, off the window's thread, while a person types."""
    import app.bootstrap
    import app.ui.shell.navigation
    import app.ui.tasks.panel
    import app.ui.today.page  # noqa: F401


if __name__ == "__main__":
    sys.exit(main())

"""The window: the only place that knows both bootstrap and the screens.

First paint first: nothing heavy is imported before the window shows; SQLAlchemy and the tables
load on a thread meanwhile.
"""

from __future__ import annotations

import gc
import locale
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app import folders

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from app.ui.shell.preferences import Preferences
    from app.ui.shell.window import ShellWindow


def _arguments(argv: list[str]) -> argparse.Namespace:
    import argparse

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
        from app import places

        return places.place_of(folder).keys.exists()

    def left(self, folder: Path) -> str:
        """Say what became of a practice that the account removed."""
        from app import places

        return places.left_from(folder)

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

    def join(
        self,
        folder: Path,
        prepared: Any,
        account: tuple[str, str, str],
        heard: Callable[[int, int], None],
    ) -> Any:
        """Bring a practice from its account."""
        from app import __version__, bootstrap
        from app.sync.joining import pair

        found = pair(*account, __version__, life=prepared.life)
        return bootstrap.join_practice(folder, prepared, found, heard)

    def begin_sign_in(self, server: str, device_name: str) -> Any:
        """Return a try to sign in."""
        from app import __version__
        from app.sync.account.signing_in import SignIn

        return SignIn(server, device_name, __version__)

    def join_signed_in(
        self, folder: Path, prepared: Any, signing: Any, heard: Callable[[int, int], None]
    ) -> Any:
        """Bring a practice from the account that was signed in to."""
        from app import bootstrap
        from app.core.kernel.clock import SystemClock
        from app.sync.joining import signed_in

        found = signed_in(signing, SystemClock(), life=prepared.life)
        return bootstrap.join_practice(folder, prepared, found, heard)

    def open_demo(self) -> Any:
        """Open the demo practice."""
        from app import demonstration

        look_for_cycles()
        return demonstration.open_demo()


def main(argv: list[str] | None = None) -> int:
    """Run the program; returns its exit code."""
    arguments = _arguments(sys.argv[1:] if argv is None else argv)
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    read_in_peace()
    app = QApplication(sys.argv[:1])
    speak_us_english()
    preferences, window = first_window(folders.state_dir())
    window.show()
    # A timer of zero would fire before the first paint.
    QTimer.singleShot(15, lambda: _begin(arguments, preferences, window))
    return app.exec()


def read_in_peace() -> None:
    """Look for no cycles among Python's objects while the program is read.

    Modules, classes and tables are a few hundred thousand objects that live as long as the
    program; looking through them again and again is a tenth of a start.
    """
    gc.disable()


def look_for_cycles() -> None:
    """Look for cycles from now on, passing over what was read: a pause less for the person.

    Only called while no practice is open, whose objects would never be found again.
    """
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def speak_us_english() -> None:
    """Take back what Qt sets from the system: screens and papers name days in US English."""
    for kind in (locale.LC_TIME, locale.LC_NUMERIC):
        locale.setlocale(kind, "C")


def first_window(state: Path) -> tuple[Preferences, ShellWindow]:
    """Return the blank window as it is first painted; it takes on its look after that."""
    from app.ui.shell.preferences import Preferences
    from app.ui.shell.window import ShellWindow

    preferences = Preferences.load(state)
    return preferences, ShellWindow(preferences)


def take_on_look(preferences: Preferences) -> None:
    """Give the whole program its name, theme, fonts and sizes."""
    from PySide6.QtWidgets import QApplication

    from app.ui.shell.window import APP_NAME
    from app.ui.theme.contrast import SystemContrast

    app = QApplication.instance()
    if isinstance(app, QApplication):
        app.setApplicationName(APP_NAME)
        app.setApplicationDisplayName(APP_NAME)
        contrast = preferences.contrast = SystemContrast(app)
        preferences.apply(app)
        # A theme chosen here stays; *as the system* follows it from light to dark and back.
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: preferences.apply(app))
        contrast.when_changed(lambda: preferences.apply(app))


def _begin(arguments: argparse.Namespace, preferences: Preferences, window: ShellWindow) -> None:
    """Make the program's life once the window is on the screen."""
    take_on_look(preferences)
    from app.ui.areas import furnished
    from app.ui.onboarding.lock_watch import LockWatch
    from app.ui.shell.end_watch import EndWatch
    from app.ui.shell.program import Program

    keeper = BootstrapKeeper()
    folder = arguments.data_dir or folders.default_data_dir()
    program = Program(furnished(), keeper, folder, preferences, window, parent=window)
    LockWatch(program)
    EndWatch(window)
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
    from app.ui.areas import load_screens

    load_screens()
    # A practice opens behind this, on the same thread.
    look_for_cycles()


if __name__ == "__main__":
    sys.exit(main())

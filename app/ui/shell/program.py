"""The life of the window: no practice yet, locked, open."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from app.core.kernel.desk import Desk
from app.core.kernel.syncing import SyncStatus
from app.core.membership.rules.grant import PlanState
from app.ui.shell.bridge import Bridge
from app.ui.shell.preferences import Preferences
from app.ui.shell.registry import House
from app.ui.shell.window import ShellWindow

R = TypeVar("R")

#: Milliseconds after which an opened practice has its first screen, with nothing beside it.
SETTLED_MS = 5_000
LEAVING = (
    "This computer was taken off the account. What it had not sent yet is handed to the account’s "
    "owner now; then the practice is removed from this computer."
)
STAYED = "This computer was taken off the account, but the practice is still on it."


class PreparedKeys(Protocol):
    """Keys of a practice that does not exist yet."""

    @property
    def recovery_key(self) -> str:
        """The key to be typed back once."""
        ...


class SigningIn(Protocol):
    """One try to sign in by way of the browser. See ``sync.account.signing_in.SignIn``."""

    @property
    def address(self) -> str:
        """What the browser opens, as often as the person likes."""
        ...

    def begin(self, came: Callable[[], None]) -> None:
        """Wait for the browser; ``came`` is called on another thread when that is over."""
        ...

    def cancel(self) -> None:
        """Wait no longer."""
        ...


class Syncing(Protocol):
    """The tie between a practice and its hosted account. Every act may wait for the network."""

    def start(self) -> None:
        """Sync by itself from now on, if the practice is connected."""
        ...

    def status(self) -> SyncStatus:
        """Return how this computer and the account agree."""
        ...

    def listen(self, heard: Callable[[SyncStatus], None]) -> Callable[[], None]:
        """Call ``heard`` on another thread whenever that changes; returns how to stop."""
        ...

    def connect(self, server: str, code: str, device_name: str) -> None:
        """Tie the practice to its account; raises ``UserError`` or ``MachineError``."""
        ...

    def begin_sign_in(self, server: str = "", device_name: str = "") -> SigningIn:
        """Return a try to sign in, not yet begun; a connected practice signs in where it is."""
        ...

    def sign_in(self, signing: Any) -> None:
        """Connect the practice, or sign it in again, once the browser came back."""
        ...

    @property
    def membership(self) -> Any:
        """Plan and team at the account. See ``sync.membership.AccountMembership``."""
        ...

    @property
    def computers(self) -> Any:
        """The computers of the account. See ``sync.computers.AccountComputers``."""
        ...

    def code(self) -> str:
        """Return a one-time code with which another computer joins."""
        ...

    def disconnect(self, *, anyway: bool = False) -> bool:
        """Part the practice from its account; return whether the account could be told."""
        ...

    def sync_now(self) -> SyncStatus:
        """Exchange what there is to exchange."""
        ...

    def check(self) -> dict[str, list[UUID]]:
        """Compare everything with the account; return by entity what differed and was repaired."""
        ...

    def accept_removal(self) -> None:
        """Agree to a change of the account that removes much."""
        ...


class PracticeFile(Protocol):
    """An open practice and the acts of its file."""

    @property
    def sync(self) -> Syncing:
        """Its tie to the hosted account; first asked for off the window's thread."""
        ...

    @property
    def desk(self) -> Desk:
        """The door to everything in it."""
        ...

    @property
    def folder(self) -> Path:
        """Where it lies."""
        ...

    def plan(self) -> PlanState:
        """Return the plan as it stands now, as the account signed it last."""
        ...

    def backup_state(self) -> Any:
        """Return where backups are kept on this computer, and the newest one."""
        ...

    def backups(self) -> Any:
        """Return the backups in that folder, newest first: ``path``, ``at``, ``size``."""
        ...

    def choose_backup_folder(self, folder: Path) -> Any:
        """Keep backups in ``folder`` from now on; raises ``MachineError`` if it refuses."""
        ...

    def start_backup(self, folder: Path | None = None) -> Future[Any]:
        """Begin a checked backup beside the work."""
        ...

    def settle_in(self) -> None:
        """Begin what can wait until the first screen stands, the daily backup among it."""
        ...

    def start_verify(self) -> Future[Any]:
        """Begin a check of the file, its links, the audit chain, search index and ledger."""
        ...

    def start_attach(self, source: Path) -> Future[Any]:
        """Begin to encrypt a file into the practice; its future holds what is to be attached."""
        ...

    def start_save_file(self, attachment_id: UUID, target: Path) -> Future[Path]:
        """Begin to write a copy of an attached file to ``target``."""
        ...

    def change_passphrase(self, passphrase: str) -> None:
        """Wrap the keys with a new passphrase."""
        ...

    def new_recovery_key(self) -> str:
        """Draw another recovery key; the old one stops working."""
        ...

    def leave(self) -> str:
        """Hand over unsent work, lock the practice and remove it; return what became of it."""
        ...

    def close(self, *, backup: bool = False) -> None:
        """Finish what is queued, back up if asked, drop keys and connections."""
        ...


class Keeper(Protocol):
    """What can be done with practice files while none is open. Every act may take a second."""

    def exists(self, folder: Path) -> bool:
        """Return whether a practice lies in ``folder``."""
        ...

    def left(self, folder: Path) -> str:
        """Return what became of a practice that the account removed from ``folder``, else nothing.

        A removal that was cut off is finished.
        """
        ...

    def prepare_keys(self, passphrase: str) -> PreparedKeys:
        """Draw keys; raises ``UserError`` for a passphrase that is too short."""
        ...

    def create(self, folder: Path, prepared: PreparedKeys, new: Any) -> PracticeFile:
        """Make a practice (``NewPractice``): all of it, or nothing that opens."""
        ...

    def unlock(
        self, folder: Path, *, passphrase: str | None = None, recovery_key: str | None = None
    ) -> PracticeFile:
        """Open the practice; raises ``MachineError`` with its sentence."""
        ...

    def restore(
        self,
        backup: Path,
        folder: Path,
        *,
        passphrase: str | None = None,
        recovery_key: str | None = None,
    ) -> PracticeFile:
        """Put a backup in place and open it."""
        ...

    def join(
        self,
        folder: Path,
        prepared: PreparedKeys,
        account: tuple[str, str, str],
        heard: Callable[[int, int], None],
    ) -> PracticeFile:
        """Bring a practice from its account: server, one-time code, name of this computer.

        ``heard`` is told on this thread how many records of how many have come.
        """
        ...

    def begin_sign_in(self, server: str, device_name: str) -> SigningIn:
        """Return a try to sign in to an account, not yet begun."""
        ...

    def join_signed_in(
        self,
        folder: Path,
        prepared: PreparedKeys,
        signing: Any,
        heard: Callable[[int, int], None],
    ) -> PracticeFile:
        """Bring a practice from the account that the browser came back from; see ``join``."""
        ...

    def open_demo(self) -> PracticeFile:
        """Open the demo practice, made if it is not there yet."""
        ...


class Program(QObject):
    """First run, locked, open: which of them the window shows, and the way between them."""

    practice_changed = Signal()
    front_shown = Signal()
    """A front stands in the window: the first run, or the lock."""

    def __init__(
        self,
        house: House,
        keeper: Keeper,
        folder: Path,
        preferences: Preferences,
        window: ShellWindow,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.house = house
        self.keeper = keeper
        self.folder = folder
        self.preferences = preferences
        self.window = window
        self.practice: PracticeFile | None = None
        self.lock_reason = ""
        self.is_demo = False
        self.begun: Any = None
        """The first run as far as it came, until there is a practice."""
        self.bridge = Bridge(self)
        self._settled = QTimer(self)
        self._settled.setSingleShot(True)
        self._settled.setInterval(SETTLED_MS)
        self._settled.timeout.connect(self._settle_in)
        self._background = ThreadPoolExecutor(1, thread_name_prefix="program")
        window.lock_asked.connect(self.lock)
        window.closing.connect(self.finish)

    def start(self) -> None:
        """Show what there is to show: the first run, or the lock."""
        folder = self.folder
        self.work(
            lambda: (self.keeper.left(folder), self.keeper.exists(folder)),
            then=lambda found: self._begin(*found),
            failed=self._cannot_begin,
        )

    def _begin(self, left: str, there: bool) -> None:
        self._show_front("locked" if there else "first_run")
        if left:
            self.window.say(left)

    def _cannot_begin(self, error: Exception) -> None:
        self._show_front("locked")
        self._say(error)

    def start_demo(self) -> None:
        """Open the demo practice, which has no lock."""
        self.work(self.keeper.open_demo, then=self.opened, failed=self._say)

    def work(
        self,
        call: Callable[[], R],
        *,
        then: Callable[[R], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run ``call`` off the window's thread; its answer arrives on it."""

        def arrive(done: Future[R]) -> None:
            error = done.exception()
            if error is None:
                then(done.result())
            elif failed is not None and isinstance(error, Exception):
                failed(error)
            else:
                raise error

        future = self._background.submit(call)
        future.add_done_callback(lambda done: self.bridge.deliver(lambda: arrive(done)))

    def opened(self, practice: PracticeFile) -> None:
        """Show the areas of an unlocked practice."""
        self.practice = practice
        self.folder = practice.folder
        self.lock_reason = ""
        self.is_demo = practice.desk.entitlement.demo
        self.window.open_house(self.house, practice.desk, self.bridge, self)
        self._settled.start()
        self.practice_changed.emit()

    def _settle_in(self) -> None:
        if self.practice is not None:
            self.practice.settle_in()

    def lock(self, reason: str = "") -> None:
        """Save drafts, blank the window, close the file in the background, and ask to unlock.

        ``reason`` is the sentence that the lock shows, empty where the person asked for it.
        """
        practice = self.practice
        if practice is None:
            return
        self._lock_with(reason)
        self.work(lambda: practice.close(backup=True), then=lambda _done: None, failed=self._say)

    def _lock_with(self, reason: str) -> None:
        self.lock_reason = reason
        self.practice = None
        self._settled.stop()
        self.window.close_house()
        self._show_front("locked")
        self.practice_changed.emit()

    def leave(self) -> None:
        """Lock, hand over what only this computer has, and remove the practice from it.

        The account took this computer off. What fails leaves the practice locked, and whole.
        """
        practice = self.practice
        if practice is None:
            return
        self._lock_with(LEAVING)
        self.work(
            practice.leave, then=lambda left: self._begin(left, False), failed=self._cannot_leave
        )

    def _cannot_leave(self, error: Exception) -> None:
        # Unlocked again meanwhile, it is not locked a second time.
        if self.practice is None:
            self.lock_reason = STAYED
            self._show_front("locked")
        self._say(error)

    def restore(self) -> None:
        """Close the practice and ask for the backup that shall take its place."""
        self.lock()
        self._show_front("restore")

    def finish(self) -> None:
        """Close the file and the threads; the window is going away. A second time is nothing."""
        practice, self.practice = self.practice, None
        self._settled.stop()
        self.window.close_house()
        if practice is not None:
            self._background.submit(practice.close, backup=True)
        self._background.shutdown(wait=True)

    def _say(self, error: Exception) -> None:
        self.window.say(getattr(error, "sentence", str(error)))

    def _show_front(self, name: str) -> None:
        front = self.house.fronts.get(name)
        if front is not None:
            self.window.show_front(front(self))
            self.front_shown.emit()

"""A program's surroundings for the first run and the lock: real files, work done at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import bootstrap, places
from app.sync.account.signing_in import SignIn
from app.sync.joining import pair, signed_in
from app.ui.shell.program import PracticeFile, PreparedKeys
from tests.support.clock import StillClock


def at_once(
    call: Callable[[], Any],
    *,
    then: Callable[[Any], None],
    failed: Callable[[Exception], None] | None = None,
) -> None:
    """Do the work of a program here and now."""
    try:
        answer = call()
    except Exception as error:
        if failed is None:
            raise
        failed(error)
    else:
        then(answer)


class RealKeeper:
    """Practice files on the disk, with a clock that stands still."""

    def __init__(self) -> None:
        self.opened: list[PracticeFile] = []

    def exists(self, folder: Path) -> bool:
        return places.place_of(folder).keys.exists()

    def left(self, folder: Path) -> str:
        return places.left_from(folder)

    def prepare_keys(self, passphrase: str) -> PreparedKeys:
        return bootstrap.prepare_keys(passphrase)

    def create(self, folder: Path, prepared: Any, new: Any) -> PracticeFile:
        return self._keep(bootstrap.create_practice(folder, prepared, new, StillClock()))

    def unlock(
        self, folder: Path, *, passphrase: str | None = None, recovery_key: str | None = None
    ) -> PracticeFile:
        keys = bootstrap.unlock(folder, passphrase=passphrase, recovery_key=recovery_key)
        return self._keep(bootstrap.open_practice(folder, keys, StillClock()))

    def restore(
        self,
        backup: Path,
        folder: Path,
        *,
        passphrase: str | None = None,
        recovery_key: str | None = None,
    ) -> PracticeFile:
        keys = bootstrap.restore(backup, folder, passphrase=passphrase, recovery_key=recovery_key)
        return self._keep(bootstrap.open_practice(folder, keys, StillClock()))

    def join(
        self,
        folder: Path,
        prepared: Any,
        account: tuple[str, str, str],
        heard: Callable[[int, int], None],
    ) -> PracticeFile:
        joining = pair(*account, "test", life=prepared.life)
        opened = bootstrap.join_practice(folder, prepared, joining, heard, StillClock())
        return self._keep(opened)

    def begin_sign_in(self, server: str, device_name: str) -> SignIn:
        return SignIn(server, device_name, "test")

    def join_signed_in(
        self, folder: Path, prepared: Any, signing: Any, heard: Callable[[int, int], None]
    ) -> PracticeFile:
        found = signed_in(signing, StillClock(), life=prepared.life)
        return self._keep(bootstrap.join_practice(folder, prepared, found, heard, StillClock()))

    def open_demo(self) -> PracticeFile:
        raise AssertionError("no test of the first run opens the demo practice")

    def _keep(self, practice: PracticeFile) -> PracticeFile:
        self.opened.append(practice)
        return practice

    def close(self) -> None:
        """Close whatever was opened."""
        while self.opened:
            self.opened.pop().close()

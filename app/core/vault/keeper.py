"""Where this computer keeps its backups, when one is due, and the last one that was checked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.core.vault import backup
from app.core.vault.backup import Backup
from app.core.vault.files import said_plainly, write_whole
from app.core.vault.vault import Vault, VaultPorts


@dataclass(frozen=True, slots=True)
class BackupState:
    """What is known of the backups: the folder, and the newest one in it."""

    folder: Path
    last: datetime | None
    chosen: bool
    """Whether a person chose the folder; else it is the one beside the practice."""


class BackupKeeper:
    """Makes and counts the backups of one practice file.

    The folder is this computer's own choice, so it lies in the per-user state folder.
    """

    def __init__(self, vault: Vault, ports: VaultPorts, state: Path) -> None:
        self._vault = vault
        self._ports = ports
        self._file = state / f"{vault.vault_id}.backups"
        ports.last_backup = self.state().last

    def state(self) -> BackupState:
        """Return folder and newest backup as they are now."""
        chosen = self._chosen()
        folder = chosen or self._vault.place.folder / "backups"
        found = backup.list_backups(folder)
        return BackupState(folder, found[0].at if found else None, chosen is not None)

    def choose(self, folder: Path) -> BackupState:
        """Keep backups in ``folder`` from now on; raises ``MachineError`` if it refuses."""
        with said_plainly(folder):
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / ".practicerunner-probe"
            write_whole(probe, b"")
            probe.unlink()
        with said_plainly(self._file.parent):
            write_whole(self._file, json.dumps({"folder": str(folder.absolute())}).encode())
        state = self.state()
        self._ports.last_backup = state.last
        return state

    def make(self, folder: Path | None = None) -> Backup:
        """Make a checked backup in the kept folder, or once in another."""
        vault = self._vault
        made = backup.make_backup(
            vault.place, vault.keys, vault.clock.now(), folder or self.state().folder
        )
        self._ports.last_backup = made.at
        return made

    def is_due(self) -> bool:
        """Return whether the newest backup is a day old or there is none."""
        return backup.is_due(self.state().folder, self._vault.clock.now())

    def _chosen(self) -> Path | None:
        try:
            return Path(json.loads(self._file.read_text("utf-8"))["folder"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

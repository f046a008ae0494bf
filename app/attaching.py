"""Files on their way into an open practice, and copies on their way out. Never imports Qt."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from uuid import UUID

from app.core.store.ports import StoredFile
from app.core.vault.attached import AttachedFiles
from app.core.vault.desk import VaultDesk, Works
from app.core.vault.files import said_plainly


class Attaching:
    """Encrypts, writes out and tidies up files, one at a time, beside the work at the desk.

    ``works`` is what it runs on, ``folder`` tells where the practice lies.
    """

    def __init__(
        self, desk: VaultDesk, files: AttachedFiles, works: Works, folder: Callable[[], Path]
    ) -> None:
        self._desk = desk
        self._files = files
        self._works = works
        self._folder = folder
        self._encrypted: set[str] = set()
        """Files that came since the practice was opened; their attaching may be on its way."""

    def start(self, source: Path) -> Future[StoredFile]:
        """Begin to encrypt a file into the practice; the command that attaches it comes after.

        The future raises ``UserError`` for a file that is empty, too large or cannot be read.
        """
        # Imported here, as below: a start attaches nothing.
        from app.core.clinical.rules.attachments import check_size  # noqa: PLC0415

        def put() -> StoredFile:
            with said_plainly(self._folder()):
                if source.is_file():
                    check_size(source.stat().st_size)
                stored = self._files.put(source)
            self._encrypted.add(stored.address)
            return stored

        return self._works.submit(put)

    def start_save(self, attachment_id: UUID, target: Path) -> Future[Path]:
        """Begin to write a copy of an attached file to ``target``, whole or not at all."""
        from app.core.clinical.commands.attachments import note_copy  # noqa: PLC0415
        from app.core.clinical.queries.attachments import stored as stored_file  # noqa: PLC0415

        def save() -> Path:
            _name, stored = self._desk.ask(stored_file, attachment_id)
            self._desk.do(note_copy, attachment_id)
            partial = target.with_name(target.name + ".partial")
            with said_plainly(target.parent):
                try:
                    with partial.open("wb") as written:
                        for piece in self._files.read(stored):
                            written.write(piece)
                    partial.replace(target)
                finally:
                    partial.unlink(missing_ok=True)
            return target

        return self._works.submit(save)

    def start_tidying(self) -> Future[None]:
        """Begin to remove files that a crash left encrypted but not attached."""
        return self._works.submit(self._forget_unattached)

    def _forget_unattached(self) -> None:
        from app.core.clinical.queries.attachments import known_addresses  # noqa: PLC0415

        known = {address for address, _ in self._desk.ask(known_addresses)}
        for address in self._files.addresses() - known - self._encrypted:
            self._files.forget(address)

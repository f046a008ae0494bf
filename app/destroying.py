"""Records on their way out of an open practice: noted, destroyed, scrubbed. Never imports Qt."""

from __future__ import annotations

from collections.abc import Callable, Collection
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from app.attaching import Attaching
from app.core.kernel.errors import MachineError
from app.core.vault.attached import AttachedFiles
from app.core.vault.desk import VaultDesk
from app.core.vault.destroyed import DestroyedRecords, Record
from app.core.vault.files import said_plainly

if TYPE_CHECKING:
    from app.core.journeys.destroying import Destruction

_TRACES = (
    "The records are destroyed, but the disk did not let their last traces be removed. Free some "
    "space, close what has the practice’s files open, and open the practice again: it goes on then."
)
_AT_THE_NEXT_OPENING = (
    "The disk refused to write. What you chose to destroy is still there, and goes when the "
    "practice is opened the next time."
)


class Destroying:
    """Destroys records so that a crash at any moment leaves all of them, or none for long.

    ``scrub`` leaves nothing of removed records in the file; it is called on the writer.
    """

    def __init__(
        self,
        desk: VaultDesk,
        listed: DestroyedRecords,
        files: AttachedFiles,
        attaching: Attaching,
        scrub: Callable[[], None],
        folder: Callable[[], Path],
    ) -> None:
        self._desk = desk
        self._listed = listed
        self._files = files
        self._attaching = attaching
        self._scrub_file = scrub
        self._folder = folder

    def destroy(self, client_ids: Collection[UUID]) -> Destruction:
        """Destroy archived clients and wait for it.

        Raises ``MachineError`` where the disk refuses, in words that tell what has happened by
        then; else what ``journeys.destroying.destroy_clients`` raises.
        """
        from app.core.journeys.destroying import destroy_clients  # noqa: PLC0415 - rarely needed

        noted: set[Record] = set()

        def note(records: Collection[Record]) -> None:
            noted.update(self._listed.add(records))

        try:
            done = self._desk.do(destroy_clients, client_ids, note).value
        except Exception:
            # Not where the program is stopped: then the command is still under way.
            self._take_back(noted)
            raise
        try:
            self._scrub(done.files)
        except MachineError as error:
            raise MachineError(_TRACES) from error
        return done

    def go_on(self) -> None:
        """Destroy again what a restored file brought back; finish what a crash left half done.

        Raises ``MachineError`` where the disk refuses; then the next opening goes on.
        """
        listed = self._listed.listed()
        if not listed.records and not listed.left_over:
            return
        from app.core.journeys.destroying import destroy_returned, returned  # noqa: PLC0415

        found = self._desk.ask(returned, listed.records)
        if found.records:
            self._listed.add(found.records)
            found = self._desk.do(destroy_returned, listed.records).value
        if found.records or listed.left_over:
            # Which files the records named that are gone already, nobody knows any more.
            with said_plainly(self._folder()):
                self._attaching.start_tidying().result()
            self._scrub(found.files)

    def _take_back(self, noted: set[Record]) -> None:
        """Strike out what was noted and is still there."""
        if not noted:
            return
        from app.core.journeys.destroying import returned  # noqa: PLC0415

        try:
            self._listed.take_back(self._desk.ask(returned, noted).records)
        except MachineError as error:
            raise MachineError(_AT_THE_NEXT_OPENING) from error

    def _scrub(self, files: Collection[str]) -> None:
        with said_plainly(self._folder()):
            for address in files:
                self._files.forget(address)
        self._desk.on_writer(self._scrub_file).result()
        self._listed.cleaned()

"""The files of a client or a note: attach, save a copy, remove. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Protocol, TypeVar
from uuid import UUID

from app.core.clinical.commands.attachments import (
    attach_to_client,
    attach_to_note,
    remove_attachment,
)
from app.core.clinical.queries import attachments
from app.core.clinical.queries.attachments import AttachmentView
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, UserError
from app.ui.shell.presenter import Deliver, Presenter

R = TypeVar("R")
_READS = {"client": attachments.of_client, "note": attachments.of_note}
_WRITES: dict[str, Callable[..., UUID]] = {"client": attach_to_client, "note": attach_to_note}


class FileStore(Protocol):
    """What of an open practice keeps the content of files."""

    def start_attach(self, source: Path) -> Future[Any]:
        """Begin to encrypt a file into the practice."""
        ...

    def start_save_file(self, attachment_id: UUID, target: Path) -> Future[Path]:
        """Begin to write a copy of an attached file."""
        ...


class AttachmentsPresenter(Presenter):
    """``owner`` is ``("client", id)`` or ``("note", id)``; ``files`` is ``None`` until read."""

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        store: FileStore | None,
        owner: tuple[str, UUID],
        *,
        did: Callable[[Outcome[Any]], None] | None = None,
    ) -> None:
        super().__init__(desk, deliver, did=did)
        self.files: list[AttachmentView] | None = None
        self.problem = ""
        self.said = ""
        self.waiting: list[str] = []
        """Names of files on their way in."""
        self._store, self._owner = store, owner
        self.watch("clinical")

    def refresh(self) -> None:
        """Read the list."""
        kind, record_id = self._owner
        self.read("files", _READS[kind], record_id, then=self._have, failed=self._refused)

    def attach(self, sources: list[Path]) -> None:
        """Attach files, one after the other; what is refused says why and leaves the others."""
        self.problem = self.said = ""
        for source in sources:
            if self._store is None:
                return
            self.waiting.append(source.name)
            self._wait(self._store.start_attach(source), self._attacher(source.name), source.name)
        self.changed()

    def save_copy(self, file: AttachmentView, target: Path) -> None:
        """Write a readable copy of a file where the person chose."""
        self.problem = self.said = ""
        if self._store is not None:
            done = self._store.start_save_file(file.id, target)
            self._wait(done, lambda path: self._say(f"A copy is in {path.parent}."))

    def remove(self, file: AttachmentView) -> None:
        """Take a file away; the undo bar offers to bring it back."""
        self.run(remove_attachment, file.id, failed=self._refused)

    def _attacher(self, name: str) -> Callable[[Any], None]:
        kind, record_id = self._owner

        def attach(stored: Any) -> None:
            def attached(outcome: Outcome[Any]) -> None:
                self._arrived(name)
                self.did(outcome)

            self.run(_WRITES[kind], record_id, stored, name, then=attached, failed=failed)

        def failed(error: Exception) -> None:
            self._arrived(name)
            self._refused(error)

        return attach

    def _wait(self, future: Future[R], then: Callable[[R], None], name: str = "") -> None:
        def failed(error: Exception) -> None:
            self._arrived(name)
            self._refused(error, name)

        self._answer(future, then, failed, still_wanted=lambda: True)

    def _arrived(self, name: str) -> None:
        if name in self.waiting:
            self.waiting.remove(name)
        self.changed()

    def _have(self, files: list[AttachmentView]) -> None:
        self.files = files
        self.changed()

    def _say(self, words: str) -> None:
        self.said = words
        self.changed()

    def _refused(self, error: Exception, name: str = "") -> None:
        if not isinstance(error, (UserError, MachineError)):
            raise error
        self.problem = f"{name}: {error.sentence}" if name else error.sentence
        self.changed()

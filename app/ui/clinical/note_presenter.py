"""Behaviour of the note editor, without Qt: what is kept when, signing, amending, the last note."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum, auto
from typing import Any
from uuid import UUID

from app.core.clinical.commands.notes import (
    KeptDraft,
    NewNote,
    amend_note,
    discard_draft,
    discard_empty_draft,
    open_note,
    save_amendment_draft,
    save_draft,
    sign_note,
    start_note,
    start_session_note,
)
from app.core.clinical.queries.notes import NoteHead, NoteView, note, signed_before
from app.core.clinical.rules.notes import (
    NoteFormat,
    NoteStatus,
    Section,
    brought_forward,
    sections_shown,
)
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, NotAllowed, NotFound, UserError
from app.ui.shell.presenter import Deliver, Presenter

#: A keystroke is kept after this time: with the write itself well within two seconds.
KEEP_AFTER_MS = 1000


class Keeping(Enum):
    """Whether what is on screen lies in the file."""

    KEPT = auto()
    TYPED = auto()
    REFUSED = auto()


class NotePresenter(Presenter):
    """One note, written or read, and the signed notes before it.

    The view owns the text while it is typed and hands all of it over to be kept; ``texts`` is
    what it last handed over, or what was read.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        did: Callable[[Outcome[Any]], None] | None = None,
        gone: Callable[[], None] = lambda: None,
        lost: Callable[[], None] = lambda: None,
    ) -> None:
        """``gone`` hears that the draft was discarded, ``lost`` that the note left this file."""
        super().__init__(desk, deliver, did=did)
        self.note: NoteView | None = None
        self.format = NoteFormat.SOAP
        self.texts: dict[str, str] = {}
        self.keeping = Keeping.KEPT
        self.refusal: UserError | MachineError | None = None
        self.problem: Exception | None = None
        self.signing = False
        self.older: list[NoteHead] = []
        self.beside: NoteView | None = None
        self._gone, self._lost = gone, lost
        self._note_id: UUID | None = None
        self._held: UUID | None = None
        """The note that sync leaves alone meanwhile."""
        self._turn = 0
        self._typed_since = False
        self.watch("clinical", "scheduling", "people", "team")

    # Opening

    def open(self, note_id: UUID) -> None:
        """Show a note."""
        self._let_go()
        self.desk.hold(note_id)
        self._held = note_id
        self._note_id, self.note, self.beside, self.older = note_id, None, None, []
        self.refresh()

    def open_for_session(self, appointment_id: UUID) -> None:
        """Show the draft of a session, begun now if there is none."""

        def started(outcome: Outcome[UUID]) -> None:
            self.open(outcome.value)

        self.run(start_session_note, appointment_id, then=started, failed=self._unreadable)

    def open_new(self, case_id: UUID, day: date) -> None:
        """Begin a note of a case that belongs to no session."""

        def started(outcome: Outcome[UUID]) -> None:
            self.open(outcome.value)

        self.run(start_note, NewNote(case_id, day), then=started, failed=self._unreadable)

    def close(self) -> None:
        """Stop listening; from here on sync may bring what another computer wrote."""
        self._let_go()
        super().close()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            self.desk.release(held)

    def refresh(self) -> None:
        """Read the note again; what is being typed stays."""
        if self._note_id is not None:
            self.read("note", note, self._note_id, then=self._have_note, failed=self._missing)

    def _have_note(self, found: NoteView) -> None:
        first = self.note is None
        if first or not found.is_draft:
            self.format, self.texts = found.format, dict(found.sections)
            self.keeping, self.refusal = Keeping.KEPT, None
        self.note, self.problem = found, None
        if first:
            self.run(open_note, found.id, then=lambda _outcome: None)
            before = (found.case_id, found.id)
            self.read("older", signed_before, *before, then=self._have_older)
        self.changed()

    def _missing(self, error: Exception) -> None:
        if self.note is None or not isinstance(error, NotFound | NotAllowed):
            self._unreadable(error)
        elif self.keeping is Keeping.KEPT:
            self._lost()
        else:
            # What stands on screen stands nowhere else: it stays in sight.
            self._refused(error)

    def _unreadable(self, error: Exception) -> None:
        self.problem = error
        self.changed()

    # What the view shows

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections to show: the format's, and others that have text; read, those with text."""
        shown = sections_shown(self.format, self.texts)
        return shown if self.editable else tuple(each for each in shown if each.key in self.texts)

    @property
    def editable(self) -> bool:
        """Whether the text can be typed in."""
        return self.note is not None and self.note.is_draft and self.note.may_change

    @property
    def discardable(self) -> bool:
        """Whether it is a draft to discard: one's own, or one that its author left."""
        return self.note is not None and self.note.is_draft and self.note.may_discard

    # Keeping

    def typed(self) -> None:
        """Say that something was typed that is not kept yet."""
        self._typed_since = True
        if self.keeping is not Keeping.TYPED:
            self.keeping = Keeping.TYPED
            self.changed()

    def keep(self, texts: Mapping[str, str]) -> None:
        """Keep the draft as it stands on screen."""
        self._keep(texts, then=self._kept)

    def _keep(
        self, texts: Mapping[str, str], then: Callable[[Outcome[KeptDraft], int], None]
    ) -> None:
        if not self.editable or self._note_id is None:
            return
        self.texts = dict(texts)
        self._turn += 1
        turn = self._turn
        self._typed_since = False
        self.keeping = Keeping.TYPED
        self.run(
            save_draft,
            self._note_id,
            self.format,
            self.texts,
            then=lambda outcome: then(outcome, turn),
            failed=self._refused,
        )

    def _kept(self, _outcome: Outcome[KeptDraft], turn: int) -> None:
        # Only the last answer says "kept", and only if nothing was typed while it was on its way.
        if turn == self._turn and not self._typed_since:
            self.keeping, self.refusal = Keeping.KEPT, None
            self.changed()

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, UserError | MachineError):
            raise error
        self.signing = False
        self.keeping, self.refusal = Keeping.REFUSED, error
        self.changed()

    def leave(self, texts: Mapping[str, str]) -> None:
        """Keep what stands there and forget a draft in which nothing was written.

        Called when the page is left, closed or locked; the writes are queued before the file is
        closed. From here on sync may bring what another computer wrote.
        """
        if self.editable and self._note_id is not None:
            self._leave_written(self._note_id, texts)
        self._let_go()

    def _leave_written(self, note_id: UUID, texts: Mapping[str, str]) -> None:
        if self.keeping is not Keeping.KEPT:
            self.keep(texts)
        if not any(text.strip() for text in texts.values()):
            self.run(discard_empty_draft, note_id, then=lambda _outcome: None, failed=self._refused)

    def change_format(self, wanted: NoteFormat, texts: Mapping[str, str]) -> None:
        """Show other sections; those with text stay in sight."""
        if wanted is self.format or not self.editable:
            return
        self.format = wanted
        self.keep(texts)
        self.changed()

    def bring_forward(self, key: str, texts: Mapping[str, str]) -> str:
        """Return the text of a section with that of the note beside it added below."""
        said = self.beside.sections.get(key, "") if self.beside is not None else ""
        return brought_forward(texts.get(key, ""), said)

    # Signing and after

    def sign(self, texts: Mapping[str, str]) -> None:
        """Keep what stands on screen, then sign exactly that."""
        if not self.editable or self.signing:
            return
        self.signing = True
        self._keep(texts, then=self._sign_kept)
        self.changed()

    def _sign_kept(self, outcome: Outcome[KeptDraft], turn: int) -> None:
        self._kept(outcome, turn)
        kept = outcome.value
        self.run(
            sign_note,
            kept.note_id,
            kept.hash,
            then=lambda _outcome: self._signed(),
            failed=self._refused,
        )

    def _signed(self) -> None:
        self.signing = False
        self.refresh()

    def keep_amendment(self, text: str) -> None:
        """Keep an amendment while it is typed."""
        if self._note_id is not None:
            self.run(
                save_amendment_draft,
                self._note_id,
                text,
                then=lambda _outcome: None,
                failed=self._refused,
            )

    def amend(self, text: str, added: Callable[[], None]) -> None:
        """Add an amendment below the signed note; ``added`` is called once it stands there."""
        if self._note_id is None:
            return

        def done(_outcome: Outcome[UUID]) -> None:
            self.refusal = None
            added()
            self.refresh()

        self.run_once("amend", amend_note, self._note_id, text, then=done, failed=self._refused)

    def discard(self) -> None:
        """Discard the draft; it can be undone."""
        if self.discardable and self._note_id is not None:
            self.run(discard_draft, self._note_id, then=self._discarded, failed=self._refused)

    def _discarded(self, outcome: Outcome[None]) -> None:
        self._let_go()
        self._note_id, self.note = None, None
        self.did(outcome)
        self._gone()

    # The note beside it

    @property
    def beside_position(self) -> int:
        """The place of the note beside it among the older ones; 0 is the latest."""
        shown = self.beside.id if self.beside is not None else None
        return next((at for at, head in enumerate(self.older) if head.id == shown), 0)

    def can_step(self, steps: int) -> bool:
        """Return whether there is a note that many steps older (positive) or newer."""
        return bool(self.older) and 0 <= self.beside_position + steps < len(self.older)

    def step(self, steps: int) -> None:
        """Show an older or newer note beside the one at hand."""
        if self.can_step(steps):
            self._read_beside(self.older[self.beside_position + steps].id)

    def _have_older(self, found: list[NoteHead]) -> None:
        self.older = found
        if found:
            self._read_beside(found[0].id)
        self.changed()

    def _read_beside(self, note_id: UUID) -> None:
        self.read("beside", note, note_id, then=self._have_beside, failed=self._lack_beside)

    def _have_beside(self, found: NoteView) -> None:
        self.beside = found
        self.changed()

    def _lack_beside(self, error: Exception) -> None:
        if not isinstance(error, NotFound | NotAllowed):
            raise error
        # It left with its case since it was listed.
        self.beside = None
        self.changed()

    @property
    def is_signed(self) -> bool:
        """Whether the note is signed and locked."""
        return self.note is not None and self.note.status is NoteStatus.SIGNED

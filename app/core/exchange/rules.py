"""Where an import stands, and what may be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.kernel.errors import UserError

#: How long a whole import can be undone.
UNDO_OFFERED = timedelta(days=30)


class ImportState(StrEnum):
    """The stages of an import."""

    STAGING = "STAGING"
    """Being written down; nothing of it is visible yet."""
    RUNNING = "RUNNING"
    DONE = "DONE"
    UNDOING = "UNDOING"
    UNDONE = "UNDONE"

    @property
    def label(self) -> str:
        """Return the words that screens use."""
        return _LABELS[self]


_LABELS = {
    ImportState.STAGING: "Stopped before it began",
    ImportState.RUNNING: "Unfinished",
    ImportState.DONE: "Finished",
    ImportState.UNDOING: "Partly undone",
    ImportState.UNDONE: "Undone",
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an import, or its undoing, has come: people of all."""

    done: int
    total: int

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.done >= self.total


@dataclass(frozen=True, slots=True)
class Kept:
    """A client whom undoing an import left in place, and why."""

    client_id: str
    name: str
    reason: str


def check_continue(state: ImportState) -> None:
    """Raise ``UserError`` with what to do when an import cannot go on."""
    if state is ImportState.STAGING:
        raise UserError("This import stopped before it began; choose the files again.")
    if state is ImportState.DONE:
        raise UserError("This import is finished; there is nothing to continue.")
    if state in (ImportState.UNDOING, ImportState.UNDONE):
        raise UserError("This import is being undone; choose the files again to repeat it.")


def check_undo(state: ImportState, started_at: datetime, now: datetime) -> None:
    """Raise ``UserError`` with the reason when an import cannot be undone any more."""
    if state is ImportState.UNDONE:
        raise UserError("This import is undone already.")
    if state is not ImportState.STAGING and now - started_at > UNDO_OFFERED:
        raise UserError(
            f"An import can be undone for {UNDO_OFFERED.days} days; "
            "archive the clients you do not want instead."
        )

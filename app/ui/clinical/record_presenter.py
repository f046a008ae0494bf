"""Behaviour of the record's Clinical tab, without Qt: whose diagnoses, which notes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from app.core.cases.queries import CaseView, case
from app.core.cases.rules import CLINICAL_KINDS
from app.core.clinical.queries.notes import PAGE, NoteHead, notes_of_case, notes_of_client
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.text import PersonName
from app.core.people.queries import names
from app.ui.shell.places import Record
from app.ui.shell.presenter import Deliver, Presenter


class RecordPresenter(Presenter):
    """The notes of a record, and the people whose diagnoses are kept.

    ``record`` is a case, or a client without one.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        record: Record,
        did: Callable[[Outcome[Any]], None] | None = None,
    ) -> None:
        super().__init__(desk, deliver, did=did)
        self.record = record
        self.people: tuple[tuple[UUID, PersonName], ...] = ()
        self.notes: list[NoteHead] | None = None
        self.problem: Exception | None = None
        self._limit = PAGE
        self.watch("clinical", "cases", "people")

    @property
    def case_id(self) -> UUID | None:
        """The case in which a new note is written."""
        return self.record[1] if self.record[0] == "case" else None

    def refresh(self) -> None:
        """Read the people and the notes."""
        kind, record_id = self.record
        if kind == "case":
            self.read("people", case, record_id, then=self._have_case, failed=self._failed)
        else:
            self.read("people", names, [record_id], then=self._have_names, failed=self._failed)
        notes = notes_of_case if kind == "case" else notes_of_client
        wanted = (record_id, self._limit + 1)
        self.read("notes", notes, *wanted, then=self._have_notes, failed=self._failed)

    def _have_case(self, found: CaseView) -> None:
        clinical = found.kind in CLINICAL_KINDS
        self._have_people([(each.id, each.name) for each in found.people] if clinical else [])

    def _have_names(self, found: dict[UUID, PersonName]) -> None:
        self._have_people(list(found.items()))

    def _have_people(self, found: list[tuple[UUID, PersonName]]) -> None:
        self.people, self.problem = tuple(found), None
        self.changed()

    def _have_notes(self, found: list[NoteHead]) -> None:
        self.notes, self.problem = found, None
        self.changed()

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()

    @property
    def shown(self) -> list[NoteHead]:
        """The notes to list, the latest first."""
        return (self.notes or [])[: self._limit]

    @property
    def has_more(self) -> bool:
        """Whether there are older notes than those listed."""
        return len(self.notes or []) > self._limit

    def show_all(self) -> None:
        """List every note."""
        self._limit = 1_000_000
        self.refresh()

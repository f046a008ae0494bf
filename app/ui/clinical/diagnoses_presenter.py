"""Behaviour of a person's dated diagnoses, without Qt: finding a code, adding, ending, mending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from app.core.clinical.commands.diagnoses import (
    add_diagnosis,
    end_diagnosis,
    make_valid_from,
    move_diagnosis,
    remove_diagnosis,
)
from app.core.clinical.queries.diagnoses import check_code_on, diagnoses_of_client, find_codes
from app.core.clinical.rules.codes import CodeEntry, Verdict, typed_by_hand
from app.core.clinical.rules.diagnoses import (
    Diagnosis,
    NewDiagnosis,
    dated_later,
    valid_for_session,
)
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.ui.shell.presenter import Deliver, Presenter


class DiagnosesPresenter(Presenter):
    """The diagnoses of one person as they count on ``day``, in one case or in all."""

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        client_id: UUID,
        day: date,
        case_id: UUID | None = None,
        did: Callable[[Outcome[Any]], None] | None = None,
    ) -> None:
        super().__init__(desk, deliver, did=did)
        self.client_id = client_id
        self.day = day
        self.case_id = case_id
        self.all: tuple[Diagnosis, ...] | None = None
        self.found: list[CodeEntry] = []
        self.searched = ""
        self._found_for = ""
        self._adding = False
        self._first_from: date | None = None
        self.refusal: UserError | None = None
        self.watch("clinical")

    def refresh(self) -> None:
        """Read the diagnoses."""
        self.read("all", diagnoses_of_client, self.client_id, then=self._have_all)

    def _have_all(self, found: tuple[Diagnosis, ...]) -> None:
        self.all = found
        self.changed()

    @property
    def valid(self) -> tuple[Diagnosis, ...]:
        """What counts on the day, the principal one first."""
        return valid_for_session(self.all or (), self.day, self.case_id)

    @property
    def others(self) -> tuple[Diagnosis, ...]:
        """What does not count on the day: ended before, or begun after it."""
        counted = {each.id for each in self.valid}
        return tuple(each for each in self.all or () if each.id not in counted)

    @property
    def late(self) -> Diagnosis | None:
        """The diagnosis that begins after the session, where none counts on its day."""
        return dated_later(self.all or (), self.day, self.case_id)

    def search(self, text: str) -> None:
        """Find codes by code or words as one types."""
        self.searched = text.strip()
        self.refusal = None
        self._first_from = None
        if not self.searched:
            self.found = []
            self.changed()
            return
        asked = self.searched

        def have(found: list[CodeEntry]) -> None:
            by_hand = typed_by_hand(asked)
            self.found = found or ([by_hand] if by_hand is not None else [])
            self._found_for = asked
            self.changed()
            if self._first_from is not None:
                self.choose_first(self._first_from)

        self.read("found", find_codes, asked, self.day, then=have)

    @property
    def nothing_found(self) -> bool:
        """Whether the table has nothing for what is typed now."""
        return bool(self.searched) and self._found_for == self.searched and not self.found

    def choose_first(self, valid_from: date) -> None:
        """Choose the best match of what is typed now, as soon as it is found."""
        if self._found_for != self.searched:
            self._first_from = valid_from
            return
        self._first_from = None
        if self.found:
            self.choose(self.found[0], valid_from)

    def add(self, code: str, valid_from: date, description: str = "") -> None:
        """Add a code from a day on; a refusal stands at the search field.

        ``description`` is for a code that the table does not hold. A second click while the first
        is under way adds nothing.
        """
        if self._adding:
            return
        self._adding = True
        new = NewDiagnosis(self.client_id, code, valid_from, description=description)
        self.run(add_diagnosis, new, then=self._added, failed=self._refused)

    def _added(self, outcome: Outcome[UUID]) -> None:
        self._adding = False
        self.found, self.searched, self.refusal = [], "", None
        self.did(outcome)
        self.refresh()

    def choose(self, entry: CodeEntry, valid_from: date) -> None:
        """Add a billable code; of one with children, show the children instead."""
        if entry.billable:
            by_hand = typed_by_hand(self.searched) == entry
            self.add(entry.code, valid_from, entry.description if by_hand else "")
        else:
            self.read("found", check_code_on, entry.code, self.day, then=self._have_children)

    def _have_children(self, verdict: Verdict) -> None:
        self.found = list(verdict.children)
        self.searched = self._found_for = verdict.code
        self.changed()

    def end(self, diagnosis_id: UUID, last_day: date | None) -> None:
        """End a diagnosis after ``last_day``, or let it go on."""
        self.run(end_diagnosis, diagnosis_id, last_day, failed=self._refused)

    def begin(self, diagnosis_id: UUID) -> None:
        """Make a diagnosis valid from the day at hand."""
        self.run(make_valid_from, diagnosis_id, self.day, failed=self._refused)

    def make_principal(self, diagnosis_id: UUID) -> None:
        """Put a diagnosis first."""
        self.run(move_diagnosis, diagnosis_id, 0, failed=self._refused)

    def remove(self, diagnosis_id: UUID) -> None:
        """Remove a diagnosis that was never made."""
        self.run(remove_diagnosis, diagnosis_id, failed=self._refused)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self._adding = False
        self.refusal = error
        self.changed()

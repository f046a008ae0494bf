"""The member's own licenses, each with its days. No Qt."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.core.kernel.changes import Outcome
from app.core.team.commands import add_license, change_license, remove_license
from app.core.team.queries import LicenseView, licenses
from app.core.team.rules import LicenseFields
from app.ui.shell.context import ScreenContext
from app.ui.shell.presenter import Presenter


class LicensesPresenter(Presenter):
    """The licenses of the member who is signed in; ``editing`` as in a list of records."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__(context.desk, context.deliver, did=context.did)
        member = context.desk.actor.member_id
        if member is None:
            raise ValueError("settings were opened by nobody")
        self._member: UUID = member
        self.rows: list[LicenseView] | None = None
        self.editing: UUID | str | None = None
        self.problem: Exception | None = None
        self.watch("team")

    def refresh(self) -> None:
        self.read("rows", licenses, self._member, then=self._have, failed=self.refuse)

    def _have(self, rows: list[LicenseView]) -> None:
        self.rows = rows
        self.changed()

    @property
    def edited(self) -> LicenseView | None:
        """The license in the editor; None while there is none, or a new one."""
        return next((row for row in self.rows or [] if row.id == self.editing), None)

    def edit(self, which: UUID | str | None) -> None:
        """Open the editor with a license or a new one, or close it."""
        self.editing, self.problem = which, None
        self.changed()

    def save(self, fields: LicenseFields) -> None:
        """Keep what the editor says, and close it."""
        row = self.edited
        if row is None:
            self.run(add_license, self._member, fields, then=self._saved, failed=self.refuse)
        else:
            self.run(change_license, row.id, fields, then=self._saved, failed=self.refuse)

    def remove(self) -> None:
        """Remove a license that was entered by mistake."""
        row = self.edited
        if row is not None:
            self.run(remove_license, row.id, then=self._saved, failed=self.refuse)

    def _saved(self, outcome: Outcome[Any]) -> None:
        self.editing, self.problem = None, None
        self.did(outcome)
        self.changed()

    def refuse(self, problem: Exception) -> None:
        """Show what is wrong with what was typed."""
        self.problem = problem
        self.changed()


def days_words(row: LicenseView) -> str:
    """Return when a license holds, in words."""
    if row.valid_to is not None:
        return f"until {row.valid_to:%m/%d/%Y}"
    return f"since {row.valid_from:%m/%d/%Y}" if row.valid_from else "no dates"

"""A record without a window: what its head and overview show, and the acts on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from uuid import UUID

from app.core.cases.commands import close_case, reopen_case
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, NotAllowed, NotFound, UserError
from app.core.people.commands import mark_reviewed, open_chart
from app.core.people.rules import Lifecycle
from app.core.tasks.queries import When
from app.core.tasks.queries.roster import RecordOverview, case_overview, client_overview
from app.ui.people.lifecycles import move
from app.ui.people.roster_presenter import SHOWN_AREAS
from app.ui.shell.presenter import Deliver, Presenter

Record = tuple[str, UUID]


class RecordPresenter(Presenter):
    """One record: a case, or a client (whose first open case it then is, if there is one).

    ``found`` is None until it was read; ``problem`` says why it could not be.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        when: Callable[[], When],
        record: Record,
        *,
        did: Callable[[Outcome[object]], None],
        failed: Callable[[Exception], None],
        gone: Callable[[], None] = lambda: None,
    ) -> None:
        """``gone`` hears that the record, once read, left this file."""
        super().__init__(desk, deliver, did=did)
        self._when, self._fail, self._gone = when, failed, gone
        self.record = record
        self.found: RecordOverview | None = None
        self.problem: UserError | MachineError | None = None
        self.watch(*SHOWN_AREAS)

    @property
    def case_id(self) -> UUID | None:
        """Return the case that is shown, once it is known."""
        return self.found.case.id if self.found is not None and self.found.case else None

    def refresh(self) -> None:
        """Read the record again."""
        kind, record_id = self.record
        query = case_overview if kind == "case" else client_overview
        self.read("record", query, self._when(), record_id, then=self._have, failed=self._missing)

    def give(self, found: RecordOverview) -> None:
        """Take what somebody read a moment ago, so that nothing waits for a second reading."""
        self._have(found)

    def note_opening(self) -> None:
        """Note in the audit that the people's charts were opened; nobody waits for it."""
        for person in self.found.people if self.found is not None else ():
            self.run(open_chart, person.id, then=_nothing, failed=self._fail)

    def move(self, client_id: UUID, lifecycle: Lifecycle) -> None:
        """Give a client another lifecycle status, by the command of that status."""
        move(self, client_id, lifecycle, self._fail)

    def mark_reviewed(self) -> None:
        """Say that the imported records of this case were looked at."""
        for person in self._to_review():
            self.run(mark_reviewed, person, failed=self._fail)

    def close_or_reopen(self) -> None:
        """Close the case, or go on with a closed one."""
        case = self.found.case if self.found is not None else None
        if case is not None:
            self.run(close_case if case.is_open else reopen_case, case.id, failed=self._fail)

    def _to_review(self) -> Sequence[UUID]:
        people = self.found.people if self.found is not None else ()
        return [person.id for person in people if person.needs_review]

    def _have(self, found: RecordOverview) -> None:
        self.found, self.problem = found, None
        self.changed()

    def _missing(self, problem: Exception) -> None:
        if not isinstance(problem, (UserError, MachineError)):
            raise problem
        self.problem = problem
        self.changed()
        if self.found is not None and isinstance(problem, (NotFound, NotAllowed)):
            self._gone()


def _nothing(_outcome: Outcome[None]) -> None:
    """Opening a chart has nothing to undo."""

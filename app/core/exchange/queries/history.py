"""The imports that were made, and the one that a crash left half done.

Apart from what an import compares with, since Today asks for these at every start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, false, func, select, true
from sqlalchemy.orm import Session

from app.core.exchange.rules import UNDO_OFFERED, ImportState, Kept, Progress
from app.core.exchange.tables import ImportPart, ImportRun
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ImportView:
    """An import as it is listed."""

    id: UUID
    source: str
    files: tuple[str, ...]
    state: ImportState
    started_at: datetime
    finished_at: datetime | None
    cases: int
    over_plan: int
    progress: Progress
    problems: tuple[str, ...]
    kept: tuple[Kept, ...]

    def undo_until(self) -> datetime:
        """Return until when the whole import can be undone."""
        return self.started_at + UNDO_OFFERED

    def can_undo(self, now: datetime) -> bool:
        """Return whether the whole import can be undone at ``now``."""
        return self.state is not ImportState.UNDONE and now <= self.undo_until()


def imports(session: Session, scope: Scope) -> list[ImportView]:
    """Return all imports, the latest first."""
    return _views(session, _latest_first(scope))


def import_run(session: Session, scope: Scope, run_id: UUID) -> ImportView:
    """Return one import; raises ``NotFound``."""
    for view in _views(session, _latest_first(scope).where(ImportRun.id == run_id)):
        return view
    raise NotFound("There is no such import; list the imports to see their ids.")


def unfinished_import(session: Session, scope: Scope) -> ImportView | None:
    """Return the import that a crash left half done, to be continued or undone."""
    unfinished = ImportRun.state.in_((ImportState.RUNNING, ImportState.UNDOING))
    return next(iter(_views(session, _latest_first(scope).where(unfinished).limit(1))), None)


def _latest_first(scope: Scope) -> Select[ImportRun]:
    return (
        select(ImportRun)
        .where(
            ImportRun.practice_id == scope.practice_id,
            # Made of names and sentences of many people, whosever they are.
            true() if scope.cases_of is None else false(),
        )
        .order_by(ImportRun.started_at.desc(), ImportRun.id.desc())
    )


def _views(session: Session, wanted: Select[ImportRun]) -> list[ImportView]:
    runs = session.scalars(wanted).all()
    people = _arrived(session, [run.id for run in runs]) if runs else {}
    return [
        ImportView(
            id=run.id,
            source=run.source,
            files=tuple(run.files),
            state=run.state,
            started_at=run.started_at,
            finished_at=run.finished_at,
            cases=run.cases,
            over_plan=run.over_plan,
            progress=Progress(people.get(run.id, 0), run.people),
            problems=tuple(run.problems),
            kept=tuple(Kept(**kept) for kept in run.kept),
        )
        for run in runs
    ]


def _arrived(session: Session, run_ids: Sequence[UUID]) -> dict[UUID, int]:
    """Return how many people each of these imports has brought so far."""
    sums = session.execute(
        select(ImportPart.run_id, func.sum(ImportPart.people))
        .where(ImportPart.run_id.in_(run_ids), ImportPart.done.is_(True))
        .group_by(ImportPart.run_id)
    )
    return {row[0]: row[1] for row in sums}

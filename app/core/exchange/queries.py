"""Reads of the exchange area: whom an import meets, and the imports that were made."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.cases.tables import Case, CaseParticipant
from app.core.exchange.matching import KnownPerson, Roster, traits
from app.core.exchange.rules import UNDO_OFFERED, ImportState, Kept, Progress
from app.core.exchange.tables import ImportPart, ImportRun
from app.core.kernel.acting import Scope
from app.core.kernel.entitlement import Entitlement
from app.core.kernel.errors import NotFound
from app.core.membership.queries import capacity
from app.core.people.queries import identities
from app.core.practice.rules.catalogue import CaseKind


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


def roster(session: Session, scope: Scope, entitlement: Entitlement) -> Roster:
    """Return the clients and couples that an import has to compare with, and the places taken."""
    people = tuple(
        KnownPerson(
            each.id,
            each.name.display,
            traits(each.name, each.birth_date, each.emails, each.phones),
        )
        for each in identities(session, scope)
    )
    room = capacity(session, scope, entitlement)
    return Roster(people, _couples(session, scope), room.used, room.allowed)


def imports(session: Session, scope: Scope) -> list[ImportView]:
    """Return all imports, the latest first."""
    runs = session.scalars(
        select(ImportRun)
        .where(ImportRun.practice_id == scope.practice_id)
        .order_by(ImportRun.started_at.desc(), ImportRun.id.desc())
    )
    return _views(session, runs)


def import_run(session: Session, scope: Scope, run_id: UUID) -> ImportView:
    """Return one import; raises ``NotFound``."""
    runs = session.scalars(
        select(ImportRun).where(ImportRun.practice_id == scope.practice_id, ImportRun.id == run_id)
    )
    for view in _views(session, runs):
        return view
    raise NotFound("There is no such import; list the imports to see their ids.")


def unfinished_import(session: Session, scope: Scope) -> ImportView | None:
    """Return the import that a crash left half done, to be continued or undone."""
    return next(
        (
            view
            for view in imports(session, scope)
            if view.state in (ImportState.RUNNING, ImportState.UNDOING)
        ),
        None,
    )


def _views(session: Session, runs: Iterable[ImportRun]) -> list[ImportView]:
    people: dict[UUID, int] = {}
    for row in session.execute(
        select(ImportPart.run_id, func.sum(ImportPart.people))
        .where(ImportPart.done.is_(True))
        .group_by(ImportPart.run_id)
    ):
        people[row[0]] = row[1]
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


def _couples(session: Session, scope: Scope) -> frozenset[frozenset[UUID]]:
    pairs: defaultdict[UUID, set[UUID]] = defaultdict(set)
    for case_id, client_id in session.execute(
        select(CaseParticipant.case_id, CaseParticipant.client_id)
        .join(Case, Case.id == CaseParticipant.case_id)
        .where(Case.practice_id == scope.practice_id, Case.kind == CaseKind.COUPLE)
    ):
        pairs[case_id].add(client_id)
    return frozenset(frozenset(pair) for pair in pairs.values())

"""Writes of an import: written down whole, then brought in, or taken back, slice by slice.

Each slice is one unit of work of at most 50 ms, so that drafts and people's acts go between.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update

from app.core.exchange.keeping import Keeping, keeping
from app.core.exchange.rules import ImportState, Kept, Progress, check_continue, check_undo
from app.core.exchange.tables import ImportPart, ImportRun
from app.core.journeys.imports import Arriving, ArrivingCase, arrive
from app.core.kernel.acting import Permission
from app.core.kernel.canonical import from_canonical, to_canonical
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import UserError
from app.core.people.tables import Client
from app.core.store.command import command
from app.core.store.ports import ports_of
from app.core.store.undoing import take_back
from app.core.store.unit import UnitOfWork


@dataclass(frozen=True, slots=True)
class ImportHead:
    """What is kept of an import besides its people."""

    source: str
    files: tuple[str, ...]
    people: int
    cases: int
    over_plan: int
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slice:
    """Cases that are brought in by one unit of work."""

    cases: tuple[ArrivingCase, ...]

    @property
    def people(self) -> int:
        """How many new people are in it."""
        return sum(len(case.newcomers) for case in self.cases)


@command(permission=Permission.IMPORT, label="Begin import")
def begin_import(uow: UnitOfWork, head: ImportHead) -> UUID:
    """Open an import; raises ``UserError`` while another one is unfinished."""
    unfinished = uow.session.scalars(
        select(ImportRun.id).where(ImportRun.state.in_((ImportState.RUNNING, ImportState.UNDOING)))
    ).first()
    if unfinished is not None:
        raise UserError("Another import is unfinished; continue it or undo it first.")
    run = uow.add(
        ImportRun(
            source=head.source,
            files=list(head.files),
            state=ImportState.STAGING,
            started_at=uow.now,
            people=head.people,
            cases=head.cases,
            over_plan=head.over_plan,
            problems=list(head.problems),
            kept=[],
        )
    )
    uow.about("import_run", run.id)
    return run.id


@command(permission=Permission.IMPORT, label="Prepare import")
def stage_slices(
    uow: UnitOfWork, run_id: UUID, first: int, slices: Sequence[Slice], *, last: bool
) -> None:
    """Write down slices of an import, counted from ``first``; the ``last`` ones start it."""
    uow.session.execute(
        insert(ImportPart),
        [
            {
                "run_id": run_id,
                "position": first + index,
                "people": each.people,
                "content": to_canonical(each),
            }
            for index, each in enumerate(slices)
        ],
    )
    if last:
        uow.get(ImportRun, run_id).state = ImportState.RUNNING


@command(permission=Permission.IMPORT, label="Import clients")
def import_slice(uow: UnitOfWork, run_id: UUID) -> Progress:
    """Bring in the next slice; raises ``UserError`` when the import cannot go on."""
    run = uow.get(ImportRun, run_id)
    if run.state is not ImportState.RUNNING:
        check_continue(run.state)
    part = uow.session.scalars(
        select(ImportPart)
        .where(ImportPart.run_id == run_id, ImportPart.done.is_(False))
        .order_by(ImportPart.position)
        .limit(1)
    ).first()
    if part is not None:
        arriving = Arriving(run_id, uow.actor.member_id)
        arrive(uow, arriving, from_canonical(Slice, part.content).cases)
        part.content, part.done = "", True
        uow.session.flush()
    progress = Progress(_people(uow, run_id, done=True), run.people)
    if not _waiting(uow, run_id):
        run.state, run.finished_at = ImportState.DONE, uow.now
        progress = Progress(run.people, run.people)
    return progress


@command(permission=Permission.IMPORT, act=Act.WITHDRAW, label="Undo import")
def begin_undo(uow: UnitOfWork, run_id: UUID) -> None:
    """Stop an import and begin to take it back; raises ``UserError`` when it is too late."""
    run = uow.get(ImportRun, run_id)
    uow.about("import_run", run_id)
    check_undo(run.state, run.started_at, uow.now)
    run.state = ImportState.UNDOING
    uow.session.execute(
        delete(ImportPart).where(ImportPart.run_id == run_id, ImportPart.done.is_(False))
    )


@command(permission=Permission.IMPORT, act=Act.WITHDRAW, label="Undo import")
def undo_slice(uow: UnitOfWork, run_id: UUID) -> Progress:
    """Take back the latest slice that is left.

    A row changed since stays, and so does a client who has got a session, a note or money;
    they are listed in the run.
    """
    # What takes back is itself not offered for undo.
    uow.job = None
    run = uow.get(ImportRun, run_id)
    log = ports_of(uow.session).undo_log
    done = log.latest_of_job(uow.session, run_id, uow.now)
    if done is None:
        run.state, run.finished_at = ImportState.UNDONE, uow.now
        uow.session.execute(delete(ImportPart).where(ImportPart.run_id == run_id))
        return Progress(run.people, run.people)
    staying = keeping(uow.session, done)
    take_back(uow, done, staying.rows)
    log.close(uow.session, done.id, uow.now)
    run.kept = [*run.kept, *(asdict(kept) for kept in _kept(uow, staying))]
    _mark_taken_back(uow, run_id)
    left = _people(uow, run_id, done=True)
    # The last step closes the run, so that the count is full only when nothing is left at all.
    return Progress(min(run.people - left, run.people - 1), run.people)


def _kept(uow: UnitOfWork, staying: Keeping) -> list[Kept]:
    clients = uow.session.scalars(select(Client).where(Client.id.in_(list(staying.reasons))))
    return [
        Kept(client.id.hex, client.name.display, staying.reasons[client.id]) for client in clients
    ]


def _mark_taken_back(uow: UnitOfWork, run_id: UUID) -> None:
    last = select(func.max(ImportPart.position)).where(
        ImportPart.run_id == run_id, ImportPart.done.is_(True)
    )
    uow.session.execute(
        update(ImportPart)
        .where(ImportPart.run_id == run_id, ImportPart.position == last.scalar_subquery())
        .values(done=False)
    )


def _people(uow: UnitOfWork, run_id: UUID, *, done: bool) -> int:
    count = uow.session.scalar(
        select(func.sum(ImportPart.people)).where(
            ImportPart.run_id == run_id, ImportPart.done.is_(done)
        )
    )
    return count or 0


def _waiting(uow: UnitOfWork, run_id: UUID) -> bool:
    found = uow.session.scalars(
        select(ImportPart.position)
        .where(ImportPart.run_id == run_id, ImportPart.done.is_(False))
        .limit(1)
    ).first()
    return found is not None

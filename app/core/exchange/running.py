"""An import from its plan to its end, slice by slice, for the window and the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from app.core.exchange import commands
from app.core.exchange.commands import ImportHead, Slice
from app.core.exchange.formats import KnownSheet, recognize
from app.core.exchange.planning import plan_import
from app.core.exchange.plans import Decisions, ImportPlan
from app.core.exchange.queries.roster import roster
from app.core.exchange.rules import Progress
from app.core.exchange.sheets import read_file
from app.core.journeys.imports import ArrivingCase, Newcomer
from app.core.kernel.clock import today, unix_ms
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.core.kernel.ids import new_id

#: Told after every slice; returning False stops the work there.
Heard = Callable[[Progress], bool]

#: Cases that one unit of work brings in: well under 50 ms.
_CASES_A_SLICE = 8
#: Slices that are written down in one unit of work.
_SLICES_A_STAGE = 5


def read_files(paths: Sequence[Path]) -> tuple[KnownSheet, ...]:
    """Read and recognize files; raises ``UserError`` with one sentence for the first that fails."""
    if not paths:
        raise UserError("Choose the files to import.", field="file")
    return tuple(recognize(read_file(path)) for path in paths)


def plan(
    desk: Desk, sheets: Sequence[KnownSheet], decisions: Decisions | None = None
) -> ImportPlan:
    """Return what importing ``sheets`` into the open practice would do; nothing is written."""
    known = desk.ask(roster, desk.entitlement)
    return plan_import(sheets, known, today(desk.clock, desk.zone), decisions)


def begin(desk: Desk, planned: ImportPlan) -> UUID:
    """Open the import of ``planned`` and return its id; nobody is brought in yet."""
    if not planned.arrivals:
        raise UserError("There is nobody new in these files; nothing was imported.", field="file")
    head = ImportHead(
        source=planned.source,
        files=planned.files,
        people=len(planned.newcomers),
        cases=len(planned.arrivals),
        over_plan=len(planned.over_plan),
        problems=tuple(planned.sentence(problem) for problem in planned.problems),
    )
    return desk.do(commands.begin_import, head).value


def run(desk: Desk, run_id: UUID, planned: ImportPlan, heard: Heard) -> Progress:
    """Write down all of ``planned``, then bring it in; see ``go_on``."""
    stage(desk, run_id, planned)
    return go_on(desk, run_id, heard)


def stage(desk: Desk, run_id: UUID, planned: ImportPlan) -> None:
    """Write down all of ``planned``; from then on the import can be continued after a crash."""
    slices = list(_slices(desk, planned))
    for first in range(0, len(slices), _SLICES_A_STAGE):
        some = slices[first : first + _SLICES_A_STAGE]
        last = first + len(some) == len(slices)
        desk.run_slice(run_id, commands.stage_slices, run_id, first, some, last=last).result()


def go_on(desk: Desk, run_id: UUID, heard: Heard) -> Progress:
    """Bring in what is left of an import, until it is done or ``heard`` stops it.

    Waits for each slice, so never call it on the window's thread. Cancel is ``take_back``.
    """
    while True:
        progress = desk.run_slice(run_id, commands.import_slice, run_id).result().value
        if not heard(progress) or progress.finished:
            return progress


def take_back(desk: Desk, run_id: UUID, heard: Heard) -> Progress:
    """Undo a whole import, finished or not; who became part of the practice stays."""
    desk.do(commands.begin_undo, run_id)
    while True:
        progress = desk.run_slice(run_id, commands.undo_slice, run_id).result().value
        if not heard(progress) or progress.finished:
            return progress


def _slices(desk: Desk, planned: ImportPlan) -> Iterator[Slice]:
    """Cut the plan's cases into slices; everybody new gets their record's id."""
    milliseconds = unix_ms(desk.clock.now())
    ids = [person.known or new_id(milliseconds) for person in planned.people]
    brought: set[int] = set()
    cases: list[ArrivingCase] = []
    for arrival in planned.arrivals:
        fresh = [
            place
            for place in arrival.people
            if planned.people[place].known is None and place not in brought
        ]
        brought.update(fresh)
        cases.append(
            ArrivingCase(
                arrival.kind,
                tuple(ids[place] for place in arrival.people),
                tuple(Newcomer(ids[place], planned.people[place].person) for place in fresh),
                arrival.opened_on,
            )
        )
    for first in range(0, len(cases), _CASES_A_SLICE):
        yield Slice(tuple(cases[first : first + _CASES_A_SLICE]))

"""How an import goes, without a window: files, review, progress, result, undo."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from app.core.exchange import running
from app.core.exchange.formats import KnownSheet
from app.core.exchange.plans import Decisions, ImportPlan, PersonRef, RowRef
from app.core.exchange.queries import history
from app.core.exchange.queries.history import ImportView
from app.core.exchange.rules import Progress
from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.text import PersonName
from app.ui.exchange.choosing import Choosing
from app.ui.shell.presenter import Deliver, Presenter

R = TypeVar("R")


class Step(StrEnum):
    """Where the person is."""

    FILES = "FILES"
    READING = "READING"
    REVIEW = "REVIEW"
    RUNNING = "RUNNING"
    UNDOING = "UNDOING"
    DONE = "DONE"


class ImportPresenter(Presenter):
    """One import from its files to its end. Reading and writing never block the window."""

    def __init__(self, desk: Desk, deliver: Deliver) -> None:
        super().__init__(desk, deliver)
        self.step = Step.FILES
        self.sentence = ""
        """What went wrong, in one sentence; empty when nothing did."""
        self.plan: ImportPlan | None = None
        self.choosing = Choosing(())
        self.progress = Progress(0, 0)
        self.result: ImportView | None = None
        self.history: tuple[ImportView, ...] | None = None
        self._sheets: tuple[KnownSheet, ...] = ()
        self._decisions = Decisions()
        self._stopping = threading.Event()
        self.watch("exchange", "people")

    # Files

    def refresh(self) -> None:
        """Read again which imports there were."""
        self.read("history", history.imports, then=self._have_history)

    def choose_files(self, paths: list[Path]) -> None:
        """Read files, together; what is wrong with them is ``sentence``."""
        self._go(Step.READING)
        self._decisions = Decisions()
        self._aside(lambda: self._read(paths), self._reviewed)

    def back(self) -> None:
        """Return to choosing files."""
        self.plan = None
        self._go(Step.FILES)

    # Review

    def name_people(self, row: RowRef, names: tuple[PersonName, ...]) -> None:
        """Say how the people of a row are called."""
        self._decide(replace(self._decisions, names={**self._decisions.names, row: names}))

    def set_birth_date(self, person: PersonRef, born: date) -> None:
        """Say when somebody was born whose date could not be read."""
        dates = {**self._decisions.birth_dates, person: born}
        self._decide(replace(self._decisions, birth_dates=dates))

    def say_same(self, person: PersonRef, *, same: bool) -> None:
        """Say whether somebody is the client of that name."""
        self._decide(replace(self._decisions, same={**self._decisions.same, person: same}))

    def choose(self, row: RowRef, *, active: bool) -> None:
        """Let a row arrive active, or inactive; more than the plan holds are not taken."""
        if self.choosing.choose(row, active=active):
            self.changed()

    # Import

    def start(self) -> None:
        """Bring in what was reviewed."""
        self._stopping.clear()
        self.progress = Progress(0, len(self.plan.newcomers) if self.plan else 0)
        self._go(Step.RUNNING)
        self._aside(self._import, self._ended)

    def go_on(self, run_id: UUID) -> None:
        """Continue an import that was interrupted."""
        self._stopping.clear()
        self._go(Step.RUNNING)
        self._aside(lambda: self._finish(run_id, running.go_on), self._ended)

    def cancel(self) -> None:
        """Stop, and take back what was brought in so far."""
        self._stopping.set()

    def undo(self, run_id: UUID) -> None:
        """Undo a whole import."""
        self._stopping.clear()
        self._go(Step.UNDOING)
        self._aside(lambda: self._take_back(run_id), self._ended)

    def close(self) -> None:
        """Stop between two slices; what is left can be continued or undone."""
        super().close()
        self._stopping.set()

    # Beside the window's thread

    def _read(self, paths: list[Path]) -> ImportPlan:
        self._sheets = running.read_files(paths)
        return running.plan(self.desk, self._sheets, self._decisions)

    def _import(self) -> ImportView:
        decided = replace(self._decisions, active=self.choosing.decision())
        plan = running.plan(self.desk, self._sheets, decided)
        run_id = running.begin(self.desk, plan)
        return self._finish(run_id, lambda desk, run, heard: running.run(desk, run, plan, heard))

    def _finish(
        self, run_id: UUID, go: Callable[[Desk, UUID, running.Heard], Progress]
    ) -> ImportView:
        ended = go(self.desk, run_id, self._heard)
        if not ended.finished and not self.closed:
            self._deliver(lambda: self._go(Step.UNDOING))
            return self._take_back(run_id)
        return self.desk.ask(history.import_run, run_id)

    def _take_back(self, run_id: UUID) -> ImportView:
        running.take_back(self.desk, run_id, self._heard_undoing)
        return self.desk.ask(history.import_run, run_id)

    def _heard(self, progress: Progress) -> bool:
        self._deliver(lambda: self._show(progress))
        return not self._stopping.is_set()

    def _heard_undoing(self, progress: Progress) -> bool:
        self._deliver(lambda: self._show(progress))
        # An undo that began goes on to its end; only a closing window leaves it for later.
        return not self.closed

    def _aside(self, work: Callable[[], R], then: Callable[[R], None]) -> None:
        """Do ``work`` on a thread of its own; ``then`` and errors arrive where the window lives."""

        def run() -> None:
            try:
                done = work()
            except (UserError, MachineError) as refused:
                sentence = refused.sentence
                self._deliver(lambda: self._refused(sentence))
            except Exception as error:  # noqa: BLE001 - raised again where the window reports it
                bug = error
                self._deliver(lambda: self._broken(bug))
            else:
                self._deliver(lambda: None if self.closed else then(done))

        threading.Thread(target=run, name="import", daemon=True).start()

    # Answers

    def _have_history(self, found: list[ImportView]) -> None:
        self.history = tuple(found)
        self.changed()

    def _reviewed(self, plan: ImportPlan) -> None:
        self.plan = plan
        self.choosing = Choosing.of(plan)
        self._go(Step.REVIEW)

    def _decide(self, decisions: Decisions) -> None:
        self._decisions = decisions
        self._aside(lambda: running.plan(self.desk, self._sheets, decisions), self._reviewed)

    def _ended(self, view: ImportView) -> None:
        self.result = view
        self._go(Step.DONE)

    def _refused(self, sentence: str) -> None:
        if self.closed:
            return
        self._go(Step.REVIEW if self.plan is not None else Step.FILES)
        self.sentence = sentence
        self.changed()

    def _broken(self, bug: Exception) -> None:
        self._go(Step.FILES)
        raise bug

    def _show(self, progress: Progress) -> None:
        if not self.closed:
            self.progress = progress
            self.changed()

    def _go(self, step: Step) -> None:
        self.step, self.sentence = step, ""
        self.changed()

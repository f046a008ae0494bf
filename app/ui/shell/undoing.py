"""What can be undone: the last acts of this session, each for ten minutes. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.ui.shell.presenter import Deliver, Presenter

UNDOABLE_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Undoable:
    """An act that can be undone."""

    words: str
    change_set: UUID
    at: datetime


class Undoing(Presenter):
    """Remembers acts, newest first, and undoes them through the desk."""

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        *,
        say: Callable[[str], None],
        fail: Callable[[Exception], None],
    ) -> None:
        super().__init__(desk, deliver)
        self._say, self._fail = say, fail
        self._acts: list[Undoable] = []

    def remember(self, words: str, change_set: UUID) -> None:
        """Note an act that was just done."""
        self._acts.append(Undoable(words, change_set, self.desk.clock.now()))
        self.changed()

    @property
    def last(self) -> Undoable | None:
        """The newest act that can still be undone."""
        soonest = self.desk.clock.now() - UNDOABLE_FOR
        fresh = [act for act in self._acts if act.at >= soonest]
        return fresh[-1] if fresh else None

    def undo_last(self) -> None:
        """Undo the newest act; says so where there is none."""
        act = self.last
        if act is None:
            self._say("There is nothing to undo.")
            return
        self.undo(act.change_set)

    def undo(self, change_set: UUID) -> None:
        """Undo one act."""
        words = next((act.words for act in self._acts if act.change_set == change_set), "")
        self._acts = [act for act in self._acts if act.change_set != change_set]
        self.changed()

        def done(outcome: Outcome[int]) -> None:
            kept = outcome.value
            after = f" {kept} changed since and stay as they are." if kept else ""
            self._say(f"Undone: {words}.{after}" if words else f"Undone.{after}")

        self._answer(self.desk.undo(change_set), done, self._fail, still_wanted=lambda: True)

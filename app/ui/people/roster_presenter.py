"""The list of clients without a window: filter, instant search, counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from app.core.cases.queries import filter_counts
from app.core.cases.rules import ClientFilter
from app.core.kernel.changes import Outcome
from app.core.kernel.desk import Desk
from app.core.kernel.text import finds
from app.core.membership.commands import keep_who_is_active
from app.core.people.queries import waiting_for_room
from app.core.tasks.queries import When
from app.core.tasks.queries.roster import RosterCase, RosterPerson, roster_cases, roster_people
from app.ui.shell.presenter import Deliver, Presenter

#: Areas whose writes change what the list says.
SHOWN_AREAS = ("people", "cases", "scheduling", "clinical", "billing", "practice", "team")


L = TypeVar("L", RosterPerson, RosterCase)


class RosterPresenter(Presenter, Generic[L]):
    """A list under a filter. ``lines`` is None until it was read; ``shown`` is what search left.

    Search compares in memory, so that it is instant whatever the database does.
    """

    def __init__(
        self,
        desk: Desk,
        deliver: Deliver,
        when: Callable[[], When],
        query: Callable[..., list[L]],
        found_by: Callable[[L], str],
        did: Callable[[Outcome[Any]], None] | None = None,
    ) -> None:
        super().__init__(desk, deliver, did=did)
        self._when = when
        self._query: Callable[..., list[L]] = query
        self._found_by: Callable[[L], str] = found_by
        self.chosen = ClientFilter.ACTIVE
        self.words = ""
        self.lines: tuple[L, ...] | None = None
        self.counts: dict[ClientFilter, int] = {}
        self.problem: Exception | None = None
        self.waiting = 0
        """How many clients an import left inactive because the plan had no room."""
        self.watch(*SHOWN_AREAS)

    @property
    def shown(self) -> tuple[L, ...]:
        """Return the lines that the words in the search field leave."""
        lines = self.lines or ()
        if not self.words.strip():
            return lines
        return tuple(each for each in lines if finds(self.words, self._found_by(each)))

    @property
    def nobody(self) -> bool:
        """Return whether the practice has no clients at all."""
        return bool(self.counts) and not self.counts[ClientFilter.EVERYONE]

    def refresh(self) -> None:
        """Read the list and the counts again."""
        self.read("counts", filter_counts, then=self._have_counts, failed=self._failed)
        self.read("waiting", waiting_for_room, then=self._have_waiting, failed=self._failed)
        self.read(
            "lines",
            self._query,
            self._when(),
            self.chosen,
            then=self._have_lines,
            failed=self._failed,
        )

    def keep_who_is_active(self) -> None:
        """Say that those who are waiting for room may stay inactive."""
        self.run(keep_who_is_active, failed=self._failed)

    def choose(self, chosen: ClientFilter) -> None:
        """Show the clients of another filter."""
        if chosen is not self.chosen:
            self.chosen = chosen
            self.lines = None
            self.changed()
            self.refresh()

    def search(self, words: str) -> None:
        """Leave what every word of ``words`` begins a name, a number or an address of."""
        if words != self.words:
            self.words = words
            self.changed()

    def show_all(self) -> None:
        """Drop the search and show everyone."""
        self.words = ""
        if self.chosen is ClientFilter.EVERYONE:
            self.changed()
        self.choose(ClientFilter.EVERYONE)

    def _have_counts(self, counts: dict[ClientFilter, int]) -> None:
        self.counts = counts
        self.changed()

    def _have_waiting(self, waiting: int) -> None:
        self.waiting = waiting
        self.changed()

    def _have_lines(self, lines: Sequence[L]) -> None:
        self.lines, self.problem = tuple(lines), None
        self.changed()

    def _failed(self, problem: Exception) -> None:
        self.problem = problem
        self.changed()


def people_roster(
    desk: Desk,
    deliver: Deliver,
    when: Callable[[], When],
    did: Callable[[Outcome[Any]], None] | None = None,
) -> RosterPresenter[RosterPerson]:
    """Return the presenter of the full list, a person a line."""
    return RosterPresenter(
        desk, deliver, when, roster_people, lambda line: line.row.client.found_by, did
    )


def records_roster(
    desk: Desk, deliver: Deliver, when: Callable[[], When]
) -> RosterPresenter[RosterCase]:
    """Return the presenter of the list beside a record, a case a line."""
    return RosterPresenter(desk, deliver, when, roster_cases, lambda line: line.row.found_by)

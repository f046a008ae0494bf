"""The superbills of a month, or of one client's dates: look, mend, create. No Qt."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from app.core.billing.superbills.commands import add_modifier, take_out_superbill
from app.core.billing.superbills.queries.facts import days_to_bill
from app.core.billing.superbills.queries.issued import SuperbillView, superbills_issued
from app.core.billing.superbills.rules.choosing import LeftOut, Wish, omission_words
from app.core.billing.superbills.rules.findings import Act, Finding, Severity
from app.core.billing.superbills.rules.preflight import Checked
from app.core.cases.queries import CaseView, case
from app.core.clinical.commands.diagnoses import make_valid_from
from app.core.journeys.superbills import (
    Overview,
    issued_paper,
    overview,
    proof,
    proof_stack,
    supersede_superbill,
    take_out_stack,
)
from app.core.kernel.changes import Outcome
from app.core.kernel.clock import today
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.core.kernel.money import Money, total
from app.ui.billing.superbills_issuing import Issuing, OrderBook, Work
from app.ui.billing.superbills_rows import Key, ListRow, amount_of, rows
from app.ui.shell.places import Record
from app.ui.shell.presenter import Deliver, Presenter

Did = Callable[[Outcome[Any]], None]
CAUSES = ("practice", "team", "people", "cases", "scheduling", "clinical", "billing")


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF for the printer or a file, under a name that tells no person."""

    name: str
    content: bytes
    to_file: bool = False


class SuperbillsPresenter(Presenter):
    """State of the superbills' page; ``found`` is ``None`` until the first answer.

    ``history`` shows every issued superbill instead of the dates' own.
    """

    def __init__(
        self, desk: Desk, deliver: Deliver, *, whose: Record | None = None, did: Did | None = None
    ) -> None:
        super().__init__(desk, deliver, did=did)
        self.whose = whose
        self.client_id = whose[1] if whose and whose[0] == "client" else None
        self.first_on, self.last_on = last_month(today(desk.clock, desk.zone))
        self._is_dated = whose is None
        self.found: Overview | None = None
        self.all_issued: tuple[SuperbillView, ...] | None = None
        self.history = False
        self.include_unpaid = False
        self.selected: Hashable | None = None
        self.paper: bytes | None = None
        self.paper_problem = ""
        self.outbox: Paper | None = None
        self.problem: Exception | None = None
        self.message = ""
        self._unchosen: set[Key] = set()
        self._orders = OrderBook(desk.clock)
        self._issuing = Issuing(desk, deliver, over=self._created)
        self._issuing.on_change(self.changed)
        self.watch(*CAUSES)

    def close(self) -> None:
        """Stop listening; what is being issued is not begun further."""
        self._issuing.close()
        super().close()

    # What is shown

    @property
    def work(self) -> Work | None:
        """Return what is being issued now."""
        return self._issuing.work

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """Return the rows of the list."""
        if self.history:
            return rows((), self.all_issued or (), ())
        if self.found is None:
            return ()
        return rows(self.found.checked, self.found.issued, self._unchosen)

    @property
    def chosen(self) -> tuple[Checked, ...]:
        """Return the drafts that *Create* would issue."""
        if self.found is None or self.history:
            return ()
        return tuple(
            each
            for each in self.found.checked
            if each.severity is not Severity.BLOCK and each.draft.key not in self._unchosen
        )

    @property
    def chosen_sum(self) -> Money:
        """Return what the chosen drafts' sessions were charged."""
        return total(amount_of(each) for each in self.chosen)

    @property
    def live(self) -> tuple[SuperbillView, ...]:
        """Return the issued superbills of these dates that none replaced, by number."""
        issued = self.found.issued if self.found and not self.history else ()
        return tuple(each for each in reversed(issued) if each.is_live)

    @property
    def live_sum(self) -> Money:
        """Return what the sessions on them were charged."""
        return total(each.charged for each in self.live)

    @property
    def client_count(self) -> int:
        """Return how many people have a superbill in these dates, issued or not."""
        if self.found is None:
            return 0
        people = {each.draft.key[0] for each in self.found.checked}
        return len(people | {each.client_id for each in self.found.issued})

    @property
    def omitted_words(self) -> str:
        """Return which of one client's sessions are on no superbill, and why."""
        if self.found is None or self.whose is None:
            return ""
        left_out = [each for each in self.found.omitted if each.reason is not LeftOut.ISSUED]
        return omission_words(left_out)

    @property
    def unpaid_count(self) -> int:
        """Return how many sessions are left out because nothing was paid."""
        omitted = self.found.omitted if self.found else ()
        return sum(each.reason is LeftOut.UNPAID for each in omitted)

    def selected_draft(self) -> Checked | None:
        """Return the draft whose proof is shown."""
        if self.found is None or self.history:
            return None
        return next((each for each in self.found.checked if each.draft.key == self.selected), None)

    def selected_issued(self) -> SuperbillView | None:
        """Return the issued superbill that is shown."""
        shown = self.all_issued if self.history else self.found and self.found.issued
        return next((each for each in shown or () if each.id == self.selected), None)

    # Where to look

    def refresh(self) -> None:
        """Read the dates again; and all issued ones while they are shown."""
        if self.work is not None:
            return  # the last one created reads once for all
        if self.whose and self.client_id is None:
            self.read("case", case, self.whose[1], then=self._have_case, failed=self._failed)
            return
        if self.client_id is not None and not self._is_dated:
            client = self.client_id
            self.read("days", days_to_bill, client, then=self._have_days, failed=self._failed)
            return
        self.read(
            "found",
            overview,
            self.first_on,
            self.last_on,
            Wish(include_unpaid=self.include_unpaid),
            self.client_id,
            then=self._have,
            failed=self._failed,
        )
        if self.history:
            self.read(
                "issued",
                superbills_issued,
                client_id=self.client_id,
                then=self._have_issued,
                failed=self._failed,
            )

    def show_dates(self, first_on: date, last_on: date) -> None:
        """Show other dates."""
        self.first_on, self.last_on, self._is_dated = first_on, last_on, True
        self.found = None
        self.select(None)
        self.refresh()

    def step_month(self, by: int) -> None:
        """Show the month before (-1) or after (1)."""
        anchor = self.first_on - timedelta(days=1) if by < 0 else self.last_on + timedelta(days=1)
        self._unchosen.clear()
        self.show_dates(*month_of(anchor))

    def show_history(self, shown: bool) -> None:
        """Show every issued superbill, or the dates again."""
        self.history = shown
        self.select(None)
        self.refresh()

    def include(self, unpaid: bool) -> None:
        """Include unpaid sessions, with a warning, or leave them out."""
        self.include_unpaid = unpaid
        self.refresh()

    def select(self, key: Hashable | None) -> None:
        """Show the paper of a row."""
        self.selected = key
        self.paper, self.paper_problem = None, ""
        draft, issued = self.selected_draft(), self.selected_issued()
        if draft is not None:
            order = self._orders.order(draft)
            self.read("paper", proof, order, then=self._have_paper, failed=self._no_paper)
        elif issued is not None:
            self.read(
                "paper", issued_paper, issued.id, then=self._have_paper, failed=self._no_paper
            )
        self.changed()

    # What to do

    def toggle(self, key: Hashable) -> None:
        """Choose a draft for *Create*, or leave it for later."""
        draft = next((each for each in self._drafts() if each.draft.key == key), None)
        if draft is None or draft.severity is Severity.BLOCK:
            return
        self._unchosen.symmetric_difference_update({draft.draft.key})
        self.changed()

    def mend(self, finding: Finding) -> bool:
        """Do a one-click mend; return whether it was one. Others lead to a field."""
        mend = finding.mend
        ids = tuple(record_id for _, record_id in mend.records)
        if mend.act is Act.VALID_FROM:
            day = date.fromisoformat(mend.value)
            self.run(make_valid_from, ids[0], day, failed=self._failed)
        elif mend.act is Act.ADD_MODIFIER:
            self.run(add_modifier, ids, mend.value, failed=self._failed)
        else:
            return False
        return True

    def create(self) -> None:
        """Issue the chosen superbills one after the other; a second click does nothing more."""
        self._issuing.start(tuple(self._orders.order(each) for each in self.chosen))

    def cancel(self) -> None:
        """Issue no further ones; those that have their number keep it."""
        self._issuing.cancel()

    def supersede(self) -> None:
        """Replace the selected superbill by a new one that says what is so now."""
        issued = self.selected_issued()
        if issued is None:
            return
        new = self._orders.id_for((issued.id, "instead"))
        self.run(
            supersede_superbill,
            issued.id,
            new,
            include_unpaid=self.include_unpaid,
            then=self._superseded,
            failed=self._failed,
        )

    def take_out(self, *, to_file: bool) -> None:
        """Fetch the selected issued superbill for the printer or a file."""
        issued = self.selected_issued()
        if issued is not None:
            self._take_out(take_out_superbill, issued.id, name=issued.number, to_file=to_file)

    def take_out_all(self, *, to_file: bool) -> None:
        """Fetch all live superbills of these dates as one stack."""
        ids = [each.id for each in self.live]
        if ids:
            name = f"Superbills {self.first_on:%Y-%m}"
            self._take_out(take_out_stack, ids, name=name, to_file=to_file)

    def take_proofs(self) -> None:
        """Fetch proofs of the chosen superbills for the printer; none gets a number."""
        orders = [self._orders.order(each) for each in self.chosen]
        name = f"Superbill proofs {self.first_on:%Y-%m}"
        self.read(
            "proofs",
            proof_stack,
            orders,
            then=lambda paper: self._hand_out(Paper(name, paper)),
            failed=self._failed,
        )

    def taken(self) -> Paper | None:
        """Return what waits for the printer or a file, once."""
        paper, self.outbox = self.outbox, None
        return paper

    # Answers

    def _have_case(self, found: CaseView) -> None:
        # A superbill is for one person: the patient of a couple or family.
        self.client_id = found.identified_client_id or found.people[0].id
        self.refresh()

    def _have_days(self, waiting: list[date]) -> None:
        if not self._is_dated:
            self.show_dates(*month_to_bill(waiting, self.first_on))

    def _have(self, found: Overview) -> None:
        self.found, self.problem = found, None
        if self.selected is None and not self.history:
            first = (
                *(each.draft.key for each in found.checked),
                *(each.id for each in found.issued),
            )
            self.select(first[0] if first else None)
        else:
            self.select(self.selected)

    def _have_issued(self, issued: list[SuperbillView]) -> None:
        self.all_issued = tuple(issued)
        newest = issued[0].id if issued else None
        self.select(newest if self.selected is None else self.selected)

    def _have_paper(self, paper: bytes) -> None:
        self.paper = paper
        self.changed()

    def _no_paper(self, error: Exception) -> None:
        if not isinstance(error, UserError):
            raise error
        self.paper_problem = error.sentence
        self.changed()

    def _failed(self, error: Exception) -> None:
        if self.found is None:
            self.problem = error
        else:
            self.message = error.sentence if isinstance(error, UserError) else ""
            if not self.message:
                raise error
        self.changed()

    # Creating

    def _created(self, work: Work) -> None:
        self.message = work.words
        self.selected = None
        self.refresh()
        self.changed()

    def _superseded(self, outcome: Outcome[UUID]) -> None:
        self.selected = outcome.value
        self.refresh()

    def _take_out(self, command: Any, argument: Any, *, name: str, to_file: bool) -> None:
        def have(outcome: Outcome[bytes]) -> None:
            self._hand_out(Paper(name, outcome.value, to_file))

        self.run(command, argument, then=have, failed=self._failed)

    def _hand_out(self, paper: Paper) -> None:
        self.outbox = paper
        self.changed()

    def _drafts(self) -> tuple[Checked, ...]:
        return self.found.checked if self.found and not self.history else ()


def month_of(day: date) -> tuple[date, date]:
    """Return the first and last day of the month of ``day``."""
    last = calendar.monthrange(day.year, day.month)[1]
    return day.replace(day=1), day.replace(day=last)


def month_to_bill(waiting: list[date], last: date) -> tuple[date, date]:
    """Return the month to begin with, given the days whose paid sessions wait for a superbill.

    That of ``last`` while any of it waits, or nothing does; else the latest in which some do.
    """
    first_on, last_on = month_of(last)
    if not waiting or any(first_on <= day <= last_on for day in waiting):
        return first_on, last_on
    return month_of(max(waiting))


def last_month(day: date) -> tuple[date, date]:
    """Return the month whose superbills are made now: the one that ended before ``day``."""
    return month_of(day.replace(day=1) - timedelta(days=1))

"""Superbills are issued one after the other, each in a unit of work of its own. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile
from uuid import UUID

from app.core.billing.superbills.commands import take_superbill_number
from app.core.billing.superbills.rules.orders import LINES_AT_ONCE, Order
from app.core.billing.superbills.rules.preflight import Checked
from app.core.journeys.superbills import (
    ORDERS_AT_ONCE,
    Drawn,
    Result,
    draw,
    issue_superbill,
    issue_superbills,
)
from app.core.kernel.changes import Outcome
from app.core.kernel.clock import Clock, today, unix_ms
from app.core.kernel.desk import Desk
from app.core.kernel.errors import UserError
from app.core.kernel.ids import new_id
from app.ui.shell.presenter import Deliver, Presenter


@dataclass(frozen=True, slots=True)
class Work:
    """Superbills being issued: how many of how many, and what became of them."""

    orders: tuple[Order, ...]
    done: int = 0
    issued: tuple[UUID, ...] = ()
    refused: tuple[str, ...] = ()
    canceled: bool = False

    @property
    def is_over(self) -> bool:
        """Return whether nothing is left to do."""
        return self.canceled or self.done == len(self.orders)

    def with_results(self, results: Sequence[Result]) -> Work:
        """Return it with further orders done."""
        return replace(
            self,
            done=self.done + len(results),
            issued=(*self.issued, *(each.superbill_id for each in results if not each.refusal)),
            refused=(*self.refused, *(each.refusal for each in results if each.refusal)),
        )

    @property
    def words(self) -> str:
        """Return what was done, in a sentence."""
        count = len(self.issued)
        words = "1 superbill created." if count == 1 else f"{count} superbills created."
        return f"{words} {len(self.refused)} not: {self.refused[0]}" if self.refused else words


class Issuing(Presenter):
    """Issues orders in their turn; ``work`` is ``None`` while nothing is done."""

    def __init__(self, desk: Desk, deliver: Deliver, *, over: Callable[[Work], None]) -> None:
        super().__init__(desk, deliver)
        self._over = over
        self.work: Work | None = None

    def start(self, orders: tuple[Order, ...]) -> None:
        """Begin; while something is being issued, a second click does nothing."""
        if self.work is None and orders:
            self.work = Work(orders)
            self._next()

    def cancel(self) -> None:
        """Issue no further ones; those that have their number keep it."""
        if self.work is not None:
            self.work = replace(self.work, canceled=True)

    def _next(self) -> None:
        work = self.work
        if work is None:
            return
        if work.is_over:
            self.work = None
            self._over(work)
            return
        ahead = work.orders[work.done :]
        short = list(takewhile(lambda order: not _is_long(order), ahead[:ORDERS_AT_ONCE]))
        if short:
            self.run(issue_superbills, short, then=self._slice_done, failed=self._refused)
        else:
            self._take_number(ahead[0])
        self.changed()

    def _take_number(self, order: Order) -> None:
        day = today(self.desk.clock, self.desk.zone)
        self.run(
            take_superbill_number,
            order,
            then=lambda outcome: self._draw(order, outcome.value, day),
            failed=self._refused,
        )

    def _draw(self, order: Order, number: str, day: date) -> None:
        def drawn(paper: Drawn) -> None:
            self.run(issue_superbill, order, paper, then=self._issued, failed=self._refused)

        self.read("drawing", draw, order, number, day, then=drawn, failed=self._refused)

    def _issued(self, outcome: Outcome[UUID]) -> None:
        self._note((Result(outcome.value),))

    def _slice_done(self, outcome: Outcome[tuple[Result, ...]]) -> None:
        self._note(outcome.value)

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, UserError) or self.work is None:
            raise error
        self._note((Result(self.work.orders[self.work.done].superbill_id, error.sentence),))

    def _note(self, results: Sequence[Result]) -> None:
        if self.work is not None:
            self.work = self.work.with_results(results)
        self._next()


def _is_long(order: Order) -> bool:
    return len(order.charge_ids or ()) > LINES_AT_ONCE


class OrderBook:
    """The orders that clicks give: the same sessions keep the same id, however often clicked."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids: dict[tuple[Hashable, ...], UUID] = {}

    def id_for(self, what: tuple[Hashable, ...]) -> UUID:
        """Return the id of the superbill about ``what``, the same each time."""
        return self._ids.setdefault(what, new_id(unix_ms(self._clock.now())))

    def order(self, checked: Checked) -> Order:
        """Return the order to issue a draft as it was seen."""
        draft = checked.draft
        charges = tuple(line.charge_id for line in draft.lines)
        return Order(
            superbill_id=self.id_for((draft.key, charges)),
            client_id=draft.person.client_id if draft.person else None,
            first_on=draft.first_on,
            last_on=draft.last_on,
            wish=draft.wish,
            charge_ids=charges,
        )

"""How the money screens word and mark what the core decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.core.billing.invoices.queries.accounts import Marked
from app.core.billing.invoices.rules import Standing
from app.core.kernel.money import ZERO, Money
from app.core.kernel.text import listed
from app.ui.widgets.cells import Cell
from app.ui.widgets.phrases import counted, date_words, short_day
from app.ui.widgets.status import Status, Tone

_MARKS: dict[Standing, tuple[str, Tone]] = {
    Standing.OPEN: ("circle", Tone.INFO),
    Standing.PART_PAID: ("circle-dashed", Tone.WARN),
    Standing.OVERDUE: ("circle-alert", Tone.DANGER),
    Standing.PAID: ("circle-check", Tone.OK),
    Standing.VOID: ("ban", Tone.QUIET),
}


class Period(StrEnum):
    """The span of a list of money, up to today."""

    MONTH = "MONTH"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    ALL = "ALL"

    @property
    def label(self) -> str:
        """Return the words of the list's head."""
        return _PERIOD_LABELS[self]

    def first(self, today: date) -> date:
        """Return its first day; of everything, a day before any practice."""
        if self is Period.MONTH:
            return today.replace(day=1)
        if self is Period.QUARTER:
            return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
        if self is Period.YEAR:
            return today.replace(month=1, day=1)
        return date(1900, 1, 1)


_PERIOD_LABELS = {
    Period.MONTH: "This month",
    Period.QUARTER: "This quarter",
    Period.YEAR: "This year",
    Period.ALL: "All time",
}


@dataclass(frozen=True, slots=True)
class Sums:
    """What a payment does, as the three lines under its charges say it."""

    allocated: Money
    credit: Money
    owing_after: Money


def standing_status(standing: Standing, words: str) -> Status:
    """Return the mark of where an invoice stands."""
    icon, tone = _MARKS[standing]
    return Status(icon, words, tone)


def owing_cell(owing: Money) -> Cell:
    """Return an amount owed: it weighs only where something is."""
    if owing == ZERO:
        return Cell(str(owing), tone="text.muted", sort=0)
    return Cell(str(owing), weight="medium", sort=owing.cents)


def money_cell(amount: Money | None, *, tone: str = "") -> Cell:
    """Return an amount, or an empty cell that sorts last."""
    if amount is None:
        return Cell()
    return Cell(str(amount), tone=tone, sort=amount.cents)


def day_cell(day: date, today: date) -> Cell:
    """Return a day; the year is said only where it could be another."""
    near = abs(today - day) < timedelta(days=180)
    return Cell(short_day(day) if near else date_words(day), sort=day)


def charge_status(marked: Marked) -> Status:
    """Return where a charge stands."""
    charge = marked.charge
    if charge.is_void:
        return Status("ban", "Void")
    if charge.owing == ZERO:
        return Status("circle-check", "Paid", Tone.OK)
    if charge.paid > ZERO:
        return Status("circle-dashed", "Part paid", Tone.WARN)
    return Status("circle", "Open", Tone.INFO)


def invoice_words(marked: Marked, today: date) -> str:
    """Return what stands under a charge: its invoice's due date, or that it has none."""
    if marked.invoice is None:
        return marked.charge.description
    days = (today - marked.invoice.due_on).days
    if days > 0:
        return f"Overdue {days} day{'s' if days != 1 else ''}"
    return f"Due {short_day(marked.invoice.due_on)}"


def payment_sentence(name: str, amount: Money, paid: int, part: int, credit: Money) -> str:
    """Return what recording a payment does: how many charges it pays, and what is kept.

    ``paid`` charges are paid in full, ``part`` in part.
    """
    done = []
    if paid:
        done.append(f"pays {_charges(paid)} in full")
    if part:
        done.append(f"pays part of {_charges(part)}")
    if credit > ZERO:
        done.append(f"keeps {credit} as {name}’s credit")
    return f"The {amount} {listed(done)}." if done else ""


def _charges(count: int) -> str:
    return f"{counted(count)} charge{'s' if count != 1 else ''}"


def open_words(count: int) -> str:
    """Return ``two charges open``."""
    return f"{_charges(count)} open"

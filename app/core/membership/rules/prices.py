"""What a plan costs with the seats that are taken, and what a change costs at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dateutil.relativedelta import relativedelta

from app.core.kernel.entitlement import Plan, SeatKind
from app.core.kernel.money import Money, prorated, total
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.seats import SeatsUsed

_DAY = timedelta(days=1)
#: What a price calls one seat, and several.
SEAT_WORDS: dict[SeatKind, tuple[str, str]] = {
    SeatKind.CLINICIAN: ("clinician", "clinicians"),
    SeatKind.ASSOCIATE: ("associate", "associates"),
    SeatKind.ADMIN: ("admin", "admins"),
}


@dataclass(frozen=True, slots=True)
class PriceLine:
    """One line of a month's price: ``2 further clinicians``, each 2,900 cents."""

    words: str
    count: int
    each: Money

    @property
    def amount(self) -> Money:
        """Return what the line adds to the month."""
        return self.each * self.count


@dataclass(frozen=True, slots=True)
class BillingPeriod:
    """A month that is paid in advance, from its first moment up to the first of the next one."""

    begins: datetime
    ends: datetime

    @property
    def days(self) -> int:
        """Return its whole days, 28 to 31 in a month."""
        return (self.ends - self.begins) // _DAY

    def days_left(self, at: datetime) -> int:
        """Return the days that are left at ``at``, one that has begun counted whole."""
        left = -((at - self.ends) // _DAY)
        return min(max(left, 0), self.days)


def months_after(moment: datetime, months: int) -> datetime:
    """Return the moment so many calendar months later, in UTC.

    A day that the later month lacks becomes its last: a year from February 29 is February 28.
    """
    return moment.astimezone(UTC) + relativedelta(months=months)


def billing_period(anchor: datetime, at: datetime) -> BillingPeriod:
    """Return the month that holds ``at``, counted from the day on which paying began.

    Each is counted from the anchor, so that one that began on the 31st comes back to the 31st.
    """
    apart = relativedelta(at.astimezone(UTC), anchor.astimezone(UTC))
    months = apart.years * 12 + apart.months
    # Before the anchor it counts towards it.
    if months_after(anchor, months) > at:
        months -= 1
    return BillingPeriod(months_after(anchor, months), months_after(anchor, months + 1))


def price_lines(plan: Plan, used: SeatsUsed) -> tuple[PriceLine, ...]:
    """Return a month's price line by line: the plan, then the seats beyond those included."""
    terms = CATALOGUE[plan]
    lines = [PriceLine(terms.name, 1, terms.monthly)]
    for kind, (one, several) in SEAT_WORDS.items():
        seats = terms.seats(kind)
        if seats.extra is None:
            continue
        beyond = max(used.of(kind).used - (seats.included or 0), 0)
        if beyond:
            further = "further " if seats.included else ""
            words = f"{beyond} {further}{one if beyond == 1 else several}"
            lines.append(PriceLine(words, beyond, seats.extra))
    return tuple(lines)


def monthly_price(plan: Plan, used: SeatsUsed) -> Money:
    """Return what the practice pays a month, invitations and reserved seats included."""
    return total(line.amount for line in price_lines(plan, used))


def due_now(before: Money, after: Money, period: BillingPeriod, at: datetime) -> Money:
    """Return what a change within ``period`` costs at once, from two prices a month.

    The difference is prorated as one sum. Below zero it is the credit for the unused days, which
    the next invoice takes off.
    """
    return prorated(after - before, period.days_left(at), period.days)

"""Where a practice stands with its plan: a state machine over dates, given facts and a moment.

Moments are aware and compared in UTC; months are calendar months of UTC, so that a practice ends
its year at the same moment wherever its members and the server are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.core.kernel.entitlement import Plan, Standing
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.prices import BillingPeriod, months_after

#: After Starter's year, and after a month that nobody paid: everything still works, with a notice.
GRACE = timedelta(days=30)
#: Starter's year ends in so many days: each step is said once.
STARTER_PROMPTS = (60, 30, 14, 7, 1)


class Status(StrEnum):
    """How a practice stands with its plan."""

    STARTER = "STARTER"
    """Starter, in its year."""
    TRIAL = "TRIAL"
    PAID = "PAID"
    GRACE = "GRACE"
    LAPSED = "LAPSED"
    ARCHIVE = "ARCHIVE"


#: The column of the table of acts for each.
STANDING_OF: dict[Status, Standing] = {
    Status.STARTER: Standing.WITHIN,
    Status.TRIAL: Standing.WITHIN,
    Status.PAID: Standing.WITHIN,
    Status.GRACE: Standing.WITHIN,
    Status.LAPSED: Standing.LAPSED,
    Status.ARCHIVE: Standing.ARCHIVE,
}


@dataclass(frozen=True, slots=True)
class Subscription:
    """The facts: when the practice signed up, what it chose, and what is paid.

    ``trial_began`` stays for good, because there is one trial for a practice; ``card`` says
    whether a way to pay is on file; ``paid`` is the newest month that was paid.
    """

    signed_up_at: datetime
    plan: Plan = Plan.STARTER
    trial_began: datetime | None = None
    card: bool = False
    paid: BillingPeriod | None = None

    @property
    def starter_ends(self) -> datetime:
        """Return when Starter's one term ends, which nothing starts again."""
        return months_after(self.signed_up_at, CATALOGUE[Plan.STARTER].term_months)

    @property
    def trial_ends(self) -> datetime | None:
        """Return when the trial ends or ended; ``None`` before there was one."""
        if self.trial_began is None:
            return None
        return self.trial_began + timedelta(days=CATALOGUE[Plan.PROFESSIONAL].trial_days)


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a practice stands: its plan, how, and when that ends or renews by itself."""

    plan: Plan
    status: Status
    until: datetime | None = None

    @property
    def standing(self) -> Standing:
        """Return the column of the table of acts."""
        return STANDING_OF[self.status]

    @property
    def is_owed(self) -> bool:
        """Return whether the plan goes on, or begins again, once a month of it is paid."""
        return self.status in (Status.GRACE, Status.LAPSED)


def standing_at(facts: Subscription, at: datetime, *, fits_starter: bool) -> Stands:
    """Return where the practice stands at ``at``.

    ``fits_starter`` says whether its staff and active clients have room on Starter, which decides
    what a trial that ends without a card becomes.
    """
    if facts.plan is Plan.ARCHIVE:
        # Reading is all that Archive allows: a month unpaid takes nothing more away.
        return Stands(Plan.ARCHIVE, Status.ARCHIVE, facts.paid.ends if facts.paid else None)
    if facts.plan is Plan.STARTER:
        return _on_starter(facts, at)
    if facts.paid is not None and at < facts.paid.ends:
        return Stands(facts.plan, Status.PAID, facts.paid.ends)
    trial_ends = facts.trial_ends if facts.plan is Plan.PROFESSIONAL else None
    if trial_ends is not None and at < trial_ends:
        return Stands(facts.plan, Status.TRIAL, trial_ends)
    if trial_ends is not None and facts.paid is None and not facts.card:
        return _after_trial(facts, trial_ends, at, fits_starter=fits_starter)
    return _unpaid(facts.plan, facts.paid.ends if facts.paid else trial_ends, at)


def month_paid(facts: Subscription, stands: Stands, at: datetime) -> BillingPeriod | None:
    """Return the month that a payment at ``at`` is for; ``None`` while a paid one runs.

    In grace it is the one after the paid time, or after the trial: whoever pays late pays for every
    month. A practice that lapsed, or comes from Starter or Archive, begins anew when it pays.
    """
    if facts.paid is not None and at < facts.paid.ends:
        return None
    late = stands.status is Status.GRACE and stands.plan is not Plan.STARTER
    begins = stands.until - GRACE if late and stands.until is not None else at
    return BillingPeriod(begins, months_after(begins, 1))


def with_card(facts: Subscription, stands: Stands, *, card: bool) -> Subscription:
    """Return the facts once a way to pay came on file, or went.

    A card that comes after a trial has ended on Starter buys nothing by itself: Starter stays.
    """
    return replace(as_it_became(facts, stands), card=card)


def as_it_became(facts: Subscription, stands: Stands) -> Subscription:
    """Return the facts with the plan that time alone has made of the chosen one.

    A trial that has ended on Starter stays there: that two computers then go over its limit
    together ends no plan.
    """
    return replace(facts, plan=stands.plan)


def starter_prompt(facts: Subscription, at: datetime) -> int | None:
    """Return the step of Starter's prompts that is due: 60, 30, 14, 7 or 1 days before its end.

    ``None`` before the first step and once the year is over.
    """
    return prompt_before(facts.starter_ends, at)


def prompt_before(ends: datetime, at: datetime) -> int | None:
    """Return the step of Starter's prompts, in days, that is due where its year ends at ``ends``.

    ``None`` before the first step and once the year is over.
    """
    left = ends - at
    if left <= timedelta(0):
        return None
    return min((step for step in STARTER_PROMPTS if left <= timedelta(days=step)), default=None)


def may_try(facts: Subscription, stands: Stands) -> bool:
    """Return whether going to Professional begins a trial: once per practice, from Starter."""
    return facts.trial_began is None and stands.plan is Plan.STARTER


def _on_starter(facts: Subscription, at: datetime) -> Stands:
    ends = facts.starter_ends
    if at < ends:
        return Stands(Plan.STARTER, Status.STARTER, ends)
    if at < ends + GRACE:
        return Stands(Plan.STARTER, Status.GRACE, ends + GRACE)
    return Stands(Plan.STARTER, Status.LAPSED)


def _after_trial(
    facts: Subscription, trial_ends: datetime, at: datetime, *, fits_starter: bool
) -> Stands:
    if fits_starter and trial_ends < facts.starter_ends:
        return _on_starter(facts, at)
    return Stands(facts.plan, Status.LAPSED)


def _unpaid(plan: Plan, since: datetime | None, at: datetime) -> Stands:
    if since is not None and at < since + GRACE:
        return Stands(plan, Status.GRACE, since + GRACE)
    return Stands(plan, Status.LAPSED)

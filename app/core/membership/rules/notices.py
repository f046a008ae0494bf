"""What a practice is told of its plan, before anything changes and after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.core.kernel.entitlement import Plan
from app.core.kernel.phrases import full_date, plural
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.subscription import (
    GRACE,
    Stands,
    Status,
    Subscription,
    prompt_before,
    starter_prompt,
)


class NoticeKind(StrEnum):
    """What a notice is about."""

    STARTER_ENDS = "STARTER_ENDS"
    TRIAL_ENDS = "TRIAL_ENDS"
    TRIAL_OVER = "TRIAL_OVER"
    """What a computer tells by itself, as of ``GRACE_OVER``."""
    GRACE = "GRACE"
    GRACE_OVER = "GRACE_OVER"
    """What a computer tells by itself that has not heard from the account since: never signed."""
    LAPSED = "LAPSED"
    CLIENTS_OVER = "CLIENTS_OVER"


@dataclass(frozen=True, slots=True)
class Notice:
    """One notice: the moment it speaks of, and a count.

    ``count`` is the step of Starter's prompts in days, by which each is said once, or how many
    active clients are over the plan.
    """

    kind: NoticeKind
    until: datetime | None = None
    count: int = 0


def notices(
    facts: Subscription, stands: Stands, active_clients: int, at: datetime
) -> tuple[Notice, ...]:
    """Return what the practice is told at ``at``."""
    told: list[Notice] = []
    if stands.status is Status.STARTER:
        step = starter_prompt(facts, at)
        if step is not None:
            told.append(Notice(NoticeKind.STARTER_ENDS, stands.until, step))
    elif stands.status is Status.TRIAL and not facts.card:
        told.append(Notice(NoticeKind.TRIAL_ENDS, stands.until))
    elif stands.status is Status.GRACE:
        told.append(Notice(NoticeKind.GRACE, stands.until))
    elif stands.status is Status.LAPSED:
        told.append(Notice(NoticeKind.LAPSED))
    most = CATALOGUE[stands.plan].active_clients
    if most is not None and active_clients > most:
        told.append(Notice(NoticeKind.CLIENTS_OVER, count=active_clients - most))
    return tuple(told)


def notices_later(
    said: Iterable[Notice], status: Status | None, until: datetime | None, at: datetime
) -> tuple[Notice, ...]:
    """Return what a practice is told at ``at`` by a computer that heard of its plan some time ago.

    ``said`` was told then, when it stood at ``status`` until ``until``. The steps of Starter's
    prompts and its days of grace come by themselves. Once days of grace or a trial are over, the
    account alone knows what became of the plan: that is told.
    """
    told = [_by_now(each, at) for each in said if each.kind is not NoticeKind.STARTER_ENDS]
    if status is Status.STARTER and until is not None:
        step = prompt_before(until, at)
        if step is not None:
            told.insert(0, Notice(NoticeKind.STARTER_ENDS, until, step))
        elif until <= at:
            told.insert(0, _by_now(Notice(NoticeKind.GRACE, until + GRACE), at))
    elif status is Status.TRIAL and until is not None and until <= at:
        told.insert(0, Notice(NoticeKind.TRIAL_OVER, until))
    return tuple(each for each in told if each is not None)


def _by_now(notice: Notice, at: datetime) -> Notice | None:
    if notice.until is None or at < notice.until:
        return notice
    is_grace = notice.kind is NoticeKind.GRACE
    return Notice(NoticeKind.GRACE_OVER, notice.until) if is_grace else None


def notice_words(notice: Notice, plan: str, zone: str) -> str:
    """Return a notice as a sentence, its day on the wall of IANA ``zone``."""
    day = ""
    if notice.until is not None:
        day = full_date(notice.until.astimezone(ZoneInfo(zone)).date())
    match notice.kind:
        case NoticeKind.STARTER_ENDS:
            return f"Your first year on Starter ends on {day}: choose a plan before then."
        case NoticeKind.TRIAL_ENDS:
            return f"Your trial ends on {day}: ask whoever runs your account to put a card on file."
        case NoticeKind.GRACE:
            what = (
                "choose a plan" if plan == Plan.STARTER else "pay for your plan, or choose another,"
            )
            return f"Everything still works until {day}: {what} before then."
        case NoticeKind.TRIAL_OVER | NoticeKind.GRACE_OVER:
            tried = notice.kind is NoticeKind.TRIAL_OVER
            over = "Your trial" if tried else "Your days of grace"
            what = "choose a plan" if tried or plan == Plan.STARTER else "pay for your plan"
            return f"{over} ended on {day}: go online once, and {what} if you have not yet."
        case NoticeKind.LAPSED:
            return "Your plan has ended. Your records stay open to read, print and export."
        case NoticeKind.CLIENTS_OVER:
            over = plural(notice.count, "active client is", "active clients are")
            return f"{over} over your plan: choose who is active."

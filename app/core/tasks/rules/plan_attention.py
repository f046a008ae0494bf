"""What the plan asks of who manages it, as a task: from the document that the file keeps.

No read and no network: what the account signed last says when a year, a trial or a grace ends.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.kernel.entitlement import Plan
from app.core.kernel.phrases import plural, short_day
from app.core.membership.rules.grant import Grant, meanwhile_words
from app.core.membership.rules.notices import Notice, NoticeKind, notice_words
from app.core.tasks.rules.attention import Attention, AttentionKind

#: A trial of 14 days asks in its last ones only: whoever has begun it has just looked at plans.
TRIAL_LAST = timedelta(days=7)


def plan_attention(grant: Grant, at: datetime, zone: str) -> Attention | None:
    """Return the task that the plan makes at ``at``; days are those of IANA ``zone``.

    There is at most one. Starter's year asks from the first of its prompts on, sixty days before
    its end (product: *Plans*).
    """
    asking = (_task(each, grant, at, zone) for each in grant.told(at))
    return next((each for each in asking if each is not None), None)


def _task(notice: Notice, grant: Grant, at: datetime, zone: str) -> Attention | None:
    plan = grant.plan
    says = notice_words(notice, plan, zone)
    match notice.kind, notice.until:
        case NoticeKind.LAPSED, _:
            return Attention(
                AttentionKind.PLAN_ENDED,
                "Your plan has ended",
                "Choose one to book again",
                sentence=says,
            )
        case NoticeKind.STARTER_ENDS, datetime() as until:
            title, detail = "Your free year ends", _in_days(until, at, zone)
        case NoticeKind.TRIAL_ENDS, datetime() as until if until - at <= TRIAL_LAST:
            title, detail = "Your trial ends", _in_days(until, at, zone)
        case NoticeKind.GRACE, datetime() as until:
            title = "Choose a plan" if plan == Plan.STARTER else "Your plan is unpaid"
            detail = f"Everything works until {_day(until, zone)}"
        case NoticeKind.GRACE_OVER, _:
            title = "Your days of grace are over"
            what = "choose a plan" if plan == Plan.STARTER else "pay for it"
            detail = f"Go online once, and {what}"
            says = f"{says} {meanwhile_words(grant.freshness(at))}"
        case NoticeKind.TRIAL_OVER, _:
            title, detail = "Your trial is over", "Go online once to see your plan"
            says = f"{says} {meanwhile_words(grant.freshness(at))}"
        case _:
            # Who is active over the plan has a task of its own.
            return None
    return Attention(AttentionKind.PLAN_ENDS, title, detail, sentence=says)


def _in_days(until: datetime, at: datetime, zone: str) -> str:
    left = -((at - until) // timedelta(days=1))
    return f"In {plural(left, 'day')}, on {_day(until, zone)}"


def _day(moment: datetime, zone: str) -> str:
    return short_day(moment.astimezone(ZoneInfo(zone)).date())

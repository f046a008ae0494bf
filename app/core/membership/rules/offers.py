"""A plan as it is offered, in words: what it has room for, what choosing it costs, and its verb.

The same words stand in *Settings, Subscription* and on the account's page.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.kernel.entitlement import Plan
from app.core.kernel.money import Money
from app.core.kernel.phrases import full_date, plural
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.moves import Option, PracticeFacts, Why
from app.core.membership.rules.prices import SEAT_WORDS, BillingPeriod
from app.core.membership.rules.seats import SeatsUsed
from app.core.membership.rules.subscription import Stands, Status

#: What a plan has room for, on one line.
ROOM: dict[Plan, str] = {
    Plan.STARTER: "Up to 10 active clients, 1 clinician",
    Plan.PROFESSIONAL: "Any number of clients, 1 clinician",
    Plan.GROUP: "Any number of clients, 2 clinicians, then $29 each",
    Plan.ARCHIVE: "Read and export only, for the owner alone",
}
_WAY_BACK = "You may go back at any time, as soon as one clinician is enough."
_ARCHIVED = (
    "You alone read, print and export. Your team’s computers upload their work first and become "
    "read-only. You can return at any time."
)


def day_of(moment: datetime, zone: str) -> str:
    """Return the day of a moment on the wall of IANA ``zone``: ``December 3, 2026``."""
    return full_date(moment.astimezone(ZoneInfo(zone)).date())


def covered_words(month: BillingPeriod, at: datetime, zone: str) -> str:
    """Return which days a month that is paid covers: ``It covers November 1 to November 30, 2026.``

    One that is paid late may be over by then.
    """
    first, last = day_of(month.begins, zone), day_of(month.ends - timedelta(days=1), zone)
    day, _, year = first.partition(", ")
    words = f"It covers {day if last.endswith(year) else first} to {last}."
    return words if at < month.ends else f"{words} The month after it is due, too."


def reserve_words(used: SeatsUsed) -> str:
    """Return what is said of seats held in reserve; empty where there are none."""
    held = [
        (used.of(kind).reserved, f"{one} seat")
        for kind, (one, _several) in SEAT_WORDS.items()
        if used.of(kind).reserved
    ]
    if not held:
        return ""
    said = " and ".join(plural(count, seat) for count, seat in held)
    is_held = "is" if sum(count for count, _ in held) == 1 else "are"
    return (
        f"{said} {is_held} held in reserve. An invitation takes such a seat first, and nothing "
        "more is charged for it."
    )


def whole(amount: Money) -> str:
    """Return a price without cents that are none: ``$39``."""
    return str(amount).removesuffix(".00")


def stands_words(stands: Stands, monthly: Money, zone: str) -> str:
    """Return where a practice stands with its plan, in a sentence."""
    name = CATALOGUE[stands.plan].name
    until = "" if stands.until is None else day_of(stands.until, zone)
    match stands.status:
        case Status.STARTER:
            return f"Starter, free until {until}."
        case Status.TRIAL:
            return f"{name}, on trial until {until}."
        case Status.PAID:
            return f"{name}, renews {until}, for {monthly}."
        case Status.GRACE:
            return f"{name}. Everything works until {until}."
        case Status.LAPSED:
            return f"{name}, ended."
        case Status.ARCHIVE:
            return "Archive: records are read and exported, by the owner."


def offered(options: Sequence[Option]) -> tuple[list[Option], list[str]]:
    """Return the plans that can be chosen some time from here, and why the others cannot."""
    never = {Why.YEAR_OVER, Why.NOT_FROM_HERE}
    rows, notes = [], []
    for each in options:
        why = [blocker for blocker in each.blockers if blocker.why in never]
        if why and not each.current:
            notes += [blocker.words for blocker in why]
        else:
            rows.append(each)
    return rows, notes


def verb_of(option: Option) -> str:
    """Return what the button says that chooses a plan, or pays for the present one."""
    name = CATALOGUE[option.plan].name
    if option.renews:
        return f"Pay for {name}"
    if option.trial:
        return f"Try {name}"
    return "Archive this practice" if option.plan is Plan.ARCHIVE else f"Change to {name}"


def done_words(option: Option) -> str:
    """Return what is said once a plan was chosen, or paid for."""
    name = CATALOGUE[option.plan].name
    return f"{name} is paid for." if option.renews else f"Your plan is {name} now."


def change_words(facts: PracticeFacts, option: Option, at: datetime) -> str:
    """Return in sentences what choosing a plan costs at once, and what follows."""
    if option.trial:
        return _trial_words(facts, option, at)
    cost = _cost_words(facts, option, at)
    return f"{cost} {_ARCHIVED}" if option.plan is Plan.ARCHIVE else cost


def _cost_words(facts: PracticeFacts, option: Option, at: datetime) -> str:
    if option.now.cents < 0:
        return f"{-option.now} for the unused days come off the next invoice."
    if not option.now:
        return "Nothing is due now."
    if option.month is not None:
        return _month_words(facts, option, option.month, at)
    paid = facts.subscription.paid
    if paid is None:
        raise ValueError("what is not for a month is for what is left of one")
    left = plural(paid.days_left(at), "day")
    words = f"Due now: {option.now}, for the {left} until {day_of(paid.ends, facts.zone)}."
    back = option.plan is Plan.GROUP and facts.stands(at).plan is Plan.PROFESSIONAL
    return f"{words} {_WAY_BACK}" if back else words


def _month_words(facts: PracticeFacts, option: Option, month: BillingPeriod, at: datetime) -> str:
    name, present = CATALOGUE[option.plan].name, CATALOGUE[facts.stands(at).plan].name
    left, due = month.days_left(at), f"Due now: {option.now}"
    if 0 < left < month.days and not option.current:
        since, until = day_of(month.begins, facts.zone), day_of(month.ends, facts.zone)
        days = plural(left, "day")
        return f"{due}, for {present} since {since} and for {name} for the {days} until {until}."
    what = f"a month of {name if left else present}"
    if left and not option.renews:
        what = f"the first month of {name}"
    return f"{due}, for {what}. {covered_words(month, at, facts.zone)}"


def _trial_words(facts: PracticeFacts, option: Option, at: datetime) -> str:
    days = CATALOGUE[option.plan].trial_days
    ends, year = at + timedelta(days=days), facts.subscription.starter_ends
    words = (
        f"The first {days} days are a trial without a card. Nothing is charged before "
        f"{day_of(ends, facts.zone)}"
    )
    if ends >= year:
        return f"{words}."
    return f"{words}, and until {day_of(year, facts.zone)}, you can go back to Starter."

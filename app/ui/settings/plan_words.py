"""The plan in words: from what the account said now, what it signed last, or without an account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.kernel.entitlement import Plan, SeatKind
from app.core.kernel.money import Money
from app.core.kernel.phrases import full_date, plural
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.grant import Freshness, PlanState
from app.core.membership.rules.moves import Option, PracticeFacts, Why
from app.core.membership.rules.notices import Notice, NoticeKind, notice_words, notices
from app.core.membership.rules.prices import monthly_price
from app.core.membership.rules.seats import SeatsUsed
from app.core.membership.rules.subscription import GRACE, Stands, Status

#: What a row of *Plans* says a plan has room for.
ROOM: dict[Plan, str] = {
    Plan.STARTER: "Up to 10 active clients, 1 clinician",
    Plan.PROFESSIONAL: "Any number of clients, 1 clinician",
    Plan.GROUP: "Any number of clients, 2 clinicians, then $29 each",
    Plan.ARCHIVE: "Read and export only, for the owner alone",
}
_ROLE: dict[SeatKind, tuple[str, str]] = {
    SeatKind.CLINICIAN: ("Clinician", "owner, providers"),
    SeatKind.ASSOCIATE: ("Associate", ""),
    SeatKind.ADMIN: ("Admin", ""),
}
NONE = "–"
_WAY_BACK = "You may go back at any time, as soon as one clinician is enough."
_COUNTS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Told:
    """A notice on the page: what is so, and what to do; ``grave`` for what has ended."""

    cause: str
    sentence: str
    grave: bool = False


@dataclass(frozen=True, slots=True)
class SeatRow:
    """The seats of one kind, as a table shows them."""

    kind: SeatKind
    words: str
    second: str
    active: str
    invited: str
    reserved: str
    allowed: str
    each: str
    amount: str


@dataclass(frozen=True, slots=True)
class PlanShown:
    """The plan as the page shows it; ``plan`` is ``None`` for one that came after this version."""

    plan: Plan | None
    name: str
    head: str
    seats: SeatsUsed
    told: tuple[Told, ...] = ()
    monthly: Money | None = None


def day_of(moment: datetime, zone: str) -> str:
    """Return the day of a moment on the wall of IANA ``zone``: ``December 3, 2026``."""
    return full_date(moment.astimezone(ZoneInfo(zone)).date())


def whole(amount: Money) -> str:
    """Return a price without cents that are none: ``$39``."""
    return str(amount).removesuffix(".00")


def show_words(count: int) -> str:
    """Return the words of the link to so many clients: ``Show the nine``."""
    return f"Show the {_COUNTS[count]}" if 0 < count < len(_COUNTS) else "Show them"


def without_account(state: PlanState) -> PlanShown:
    """Return what holds on a computer that no account has granted anything."""
    head = "Without an account: one computer, with Starter’s limits and no end date."
    if state.entitlement.demo:
        head = "The demo practice has no limits, and no account."
    return PlanShown(Plan.STARTER, CATALOGUE[Plan.STARTER].name, head, SeatsUsed())


def from_facts(facts: PracticeFacts, at: datetime) -> PlanShown:
    """Return the plan as the account says it now."""
    stands = facts.stands(at)
    used = facts.used(at)
    monthly = monthly_price(stands.plan, used)
    head = _head(stands, monthly, facts.zone)
    if stands.status is Status.STARTER:
        since = day_of(facts.subscription.signed_up_at, facts.zone)
        head = f"Starter, free for twelve months since {since}."
    said = notices(facts.subscription, stands, facts.active_clients, at)
    told = tuple(_told(each, stands.plan, at, facts.zone) for each in said)
    return PlanShown(stands.plan, CATALOGUE[stands.plan].name, head, used, told, monthly)


def from_grant(state: PlanState, at: datetime, zone: str) -> PlanShown:
    """Return the plan as the account signed it last."""
    grant = state.grant
    if grant is None:
        return without_account(state)
    known = grant.plan in frozenset(map(str, Plan))
    plan = Plan(grant.plan) if known else None
    name = CATALOGUE[plan].name if plan else grant.plan.replace("_", " ").capitalize()
    told = [_told(each, grant.plan, at, zone) for each in grant.notices]
    used = grant.seats_used
    monthly = monthly_price(plan, used) if plan else None
    head = f"{name}."
    if plan is not None and grant.status is not None and monthly is not None:
        head = _head(Stands(plan, grant.status, grant.until), monthly, zone)
    return PlanShown(plan, name, head, used, tuple(told), monthly)


def about_the_clock(state: PlanState, at: datetime, zone: str) -> list[Told]:
    """Return what is to be said of how old the signed plan is, and of this computer's clock."""
    told = []
    if state.clock_turned_back:
        told.append(
            Told(
                f"This computer’s clock says {day_of(at, zone)}, which cannot be.",
                "Set the date and time in the system’s settings. Nothing is locked meanwhile.",
            )
        )
    grant = state.grant
    if grant is not None and state.freshness is Freshness.EXPIRED:
        told.append(
            Told(
                f"Your plan was checked last on {day_of(grant.issued, zone)}.",
                f"Go online once before {day_of(grant.stale, zone)}; after that nobody new can be "
                "made active or invited until you were.",
            )
        )
    elif grant is not None and state.freshness is Freshness.STALE:
        told.append(
            Told(
                f"Your plan was checked last on {day_of(grant.issued, zone)}.",
                "Go online once to make clients active and invite people again. Everything else "
                "works.",
            )
        )
    return told


def _head(stands: Stands, monthly: Money, zone: str) -> str:
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


def _told(notice: Notice, plan: str, at: datetime, zone: str) -> Told:
    sentence = notice_words(notice, plan, zone)
    match notice.kind:
        case NoticeKind.STARTER_ENDS if notice.until is not None:
            left = max(-((at - notice.until) // timedelta(days=1)), 0)
            return Told(
                f"Your free year ends in {plural(left, 'day')}, on {day_of(notice.until, zone)}.",
                f"Choose Professional or Group by then. If you do nothing, everything goes on for "
                f"{GRACE.days} days more; after that you can still read, print, export and finish "
                "notes, but not book.",
            )
        case NoticeKind.LAPSED:
            return Told(
                "Your plan has ended.",
                "Your records stay open to read, print and export, and sessions you held can be "
                "written up and paid. Choose a plan to book again.",
                grave=True,
            )
    cause, stop, rest = sentence.partition(": ")
    return Told(f"{cause}.", rest[:1].upper() + rest[1:]) if stop else Told(sentence, "")


def seat_rows(plan: Plan, used: SeatsUsed) -> list[SeatRow]:
    """Return the seats of every kind on a plan, with what they cost a month."""
    terms = CATALOGUE[plan]
    made = []
    for kind, (words, who) in _ROLE.items():
        seats, count = terms.seats(kind), used.of(kind)
        second = "owner" if who and seats.most == 1 else who
        if seats.most == 0 and not count.used:
            made.append(
                SeatRow(kind, words, second, NONE, NONE, NONE, NONE, _elsewhere(kind), NONE)
            )
            continue
        extra = _beyond(count.used, seats.included) if seats.extra else 0
        amount = (seats.extra or Money(0)) * extra
        if kind is SeatKind.CLINICIAN:
            amount = amount + terms.monthly
        made.append(
            SeatRow(
                kind,
                words,
                second,
                str(count.active),
                str(count.invited),
                str(count.reserved),
                _allowed(seats.most),
                _elsewhere(kind) if seats.most == 0 else _each(plan, kind),
                str(amount),
            )
        )
    return made


def _allowed(most: int | None) -> str:
    if most is None:
        return "any"
    return str(most) if most else NONE


def _beyond(used: int, included: int | None) -> int:
    return max(used - (included or 0), 0)


def _each(plan: Plan, kind: SeatKind) -> str:
    seats = CATALOGUE[plan].seats(kind)
    if seats.included is None:
        return "free"
    if seats.extra is None:
        return "included"
    return f"{whole(seats.extra)} after {seats.included}" if seats.included else str(seats.extra)


def _elsewhere(kind: SeatKind) -> str:
    """Return what a seat that the plan lacks costs on Professional."""
    return f"{_each(Plan.PROFESSIONAL, kind)} on Professional"


def change_words(facts: PracticeFacts, option: Option, at: datetime) -> str:
    """Return in sentences what choosing a plan costs at once, and what follows."""
    if option.trial:
        return _trial_words(facts, option, at)
    if option.plan is Plan.ARCHIVE:
        return (
            "You alone read, print and export. Your team’s computers upload their work first and "
            "become read-only. You can return at any time."
        )
    if option.now.cents < 0:
        return f"{-option.now} for the unused days come off the next invoice."
    if not option.now:
        return "Nothing is due now."
    paid = facts.subscription.paid
    if paid is None or at >= paid.ends:
        return f"Due now: {option.now}, for the first month of {CATALOGUE[option.plan].name}."
    left = plural(paid.days_left(at), "day")
    words = f"Due now: {option.now}, for the {left} until {day_of(paid.ends, facts.zone)}."
    back = option.plan is Plan.GROUP and facts.stands(at).plan is Plan.PROFESSIONAL
    return f"{words} {_WAY_BACK}" if back else words


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


def verb_of(option: Option) -> str:
    """Return what the button says that chooses a plan."""
    name = CATALOGUE[option.plan].name
    if option.trial:
        return f"Try {name}"
    return "Archive this practice" if option.plan is Plan.ARCHIVE else f"Change to {name}"


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

"""The plan in words: from what the account said now, what it signed last, or without an account."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.core.kernel.entitlement import Act, Plan, SeatKind, Standing
from app.core.kernel.money import Money
from app.core.kernel.phrases import plural
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.grant import Freshness, PlanState, meanwhile_words
from app.core.membership.rules.moves import PracticeFacts
from app.core.membership.rules.notices import Notice, NoticeKind, notice_words, notices
from app.core.membership.rules.offers import day_of, stands_words, whole
from app.core.membership.rules.prices import monthly_price
from app.core.membership.rules.seats import SeatsUsed
from app.core.membership.rules.subscription import GRACE, STANDING_OF, Stands, Status

_ROLE: dict[SeatKind, tuple[str, str]] = {
    SeatKind.CLINICIAN: ("Clinician", "owner, providers"),
    SeatKind.ASSOCIATE: ("Associate", ""),
    SeatKind.ADMIN: ("Admin", ""),
}
NONE = "–"
_RUNS_OUT = frozenset(
    {NoticeKind.TRIAL_ENDS, NoticeKind.TRIAL_OVER, NoticeKind.GRACE, NoticeKind.GRACE_OVER}
)
_COUNTS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class Told:
    """A notice on the page: what is so, and what to do.

    ``grave`` is for what has ended, ``runs_out`` for what will.
    """

    cause: str
    sentence: str
    grave: bool = False
    runs_out: bool = False


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
    grows: bool = True
    """Whether anybody new can be made active, within limits."""


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
    head = stands_words(stands, monthly, facts.zone)
    if stands.status is Status.STARTER:
        since = day_of(facts.subscription.signed_up_at, facts.zone)
        head = f"Starter, free for twelve months since {since}."
    said = notices(facts.subscription, stands, facts.active_clients, at)
    told = tuple(_told(each, stands.plan, at, facts.zone) for each in said)
    grows = STANDING_OF[stands.status] is Standing.WITHIN
    return PlanShown(stands.plan, CATALOGUE[stands.plan].name, head, used, told, monthly, grows)


def from_grant(state: PlanState, at: datetime, zone: str) -> PlanShown:
    """Return the plan as the account signed it last."""
    grant = state.grant
    if grant is None:
        return without_account(state)
    known = grant.plan in frozenset(map(str, Plan))
    plan = Plan(grant.plan) if known else None
    name = CATALOGUE[plan].name if plan else grant.plan.replace("_", " ").capitalize()
    told = [_told_offline(each, state, at, zone) for each in grant.told(at)]
    used = grant.seats_used
    monthly = monthly_price(plan, used) if plan else None
    head = f"{name}."
    if plan is not None and grant.status is not None and monthly is not None:
        head = stands_words(Stands(plan, grant.status, grant.until), monthly, zone)
    return PlanShown(
        plan, name, head, used, tuple(told), monthly, state.entitlement.allows(Act.GROW)
    )


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


def _told_offline(notice: Notice, state: PlanState, at: datetime, zone: str) -> Told:
    told = _told(notice, state.entitlement.plan, at, zone)
    if notice.kind not in (NoticeKind.TRIAL_OVER, NoticeKind.GRACE_OVER):
        return told
    return replace(told, sentence=f"{told.sentence} {meanwhile_words(state.freshness)}")


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
                runs_out=True,
            )
        case NoticeKind.LAPSED:
            return Told(
                "Your plan has ended.",
                "Your records stay open to read, print and export, and sessions you held can be "
                "written up and paid. Choose a plan to book again.",
                grave=True,
            )
    cause, stop, rest = sentence.partition(": ")
    if not stop:
        return Told(sentence, "")
    runs_out = notice.kind in _RUNS_OUT
    return Told(f"{cause}.", rest[:1].upper() + rest[1:], runs_out=runs_out)


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
    if not seats.included:
        return str(seats.extra)
    # Where there is no room for one line, the number stays with its word.
    return f"{whole(seats.extra)} after\u00a0{seats.included}"


def _elsewhere(kind: SeatKind) -> str:
    """Return what a seat that the plan lacks costs on Professional."""
    return f"{_each(Plan.PROFESSIONAL, kind)} on Professional"

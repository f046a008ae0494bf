"""Changing the plan: what may be chosen, what stands in the way, and what it costs.

A blocker says in plain words who or what is over, and links to where a person mends it. The same
judgement is made by the account, which decides, and by Settings, Subscription, which explains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import Plan
from app.core.kernel.money import ZERO, Money
from app.core.kernel.phrases import full_date, plural
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.prices import (
    SEAT_WORDS,
    BillingPeriod,
    PriceLine,
    due_now,
    monthly_price,
    price_lines,
)
from app.core.membership.rules.seats import Holding, SeatHolder, SeatsUsed, seated, seats_used
from app.core.membership.rules.subscription import (
    Stands,
    Subscription,
    may_try,
    month_paid,
    standing_at,
)


class LinkTo(StrEnum):
    """What a blocker's link opens."""

    MEMBER = "MEMBER"
    INVITATION = "INVITATION"
    RESERVED_SEAT = "RESERVED_SEAT"
    ACTIVE_CLIENTS = "ACTIVE_CLIENTS"
    NOTE = "NOTE"
    DEVICE = "DEVICE"
    PAYMENT = "PAYMENT"
    SUBSCRIPTION = "SUBSCRIPTION"
    SUPPORT = "SUPPORT"


@dataclass(frozen=True, slots=True)
class Link:
    """A link of a blocker; ``id`` is empty for a page as a whole."""

    to: LinkTo
    words: str
    id: str = ""


class Why(StrEnum):
    """What stands in the way of a change."""

    SAME_PLAN = "SAME_PLAN"
    YEAR_OVER = "YEAR_OVER"
    NOT_FROM_HERE = "NOT_FROM_HERE"
    SEATS_OVER = "SEATS_OVER"
    CLIENTS_OVER = "CLIENTS_OVER"
    DRAFTS = "DRAFTS"
    UNSENT = "UNSENT"
    PAYMENTS = "PAYMENTS"
    NO_SEAT = "NO_SEAT"
    """The plan has no further seat of the kind that a role takes."""
    STANDING = "STANDING"
    """The plan has ended, or the practice is archived."""
    TEAM = "TEAM"
    """Who the team is: an address that is there already, an owner who is the last one."""
    UNPAID = "UNPAID"
    """Something is due at once, and no card is on file for it, or the card was refused."""
    DEARER = "DEARER"
    """More is due at once than whoever chose was told."""


#: What must be finished before a practice goes to Archive, unless support has looked at it.
OPEN_STILL = frozenset({Why.DRAFTS, Why.UNSENT, Why.PAYMENTS})


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing that stands in the way: a sentence, and where to mend it."""

    why: Why
    words: str
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Named:
    """A record as a person knows it, for a link to it."""

    id: str
    words: str


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """All that a change of plan is judged by.

    ``drafts`` are unsigned notes, ``unsent`` the devices that hold work the account does not have.
    ``pending_payments`` are clients' payments that are neither succeeded nor failed, for which
    Archive waits (product: *Plans*): the account says none before it takes cards and bank
    transfers, because what is recorded by hand has come already, and a program of today
    understands one that does.
    """

    subscription: Subscription
    zone: str
    staff: tuple[SeatHolder, ...]
    active_clients: int = 0
    drafts: tuple[Named, ...] = ()
    unsent: tuple[Named, ...] = ()
    pending_payments: tuple[Named, ...] = ()

    def used(self, at: datetime) -> SeatsUsed:
        """Return the seats that are taken at ``at``."""
        return seats_used(self.staff, at)

    def stands(self, at: datetime) -> Stands:
        """Return where the practice stands at ``at``."""
        return standing_at(self.subscription, at, fits_starter=not _over(self, Plan.STARTER, at))


@dataclass(frozen=True, slots=True)
class Option:
    """A plan as the page offers it: whether it is the present one, what blocks it, what it costs.

    ``now`` is due at once; below zero it is a credit on the next invoice. With ``trial`` nothing
    is due before the trial ends. ``month`` is what is paid for, where that is a whole month.
    """

    plan: Plan
    current: bool
    blockers: tuple[Blocker, ...]
    lines: tuple[PriceLine, ...]
    monthly: Money
    now: Money
    trial: bool
    month: BillingPeriod | None

    @property
    def allowed(self) -> bool:
        """Return whether the plan can be chosen now."""
        return not self.blockers

    @property
    def renews(self) -> bool:
        """Return whether choosing it pays for the present plan, which then goes on."""
        return self.current and self.now > ZERO


def options(facts: PracticeFacts, at: datetime) -> tuple[Option, ...]:
    """Return every plan as it can be chosen at ``at``, in the order of the catalogue."""
    stands, used = facts.stands(at), facts.used(at)
    return tuple(
        Option(
            plan,
            current=plan is stands.plan,
            blockers=blockers(facts, plan, at),
            lines=price_lines(plan, used),
            monthly=monthly_price(plan, used),
            now=_due(facts, stands, plan, at),
            trial=_is_trial(facts.subscription, stands, plan),
            month=_month(facts.subscription, stands, plan, at),
        )
        for plan in CATALOGUE
    )


def blockers(facts: PracticeFacts, wanted: Plan, at: datetime) -> tuple[Blocker, ...]:
    """Return what stands in the way of ``wanted`` at ``at``; nothing means that it is allowed.

    The present plan can be chosen where a month of it is to be paid: in grace, and once it lapsed.
    """
    stands = facts.stands(at)
    forbidden = _never_from_here(facts, stands, wanted, at)
    if forbidden is not None:
        return (forbidden,)
    open_still = _still_open(facts) if wanted is Plan.ARCHIVE else _over(facts, wanted, at)
    return (*open_still, *_without_card(facts, stands, wanted, at))


def unpaid(what: str, amount: Money, *, card: bool) -> Blocker:
    """Return what is said where ``amount`` is due for ``what`` and cannot be taken.

    ``card`` says whether one is on file, which was refused then.
    """
    why = "the card on file was refused: have another one put on file."
    if not card:
        why = "no card is on file: ask whoever runs your account to put one on file."
    return Blocker(Why.UNPAID, f"{what} costs {amount} now, and {why}")


def dearer(what: str, amount: Money) -> Blocker:
    """Return what is said where ``amount`` is due for ``what``, and less was shown before."""
    words = f"{what} costs {amount} now, more than was shown: if that is right, choose it again."
    return Blocker(Why.DEARER, words)


def moved(
    facts: Subscription, stands: Stands, wanted: Plan, at: datetime, paid: BillingPeriod | None
) -> Subscription:
    """Return the facts after an allowed change to ``wanted``.

    ``paid`` is the month that was paid for it; ``None`` where none is: to Starter, into a trial,
    or where a paid month runs already. Raises ``ValueError`` when a month must be paid first.
    """
    running = facts.paid if facts.paid is not None and at < facts.paid.ends else None
    if wanted is Plan.STARTER:
        return replace(facts, plan=wanted, paid=None)
    if _is_trial(facts, stands, wanted) and paid is None:
        return replace(facts, plan=wanted, trial_began=at)
    if paid is None and running is None:
        raise ValueError("a plan that costs something begins with a month that is paid")
    return replace(facts, plan=wanted, paid=paid or running)


def _never_from_here(
    facts: PracticeFacts, stands: Stands, wanted: Plan, at: datetime
) -> Blocker | None:
    name = CATALOGUE[wanted].name
    year_over = at >= facts.subscription.starter_ends
    if wanted is Plan.STARTER and year_over:
        ended = facts.subscription.starter_ends.astimezone(ZoneInfo(facts.zone)).date()
        words = f"Starter was for the first twelve months, which ended {full_date(ended)}."
        return Blocker(Why.YEAR_OVER, words)
    if wanted is stands.plan and not stands.is_owed:
        return Blocker(Why.SAME_PLAN, f"Your plan is {name} already.")
    if wanted is Plan.STARTER and stands.plan is Plan.ARCHIVE:
        words = "From Archive a practice returns to Professional or Group."
        return Blocker(Why.NOT_FROM_HERE, words)
    if wanted is Plan.ARCHIVE and stands.plan is Plan.STARTER:
        words = "Archive is for practices on Professional or Group."
        return Blocker(Why.NOT_FROM_HERE, words)
    return None


def _over(facts: PracticeFacts, wanted: Plan, at: datetime) -> tuple[Blocker, ...]:
    """Return what does not fit in ``wanted``: staff by kind of seat, then active clients."""
    return (*_seats_over(facts, wanted, at), *_clients_over(facts, wanted))


def _seats_over(facts: PracticeFacts, wanted: Plan, at: datetime) -> Iterator[Blocker]:
    limits = CATALOGUE[wanted].seat_limits
    used = facts.used(at)
    for kind, (one, several) in SEAT_WORDS.items():
        most, taken = limits.of(kind), used.of(kind).used
        if most is None or taken <= most:
            continue
        holders = [each for each in seated(facts.staff, at) if each.kind is kind]
        # An owner always stays.
        stays = next((each for each in holders if each.role is Role.OWNER), None)
        leaving = [each for each in holders if each is not stays]
        room = f"room for {most}" if most else "no seats for them"
        who = _so_many(taken - most, leaving)
        mend = f"Deactivate or take back {who}."
        links = tuple(_seat_link(each) for each in leaving)
        if facts.subscription.plan is Plan.ARCHIVE:
            # Nobody leaves an archived practice: the table of acts closes it.
            mend, links = f"Return to Group, then deactivate or take back {who}.", ()
        has = f"Your team has {plural(taken, one, several)}; {CATALOGUE[wanted].name} has {room}."
        yield Blocker(Why.SEATS_OVER, f"{has} {mend}", links)


def _clients_over(facts: PracticeFacts, wanted: Plan) -> Iterator[Blocker]:
    most = CATALOGUE[wanted].active_clients
    if most is None or facts.active_clients <= most:
        return
    over = facts.active_clients - most
    words = (
        f"{plural(facts.active_clients, 'client is', 'clients are')} active; "
        f"{CATALOGUE[wanted].name} has room for {most}. Make {over} of them inactive."
    )
    yield Blocker(Why.CLIENTS_OVER, words, (Link(LinkTo.ACTIVE_CLIENTS, "Choose who is active"),))


def _still_open(facts: PracticeFacts) -> Iterator[Blocker]:
    """Yield what must be finished before a practice becomes read-only."""
    if facts.drafts:
        notes = plural(len(facts.drafts), "note is", "notes are")
        yield _open(Why.DRAFTS, f"{notes} not signed yet.", LinkTo.NOTE, facts.drafts)
    if facts.unsent:
        devices = plural(len(facts.unsent), "computer has", "computers have")
        words = f"{devices} work that is not uploaded yet."
        yield _open(Why.UNSENT, words, LinkTo.DEVICE, facts.unsent)
    if facts.pending_payments:
        payments = plural(len(facts.pending_payments), "payment is", "payments are")
        words = f"{payments} still under way."
        yield _open(Why.PAYMENTS, words, LinkTo.PAYMENT, facts.pending_payments)


def _open(why: Why, words: str, to: LinkTo, records: Iterable[Named]) -> Blocker:
    links = [Link(to, each.words, each.id) for each in records]
    return Blocker(why, words, (*links, Link(LinkTo.SUPPORT, "Ask support about Archive")))


def _so_many(over: int, leaving: list[SeatHolder]) -> str:
    names = [each.name for each in leaving]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return listed if over == len(names) else f"{over} of {listed}"


def _seat_link(holder: SeatHolder) -> Link:
    to = {
        Holding.ACTIVE: LinkTo.MEMBER,
        Holding.INVITED: LinkTo.INVITATION,
        Holding.RESERVED: LinkTo.RESERVED_SEAT,
    }
    return Link(to[holder.holding], holder.name, holder.id)


def _without_card(
    facts: PracticeFacts, stands: Stands, wanted: Plan, at: datetime
) -> Iterator[Blocker]:
    due = _due(facts, stands, wanted, at)
    if due > ZERO and not facts.subscription.card:
        yield unpaid(CATALOGUE[wanted].name, due, card=False)


def _due(facts: PracticeFacts, stands: Stands, wanted: Plan, at: datetime) -> Money:
    """Return what choosing ``wanted`` costs at once.

    In grace another plan costs what renewing the present one and changing on the same day costs, so
    that no way round by another plan is cheaper or dearer than the renewal.
    """
    if wanted is stands.plan and not stands.is_owed:
        return ZERO
    subscription, used = facts.subscription, facts.used(at)
    if _is_trial(subscription, stands, wanted):
        return ZERO
    before, after = monthly_price(subscription.plan, used), monthly_price(wanted, used)
    paid, month = subscription.paid, _month(subscription, stands, wanted, at)
    if month is not None:
        # Of one that begins now no day is gone, and the present plan adds nothing.
        return before + due_now(before, after, month, at)
    if paid is None or at >= paid.ends:
        return after
    return due_now(before, after, paid, at)


def _is_trial(facts: Subscription, stands: Stands, wanted: Plan) -> bool:
    return wanted is Plan.PROFESSIONAL and may_try(facts, stands)


def _month(facts: Subscription, stands: Stands, wanted: Plan, at: datetime) -> BillingPeriod | None:
    """Return the month that is paid for with a choice of ``wanted``, if a whole one is."""
    if wanted is Plan.STARTER or _is_trial(facts, stands, wanted):
        return None
    return month_paid(facts, stands, at)

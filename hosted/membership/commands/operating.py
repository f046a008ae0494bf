"""What the operator says of a plan, in place of the payment processor that comes later."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import select

from app.core.kernel.entitlement import Plan
from app.core.kernel.money import ZERO, Money
from app.core.kernel.phrases import date_words
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.grant import grant_of
from app.core.membership.rules.notices import notice_words
from app.core.membership.rules.prices import (
    SEAT_WORDS,
    BillingPeriod,
    monthly_price,
    months_after,
)
from app.core.membership.rules.subscription import Subscription, may_try, with_card
from hosted.account.tables import Account
from hosted.membership.charging import Charging
from hosted.membership.commands.changing import NoAccount, change_plan
from hosted.membership.facts import facts, keep_subscription, subscription
from hosted.membership.granting import account_of
from hosted.membership.locking import locked
from hosted.membership.settling import settle_ended_within
from hosted.membership.tables import PlanCharge
from hosted.store.engine import Database, For, HostedSession

#: A month may be paid while the one before it runs; further ahead is a slip of the keyboard.
MONTHS_AHEAD = 2


class NotADay(Exception):
    """No paid month can end on a day; the words say why."""


class NoTrial(Exception):
    """The trial cannot be begun; the words say why."""


def whose(database: Database, practice_id: UUID) -> For:
    """Return the account and practice that a transaction is to be for; raises ``NoAccount``."""
    with database.read(For(practice_id)) as session:
        account = account_of(session, practice_id)
    if account is None:
        raise NoAccount
    return For(practice_id, account=account.id)


def begin_trial(database: Database, of: For, charging: Charging, at: datetime) -> None:
    """Begin the one trial of Professional; raises ``NoTrial``, or ``NotAllowed`` as any change."""
    with database.read(of) as session:
        known = facts(session, session.get_one(Account, of.account))
    stands, began = known.stands(at), known.subscription.trial_began
    if began is not None:
        raise NoTrial(
            f"This practice had its trial: it began {_day(began)}, and there is one for each "
            "practice."
        )
    if not may_try(known.subscription, stands):
        raise NoTrial(
            f"A trial begins from Starter, and the plan is {CATALOGUE[stands.plan].name}."
        )
    change_plan(database, of, Plan.PROFESSIONAL, charging, at, shown=ZERO)


def say_card(database: Database, of: For, at: datetime, *, card: bool) -> None:
    """Say whether a way to pay is on file."""
    with database.write(of) as session:
        account = _account(session, of)
        known = facts(session, account)
        kept = with_card(known.subscription, known.stands(at), card=card)
        keep_subscription(session, account, kept)


def say_paid(database: Database, of: For, until: date, charging: Charging, at: datetime) -> None:
    """Say that the plan is paid until a day begins, in UTC: the newest month ends then.

    Raises ``NotADay`` for one by which no month that is paid can end, and on Starter.
    """
    ends = datetime.combine(until, time(), UTC)
    with database.write(of) as session:
        account = _account(session, of)
        # By the month that was paid until now.
        settle_ended_within(session, account, charging, at)
        known = subscription(session, account)
        _check_paid(known, ends, at)
        month = BillingPeriod(months_after(ends, -1), ends)
        keep_subscription(session, account, replace(known, paid=month))


def _check_paid(known: Subscription, ends: datetime, at: datetime) -> None:
    """Every plan is paid by the month, and ahead at most the one after the present one."""
    if known.plan is Plan.STARTER:
        raise NotADay("Starter costs nothing, so nothing of it is paid: change the plan first.")
    if ends <= at:
        raise NotADay(f"{_day(ends)} has begun already: say the day on which the paid month ends.")
    last = months_after(at, MONTHS_AHEAD)
    if ends > last:
        raise NotADay(
            f"{_day(ends)} is too far ahead: plans are paid by the month, and the latest "
            f"day that can be paid until now is {_day(last)}."
        )


def _account(session: HostedSession, of: For) -> Account:
    account = None if of.account is None else locked(session, of.account)
    if account is None:
        raise NoAccount
    return account


def words(database: Database, of: For, at: datetime) -> list[str]:
    """Return where an account stands, line by line."""
    with database.read(of) as session:
        account = session.get_one(Account, of.account)
        known = facts(session, account)
        charges = session.scalars(
            select(PlanCharge).where(PlanCharge.account_id == account.id).order_by(PlanCharge.at)
        ).all()
    stands, used = known.stands(at), known.used(at)
    terms = CATALOGUE[stands.plan]
    until = "" if stands.until is None else f" until {_day(stands.until)}"
    limit = "no limit" if terms.active_clients is None else str(terms.active_clients)
    lines = [
        f"account  {account.name}",
        f"plan  {terms.name}, {stands.status}{until}",
        f"active clients  {known.active_clients} of {limit}",
    ]
    for kind, (_one, several) in SEAT_WORDS.items():
        count, most = used.of(kind), terms.seat_limits.of(kind)
        lines.append(
            f"{several}  {count.used} of {'no limit' if most is None else most} "
            f"({count.active} active, {count.invited} invited, {count.reserved} reserved)"
        )
    lines.append(f"price  {monthly_price(stands.plan, used)} a month")
    lines += _paid(known.subscription)
    lines += [f"due {_day(each.at)}  {Money(each.cents)}  {each.words}" for each in charges]
    grant = grant_of(of.practice_id or account.id, known, 0, at)
    lines += [f"notice  {notice_words(each, stands.plan, known.zone)}" for each in grant.notices]
    return lines


def _paid(known: Subscription) -> list[str]:
    paid, began = known.paid, known.trial_began
    return [
        f"card  {'yes' if known.card else 'no'}",
        f"trial  {'not used' if began is None else f'began {_day(began)}'}",
        f"paid  {'nothing' if paid is None else f'{_day(paid.begins)} to {_day(paid.ends)}'}",
    ]


def _day(moment: datetime) -> str:
    return date_words(moment.astimezone(UTC).date())

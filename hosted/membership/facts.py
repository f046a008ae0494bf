"""What a practice's plan is judged by, read from the account's rows and the practice's records."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, select

from app.core.clinical.rules.notes import NoteStatus
from app.core.clinical.tables import Note
from app.core.kernel.entitlement import Plan
from app.core.kernel.phrases import date_words
from app.core.membership.rules.moves import Named, PracticeFacts
from app.core.membership.rules.prices import BillingPeriod
from app.core.membership.rules.subscription import Subscription
from app.core.people.rules import Lifecycle
from app.core.people.tables import Client
from hosted.account.tables import Account
from hosted.membership.tables import SubscriptionRow
from hosted.store.engine import HostedSession
from hosted.store.tables import Device, Incarnation
from hosted.team.queries import seat_holders

#: More open notes than anybody would follow links to; a page that lists them ends here.
_MOST_DRAFTS = 1_000


def subscription(session: HostedSession, account: Account) -> Subscription:
    """Return what an account subscribes to: Starter since its sign-up until it chooses."""
    row = session.get(SubscriptionRow, account.id)
    if row is None:
        return Subscription(account.made_at)
    paid = None
    if row.paid_begins is not None and row.paid_ends is not None:
        paid = BillingPeriod(row.paid_begins, row.paid_ends)
    return Subscription(account.made_at, row.plan, row.trial_began, row.card, paid)


def keep_subscription(session: HostedSession, account: Account, facts: Subscription) -> None:
    """Write down what an account subscribes to from now on; the account must be locked."""
    row = session.get(SubscriptionRow, account.id)
    if row is None:
        row = SubscriptionRow(account_id=account.id, plan=Plan.STARTER, card=False)
        session.add(row)
    row.plan, row.trial_began, row.card = facts.plan, facts.trial_began, facts.card
    row.paid_begins = None if facts.paid is None else facts.paid.begins
    row.paid_ends = None if facts.paid is None else facts.paid.ends


def counted(session: HostedSession, account: Account) -> PracticeFacts:
    """Return what a grant says: subscription, staff and active clients, not what is unfinished.

    The transaction must be for the account and its practice.
    """
    active = 0
    if account.practice_id is not None:
        active = session.scalar(select(active_clients(account.practice_id))) or 0
    return PracticeFacts(
        subscription(session, account),
        account.zone,
        seat_holders(session, account.id),
        active_clients=active,
    )


def facts(session: HostedSession, account: Account) -> PracticeFacts:
    """Return all that a change of plan is judged by; the transaction as for ``counted``.

    No payment is ever under way yet: one enters the records once the money has come.
    """
    found = counted(session, account)
    if account.practice_id is None:
        return found
    return replace(
        found,
        drafts=_drafts(session, account.practice_id),
        unsent=_unsent(session, account.practice_id),
    )


def active_clients(practice_id: UUID | ColumnElement[UUID]) -> ScalarSelect[int]:
    """Return the number of active clients of a practice, as a part of a statement."""
    return (
        select(func.count())
        .select_from(Client)
        .where(
            Client.practice_id == practice_id,
            Client.lifecycle == Lifecycle.ACTIVE,
            Client.deleted_at.is_(None),
        )
        .scalar_subquery()
    )


def _drafts(session: HostedSession, practice_id: UUID) -> tuple[Named, ...]:
    """Return the notes that nobody signed yet, the newest first."""
    rows = session.execute(
        select(Note.id, Note.kind, Note.held_on)
        .where(
            Note.practice_id == practice_id,
            Note.status == NoteStatus.DRAFT,
            Note.deleted_at.is_(None),
        )
        .order_by(Note.held_on.desc(), Note.id)
        .limit(_MOST_DRAFTS)
    )
    return tuple(
        Named(row.id.hex, f"{row.kind.label} of {date_words(row.held_on)}") for row in rows
    )


def _unsent(session: HostedSession, practice_id: UUID) -> tuple[Named, ...]:
    """Return the computers that had changes to send when they greeted, and have not sent all.

    What a computer wrote since, without a network, only that computer knows.
    """
    rows = session.execute(
        select(Device.id, Device.name)
        .outerjoin(
            Incarnation,
            (Incarnation.practice_id == Device.practice_id) & (Incarnation.id == Device.greeted_as),
        )
        .where(
            Device.practice_id == practice_id,
            Device.revoked_at.is_(None),
            # What it had not sent when it parted from the account, stays on it alone.
            Device.disconnected_at.is_(None),
            Device.waiting > 0,
            func.coalesce(Incarnation.accepted, 0) < Device.waiting_to,
        )
        .order_by(Device.paired_at)
    )
    return tuple(Named(row.id.hex, row.name) for row in rows)

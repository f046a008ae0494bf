"""Tables of the plan: what an account subscribes to, what was granted last, and what is to be paid.

The subscription belongs to the account: one that chose nothing yet is on Starter since its sign-up.
A practice that a pairing code began has no account, so no subscription and no document: it works
with Starter's limits and no end, as a practice on one computer does.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.kernel.entitlement import Plan
from app.core.store.columns import Word
from hosted.store.tables import HostedBase


class SubscriptionRow(HostedBase):
    """What an account chose and what is paid, once it chose; see ``Subscription`` of the rules."""

    __tablename__ = "subscription"
    __doors__ = (("account_id", "account"),)

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    plan: Mapped[Plan] = mapped_column(Word(Plan), default=Plan.STARTER)
    trial_began: Mapped[datetime | None]
    card: Mapped[bool] = mapped_column(default=False)
    paid_begins: Mapped[datetime | None]
    paid_ends: Mapped[datetime | None]


class IssuedGrant(HostedBase):
    """The signed pair that a practice was given last, and what tells that another one is due.

    ``seq`` grows for good, also across a restored backup: it is no less than the second of its
    issue. ``changes`` and ``active_clients`` are the account's and the practice's as of then;
    ``look_again`` is when time alone may change what it says. ``kid`` names the key that signed.
    """

    __tablename__ = "issued_grant"

    practice_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    changes: Mapped[int] = mapped_column(BigInteger)
    active_clients: Mapped[int]
    look_again: Mapped[datetime]
    kid: Mapped[str]
    document: Mapped[str]


class PlanCharge(HostedBase):
    """What is due for a plan or a seat at once, in cents; below zero it is credit."""

    __tablename__ = "plan_charge"
    __doors__ = (("account_id", "account"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    at: Mapped[datetime]
    cents: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[str]

    __table_args__ = (Index(None, "account_id", "at"),)

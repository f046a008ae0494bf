"""Tables of the team: invitations by e-mail, and seats that are held in reserve.

An active member is a ``Membership`` of the account; when it ends, its row goes.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from app.core.kernel.acting import Role
from app.core.store.columns import Word
from hosted.store.tables import HostedBase


class Invitation(HostedBase):
    """An invitation by e-mail; its link opens until ``ends_at``.

    Once it was accepted nothing ends it, and ``login_id`` and ``member_id`` say who has joined by
    it: who comes back after the membership ended is the same member of the practice's records. Of
    one that ended by itself ``settled_at`` says when its seat was given back. ``from_reserve`` says
    that it sits on a seat held in reserve, which is nobody else's meanwhile.
    """

    __tablename__ = "invitation"
    __doors__ = (
        ("token_hash", "token"),
        ("account_id", "account"),
        ("ends_at", "long ended"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    account_id: Mapped[UUID]
    address: Mapped[str]
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    name: Mapped[str]
    role: Mapped[Role] = mapped_column(Word(Role))
    from_reserve: Mapped[bool] = mapped_column(default=False)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    sent_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    login_id: Mapped[UUID | None]
    member_id: Mapped[UUID | None]

    def stands_at(self, at: datetime) -> bool:
        """Return whether it can be accepted at ``at``; one that was over once never can be.

        Its seat was given back then, and a clock that was set back gives it to nobody again.
        """
        over = self.withdrawn_at is not None or self.settled_at is not None
        return not over and self.ends_at is not None and at < self.ends_at

    __table_args__ = (
        Index("uq_invitation_token", "token_hash", unique=True),
        Index(None, "account_id"),
    )


class ReservedSeats(HostedBase):
    """How many seats of a role a practice holds in reserve, those that invitations took included.

    Whoever joins by such an invitation takes the seat along: it is one fewer then.
    """

    __tablename__ = "reserved_seats"
    __doors__ = (("account_id", "account"),)

    account_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[Role] = mapped_column(Word(Role), primary_key=True)
    count: Mapped[int]

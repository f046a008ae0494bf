"""Tables of the team area."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.kernel.acting import Permission, Role
from app.core.store.base import Synced, link
from app.core.store.columns import word
from app.core.store.merging import Merging
from app.core.team.rules import MemberStatus


class Member(Synced):
    """A person who signs in."""

    __tablename__ = "member"
    __area__ = "team"
    __right__ = Permission.MANAGE_TEAM

    given: Mapped[str]
    family: Mapped[str] = mapped_column(default="")
    credentials: Mapped[str] = mapped_column(default="")
    role: Mapped[Role] = mapped_column(word(Role))
    email: Mapped[str] = mapped_column(default="")
    npi: Mapped[str] = mapped_column(default="")
    taxonomy: Mapped[str] = mapped_column(default="")
    color: Mapped[str] = mapped_column(default="spruce")
    status: Mapped[MemberStatus] = mapped_column(word(MemberStatus), default=MemberStatus.ACTIVE)


class License(Synced):
    """A license of a member, from the day it is valid to the day it ends, both included."""

    __tablename__ = "license"
    __area__ = "team"
    __right__ = Permission.MANAGE_TEAM
    __merging__ = Merging(groups=(("kind", "number", "state"), ("valid_from", "valid_to")))

    member_id: Mapped[UUID] = link("member")
    kind: Mapped[str] = mapped_column(default="")
    number: Mapped[str]
    state: Mapped[str]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]

    __table_args__ = (Index(None, "practice_id", "member_id"),)

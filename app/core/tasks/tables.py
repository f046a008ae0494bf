"""Tables of the tasks area."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from app.core.store.base import Synced, link
from app.core.store.columns import Id, Json, word
from app.core.store.merging import Merging
from app.core.tasks.rules.inbox import InboxKind, InboxState


class InboxItem(Synced):
    """Two versions of a record of which a person must decide, or work that was refused.

    The server makes it when it merges, and it reaches all of a person's computers. ``kept`` is
    what the record holds, ``other`` what was set aside, ``base`` what both began from: each the
    columns in question as JSON values. Nothing set aside is ever dropped, decided or not; what
    a decision replaces is kept in an item of its own, which nobody else writes.
    """

    __tablename__ = "inbox_item"
    __area__ = "tasks"
    __merging__ = Merging(decision=("state", "decided_at", "decided_by"))

    kind: Mapped[InboxKind] = mapped_column(word(InboxKind))
    state: Mapped[InboxState] = mapped_column(word(InboxState), default=InboxState.OPEN)
    entity: Mapped[str]
    record_id: Mapped[UUID] = mapped_column(Id)
    case_id: Mapped[UUID | None] = link("care_case", nullable=True)
    """Of the record, so that who may not see the case does not see its inbox."""
    kept: Mapped[Any] = mapped_column(Json)
    other: Mapped[Any] = mapped_column(Json)
    base: Mapped[Any] = mapped_column(Json)
    kept_device: Mapped[str] = mapped_column(default="")
    """The computers' names, which head the two columns."""
    other_device: Mapped[str] = mapped_column(default="")
    kept_at: Mapped[datetime | None]
    other_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(default="")
    """Code of a refusal; empty for two versions."""
    made_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[UUID | None] = link("member", nullable=True)

    __table_args__ = (
        Index(None, "practice_id", "state"),
        Index(None, "practice_id", "record_id"),
    )

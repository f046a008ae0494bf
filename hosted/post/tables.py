"""The letters that wait to be carried."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from hosted.store.tables import HostedBase


class Job(HostedBase):
    """Something that the server does after the transaction that asked for it.

    Whoever works on it holds a lease; when that ends without a word, another one takes it. Of a
    job that is done its sealed content is gone. ``failure`` is the class of the last error.
    """

    __tablename__ = "job"
    __doors__ = (("", "server"),)
    #: Every transaction may leave a job; only the server itself reads them.
    __left_by_anybody__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[UUID | None]
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failure: Mapped[str | None]

    __table_args__ = (Index("ix_job_due", "done_at", "due_at"),)

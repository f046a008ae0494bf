"""Tables of the exchange area."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.exchange.rules import ImportState
from app.core.kernel.acting import Permission
from app.core.store.base import Base, Synced
from app.core.store.columns import Id, Json, word


class ImportRun(Synced):
    """One import: what was brought, where it stands, what its undoing kept."""

    __tablename__ = "import_run"
    __area__ = "exchange"
    __right__ = Permission.IMPORT

    source: Mapped[str]
    files: Mapped[Any] = mapped_column(Json)
    """Names of the files, without their folders."""
    state: Mapped[ImportState] = mapped_column(word(ImportState))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    people: Mapped[int]
    cases: Mapped[int]
    over_plan: Mapped[int]
    problems: Mapped[Any] = mapped_column(Json)
    """Sentences, one for each trouble with a row."""
    kept: Mapped[Any] = mapped_column(Json)
    """Of an undone import: the clients that stayed, with the reason."""


class ImportPart(Base):
    """A slice of an import that waits to be written; it stays on the computer that runs it.

    What a crash leaves behind is enough to go on without the files.
    """

    __tablename__ = "import_part"

    run_id: Mapped[UUID] = mapped_column(Id, primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    people: Mapped[int]
    content: Mapped[str] = mapped_column(Text)
    """Canonical JSON; empty once it is written."""
    done: Mapped[bool] = mapped_column(default=False)

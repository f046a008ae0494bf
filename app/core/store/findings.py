"""What a check of the practice found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from app.core.kernel.acting import Scope


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked; ``problems`` is empty when it holds."""

    what: str
    problems: tuple[str, ...]


#: A check beyond the file itself, e.g. that the ledger's sums hold.
Check = Callable[[Session, Scope], Finding]

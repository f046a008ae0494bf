"""The papers that bear a number: what a question about one number names and leads to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.billing.invoices.tables import Invoice
from app.core.billing.superbills.tables import Superbill
from app.core.kernel.acting import Scope
from app.core.kernel.money import Money
from app.core.kernel.phrases import date_words
from app.core.store.ports import ports_of
from app.core.store.reading import visible_cases, visible_people

#: Numbers that begin like the one asked for are found with it; of one there are but a few.
_LOOKED_THROUGH = 50


@dataclass(frozen=True, slots=True)
class NumberedPaper:
    """An issued paper; ``record`` is what opens, ``who`` the name on it as of issue."""

    record: tuple[str, UUID]
    who: str
    issued_on: date
    amount: Money

    @property
    def words(self) -> str:
        """Return what tells it from another paper of the same number."""
        return f"{self.who}, {date_words(self.issued_on)}, {self.amount}"


@dataclass(frozen=True, slots=True)
class _Kind:
    table: type[Invoice | Superbill]
    who: Any
    amount: Any
    visible: Callable[[Scope], Any]


_KINDS = {
    "invoice": _Kind(
        Invoice,
        Invoice.bill_to,
        Invoice.total,
        lambda scope: visible_cases(scope, Invoice.case_id),
    ),
    "superbill": _Kind(
        Superbill,
        Superbill.patient,
        Superbill.charged,
        lambda scope: visible_people(scope, Superbill.client_id),
    ),
}


def papers_numbered(
    session: Session, scope: Scope, entity: str, number: str
) -> tuple[NumberedPaper, ...]:
    """Return the papers of ``entity`` that bear ``number`` and may be seen, oldest first."""
    kind = _KINDS.get(entity)
    if kind is None or not number:
        return ()
    # Found as the search box finds them: without an index of numbers every paper would be read.
    found = ports_of(session).search.find(session, number, body=False, limit=_LOOKED_THROUGH)
    table = kind.table
    rows = session.execute(
        select(table.id, kind.who, table.issued_on, kind.amount)
        .where(
            table.practice_id == scope.practice_id,
            table.id.in_([each.id for each in found if each.kind == entity]),
            table.number == number,
            kind.visible(scope),
        )
        .order_by(table.issued_at, table.id)
    )
    return tuple(NumberedPaper((entity, paper_id), *said) for paper_id, *said in rows)

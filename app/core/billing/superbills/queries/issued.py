"""Reads of issued superbills."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, bindparam, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.core.billing.ledger.queries.payments import paid_by_charge
from app.core.billing.ledger.tables import Allocation
from app.core.billing.superbills.content.printed import SuperbillContent, read_superbill
from app.core.billing.superbills.rules.facts import Holder
from app.core.billing.superbills.tables import Superbill, SuperbillLine, SuperbillNumber
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound
from app.core.kernel.money import ZERO, Money
from app.core.store.ports import ports_of
from app.core.store.reading import visible_people

_Successor = aliased(Superbill, name="successor")


@dataclass(frozen=True, slots=True)
class SuperbillView:
    """An issued superbill in a list. ``superseded_by`` is the number of its replacement."""

    id: UUID
    number: str
    client_id: UUID
    patient: str
    provider: str
    first_on: date
    last_on: date
    issued_on: date
    sessions: int
    charged: Money
    paid: Money
    supersedes: str
    superseded_by: str

    @property
    def is_live(self) -> bool:
        """Return whether no other one replaced it."""
        return not self.superseded_by


@dataclass(frozen=True, slots=True)
class Overstated:
    """A live superbill that shows more than is paid now, after a refund or reversal."""

    superbill_id: UUID
    number: str
    client_id: UUID
    shown: Money
    paid: Money


@dataclass(frozen=True, slots=True)
class UnusedNumber:
    """A number that was taken for a paper which was never issued."""

    number: str
    client_id: UUID
    taken_at: datetime


def superbills_issued(
    session: Session,
    scope: Scope,
    first: date | None = None,
    last: date | None = None,
    client_id: UUID | None = None,
) -> list[SuperbillView]:
    """Return issued superbills, the newest first.

    ``first`` and ``last`` take those whose own dates lie in that range.
    """
    conditions: list[Any] = []
    if first is not None:
        conditions.append(Superbill.first_on >= first)
    if last is not None:
        conditions.append(Superbill.last_on <= last)
    if client_id is not None:
        conditions.append(Superbill.client_id == client_id)
    return _views(session, scope, *conditions)


def superbill(session: Session, scope: Scope, superbill_id: UUID) -> SuperbillView:
    """Return one superbill; raises ``NotFound``."""
    found = _views(session, scope, Superbill.id == superbill_id)
    if not found:
        raise NotFound("This superbill is no longer there; go back and choose again.")
    return found[0]


def superbill_numbered(session: Session, scope: Scope, number: str) -> SuperbillView:
    """Return the superbill of a number; raises ``NotFound``."""
    found = _views(session, scope, Superbill.number == number.strip().upper())
    if not found:
        raise NotFound(f"There is no superbill {number.strip()}.")
    return found[0]


def issued_among(session: Session, scope: Scope, ids: Sequence[UUID]) -> frozenset[UUID]:
    """Return which of these superbills are issued, whoever may see them."""
    return frozenset(session.scalars(_issued_among(scope.practice_id), {"ids": ids}))


@lru_cache(maxsize=8)
def _issued_among(practice_id: UUID) -> Select[Any]:
    among = Superbill.id.in_(bindparam("ids", expanding=True))
    return select(Superbill.id).where(Superbill.practice_id == practice_id, among)


def superbill_content(session: Session, scope: Scope, superbill_id: UUID) -> SuperbillContent:
    """Return what a superbill said when it was issued; raises ``NotFound``."""
    text = session.scalars(
        select(Superbill.content).where(_visible(scope), Superbill.id == superbill_id)
    ).one_or_none()
    if text is None:
        raise NotFound("This superbill is no longer there; go back and choose again.")
    return read_superbill(text)


def superbill_paper(session: Session, scope: Scope, superbill_id: UUID) -> bytes:
    """Return the PDF of a superbill as it was issued; raises ``NotFound``."""
    digest = session.scalars(
        select(Superbill.paper_hash).where(_visible(scope), Superbill.id == superbill_id)
    ).one_or_none()
    if digest is None:
        raise NotFound("This superbill is no longer there; go back and choose again.")
    return ports_of(session).papers(session).get(digest)


def live_on(
    session: Session, scope: Scope, charge_ids: Sequence[UUID]
) -> dict[UUID, tuple[Holder, ...]]:
    """Return the live superbills that hold each charge; a charge on none is absent."""
    live = _live_among(scope.practice_id)
    if scope.cases_of is not None:
        live = live.where(_visible(scope))
    rows = session.execute(live, {"ids": charge_ids})
    found: defaultdict[UUID, list[Holder]] = defaultdict(list)
    for charge_id, superbill_id, number in rows:
        found[charge_id].append(Holder(superbill_id, number))
    return {charge_id: tuple(holders) for charge_id, holders in found.items()}


@lru_cache(maxsize=8)
def _live_among(practice_id: UUID) -> Select[*tuple[Any, ...]]:
    return (
        select(SuperbillLine.charge_id, Superbill.id, Superbill.number)
        .join(Superbill, _of_superbill())
        .where(
            SuperbillLine.practice_id == practice_id,
            SuperbillLine.charge_id.in_(bindparam("ids", expanding=True)),
            ~_is_superseded(),
        )
        .order_by(Superbill.number)
    )


def showing_more_than_paid(session: Session, scope: Scope) -> list[Overstated]:
    """Return the live superbills on which a line shows more than is paid of its charge now."""
    # Money was taken back from few charges: only their lines are looked at, in year ten too.
    taken_back = select(Allocation.charge_id).where(
        Allocation.practice_id == scope.practice_id, Allocation.amount < ZERO
    )
    rows = session.execute(
        select(
            Superbill.id,
            Superbill.number,
            Superbill.client_id,
            Superbill.paid,
            SuperbillLine.charge_id,
            SuperbillLine.paid,
        )
        .join(SuperbillLine, _of_superbill())
        .where(_visible(scope), ~_is_superseded(), SuperbillLine.charge_id.in_(taken_back))
        .order_by(Superbill.number)
    ).all()
    summaries = paid_by_charge(session, scope, [charge_id for *_, charge_id, _ in rows])
    found: dict[UUID, Overstated] = {}
    for superbill_id, number, client_id, shown, charge_id, line_paid in rows:
        missing = line_paid - summaries[charge_id].paid
        if missing > ZERO:
            before = found.get(superbill_id)
            paid = (before.paid if before else shown) - missing
            found[superbill_id] = Overstated(superbill_id, number, client_id, shown, paid)
    return list(found.values())


def unused_numbers(session: Session, scope: Scope) -> list[UnusedNumber]:
    """Return numbers taken for papers that were never issued, oldest first."""
    rows = session.scalars(
        select(SuperbillNumber)
        .where(
            SuperbillNumber.practice_id == scope.practice_id,
            visible_people(scope, SuperbillNumber.client_id),
            ~exists(
                select(Superbill.id).where(
                    Superbill.practice_id == SuperbillNumber.practice_id,
                    Superbill.id == SuperbillNumber.id,
                )
            ),
        )
        .order_by(SuperbillNumber.number)
    )
    return [UnusedNumber(row.number, row.client_id, row.taken_at) for row in rows]


def _views(session: Session, scope: Scope, *conditions: Any) -> list[SuperbillView]:
    predecessor = aliased(Superbill)
    sessions = (
        select(func.count(SuperbillLine.id))
        .where(_of_superbill())
        .correlate(Superbill)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Superbill, predecessor.number, _Successor.number, sessions)
        .outerjoin(
            predecessor,
            and_(
                predecessor.practice_id == Superbill.practice_id,
                predecessor.id == Superbill.supersedes_id,
            ),
        )
        .outerjoin(_Successor, _replaces())
        .where(_visible(scope), *conditions)
        .order_by(Superbill.issued_at.desc(), Superbill.number.desc())
    )
    return [
        SuperbillView(
            id=row.id,
            number=row.number,
            client_id=row.client_id,
            patient=row.patient,
            provider=row.provider,
            first_on=row.first_on,
            last_on=row.last_on,
            issued_on=row.issued_on,
            sessions=count,
            charged=row.charged,
            paid=row.paid,
            supersedes=before or "",
            superseded_by=after or "",
        )
        for row, before, after, count in rows
    ]


def _visible(scope: Scope) -> Any:
    return and_(
        Superbill.practice_id == scope.practice_id, visible_people(scope, Superbill.client_id)
    )


@cache
def _of_superbill() -> Any:
    return and_(
        Superbill.practice_id == SuperbillLine.practice_id,
        Superbill.id == SuperbillLine.superbill_id,
    )


@cache
def _replaces() -> Any:
    return and_(
        _Successor.practice_id == Superbill.practice_id, _Successor.supersedes_id == Superbill.id
    )


@cache
def _is_superseded() -> Any:
    return exists(select(_Successor.id).where(_replaces()))

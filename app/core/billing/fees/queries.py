"""Reads of the fees area."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.billing.fees.rules import Fee
from app.core.billing.fees.tables import ClientFee
from app.core.kernel.acting import Scope
from app.core.practice import queries as practice
from app.core.store.reading import visible_cases


def fees_of_case(
    session: Session, scope: Scope, case_id: UUID, service_ids: Sequence[UUID] | None = None
) -> dict[UUID, Fee]:
    """Return what services cost the people of a case, retired services too; all if none named."""
    rows = session.scalars(
        select(ClientFee)
        .where(
            ClientFee.practice_id == scope.practice_id,
            ClientFee.case_id == case_id,
            visible_cases(scope, ClientFee.case_id),
        )
        .order_by(ClientFee.id)
    )
    own = {row.service_id: row.fee for row in rows}
    return {
        each.id: Fee(each.fee, own.get(each.id))
        for each in practice.services(session, scope, retired=True)
        if service_ids is None or each.id in service_ids
    }

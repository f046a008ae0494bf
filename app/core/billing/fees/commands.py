"""Writes of the fees area."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from app.core.billing.fees.rules import check_own_fee
from app.core.billing.fees.tables import ClientFee
from app.core.cases.tables import Case
from app.core.kernel.acting import Permission
from app.core.kernel.money import Money
from app.core.practice.tables import Service
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@command(permission=Permission.BILL, label="Change fee", undo=True)
def set_client_fee(uow: UnitOfWork, case_id: UUID, service_id: UUID, fee: Money | None) -> None:
    """Set what a service costs the people of a case; ``None`` goes back to the catalogue's fee.

    Sessions already charged keep their fee. Raises ``UserError`` (field ``fee``) below zero.
    """
    uow.get(Case, case_id)
    uow.get(Service, service_id)
    uow.about("case", case_id)
    known = uow.session.scalars(
        select(ClientFee).where(ClientFee.case_id == case_id, ClientFee.service_id == service_id)
    ).all()
    if fee is None:
        for row in known:
            uow.delete(row)
        return
    checked = check_own_fee(fee)
    if known:
        known[-1].fee = checked
    else:
        uow.add(ClientFee(case_id=case_id, service_id=service_id, fee=checked))

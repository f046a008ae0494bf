"""Writes of the superbills. Drawing the paper is the journey ``issue_superbill``."""

from __future__ import annotations

from uuid import UUID

from app.core.billing.superbills.content.printed import SuperbillContent
from app.core.billing.superbills.queries.issued import superbill_paper
from app.core.billing.superbills.rules.drafting import Draft
from app.core.billing.superbills.rules.orders import Order
from app.core.billing.superbills.tables import Superbill, SuperbillLine, SuperbillNumber
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import UserError
from app.core.practice.rules.catalogue import check_modifiers
from app.core.scheduling.tables import ServiceLine
from app.core.store.command import command
from app.core.store.unit import UnitOfWork

NUMBERS = "SB"


@command(permission=Permission.BILL, act=Act.SETTLE, label="Take superbill number")
def take_superbill_number(uow: UnitOfWork, order: Order) -> str:
    """Take the number of a paper that is too long to be drawn in one unit of work, and keep why.

    Given the same ``superbill_id`` again it returns the number taken before.
    """
    if order.client_id is None:
        raise UserError("Choose the identified patient first.")
    row = uow.find(SuperbillNumber, order.superbill_id)
    if row is None:
        number = uow.numbers.take(NUMBERS, uow.today.year)
        row = uow.add(
            SuperbillNumber(
                id=order.superbill_id, number=number, client_id=order.client_id, taken_at=uow.now
            )
        )
    return row.number


@command(permission=Permission.BILL, act=Act.SETTLE, label="Create superbill")
def keep_superbill(
    uow: UnitOfWork, order: Order, draft: Draft, content: SuperbillContent, paper: str
) -> UUID:
    """Keep a superbill as it was issued: its frozen content, and the hash of its ``paper``."""
    if content.issued_on is None or draft.person is None:
        raise ValueError("a proof is not kept")
    uow.about("superbill", order.superbill_id)
    uow.insert_many(
        Superbill,
        [
            {
                "id": order.superbill_id,
                "number": content.number,
                "client_id": draft.person.client_id,
                "patient": content.patient.legal_name,
                "provider": content.providers.rendering.name,
                "first_on": content.first_on,
                "last_on": content.last_on,
                "issued_on": content.issued_on,
                "issued_at": uow.now,
                "charged": content.charged + content.adjusted,
                "paid": content.paid,
                "content": content.canonical(),
                "content_hash": content.sha256(),
                "paper_hash": paper,
                "supersedes_id": order.supersedes_id,
            }
        ],
    )
    uow.insert_many(
        SuperbillLine,
        [
            {
                "superbill_id": order.superbill_id,
                "charge_id": line.charge_id,
                "appointment_id": line.appointment_id,
                "position": position,
                "held_on": line.held_on,
                "paid": line.paid,
            }
            for position, line in enumerate(draft.lines)
        ],
    )
    return order.superbill_id


@command(permission=Permission.BILL, act=Act.READ, label="Print superbill")
def take_out_superbill(uow: UnitOfWork, superbill_id: UUID) -> bytes:
    """Return a superbill's PDF to be printed or saved, and note that in the audit."""
    uow.witness("superbill", superbill_id)
    return superbill_paper(uow.session, uow.scope, superbill_id)


@command(permission=Permission.BILL, act=Act.CLOSE, label="Add modifier", undo=True)
def add_modifier(uow: UnitOfWork, service_line_ids: tuple[UUID, ...], modifier: str) -> None:
    """Add ``modifier`` to the service lines that lack it; their money stays as it is.

    Raises ``UserError`` (field ``modifiers``) for a line that has four already.
    """
    for line_id in service_line_ids:
        row = uow.get(ServiceLine, line_id)
        row.modifiers = list(check_modifiers((*row.modifiers, modifier)))

"""Undo, where the plan has a say in what comes back."""

from __future__ import annotations

from uuid import UUID

from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.membership.commands import require_room_for_returned
from app.core.store.command import command
from app.core.store.undoing import undo_change_set
from app.core.store.unit import UnitOfWork


@command(permission=Permission.READ_RECORDS, act=Act.CLOSE, label="Undo")
def undo(uow: UnitOfWork, change_set: UUID) -> int:
    """Take back one change set; return how many rows stay because they changed since.

    Raises ``UserError`` when it is no longer offered, ``PlanRefuses`` where it would make
    somebody active for whom the plan has no room by now.
    """
    stayed = undo_change_set(uow, change_set)
    require_room_for_returned(uow)
    return stayed

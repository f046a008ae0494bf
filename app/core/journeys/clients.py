"""A client is added and, where wanted, active at once: people and the plan in one act."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from app.core.kernel.acting import Permission
from app.core.membership.commands import activate_clients
from app.core.people.commands import add_client
from app.core.people.rules import Lifecycle, NewClient
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@command(permission=Permission.EDIT_CLIENTS, label="Add client", undo=True)
def add_person(uow: UnitOfWork, new: NewClient) -> UUID:
    """Add a client without a case, in any status.

    Raises ``PlanRefuses``, and adds nobody, when the plan has no room for an active one.
    """
    if new.lifecycle is not Lifecycle.ACTIVE:
        return add_client(uow, new)
    client_id = add_client(uow, replace(new, lifecycle=Lifecycle.PROSPECT))
    activate_clients(uow, [client_id])
    return client_id

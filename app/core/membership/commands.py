"""Writes in which the plan has a say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select

from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.membership.queries import capacity
from app.core.membership.rules import require_room
from app.core.people.rules import Lifecycle
from app.core.people.tables import Client
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@command(permission=Permission.EDIT_CLIENTS, act=Act.GROW, label="Make active", undo=True)
def activate_clients(uow: UnitOfWork, client_ids: Sequence[UUID]) -> None:
    """Make clients active, all or none.

    Raises ``PlanRefuses`` with what to do when they do not all fit the plan.
    """
    # Also when it joins a journey whose own act the plan allows.
    uow.entitlement.require(Act.GROW)
    rows = [uow.get(Client, each) for each in dict.fromkeys(client_ids)]
    newly = [row for row in rows if row.lifecycle is not Lifecycle.ACTIVE]
    require_room(capacity(uow.session, uow.scope, uow.entitlement), len(newly))
    for row in newly:
        uow.about("client", row.id)
        row.lifecycle = Lifecycle.ACTIVE


def require_room_for_returned(uow: UnitOfWork) -> None:
    """Raise ``PlanRefuses`` where whom the unit made active by undoing does not fit the plan."""
    uow.session.flush()
    returned = sum(
        row.table == Client.__tablename__ and row.after.get("lifecycle") == Lifecycle.ACTIVE
        for row in uow.session.capture.rows()
    )
    if returned:
        uow.entitlement.require(Act.GROW)
        now = capacity(uow.session, uow.scope, uow.entitlement)
        require_room(replace(now, used=now.used - returned), returned)


@command(
    permission=Permission.EDIT_CLIENTS, act=Act.WITHDRAW, label="Choose who is active", undo=True
)
def choose_active(uow: UnitOfWork, client_ids: Sequence[UUID]) -> None:
    """Make exactly these clients active and every other active one inactive.

    The mend of *Over your plan*. Raises ``PlanRefuses`` when they do not all fit.
    """
    chosen = set(client_ids)
    active = set()
    for row in uow.session.scalars(
        select(Client).where(
            Client.practice_id == uow.actor.practice_id, Client.lifecycle == Lifecycle.ACTIVE
        )
    ):
        active.add(row.id)
        if row.id not in chosen:
            row.lifecycle = Lifecycle.INACTIVE
    if chosen - active:
        activate_clients(uow, sorted(chosen - active))
    keep_who_is_active(uow)


@command(
    permission=Permission.EDIT_CLIENTS, act=Act.WITHDRAW, label="Keep who is active", undo=True
)
def keep_who_is_active(uow: UnitOfWork) -> None:
    """Say that the clients an import left inactive for want of room may stay so."""
    for row in uow.session.scalars(
        select(Client).where(Client.practice_id == uow.actor.practice_id, Client.awaits_place)
    ):
        row.awaits_place = False

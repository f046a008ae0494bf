"""Reads of the membership area."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.core.kernel.acting import Scope
from app.core.kernel.entitlement import Entitlement
from app.core.membership.rules import Capacity
from app.core.people.rules import Lifecycle
from app.core.people.tables import Client


def capacity(session: Session, scope: Scope, entitlement: Entitlement) -> Capacity:
    """Return active clients used and allowed.

    A person counts once, whatever the number of cases, and whoever's client it is.
    """
    used = session.scalar(
        select(func.count())
        .select_from(Client)
        .where(Client.practice_id == scope.practice_id, Client.lifecycle == Lifecycle.ACTIVE)
    )
    return Capacity(used or 0, entitlement.active_clients)

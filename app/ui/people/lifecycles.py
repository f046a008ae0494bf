"""Giving a client another lifecycle status: by the command of that status, from any menu."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from app.core.membership.commands import activate_clients
from app.core.people.commands import archive_client, change_lifecycle, make_inactive
from app.core.people.rules import Lifecycle
from app.ui.shell.presenter import Presenter

#: The statuses that a menu offers, and its words; ``{}`` takes the person's name or nothing.
_OFFERED = (
    (Lifecycle.ACTIVE, "Make {}active"),
    (Lifecycle.INTAKE_PENDING, "Begin {}intake"),
    (Lifecycle.WAITLIST, "Put {}on the waitlist"),
    (Lifecycle.INACTIVE, "Make {}inactive"),
    (Lifecycle.ARCHIVED, "Archive {}"),
)


def offered(now: Lifecycle, name: str = "") -> list[tuple[Lifecycle, str]]:
    """Return the statuses that a client in ``now`` can be given, with the words of each act."""
    found = []
    for to, words in _OFFERED:
        owner = f"{name}’s " if to is Lifecycle.INTAKE_PENDING else f"{name} "
        if to is not now:
            found.append((to, words.format(owner if name else "").strip()))
    return found


def move(
    presenter: Presenter, client_id: UUID, to: Lifecycle, failed: Callable[[Exception], None]
) -> None:
    """Give a client the status ``to``; ``failed`` hears why the plan or the core refuses."""
    if to is Lifecycle.ACTIVE:
        presenter.run(activate_clients, [client_id], failed=failed)
    elif to is Lifecycle.INACTIVE:
        presenter.run(make_inactive, client_id, failed=failed)
    elif to is Lifecycle.ARCHIVED:
        presenter.run(archive_client, client_id, failed=failed)
    else:
        presenter.run(change_lifecycle, client_id, to, failed=failed)

"""Where the links of a blocker lead, and the presenter that Subscription and Team read."""

from __future__ import annotations

from app.core.membership.rules.moves import Link, LinkTo
from app.ui.settings.membership_presenter import MembershipPresenter
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place

_PLACES: dict[LinkTo, Place] = {
    LinkTo.ACTIVE_CLIENTS: Place("people", ask={"filter": "active"}),
    LinkTo.SUBSCRIPTION: Place("settings", part="subscription"),
    LinkTo.PAYMENT: Place("billing", part="payments"),
    LinkTo.SUPPORT: Place("help"),
}
_TEAM = frozenset({LinkTo.MEMBER, LinkTo.INVITATION, LinkTo.RESERVED_SEAT})


def place_of(link: Link) -> Place | None:
    """Return where a link leads; ``None`` for one that leads nowhere in this version."""
    if link.to in _TEAM:
        return Place("settings", part="team", ask={"field": "member", "record": link.id})
    if link.to is LinkTo.DEVICE:
        return Place("settings", part="computers", ask={"field": "computer", "record": link.id})
    if link.to is LinkTo.NOTE:
        return ScreenContext.place_of("note", link.id) if link.id else None
    return _PLACES.get(link.to)


def presenter_of(context: ScreenContext) -> MembershipPresenter:
    """Return what asks about plan and team for a page."""
    program, sync = context.program, context.sync
    return MembershipPresenter(
        context.desk,
        context.deliver,
        program.practice if program else None,
        program.work if program else None,
        lambda: sync is not None and sync.connected,
    )

"""A blocker and where its links lead, and the presenter that Subscription and Team read."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout

from app.core.membership.rules.moves import Blocker, Link, LinkTo
from app.ui.settings.membership_presenter import MembershipPresenter
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.widgets.buttons import Link as LinkButton
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.text import Text

_PLACES: dict[LinkTo, Place] = {
    LinkTo.ACTIVE_CLIENTS: Place("people", ask={"filter": "active"}),
    LinkTo.SUBSCRIPTION: Place("settings", part="subscription"),
    LinkTo.PAYMENT: Place("billing", part="payments"),
}
_TEAM = frozenset({LinkTo.MEMBER, LinkTo.INVITATION, LinkTo.RESERVED_SEAT})


def place_of(link: Link) -> Place | None:
    """Return where a link leads; ``None`` for support, which is asked where it stands."""
    if link.to in _TEAM:
        return Place("settings", part="team", ask={"field": "member", "record": link.id})
    if link.to is LinkTo.DEVICE:
        return Place("settings", part="computers", ask={"field": "computer", "record": link.id})
    if link.to is LinkTo.NOTE:
        return ScreenContext.place_of("note", link.id) if link.id else None
    return _PLACES.get(link.to)


def line_of(blocker: Blocker, go: Callable[[Place], None]) -> QBoxLayout:
    """Return what stands in the way as a line, with its links behind it."""
    line = row_layout(gap=8)
    line.addWidget(Text(blocker.words, tone="text.secondary", elide=True))
    _add_links(line, blocker, go)
    line.addStretch(1)
    return line


def lines_of(blocker: Blocker, go: Callable[[Place], None]) -> QBoxLayout:
    """Return what stands in the way where there is little room, its links below it."""
    lines = column_layout(gap=6)
    lines.addWidget(Text(blocker.words, wrap=True))
    _add_links(lines, blocker, go)
    return lines


def _add_links(box: QBoxLayout, blocker: Blocker, go: Callable[[Place], None]) -> None:
    for link in blocker.links:
        place = place_of(link)
        if place is not None:
            made = LinkButton(link.words, on_click=partial(go, place))
            box.addWidget(made, 0, Qt.AlignmentFlag.AlignLeft)


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

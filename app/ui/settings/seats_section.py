"""Seats of the practice by role: how many are used, what they cost, and one more in reserve."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget

from app.core.kernel.acting import Role
from app.core.kernel.entitlement import SEAT_OF
from app.core.membership.rules.growth import seat_blockers
from app.core.membership.rules.moves import Blocker, PracticeFacts
from app.ui.settings import blocked, plan_words, team_words
from app.ui.settings.membership_presenter import MembershipPresenter
from app.ui.settings.seats_table import SeatsTable
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import Section, column_layout, emptied, reveal, row_layout
from app.ui.widgets.text import Text

_ROLES = (Role.ASSOCIATE, Role.PROVIDER)


class SeatsSection(Section):
    """Reads a ``MembershipPresenter``. Its lines stay, so that the keyboard stays on them.

    From one that goes the keyboard goes ``way_back``: on the next line a second press of the same
    key would buy a seat, or give another back.
    """

    def __init__(
        self, presenter: MembershipPresenter, go: Callable[[Place], None], way_back: QWidget
    ) -> None:
        super().__init__("Seats")
        self._grid = SeatsTable()
        self.add(self._grid)
        self.body.addSpacing(look.px(8))
        lines = column_layout(gap=8)
        self.body.addLayout(lines)
        self._of = {role: _RoleSeats(presenter, role, go, way_back) for role in _ROLES}
        for each in self._of.values():
            lines.addWidget(each)

    def show_state(self, presenter: MembershipPresenter) -> None:
        """Show the seats, and what can be done about them now."""
        shown, facts = presenter.shown, presenter.facts
        known = shown.plan is not None and shown.monthly is not None
        self.setVisible(known)
        if shown.plan is not None and known:
            self._grid.set_rows(plan_words.seat_rows(shown.plan, shown.seats), without="Allowed")
        for each in self._of.values():
            reveal(each, facts is not None)
            if facts is not None:
                each.show_seats(facts, may=presenter.may_try)

    def stops(self) -> list[QAbstractButton]:
        """Return its acts in the order of the keyboard."""
        return [each for role in _ROLES for each in self._of[role].stops()]


class _RoleSeats(QWidget):
    """What one more seat of a role costs or needs, and those that are held in reserve."""

    def __init__(
        self,
        presenter: MembershipPresenter,
        role: Role,
        go: Callable[[Place], None],
        way_back: QWidget,
    ) -> None:
        super().__init__()
        self._presenter, self._role, self._go = presenter, role, go
        self._way_back = way_back
        self._held = 0
        self._blockers: tuple[Blocker, ...] = ()
        seat = team_words.SEATS[SEAT_OF[role]]
        self._more = _Line(f"Reserve {seat}", partial(self._reserve, 1))
        self._stands = column_layout(gap=8)
        self._back = _Line(f"Give {seat} back", partial(self._reserve, -1))
        box = column_layout(self, gap=8)
        box.addWidget(self._more)
        box.addLayout(self._stands)
        box.addWidget(self._back)

    def show_seats(self, facts: PracticeFacts, *, may: bool) -> None:
        """Show what holds by the account's facts; ``may`` is whether anything can be changed."""
        role, at = self._role, self._presenter.now
        self._held = team_words.reserved_of(facts, role)
        blockers = seat_blockers(facts, role, at)
        offered = team_words.offers_seats(facts, role, at) and not blockers
        if offered:
            self._more.say(team_words.seat_cost(facts, role, at), may=may)
        # Where somebody is invited on a seat of the reserve, it is not to be given back.
        free = min(self._held, facts.used(at).of(SEAT_OF[role]).reserved)
        self._back.say(team_words.in_reserve(free), may=may)
        self._reveal(self._more, offered)
        self._reveal(self._back, bool(free))
        if blockers != self._blockers:
            self._blockers = blockers
            emptied(self._stands)
            for each in blockers:
                self._stands.addLayout(blocked.line_of(each, self._go))

    def _reveal(self, line: _Line, wanted: bool) -> None:
        if not wanted and line.link.hasFocus():
            self._way_back.setFocus(Qt.FocusReason.BacktabFocusReason)
        reveal(line, wanted)

    def stops(self) -> list[QAbstractButton]:
        """Return its acts in the order of the keyboard."""
        own = (self._more.link, self._back.link)
        links = [each for each in self.findChildren(Link) if each not in own]
        return [own[0], *links, own[1]]

    def _reserve(self, more: int) -> None:
        self._presenter.reserve(self._role, self._held + more)


class _Line(QWidget):
    """An act, and in words beside it what comes of it."""

    def __init__(self, words: str, act: Callable[[], None]) -> None:
        super().__init__()
        self.link = Link(words, on_click=act)
        self._beside = Text("", tone="text.secondary", wrap=True)
        line = row_layout(self, gap=14)
        line.addWidget(self.link, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._beside, 1)

    def say(self, beside: str, *, may: bool) -> None:
        """Show what would come of it, and whether it can be done."""
        self._beside.set(beside)
        self.link.setEnabled(may)

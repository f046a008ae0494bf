"""Subscription: plan, active clients, seats, plans to choose, and what a change costs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.core.kernel.entitlement import Plan
from app.core.membership.rules import offers
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.moves import Option
from app.ui.settings import blocked, plan_words
from app.ui.settings.aside_page import AsidePage
from app.ui.settings.panel import SettingsPanel
from app.ui.settings.plan_words import PlanShown, Told
from app.ui.settings.seats_table import SeatsTable
from app.ui.settings.what_if import WhatIf
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.buttons import Link
from app.ui.widgets.cells import GUTTER
from app.ui.widgets.choices import Radio
from app.ui.widgets.layout import Section, column_layout, emptied, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.meters import Meter
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text

_UNCOUNTED = "Prospects, waitlist, inactive clients and group participants do not count."
_TEAM = Place("settings", part="team")
_ACTIVE = Place("people", ask={"filter": "active"})


class SubscriptionPanel(AsidePage):
    """Reads a ``MembershipPresenter``; what is chosen under *Plans* is explained beside it."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context
        self._page = SettingsPanel("Subscription", bleeds=True)
        self._presenter = blocked.presenter_of(context)
        self._what_if = WhatIf(self._presenter, context.go)
        # What a plan costs is read after the plans: it may stand at the end of the page.
        super().__init__(self._page, self._what_if, end=True)
        self._chosen: Plan | None = None
        self._said: tuple[Told | str, ...] | None = None
        self._lay_out()
        self._presenter.on_change(self._render)
        self._render()
        self._presenter.refresh()

    def refresh(self) -> None:
        """Count and ask again."""
        self._presenter.refresh()

    def closing(self) -> None:
        """Listen no longer."""
        self._presenter.close()

    def _lay_out(self) -> None:
        side = (GUTTER, 0, GUTTER, 0)
        self._told = column_layout(gap=12, margin=side)
        self._used = Text("", "display", "semibold", tabular=True)
        self._used_words = Text("", "lead", tone="text.secondary")
        self._meter = Meter(0, 1, "Active clients")
        counted = row_layout(gap=10)
        counted.addWidget(self._used)
        low = Qt.AlignmentFlag.AlignBottom
        counted.addWidget(self._used_words, 0, low)
        counted.addStretch(1)
        self._show_clients = Link("Show them", on_click=partial(self._context.go, _ACTIVE))
        counted.addWidget(self._show_clients, 0, low)
        self._fits = Text("", tone="text.secondary", wrap=True)
        clients = column_layout(gap=8, margin=side)
        clients.addLayout(counted)
        clients.addWidget(self._meter)
        clients.addWidget(self._fits)
        self._team = Link("Team", on_click=partial(self._context.go, _TEAM))
        self._seats = Section("Seats", aside=self._team)
        self._table = SeatsTable()
        self._seats.add(self._table)
        self._reserve = Text("", tone="text.secondary", wrap=True)
        self._seats.add(self._reserve)
        seats = column_layout(margin=side)
        seats.addWidget(self._seats)
        self._plans = Section("Plans", gap=4, side=GUTTER)
        self._rows = column_layout()
        self._plans.body.addLayout(self._rows)
        self._notes = Text("", tone="text.secondary", wrap=True)
        self._plans.body.addSpacing(look.px(10))
        notes = column_layout(margin=side)
        notes.addWidget(self._notes)
        self._plans.body.addLayout(notes)
        content = self._page.content
        content.setSpacing(look.px(24))
        content.insertLayout(0, self._told)
        content.insertLayout(1, clients)
        content.insertLayout(2, seats)
        content.insertWidget(3, self._plans)
        self._radios: dict[Plan, _PlanRow] = {}

    # Showing

    def _render(self) -> None:
        shown = self._presenter.shown
        self._page.set_sentence(shown.head)
        self._render_told()
        self._render_clients(shown)
        self._render_seats(shown)
        self._render_plans()
        self._render_aside()

    def _render_told(self) -> None:
        presenter = self._presenter
        offline = presenter.offline if presenter.connected else ""
        said: tuple[Told | str, ...] = (*presenter.told, offline)
        if said == self._said:
            return
        self._said = said
        emptied(self._told)
        for told in presenter.told:
            tone = Tone.DANGER if told.grave else Tone.WARN
            icon = "hourglass" if told.runs_out else ""
            self._told.addWidget(Message(tone, told.cause, told.sentence, icon=icon))
        if offline:
            words = "This is what your account said last."
            self._told.addWidget(Message(Tone.INFO, words, offline))

    def _render_clients(self, shown: PlanShown) -> None:
        used, allowed = self._presenter.used, self._presenter.state.entitlement.active_clients
        self._meter.setVisible(allowed is not None)
        self._show_clients.setVisible(used > 0)
        self._show_clients.set_words(plan_words.show_words(used))
        if allowed is None:
            self._used.set(f"{used:,}")
            self._used_words.set(f"active clients, no ceiling on {shown.name}")
            self._fits.set(_UNCOUNTED)
            return
        self._used.set(f"{used:,} of {allowed:,}")
        self._used_words.set("active clients")
        self._meter.set(used, allowed)
        room = _room_words(used, allowed) if shown.grows else ""
        self._fits.set(f"{room} {_UNCOUNTED}".strip())

    def _render_seats(self, shown: PlanShown) -> None:
        # Without an account nobody but the owner is there, and nothing is paid.
        known = shown.plan is not None and shown.monthly is not None
        self._seats.setVisible(known)
        words = offers.reserve_words(shown.seats)
        self._reserve.set(words)
        self._reserve.setVisible(bool(words))
        if shown.plan is not None and shown.monthly is not None:
            paid = bool(shown.monthly)
            total = (f"{shown.name} and its seats", str(shown.monthly)) if paid else None
            rows = plan_words.seat_rows(shown.plan, shown.seats)
            reserved = any(each.reserved not in ("0", plan_words.NONE) for each in rows)
            self._table.set_rows(rows, total, without="" if reserved else "Reserved")

    def _render_plans(self) -> None:
        rows, notes = offers.offered(self._presenter.options)
        self._plans.setVisible(bool(rows))
        self._notes.set(" ".join(notes))
        self._notes.setVisible(bool(notes))
        plans = [each.plan for each in rows]
        if list(self._radios) != plans:
            emptied(self._rows)
            self._radios = {each.plan: self._row(each) for each in rows}
            for made in self._radios.values():
                self._rows.addWidget(made)
        if self._chosen not in plans:
            self._chosen = _first_choice(rows)
        for each in rows:
            self._radios[each.plan].show_option(each, chosen=each.plan is self._chosen)

    def _row(self, option: Option) -> _PlanRow:
        row = _PlanRow(option.plan, self._plans)
        row.radio.toggled.connect(partial(self._choose, option.plan))
        return row

    def _choose(self, plan: Plan, on: bool) -> None:
        if on and plan is not self._chosen:
            self._chosen = plan
            for each, row in self._radios.items():
                row.set_chosen(each is plan)
            self._render_aside()
        elif plan is self._chosen:
            self._radios[plan].set_chosen(True)

    def _render_aside(self) -> None:
        what = self._what_if.of(self._chosen)
        self.rebuild(partial(self._what_if.fill, what), what)
        self._what_if.show_acts()


class _PlanRow(QWidget):
    """A plan that can be chosen: its name, what it has room for, its price."""

    def __init__(self, plan: Plan, parent: QWidget) -> None:
        super().__init__(parent)
        terms = CATALOGUE[plan]
        self._chosen = False
        self.radio = Radio(terms.name, heads=True)
        self._now = Text("now", tone="text.secondary")
        line = row_layout(self, gap=8, margin=(12, 12, 12, 12))
        name = row_layout(gap=8)
        name.addWidget(self.radio)
        name.addWidget(self._now)
        name.addStretch(1)
        held = QWidget()
        held.setLayout(name)
        held.setMinimumWidth(look.px(172))
        line.addWidget(held)
        room = offers.ROOM[plan]
        middle = Qt.AlignmentFlag.AlignVCenter
        line.addWidget(Text(room, tone="text.secondary", wrap=True), 1, middle)
        price = offers.whole(terms.monthly)
        costs = row_layout(gap=4)
        costs.addWidget(Text(price, weight="semibold", tabular=True))
        costs.addWidget(Text("a month", tone="text.secondary"))
        line.addLayout(costs)
        self.radio.setAccessibleDescription(f"{room}, {price} a month")

    def show_option(self, option: Option, *, chosen: bool) -> None:
        """Show whether it is the present one, and the chosen one."""
        self._now.setVisible(option.current)
        # Radios of several rows do not exclude each other by themselves.
        self.radio.setAutoExclusive(False)
        self.set_chosen(chosen)

    def set_chosen(self, chosen: bool) -> None:
        """Be the chosen one, or no longer."""
        self._chosen = chosen
        blocked_before = self.radio.blockSignals(True)
        self.radio.setChecked(chosen)
        self.radio.blockSignals(blocked_before)
        self.update()

    def mousePressEvent(self, _event: object) -> None:
        self.radio.setFocus(Qt.FocusReason.MouseFocusReason)
        self.radio.setChecked(True)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self._chosen:
            paint.box(painter, area, 0, fill=look.color("selection.row"))
        painter.fillRect(area.adjusted(0, area.height() - 1, 0, 0), look.color("line.hair"))


def _first_choice(rows: list[Option]) -> Plan | None:
    """Return the plan that is explained at first: the one to pay for, the next one up, or this."""
    places = [number for number, each in enumerate(rows) if each.current]
    present = rows[places[0]] if places else None
    if present is not None and present.renews:
        return present.plan
    after = rows[places[0] + 1 :] if places else rows
    found = next((each for each in after if each.plan is not Plan.ARCHIVE), present)
    return found.plan if found is not None else None


def _room_words(used: int, allowed: int) -> str:
    left = allowed - used
    if left < 0:
        return f"{-left} over your plan: make some inactive before anybody new is made active."
    if left == 0:
        return "No more fit."
    return "One more fits." if left == 1 else f"{left} more fit."

"""Subscription: plan, active clients, seats, plans to choose, and what a change costs."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from app.core.kernel.entitlement import Plan
from app.core.kernel.errors import MachineError
from app.core.membership.rules import offers
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.moves import LinkTo, Option, Why
from app.ui.settings import blocked, plan_words
from app.ui.settings.aside_page import AsidePage
from app.ui.settings.panel import SettingsPanel
from app.ui.settings.plan_words import PlanShown
from app.ui.settings.seats_table import SeatsTable
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.cells import GUTTER
from app.ui.widgets.choices import Radio
from app.ui.widgets.layout import Figure, Hairline, Section, column_layout, emptied, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.meters import Meter
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text

_UNCOUNTED = "Prospects, waitlist, inactive clients and group participants do not count."
_SYNC = Place("settings", part="sync")
_TEAM = Place("settings", part="team")
_ACTIVE = Place("people", ask={"filter": "active"})


class SubscriptionPanel(AsidePage):
    """Reads a ``MembershipPresenter``; what is chosen under *Plans* is explained beside it."""

    def __init__(self, context: ScreenContext) -> None:
        self._context = context
        self._page = SettingsPanel("Subscription", bleeds=True)
        self._what_if = QWidget()
        self._what_if.setAccessibleName("If you change today")
        self._aside_box = column_layout(self._what_if, gap=0)
        super().__init__(self._page, self._what_if)
        self._chosen: Plan | None = None
        self._presenter = blocked.presenter_of(context)
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
        presenter, shown = self._presenter, self._presenter.shown
        self._page.set_sentence(shown.head)
        emptied(self._told)
        for told in presenter.told:
            tone = Tone.DANGER if told.grave else Tone.WARN
            icon = "hourglass" if told.runs_out else ""
            self._told.addWidget(Message(tone, told.cause, told.sentence, icon=icon))
        if presenter.offline and presenter.connected:
            words = "This is what your account said last."
            self._told.addWidget(Message(Tone.INFO, words, presenter.offline))
        self._render_clients(shown)
        self._render_seats(shown)
        self._render_plans()
        self.rebuild(partial(self._fill_aside, shown))

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
        self._fits.set(f"{_room_words(used, allowed)} {_UNCOUNTED}")

    def _render_seats(self, shown: PlanShown) -> None:
        # Without an account nobody but the owner is there, and nothing is paid.
        known = shown.plan is not None and shown.monthly is not None
        self._seats.setVisible(known)
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
            self.rebuild(partial(self._fill_aside, self._presenter.shown))
        elif plan is self._chosen:
            self._radios[plan].set_chosen(True)

    # If you change today

    def _fill_aside(self, shown: PlanShown) -> None:
        box, presenter = self._aside_box, self._presenter
        option = next((each for each in presenter.options if each.plan is self._chosen), None)
        # Beside the button, which is where one looks after pressing it.
        problem = presenter.problem
        if problem is not None:
            # Where the answer was lost, the change may have been made.
            lost = isinstance(problem, MachineError)
            cause = "The change is not confirmed." if lost else "Nothing was changed."
            self._add_outcome(Tone.DANGER, cause, problem.sentence)
        elif presenter.said:
            self._add_outcome(Tone.OK, presenter.said)
        if not presenter.connected:
            self._add_connect()
        elif option is None:
            box.addWidget(Text("If you change today", "lead", "semibold"))
            box.addSpacing(look.px(8))
            box.addWidget(Text(presenter.why_not_now, tone="text.secondary", wrap=True))
            box.addSpacing(look.px(16))
            box.addWidget(self._again())
        else:
            self._add_option(shown, option)
        box.addStretch(1)

    def _add_outcome(self, tone: Tone, cause: str, sentence: str = "") -> None:
        self._aside_box.addWidget(Message(tone, cause, sentence))
        self._aside_box.addSpacing(look.px(16))

    def _again(self) -> QWidget:
        button = Button(
            "Ask your account again", icon="refresh-cw", wide=True, on_click=self._presenter.ask
        )
        button.set_busy(self._presenter.busy == "ask")
        return button

    def _add_connect(self) -> None:
        box = self._aside_box
        box.addWidget(Text("Plans belong to an account", "lead", "semibold", wrap=True))
        box.addSpacing(look.px(8))
        words = (
            "With an account your computers keep in step, a team can join, and more than ten "
            "clients can be active. Starter is free for the first twelve months."
        )
        box.addWidget(Text(words, tone="text.secondary", wrap=True))
        box.addSpacing(look.px(16))
        if not self._presenter.state.entitlement.demo:
            connect = partial(self._context.go, _SYNC)
            act = Button("Connect…", kind="primary", icon="cloud", wide=True, on_click=connect)
            box.addWidget(act)

    def _add_option(self, shown: PlanShown, option: Option) -> None:
        box = self._aside_box
        name = CATALOGUE[option.plan].name
        stays = option.current and not option.renews
        title = "If you pay today" if option.renews else "If you change today"
        box.addWidget(Text("What you pay" if stays else title, "lead", "semibold"))
        if not option.current:
            box.addWidget(Text(f"{shown.name} to {name}", tone="text.secondary", wrap=True))
        box.addSpacing(look.px(12))
        if not option.current and shown.monthly is not None:
            now = f"Now, {shown.name}"
            box.addWidget(Figure(now, str(shown.monthly), strong=False, tone="text.muted"))
        for line in option.lines:
            words = line.words[:1].upper() + line.words[1:]
            box.addWidget(Figure(words, str(line.amount), strong=False, tone="text.primary"))
        box.addSpacing(look.px(6))
        box.addWidget(Hairline())
        total = row_layout(gap=8, margin=(0, 8, 0, 8))
        low = Qt.AlignmentFlag.AlignBottom
        total.addWidget(Text("A month", tone="text.secondary"), 1, low)
        total.addWidget(Text(str(option.monthly), "display", "semibold", tabular=True))
        box.addLayout(total)
        if not stays and option.blockers:
            self._add_blockers(option)
        elif not option.blockers:
            self._add_act(option)
        else:
            # That it is the present plan, the page says already.
            for each in option.blockers:
                if each.why is not Why.SAME_PLAN:
                    box.addWidget(Text(each.words, tone="text.secondary", wrap=True))

    def _add_blockers(self, option: Option) -> None:
        box = self._aside_box
        box.addWidget(Text("First", weight="semibold"))
        for blocker in option.blockers:
            box.addSpacing(look.px(6))
            box.addWidget(Text(blocker.words, wrap=True))
            for link in blocker.links:
                place = blocked.place_of(link)
                if place is not None:
                    box.addSpacing(look.px(4))
                    box.addWidget(Link(link.words, on_click=partial(self._context.go, place)))
        if any(link.to is LinkTo.SUPPORT for each in option.blockers for link in each.links):
            box.addSpacing(look.px(16))
            box.addWidget(self._ask_support())
        if any(each.why is Why.UNPAID for each in option.blockers):
            # It is mended elsewhere: nothing here would tell.
            box.addSpacing(look.px(16))
            box.addWidget(self._again())

    def _ask_support(self) -> QWidget:
        presenter = self._presenter
        button = Button("Ask support about Archive", wide=True, on_click=presenter.ask_support)
        button.set_busy(presenter.busy == "support")
        button.setEnabled(not (presenter.why_not_now or presenter.busy))
        return button

    def _add_act(self, option: Option) -> None:
        box, presenter = self._aside_box, self._presenter
        facts = presenter.facts
        if facts is not None:
            words = offers.change_words(facts, option, presenter.now)
            box.addWidget(Text(words, tone="text.secondary", wrap=True))
        box.addSpacing(look.px(12))
        why = presenter.why_not_now
        act = Button(
            offers.verb_of(option),
            kind="primary",
            wide=True,
            on_click=partial(presenter.change_plan, option),
        )
        act.set_busy(presenter.busy == "plan")
        act.setEnabled(not (why or presenter.busy))
        box.addWidget(act)
        below = why or ("You are asked for a card only when you stay." if option.trial else "")
        if below:
            box.addSpacing(look.px(8))
            box.addWidget(Text(below, "caption", tone="text.secondary", wrap=True))


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

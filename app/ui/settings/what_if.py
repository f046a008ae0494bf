"""Beside the plans of Settings, Subscription: what choosing one costs, and its act."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.entitlement import Plan
from app.core.kernel.errors import MachineError
from app.core.kernel.money import Money
from app.core.membership.rules import offers
from app.core.membership.rules.catalogue import CATALOGUE
from app.core.membership.rules.moves import LinkTo, Option, Why
from app.ui.settings import blocked
from app.ui.settings.membership_presenter import ASK, MembershipPresenter
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.layout import Figure, Hairline, column_layout, row_layout
from app.ui.widgets.message import Message
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text

_SYNC = Place("settings", part="sync")
_PLAN, _SUPPORT = "plan", "support"


@dataclass(frozen=True, slots=True)
class Shown:
    """All that stands beside the plans; the buttons say by themselves what they wait for."""

    connected: bool
    demo: bool
    outcome: tuple[Tone, str, str] | None
    option: Option | None
    name: str
    monthly: Money | None
    follows: str
    why_not_now: str


class WhatIf(QWidget):
    """Reads a ``MembershipPresenter``. It is filled anew only for something else to show."""

    def __init__(self, presenter: MembershipPresenter, go: Callable[[Place], None]) -> None:
        super().__init__()
        self.setAccessibleName("If you change today")
        self._presenter, self._go = presenter, go
        self._box = column_layout(self, gap=0)
        #: The buttons, by the act that keeps each of them busy.
        self._acts: dict[str, Button] = {}

    def of(self, chosen: Plan | None) -> Shown:
        """Return what is to be shown while this plan is chosen."""
        presenter, shown = self._presenter, self._presenter.shown
        option = next((each for each in presenter.options if each.plan is chosen), None)
        follows = ""
        if option is not None and presenter.facts is not None and not option.blockers:
            follows = offers.change_words(presenter.facts, option, presenter.now)
        return Shown(
            connected=presenter.connected,
            demo=presenter.state.entitlement.demo,
            outcome=self._outcome(),
            option=option,
            name=shown.name,
            monthly=shown.monthly,
            follows=follows,
            why_not_now=presenter.why_not_now,
        )

    def _outcome(self) -> tuple[Tone, str, str] | None:
        problem = self._presenter.problem
        if problem is not None:
            # Where the answer was lost, the change may have been made.
            lost = isinstance(problem, MachineError)
            cause = "The change is not confirmed." if lost else "Nothing was changed."
            return Tone.DANGER, cause, problem.sentence
        said = self._presenter.said
        return (Tone.OK, said, "") if said else None

    def show_acts(self) -> None:
        """Show which act is under way, and which can be done now."""
        presenter = self._presenter
        for name, button in self._acts.items():
            button.set_busy(presenter.busy == name)
            # Who only asks is in nobody's way.
            if name != ASK:
                button.setEnabled(not (presenter.why_not_now or presenter.is_acting))

    def fill(self, what: Shown) -> None:
        """Show something else; what stood there was taken out."""
        box = self._box
        self._acts = {}
        # Beside the button, which is where one looks after pressing it.
        if what.outcome is not None:
            box.addWidget(Message(*what.outcome))
            box.addSpacing(look.px(16))
        if not what.connected:
            self._add_connect(what)
        elif what.option is None:
            box.addWidget(Text("If you change today", "lead", "semibold"))
            box.addSpacing(look.px(8))
            box.addWidget(Text(what.why_not_now, tone="text.secondary", wrap=True))
            box.addSpacing(look.px(16))
            self._add_again()
        else:
            self._add_option(what, what.option)
        box.addStretch(1)
        self.show_acts()

    def _add_again(self) -> None:
        again = Button("Check again", icon="refresh-cw", wide=True, on_click=self._presenter.ask)
        self._acts[ASK] = again
        self._box.addWidget(again)

    def _add_connect(self, what: Shown) -> None:
        box = self._box
        box.addWidget(Text("Plans belong to an account", "lead", "semibold", wrap=True))
        box.addSpacing(look.px(8))
        words = (
            "With an account your computers keep in step, a team can join, and more than ten "
            "clients can be active. Starter is free for the first twelve months."
        )
        box.addWidget(Text(words, tone="text.secondary", wrap=True))
        box.addSpacing(look.px(16))
        if not what.demo:
            connect = partial(self._go, _SYNC)
            act = Button("Connect…", kind="primary", icon="cloud", wide=True, on_click=connect)
            box.addWidget(act)

    def _add_option(self, what: Shown, option: Option) -> None:
        box = self._box
        name = CATALOGUE[option.plan].name
        stays = option.current and not option.renews
        title = "If you pay today" if option.renews else "If you change today"
        box.addWidget(Text("What you pay" if stays else title, "lead", "semibold"))
        if not option.current:
            box.addWidget(Text(f"{what.name} to {name}", tone="text.secondary", wrap=True))
        box.addSpacing(look.px(12))
        if not option.current and what.monthly is not None:
            now = f"Now, {what.name}"
            box.addWidget(
                Figure(now, str(what.monthly), strong=False, tone="text.muted", quiet=True)
            )
        for line in option.lines:
            words = line.words[:1].upper() + line.words[1:]
            box.addWidget(Figure(words, str(line.amount), strong=False, tone="text.primary"))
        box.addSpacing(look.px(6))
        box.addWidget(Hairline())
        total = row_layout(gap=8, margin=(0, 8, 0, 12))
        low = Qt.AlignmentFlag.AlignBottom
        total.addWidget(Text("A month", tone="text.secondary"), 1, low)
        total.addWidget(Text(str(option.monthly), "display", "semibold", tabular=True))
        box.addLayout(total)
        if not stays and option.blockers:
            self._add_blockers(option)
        elif not option.blockers:
            self._add_act(what, option)
        else:
            # That it is the present plan, the page says already.
            for each in option.blockers:
                if each.why is not Why.SAME_PLAN:
                    box.addWidget(Text(each.words, tone="text.secondary", wrap=True))

    def _add_blockers(self, option: Option) -> None:
        box = self._box
        box.addWidget(Text("First", weight="semibold"))
        for number, blocker in enumerate(option.blockers):
            # What is in the way and its links belong together, and apart from the next.
            box.addSpacing(look.px(14 if number else 6))
            box.addWidget(Text(blocker.words, wrap=True))
            for link in blocker.links:
                place = blocked.place_of(link)
                if place is not None:
                    box.addSpacing(look.px(4))
                    box.addWidget(Link(link.words, on_click=partial(self._go, place)))
        if any(link.to is LinkTo.SUPPORT for each in option.blockers for link in each.links):
            box.addSpacing(look.px(16))
            box.addWidget(self._ask_support())
        if any(each.why is Why.UNPAID for each in option.blockers):
            # It is mended elsewhere: nothing here would tell.
            box.addSpacing(look.px(16))
            self._add_again()

    def _ask_support(self) -> QWidget:
        words = "Ask support about Archive"
        button = Button(words, wide=True, on_click=self._presenter.ask_support)
        self._acts[_SUPPORT] = button
        return button

    def _add_act(self, what: Shown, option: Option) -> None:
        box = self._box
        box.addWidget(Text(what.follows, tone="text.secondary", wrap=True))
        box.addSpacing(look.px(12))
        act = Button(
            offers.verb_of(option),
            kind="primary",
            wide=True,
            on_click=partial(self._presenter.change_plan, option),
        )
        self._acts[_PLAN] = act
        box.addWidget(act)
        below = what.why_not_now
        if not below and option.trial:
            below = "You are asked for a card only when you stay."
        if below:
            box.addSpacing(look.px(8))
            box.addWidget(Text(below, "caption", tone="text.secondary", wrap=True))

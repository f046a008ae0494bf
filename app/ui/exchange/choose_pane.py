"""Who is active, where the plan has fewer places than the file has active people."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.exchange.plans import RowRef
from app.ui.exchange.choosing import Candidate, Choosing
from app.ui.exchange.presenter import ImportPresenter
from app.ui.theme import look
from app.ui.widgets.choices import Check
from app.ui.widgets.layout import Hairline, column_layout, emptied, row_layout
from app.ui.widgets.meters import Meter
from app.ui.widgets.panes import Inspector
from app.ui.widgets.phrases import plural
from app.ui.widgets.text import Text

#: Candidates that are listed; those far down have neither a session ahead nor a late one.
_LISTED = 60
_WIDTH = 344
#: Qt's own largest width of a widget.
_ANY = 16_777_215
_VERBS = ("arrive", "arrives")


class ChoosePane(Inspector):
    """A list of checks with a meter. To choose another, one is cleared first."""

    def __init__(self, presenter: ImportPresenter, today: Callable[[], date]) -> None:
        super().__init__("", width=_WIDTH)
        self._presenter = presenter
        self._today = today
        self._of: Choosing | None = None
        self._checks: dict[RowRef, Check] = {}
        self._head: tuple[Text, Meter] | None = None
        self._top = column_layout(gap=8)
        self._list = column_layout(gap=0)
        self._foot = Text(tone="text.secondary", wrap=True)
        self.body.addLayout(self._top)
        self.body.addSpacing(look.px(8))
        self.body.addLayout(self._list)
        self.body.addSpacing(look.px(10))
        self.body.addWidget(self._foot)

    def set_alone(self, alone: bool) -> None:
        """Take the page's whole width, and offer the way back; or stand beside the page."""
        self.setMaximumWidth(_ANY if alone else look.px(_WIDTH))
        self.setMinimumWidth(look.px(_WIDTH))
        self.show_close(alone)

    def render_state(self) -> None:
        """Show the choice at hand."""
        choosing = self._presenter.choosing
        if not choosing.scarce or choosing.allowed is None:
            return
        if choosing is not self._of:
            self._of = choosing
            self._build(choosing, choosing.allowed)
        self.say(
            f"{choosing.over:,} over your plan {_VERBS[choosing.over == 1]} inactive",
            f"{plural(choosing.wanted, 'person is', 'people are')} active in the file; there is "
            f"room for {choosing.allowed}. Choose who is active. Inactive clients keep everything "
            "and can be activated later.",
        )
        if self._head is not None:
            count, meter = self._head
            count.set(f"{choosing.used} of {choosing.allowed} chosen")
            meter.set(choosing.used, choosing.allowed)
        for candidate in choosing.candidates[:_LISTED]:
            self._mark(choosing, candidate)

    def _build(self, choosing: Choosing, allowed: int) -> None:
        emptied(self._top)
        emptied(self._list)
        self._checks.clear()
        count = Text(weight="semibold", tabular=True)
        meter = Meter(choosing.used, allowed, "Active clients")
        self._head = (count, meter)
        head = row_layout(gap=8)
        head.addWidget(count)
        head.addStretch(1)
        head.addWidget(Text("Next session first", tone="text.secondary"))
        self._top.addLayout(head)
        self._top.addWidget(meter)
        self._list.addWidget(Hairline(token="line.strong"))  # noqa: S106 - a color token
        for candidate in choosing.candidates[:_LISTED]:
            self._list.addWidget(self._line(candidate))
            self._list.addWidget(Hairline())
        more = len(choosing.candidates) - _LISTED
        below = f"{more} more below. " if more > 0 else ""
        self._foot.set(f"{below}To choose another, clear one first.")

    def _line(self, candidate: Candidate) -> QWidget:
        row = candidate.arrival.row
        check = Check(
            candidate.words,
            on_change=lambda on: self._presenter.choose(row, active=on),
        )
        self._checks[row] = check
        holder = QWidget()
        holder.setFixedHeight(look.row("compact"))
        line = row_layout(holder, gap=8)
        line.addWidget(check)
        line.addStretch(1)
        line.addWidget(
            Text(_when(candidate, self._today()), tone="text.secondary", tabular=True),
            0,
            Qt.AlignmentFlag.AlignVCenter,
        )
        return holder

    def _mark(self, choosing: Choosing, candidate: Candidate) -> None:
        check = self._checks[candidate.arrival.row]
        on = candidate.arrival.row in choosing.chosen
        was = check.blockSignals(True)
        check.setChecked(on)
        check.blockSignals(was)
        check.setEnabled(on or choosing.fits(candidate))


def _when(candidate: Candidate, today: date) -> str:
    following, last = candidate.arrival.next_appointment, candidate.arrival.last_appointment
    if following is not None:
        year = "" if following.year == today.year else f", {following.year}"
        return f"{following:%b} {following.day}{year}"
    return f"last {last:%b} {last.day}, {last.year}" if last is not None else ""

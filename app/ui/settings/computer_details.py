"""Beside the computers: the one that is chosen, and taking it off the account."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.kernel.clock import wall_time
from app.core.kernel.computers import UNTIL_THEN, Computer, before_taking_off
from app.core.kernel.phrases import date_words, time_words
from app.ui.settings.computers_presenter import ComputersPresenter
from app.ui.theme import look
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.layout import Facts, Hairline, column_layout, row_layout
from app.ui.widgets.text import Text

UNKNOWN = "Not known yet"
_AT_HAND = (
    "You are sitting at it. Disconnect it to part it from the account; everything stays on it."
)


def what_is_shown(presenter: ComputersPresenter, computer: Computer) -> tuple[Computer, str]:
    """Return what the details are made of: once it is other, they are made anew."""
    return computer, presenter.owner_of(computer) if presenter.is_shared else ""


class ComputerDetails(QWidget):
    """One computer: what it runs and whose it is; the way off the account."""

    def __init__(
        self, presenter: ComputersPresenter, computer: Computer, disconnect: Callable[[], object]
    ) -> None:
        super().__init__()
        self.shows = what_is_shown(presenter, computer)
        self.computer = computer
        self.acted = False
        """Whether the person asked for it to be taken off."""
        self._presenter = presenter
        self.setAccessibleName(computer.name)
        box = column_layout(self, gap=0)
        box.addWidget(Text(computer.name, "lead", "semibold", wrap=True))
        connected = date_words(wall_time(computer.connected, presenter.desk.zone).date())
        box.addWidget(Text(f"Connected {connected}", tone="text.secondary", wrap=True))
        box.addSpacing(look.px(14))
        box.addWidget(self._facts())
        box.addSpacing(look.px(16))
        box.addWidget(Hairline())
        box.addSpacing(look.px(14))
        if computer.is_this:
            box.addWidget(Text(_AT_HAND, tone="text.secondary", wrap=True))
            box.addSpacing(look.px(10))
            box.addWidget(Link("Disconnect…", on_click=disconnect), 0, Qt.AlignmentFlag.AlignLeft)
        else:
            self._build_taking_off(box)

    def _facts(self) -> Facts:
        computer, presenter = self.computer, self._presenter
        facts = Facts(label_width=92, gap=8)
        facts.add("System", computer.system or UNKNOWN)
        facts.add("Program", f"Version {computer.program}" if computer.program else UNKNOWN)
        seen = wall_time(computer.seen, presenter.desk.zone)
        facts.add("Last here", f"{date_words(seen.date())}, {time_words(seen)}")
        _, whose = self.shows
        if whose:
            facts.add("Whose", whose)
        return facts

    def _build_taking_off(self, box: QVBoxLayout) -> None:
        name = self.computer.name
        self._ask = Link("Take off this account…", tone="danger.text", on_click=self._ask_first)
        self._asked = QWidget()
        inside = column_layout(self._asked, gap=10)
        inside.addWidget(Text(before_taking_off(name), tone="text.secondary", wrap=True))
        inside.addWidget(Text(UNTIL_THEN, tone="text.secondary", wrap=True))
        self._take_off = Button("Take off", kind="danger", on_click=self._do)
        self._take_off.setAccessibleName(f"Take off {name}")
        self._keep = Button("Keep", on_click=self.keep)
        line = row_layout(gap=8)
        line.addWidget(self._keep)
        line.addWidget(self._take_off)
        line.addStretch(1)
        inside.addLayout(line)
        self._asked.hide()
        box.addWidget(self._ask, 0, Qt.AlignmentFlag.AlignLeft)
        box.addWidget(self._asked)

    def show_state(self, presenter: ComputersPresenter) -> None:
        """Show whether the account is being asked."""
        if not self.computer.is_this:
            self._take_off.set_busy(presenter.busy == "take-off")
            self._take_off.setEnabled(not presenter.busy)

    def take_up(self, earlier: ComputerDetails) -> None:
        """Go on asking what the details of the same computer asked before they were made anew."""
        if earlier.computer.id == self.computer.id and earlier._is_asking:
            held = self._ask.hasFocus()
            self._ask.hide()
            self._asked.show()
            if held:
                self._keep.setFocus()

    @property
    def _is_asking(self) -> bool:
        return not self.computer.is_this and not self._asked.isHidden()

    def _ask_first(self) -> None:
        self._ask.hide()
        self._asked.show()
        # What does no harm has the keyboard.
        self._keep.setFocus()

    def keep(self) -> bool:
        """Take the question back; return whether it was asked."""
        asked = self._is_asking
        if asked:
            self._ask.show()
            self._ask.setFocus(Qt.FocusReason.OtherFocusReason)
            self._asked.hide()
        return asked

    def _do(self) -> None:
        self.acted = True
        self._presenter.take_off(self.computer)

"""Small parts that several money screens share."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.money import Money
from app.ui.billing.words import Period
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.buttons import Button
from app.ui.widgets.fields import LineField
from app.ui.widgets.layout import Section, column_layout, row_layout
from app.ui.widgets.menus import Entry, MenuButton
from app.ui.widgets.states import Way
from app.ui.widgets.text import Text


class AmountLine(QWidget):
    """What, perhaps a second muted line, and how much at the right."""

    def __init__(
        self, words: str, amount: Money | str, second: str = "", *, tone: str = "text.primary"
    ) -> None:
        super().__init__()
        text = column_layout(gap=2)
        text.addWidget(Text(words, tone=tone, tabular=True, wrap=True))
        if second:
            text.addWidget(Text(second, tone="text.secondary", wrap=True))
        line = row_layout(self, gap=12, margin=(0, 3, 0, 5))
        line.addLayout(text, 1)
        line.addWidget(Text(str(amount), tone=tone, tabular=True), 0, Qt.AlignmentFlag.AlignTop)
        self.setAccessibleName(f"{words}, {amount}")


def lines_section(title: str, lines: list[AmountLine], nothing: str = "") -> Section:
    """Return a titled list of amounts; of none, one muted line where ``nothing`` says it."""
    section = Section(title, gap=4)
    for line in lines:
        section.add(line)
    if not lines and nothing:
        section.add(Text(nothing, tone="text.secondary", wrap=True))
    return section


def earlier_way(go: Callable[[Place], object]) -> Way:
    """Return the way to enter what was held and paid before this program."""
    return Way(
        "Enter past sessions",
        lambda: go(Place("scheduling", part="past")),
        "What was held, and perhaps paid, before you began with this program.",
        "history",
    )


class PeriodButton(MenuButton):
    """The period of a list, as words in its head."""

    def __init__(self, period: Period, chosen: Callable[[Period], None]) -> None:
        super().__init__(
            period.label, self._entries_of, kind="plain", icon="list-filter", name="Period"
        )
        self._period, self._chosen = period, chosen

    def show_period(self, period: Period) -> None:
        """Say another period."""
        self._period = period
        self.set_words(period.label)

    def _entries_of(self) -> list[Entry | None]:
        return [self._entry(each) for each in Period]

    def _entry(self, period: Period) -> Entry:
        return Entry(period.label, lambda: self._chosen(period), checked=period is self._period)


class Confirm(QWidget):
    """What an act that cannot be undone will do, the reason for it, and the act itself."""

    def __init__(
        self,
        sentence: str,
        words: str,
        act: Callable[[str], object],
        leave: Callable[[], object],
    ) -> None:
        super().__init__()
        self._reason = LineField(placeholder="Reason, for yourself", name="Reason")
        self._reason.returnPressed.connect(lambda: act(self._reason.text()))
        box = column_layout(self, gap=10)
        box.addWidget(Text(sentence, tone="text.secondary", wrap=True))
        box.addWidget(self._reason)
        acts = row_layout(gap=8)
        acts.addStretch(1)
        acts.addWidget(Button("Keep it", on_click=leave))
        acts.addWidget(Button(words, kind="danger", on_click=lambda: act(self._reason.text())))
        box.addLayout(acts)
        self.setMinimumHeight(look.px(120))

    def focus_first(self) -> None:
        """Put the cursor in the reason."""
        self._reason.setFocus()

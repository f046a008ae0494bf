"""The week's office hours, a line a day."""

from __future__ import annotations

from datetime import time

from PySide6.QtWidgets import QGridLayout

from app.core.practice.rules.organization import WEEKDAYS, Hours
from app.ui.theme import look
from app.ui.widgets.choices import Check
from app.ui.widgets.text import Text
from app.ui.widgets.typed import TimeField


class HoursEditor(QGridLayout):
    """A line a weekday: whether the office is open, from when to when."""

    def __init__(self, hours: tuple[Hours, ...]) -> None:
        super().__init__()
        self.setContentsMargins(0, 0, 0, 0)
        self.setHorizontalSpacing(look.px(12))
        self.setVerticalSpacing(look.px(8))
        self.setColumnMinimumWidth(0, look.px(140))
        self.setColumnStretch(4, 1)
        stretches = {each.weekday: each for each in hours}
        self._rows = [self._add(day, stretches.get(day)) for day in range(len(WEEKDAYS))]

    def _add(self, day: int, stretch: Hours | None) -> tuple[Check, TimeField, TimeField]:
        name = WEEKDAYS[day]
        opens = TimeField(stretch.opens if stretch else time(9), name=f"{name} opens")
        closes = TimeField(stretch.closes if stretch else time(17), name=f"{name} closes")
        check = Check(name, checked=stretch is not None)
        for field in (opens, closes):
            field.setFixedWidth(look.px(110))
            field.setEnabled(check.isChecked())
            check.toggled.connect(field.setEnabled)
        for place, widget in enumerate((check, opens, Text("to", tone="text.secondary"), closes)):
            self.addWidget(widget, day, place)
        return check, opens, closes

    def hours(self) -> tuple[Hours, ...]:
        """Return the stretches of the days that are open; raises ``UserError`` for no time."""
        stretches = []
        for day, (check, opens, closes) in enumerate(self._rows):
            if not check.isChecked():
                continue
            begins, ends = opens.time(), closes.time()
            if begins is not None and ends is not None:
                stretches.append(Hours(day, begins, ends))
        return tuple(stretches)

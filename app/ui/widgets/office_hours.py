"""The week's office hours, a line a day."""

from __future__ import annotations

from datetime import time

from PySide6.QtWidgets import QGridLayout

from app.core.practice.rules.organization import WEEKDAYS, Hours
from app.ui.theme import look
from app.ui.widgets.choices import Check
from app.ui.widgets.forms import FieldProblem
from app.ui.widgets.text import Text
from app.ui.widgets.typed import TimeField


class _Problem(FieldProblem):
    """What of a day's times cannot be read, at the end of its line."""

    def __init__(self, *fields: TimeField) -> None:
        super().__init__()
        self._fields = fields
        for field in fields:
            field.judged.connect(self._judge)
            field.changed.connect(self._judge)

    def _judge(self) -> None:
        for field in self._fields:
            field.set_error(bool(field.unread()))
        self.say(next(filter(None, (field.unread() for field in self._fields)), ""))


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
        to = Text("to", tone="text.secondary")
        for place, widget in enumerate((check, opens, to, closes, _Problem(opens, closes))):
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

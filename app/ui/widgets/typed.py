"""Fields that hold a value of a kind: money, a date, a time. Wrong text raises ``UserError``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from PySide6.QtCore import QDate, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent

from app.core.kernel.errors import UserError
from app.core.kernel.money import Money, parse_money
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.fields import LineField
from app.ui.widgets.month import MonthPopup
from app.ui.widgets.phrases import date_words, parse_day, parse_time, time_words


def is_being_typed(field: LineField, read: Callable[[], object]) -> bool:
    """Return whether what stands in ``field`` must stay: it cannot be read, or is still typed."""
    try:
        read()
    except UserError:
        return True
    return field.hasFocus() and field.isModified()


class TypedField(LineField):
    """A field whose text is read when it is left.

    ``judged`` carries the sentence about a text that cannot be read, said when the field is left
    (the text stays as typed, so that it can be mended), and "" as soon as it can be read.
    """

    changed = Signal()
    judged = Signal(str)

    def __init__(self, *, placeholder: str = "", name: str = "", tall: bool = False) -> None:
        super().__init__(placeholder=placeholder, name=name, tall=tall)
        self._is_judged = False
        self.editingFinished.connect(self._left)
        self.textChanged.connect(self._typed)

    def tidy(self) -> None:
        """Show the value that was typed as screens write it; raises ``UserError``."""
        raise NotImplementedError

    def problem(self) -> str:
        """Return the sentence about what stands here, or "" where it can be read."""
        raise NotImplementedError

    def unread(self) -> str:
        """Return the sentence that was said of what still cannot be read, or ""."""
        return self.problem() if self._is_judged else ""

    def judge(self) -> bool:
        """Say what cannot be read, if anything; return whether it can be read."""
        sentence = self.problem()
        self._is_judged = bool(sentence)
        if sentence:
            self.judged.emit(sentence)
        return not sentence

    def _left(self) -> None:
        if self.judge():
            self.tidy()
            self.changed.emit()

    def _typed(self) -> None:
        if self._is_judged and not self.problem():
            self._is_judged = False
            self.judged.emit("")


def _problem_of(read: Callable[[], object]) -> str:
    try:
        read()
    except UserError as error:
        return error.sentence
    return ""


class MoneyField(TypedField):
    """An amount with the sign before it; ``right`` lines it up in a column."""

    def __init__(
        self,
        money: Money | None = None,
        *,
        name: str = "",
        field: str = "amount",
        right: bool = False,
        tall: bool = False,
    ) -> None:
        super().__init__(name=name, tall=tall)
        self._field = field
        self._right = right
        if right:
            self.setAlignment(Qt.AlignmentFlag.AlignRight)
        else:
            self.setTextMargins(look.px(16), 0, 0, 0)
        self.set_money(money)

    def money(self) -> Money:
        """Return the amount; raises ``UserError`` at its field."""
        return parse_money(self.text(), field=self._field)

    def set_money(self, money: Money | None) -> None:
        """Show an amount, or nothing."""
        self.setText("" if money is None else str(money) if self._right else money.plain())

    def tidy(self) -> None:
        """Show the amount with its cents; an empty field stays empty."""
        if self.text().strip():
            self.set_money(self.money())

    def problem(self) -> str:
        """Return the sentence about a text that is no amount; an empty field has none."""
        return _problem_of(self.money) if self.text().strip() else ""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._right:
            area = QRectF(look.px(11), 0, look.px(16), self.height())
            paint.words(QPainter(self), area, "$", look.font("body"), look.color("text.muted"))


class DateField(TypedField):
    """A date, typed as people type it, or picked from a month (Alt+Down, or the icon)."""

    def __init__(
        self,
        day: dt.date | None = None,
        *,
        name: str = "",
        field: str = "date",
        today: dt.date | None = None,
    ) -> None:
        super().__init__(placeholder="mm/dd/yyyy", name=name)
        self._field = field
        self._today = today
        self.add_trailing("calendar-days", "Choose a day", self.open_month)
        self.set_day(day)

    def day(self) -> dt.date | None:
        """Return the date, None where it is empty; raises ``UserError`` at its field."""
        return parse_day(self.text(), today=self._anchor(), field=self._field)

    def set_day(self, day: dt.date | None) -> None:
        """Show a date, or nothing."""
        self.setText("" if day is None else date_words(day))
        self.setCursorPosition(0)

    def minimumSizeHint(self) -> QSize:
        return self.room_for("Sep 30, 2026")

    def _anchor(self) -> dt.date:
        if self._today is not None:
            return self._today
        now = QDate.currentDate()
        return dt.date(now.year(), now.month(), now.day())

    def tidy(self) -> None:
        """Show the date as screens write it."""
        self.set_day(self.day())

    def problem(self) -> str:
        """Return the sentence about a text that is no date."""
        return _problem_of(self.day)

    def open_month(self) -> None:
        """Open the month under the field."""
        popup = MonthPopup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        try:
            shown = self.day() or self._anchor()
        except UserError:
            shown = self._anchor()
        popup.month.setSelectedDate(QDate(shown.year, shown.month, shown.day))
        popup.picked.connect(self._picked)
        popup.picked.connect(popup.close)
        popup.move(self.mapToGlobal(QPoint(0, self.height() + look.px(4))))
        popup.show()
        popup.month.setFocus()

    def _picked(self, day: QDate) -> None:
        self.set_day(dt.date(day.year(), day.month(), day.day()))
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        down = event.key() == Qt.Key.Key_Down
        if down and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.open_month()
            return
        super().keyPressEvent(event)


class TimeField(TypedField):
    """A time of day, typed as people type it: 9, 9:30, 1:30 pm."""

    def __init__(
        self,
        at: dt.time | None = None,
        *,
        name: str = "",
        field: str = "time",
    ) -> None:
        super().__init__(placeholder="9:00 AM", name=name)
        self._field = field
        self.set_time(at)

    def time(self) -> dt.time | None:
        """Return the time, None where it is empty; raises ``UserError`` at its field."""
        return parse_time(self.text(), field=self._field)

    def set_time(self, at: dt.time | None) -> None:
        """Show a time, or nothing."""
        self.setText("" if at is None else time_words(at))

    def minimumSizeHint(self) -> QSize:
        return self.room_for("12:30 PM")

    def tidy(self) -> None:
        """Show the time as screens write it."""
        self.set_time(self.time())

    def problem(self) -> str:
        """Return the sentence about a text that is no time of day."""
        return _problem_of(self.time)

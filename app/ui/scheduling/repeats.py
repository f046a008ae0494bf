"""How a session repeats, in its editor."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.core.kernel.errors import UserError
from app.ui.scheduling.editor_presenter import EditorPresenter
from app.ui.scheduling.typed_session import Until
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.layout import column_layout, row
from app.ui.widgets.typed import DateField

_EVERY = [(0, "Does not repeat"), (1, "Every week"), (2, "Every 2 weeks")]
_UNTIL = [
    (Until.OPEN, "No end"),
    (Until.COUNT, "Number of times"),
    (Until.DAY, "Until a day"),
]


class RepeatFields(QWidget):
    """Whether, how often, and until when."""

    def __init__(self, presenter: EditorPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._every = Choice(_EVERY, name="Repeats")
        self._until = Choice(_UNTIL, name="How the series ends")
        self._count = LineField(name="How many times")
        self._last = DateField(name="Last day", field="until", today=presenter.now().date())
        # Of a series one session is changed at a time; one session does not become a series.
        self._every.setEnabled(presenter.session_id is None)
        self._every.changed.connect(lambda value: presenter.set(every=value))
        self._until.changed.connect(lambda value: presenter.set(until=value))
        self._count.editingFinished.connect(self._count_typed)
        self._last.changed.connect(lambda: presenter.set(last=self._last.day()))
        self.setFocusProxy(self._every)
        box = column_layout(self, gap=8)
        box.addWidget(self._every)
        box.addWidget(row(self._until, self._count, self._last, gap=8))

    def show_state(self) -> None:
        """Show how it repeats."""
        typed = self._presenter.typed
        for choice, value in ((self._every, typed.every), (self._until, typed.until)):
            choice.blockSignals(True)
            choice.set_value(value)
            choice.blockSignals(False)
        self._until.setVisible(bool(typed.every))
        self._count.setVisible(bool(typed.every) and typed.until is Until.COUNT)
        self._last.setVisible(bool(typed.every) and typed.until is Until.DAY)
        if not self._count.hasFocus():
            self._count.setText(str(typed.count or ""))

    def fields(self) -> dict[str, LineField]:
        """Return the fields in which one types, by name."""
        return {"count": self._count, "until": self._last}

    def check(self) -> None:
        """Raise ``UserError`` when the last day cannot be read, or is missing."""
        if self._last.isVisibleTo(self) and self._last.day() is None:
            raise UserError("Say the last day of the series.", field="until")

    def _count_typed(self) -> None:
        typed = self._count.text().strip()
        self._presenter.set(count=int(typed) if typed.isascii() and typed.isdigit() else 0)

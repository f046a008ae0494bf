"""First services: name, code, minutes and fee, in the person's own words."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QWidget

from app.core.kernel.errors import UserError
from app.ui.onboarding.drafts import Draft, TypedService, offering
from app.ui.onboarding.page import PageView, advice
from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.fields import LineField
from app.ui.widgets.layout import row_layout
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text
from app.ui.widgets.typed import MoneyField

#: Field, head of its column, what an empty one shows, stretch of the column.
_COLUMNS = (
    ("name", "Name", "Individual session", 5),
    ("code", "Code", "0001Z", 2),
    ("minutes", "Minutes", "50", 2),
    ("fee", "Fee", "", 2),
)
_FIRST_ROWS = 3


class ServicesPage(PageView):
    """A row a service; an empty row is none."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            "Services and fees",
            "What you offer, in your own words. Each session takes its code, length and fee from"
            " here.",
            aside=advice(
                (
                    "Which code?",
                    "The one of your own code book. Codes belong to the American Medical"
                    " Association, so none are proposed.",
                ),
                (
                    "A sliding scale?",
                    "Type the usual fee here. What one client pays is set with that client.",
                ),
            ),
        )
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(look.px(12))
        self._grid.setVerticalSpacing(look.px(8))
        self._rows: list[dict[str, LineField]] = []
        for place, (_field, head, _shown, stretch) in enumerate(_COLUMNS):
            self._grid.addWidget(Text(head, weight="medium"), 0, place)
            self._grid.setColumnStretch(place, stretch)
        self.fields.addLayout(self._grid)
        self._wrong = StatusLabel()
        self._wrong.hide()
        more = row_layout(gap=8)
        self._more = Link("Add another service", on_click=self.add_row)
        more.addWidget(self._more)
        more.addStretch(1)
        self.fields.setSpacing(look.px(12))
        self.add(self._wrong)
        self.fields.addLayout(more)
        for service in draft.services:
            self.add_row()
            minutes, fee = str(service.minutes), service.fee.plain()
            self._fill(self._rows[-1], (service.name, service.code, minutes, fee))
        while len(self._rows) < _FIRST_ROWS:
            self.add_row()

    def add_row(self) -> None:
        """Add an empty row."""
        number = len(self._rows) + 1
        row: dict[str, LineField] = {}
        for place, (field, head, shown, _stretch) in enumerate(_COLUMNS):
            name = f"{head} of service {number}"
            line = (
                MoneyField(name=name, tall=True)
                if field == "fee"
                else LineField(name=name, placeholder=shown if number == 1 else "", tall=True)
            )
            row[field] = line
            self._grid.addWidget(line, number, place)
        row["minutes"].setText("50")
        before = self._rows[-1]["fee"] if self._rows else None
        for line in row.values():
            if before is not None:
                self.setTabOrder(before, line)
            before = line
        self.setTabOrder(row["fee"], self._more)
        self._rows.append(row)

    def first_control(self) -> QWidget | None:
        return self._rows[0]["name"]

    @staticmethod
    def _fill(row: dict[str, LineField], words: tuple[str, str, str, str]) -> None:
        for (field, *_), text in zip(_COLUMNS, words, strict=True):
            row[field].setText(text)

    def take(self, draft: Draft) -> Draft:
        rows = [
            TypedService(**{field: line.text() for field, line in row.items()})
            for row in self._rows
        ]
        return offering(draft, tuple(rows))

    def show_problem(self, problem: Exception | None) -> None:
        for row in self._rows:
            for line in row.values():
                line.set_error(False)
        number, _, field = (getattr(problem, "field", None) or "").partition(".")
        of_row = isinstance(problem, UserError) and number.isdecimal()
        super().show_problem(None if of_row else problem)
        self._wrong.setVisible(of_row)
        if of_row:
            line = self._rows[int(number)].get(field, self._rows[int(number)]["name"])
            line.set_error(True)
            line.setFocus()
            self._wrong.set(Status("circle-alert", str(problem), Tone.DANGER))

"""The diagnoses of a person: find a code as one types, see since when each counts, mend it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from app.core.clinical.rules.codes import CodeEntry
from app.core.clinical.rules.diagnoses import Diagnosis
from app.core.kernel.errors import UserError
from app.core.kernel.phrases import short_day
from app.ui.clinical.diagnoses_presenter import DiagnosesPresenter
from app.ui.clinical.diagnosis_words import late_words, span_words
from app.ui.theme import look
from app.ui.widgets.fields import SearchField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import Hairline, column_layout, emptied, row_layout
from app.ui.widgets.lists import EntityList, EntityRow
from app.ui.widgets.menus import Entry, MenuButton
from app.ui.widgets.message import Message
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField

_MOST_ROWS = 5
_NOTHING = "Nothing found. A code newer than the table: type it with its description behind it."


class DiagnosesEditor(QWidget):
    """Search, the first day, what is found, and the diagnoses listed. Keyboard alone is enough:
    arrows go from the search into what is found, Enter adds.
    """

    def __init__(self, presenter: DiagnosesPresenter) -> None:
        super().__init__()
        self._presenter = presenter
        self._listed: tuple[object, ...] | None = None
        self._search = SearchField(
            "Code or words: F41.1, anxiety", keys="", name="Find a diagnosis"
        )
        self._from = DateField(presenter.day, name="Valid from", field="valid_from")
        self._search_field = FormField("Add a diagnosis", self._search)
        self._from_field = FormField("Valid from", self._from)
        self._from_field.setFixedWidth(look.px(150))
        self._found = EntityList("Diagnoses found")
        self._found.opened.connect(self._choose)
        self._found.clicked.connect(lambda _index: self._choose_current())
        self._nothing = Text(_NOTHING, tone="text.secondary", wrap=True)
        self._nothing.hide()
        self._search.searched.connect(presenter.search)
        self._search.installEventFilter(self)
        self._rows = column_layout(gap=0)
        line = row_layout(gap=12)
        line.addWidget(self._search_field, 1, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self._from_field, 0, Qt.AlignmentFlag.AlignTop)
        box = column_layout(self, gap=8)
        box.addLayout(line)
        box.addWidget(self._nothing, 0, Qt.AlignmentFlag.AlignTop)
        box.addWidget(self._found)
        box.addLayout(self._rows)
        self.setFocusProxy(self._search)
        presenter.on_change(self._render)
        self._render()

    def _render(self) -> None:
        presenter = self._presenter
        if presenter.all is not None:
            self._show_listed((*presenter.valid, *presenter.others))
        self._show_found(presenter.found)
        if presenter.refusal is not None:
            self._show_refusal(presenter.refusal)
        else:
            self._search_field.clear_error()
            self._from_field.clear_error()

    def _show_refusal(self, refusal: UserError) -> None:
        field = self._from_field if refusal.field == "valid_from" else self._search_field
        field.show_error(refusal.sentence)

    # Finding

    def _show_found(self, found: Sequence[CodeEntry]) -> None:
        rows = [
            EntityRow(
                key=entry,
                title=entry.description,
                detail=entry.code if entry.billable else f"{entry.code}, choose one below it",
                muted=not entry.billable,
            )
            for entry in found
        ]
        self._found.set_rows(rows)
        self._found.setVisible(bool(rows))
        self._nothing.setVisible(self._presenter.nothing_found)
        self._found.setFixedHeight(min(len(rows), _MOST_ROWS) * look.row("list"))
        if self._search.text().strip() != self._presenter.searched:
            # Added, or a heading was opened: the field says what is shown now.
            blocked = self._search.blockSignals(True)
            self._search.setText(self._presenter.searched)
            self._search.blockSignals(blocked)

    def _first_day(self) -> date | None:
        try:
            return self._from.day() or self._presenter.day
        except UserError as error:
            self._from_field.show_error(error.sentence)
            return None

    def _choose(self, entry: CodeEntry) -> None:
        first_day = self._first_day()
        if first_day is not None:
            self._search.setFocus()
            self._presenter.choose(entry, first_day)

    def _choose_current(self) -> None:
        key = self._found.current_key()
        if isinstance(key, CodeEntry):
            self._choose(key)

    def _choose_first(self) -> None:
        first_day = self._first_day()
        if first_day is not None:
            self._presenter.choose_first(first_day)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._search and event.type() == QEvent.Type.KeyPress:
            key = event.key() if isinstance(event, QKeyEvent) else None
            if key == Qt.Key.Key_Down and self._presenter.found:
                self._found.setFocus(Qt.FocusReason.TabFocusReason)
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._search.text().strip():
                self._choose_first()
                return True
        return False

    # What is listed

    def _show_listed(self, listed: Sequence[Diagnosis]) -> None:
        late = self._presenter.late
        shown = (*listed, late)
        if shown == self._listed:
            return
        self._listed = shown
        emptied(self._rows)
        if late is not None:
            mend = Message(
                Tone.WARN,
                "Begins too late.",
                late_words(late, self._presenter.day),
                mend="Valid from this session",
                on_mend=lambda: self._presenter.begin(late.id),
            )
            self._rows.addWidget(mend)
        for place, diagnosis in enumerate(listed):
            self._rows.addWidget(self._row(diagnosis, place))
            self._rows.addWidget(Hairline())

    def _row(self, diagnosis: Diagnosis, place: int) -> QWidget:
        counts = diagnosis.valid_on(self._presenter.day)
        span = span_words(diagnosis, self._presenter.day)
        line = QWidget()
        line.setFixedHeight(look.row("table"))
        inner = row_layout(line, gap=8)
        tone = "text.primary" if counts else "text.muted"
        inner.addWidget(Text(diagnosis.code, weight="semibold", tabular=True, tone=tone))
        inner.addWidget(Text(diagnosis.description, tone=tone, elide=True), 1)
        inner.addWidget(Text(span, tone="text.muted"))
        more = MenuButton(
            "",
            lambda: self._acts(diagnosis, principal=place == 0),
            icon="ellipsis",
            name=f"More for {diagnosis.code}",
        )
        inner.addWidget(more)
        line.setAccessibleName(f"{diagnosis.code} {diagnosis.description}, {span}")
        return line

    def _acts(self, diagnosis: Diagnosis, *, principal: bool) -> list[Entry | None]:
        presenter, day = self._presenter, self._presenter.day
        on = short_day(day)
        entries: list[Entry | None] = []
        if not principal:
            entries.append(
                Entry("Make it the principal one", lambda: presenter.make_principal(diagnosis.id))
            )
        if diagnosis.valid_from > day:
            entries.append(Entry(f"Valid from {on}", lambda: presenter.begin(diagnosis.id)))
        elif diagnosis.valid_to is None:
            entries.append(Entry(f"End on {on}", lambda: presenter.end(diagnosis.id, day)))
        else:
            entries.append(Entry("Goes on", lambda: presenter.end(diagnosis.id, None)))
        return [*entries, None, Entry("Remove", lambda: presenter.remove(diagnosis.id))]

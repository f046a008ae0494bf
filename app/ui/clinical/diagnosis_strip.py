"""The diagnoses that count for a session, in one line over its note."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent

from app.core.clinical.rules.diagnoses import Diagnosis
from app.ui.clinical.diagnoses_presenter import DiagnosesPresenter
from app.ui.clinical.diagnosis_words import late_words, span_words
from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import Surface, emptied, row_layout
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text


class DiagnosisStrip(Surface):
    """Reads the presenter; ``change`` opens the editor, ``choose`` where the patient is chosen."""

    def __init__(self, change: Callable[[], None], choose: Callable[[], None]) -> None:
        super().__init__("page", edges="bottom")
        self._presenter: DiagnosesPresenter | None = None
        self._choose = choose
        self._change = Link("Change", on_click=change)
        line = row_layout(self, gap=16, margin=(40, 0, 24, 0))
        self._shown = row_layout(gap=24)
        line.addLayout(self._shown, 1)
        line.addWidget(self._change)
        self.setAccessibleName("Diagnosis")
        self._fit()
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self.setFixedHeight(look.px(40))

    @property
    def last(self) -> Link:
        """Return the control at its end, for the order of Tab."""
        return self._change

    def follow(self, presenter: DiagnosesPresenter) -> None:
        """Show the diagnoses of another person or day, as soon as they are read."""
        self.hide()
        self._presenter = presenter
        presenter.on_change(self._render)

    def show_lack(self) -> None:
        """Say that diagnoses belong to a person whom nobody chose yet."""
        self._presenter = None
        emptied(self._shown)
        words = "No identified patient, so no diagnosis."
        line = row_layout(gap=12)
        line.addWidget(StatusLabel(Status("triangle-alert", words, Tone.WARN)))
        line.addWidget(Link("Choose the identified patient", on_click=self._choose))
        self._shown.addLayout(line)
        self._shown.addStretch(1)
        self._change.hide()
        self.show()

    def _render(self) -> None:
        presenter = self._presenter
        if presenter is None or presenter.all is None:
            return
        emptied(self._shown)
        self._change.show()
        self.show()
        valid, late = presenter.valid, presenter.late
        self._change.set_words("Change" if valid or late else "Add diagnosis")
        if late is not None:
            self._show_late(presenter, late)
            return
        lead = row_layout(gap=8)
        lead.addWidget(Text("Diagnosis", tone="text.muted"))
        if not valid:
            lead.addWidget(Text("None on this day", tone="text.secondary"))
        self._shown.addLayout(lead)
        for place, diagnosis in enumerate(valid):
            each = lead if place == 0 else row_layout(gap=8)
            each.addWidget(Text(diagnosis.code, weight="semibold", tabular=True))
            each.addWidget(Text(diagnosis.description, elide=True))
            each.addWidget(Text(span_words(diagnosis, presenter.day), tone="text.muted"))
            if place:
                self._shown.addLayout(each)
        self._shown.addStretch(1)

    def _show_late(self, presenter: DiagnosesPresenter, late: Diagnosis) -> None:
        words = late_words(late, presenter.day)
        line = row_layout(gap=12)
        line.addWidget(StatusLabel(Status("triangle-alert", words, Tone.WARN)))
        line.addWidget(Link("Valid from this session", on_click=lambda: presenter.begin(late.id)))
        self._shown.addLayout(line)
        self._shown.addStretch(1)

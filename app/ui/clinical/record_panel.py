"""The record's Clinical tab: dated diagnoses of each person, and the notes."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.clinical.queries.notes import NoteHead
from app.core.clinical.rules.notes import NoteStatus
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.phrases import date_words, plural
from app.ui.clinical.diagnoses_editor import DiagnosesEditor
from app.ui.clinical.diagnoses_presenter import DiagnosesPresenter
from app.ui.clinical.record_presenter import RecordPresenter
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place, Record
from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.cells import GUTTER, Cell, Column, TableRow
from app.ui.widgets.layout import ScrollPage, Section, column_layout
from app.ui.widgets.states import EmptyState, StateStack, Way
from app.ui.widgets.status import Status, Tone
from app.ui.widgets.tables import DataTable

_COLUMNS = (
    Column("day", "Date", weight="medium"),
    Column("kind", "Note", tone="text.secondary"),
    Column("opening", "Begins", stretch=1, tone="text.secondary", sortable=False),
    Column("status", "Status"),
)
_MEASURE = 820


class RecordPanel(QWidget):
    """A tab of the record of a case, or of a client without one."""

    def __init__(self, context: ScreenContext, record: Record) -> None:
        super().__init__()
        self._context = context
        self._presenter = RecordPresenter(
            context.desk, context.deliver, record=record, did=context.did
        )
        self._people: dict[UUID, DiagnosesPresenter] = {}
        self._editors: list[DiagnosesEditor] = []
        # Rows of the table bleed over the text grid: the page begins where they do.
        self._page = ScrollPage(margin=(28, 28, 28, 32), width=_MEASURE, gap=28, name="Clinical")
        self._diagnoses = column_layout(gap=28, margin=(GUTTER, 0, GUTTER, 0))
        self._page.body.addLayout(self._diagnoses)
        self._page.body.addWidget(self._build_notes())
        column_layout(self).addWidget(self._page)
        self.setAccessibleName("Clinical")
        self._presenter.on_change(self._render)
        self._presenter.refresh()

    def closing(self) -> None:
        """Let go of the presenters."""
        self._presenter.close()
        for each in self._people.values():
            each.close()

    def show_place(self, place: Place) -> None:
        """Go to the diagnoses where a mend leads here."""
        if "field" in place.ask and self._editors:
            self._editors[0].setFocus()

    def refresh(self) -> None:
        """Read again when the tab is shown again."""
        self._presenter.refresh()

    def _build_notes(self) -> QWidget:
        self._notes = Section("Notes")
        self._notes.head.setContentsMargins(look.px(GUTTER), 0, look.px(GUTTER), 0)
        self._table = DataTable(_COLUMNS, name="Notes")
        self._table.follow(self._context.unsent)
        self._table.opened.connect(self._open_note)
        self._stack = StateStack(self._table)
        self._more = Link("Show all", on_click=self._presenter.show_all)
        self._notes.add(self._stack)
        self._notes.add(self._more)
        self._more.hide()
        return self._notes

    def _render(self) -> None:
        presenter = self._presenter
        if presenter.problem is not None:
            self._show_problem(presenter.problem)
            return
        self._show_people()
        if presenter.notes is not None:
            self._show_notes(presenter.shown)

    def _show_problem(self, problem: Exception) -> None:
        if not isinstance(problem, UserError | MachineError):
            raise problem
        self._stack.error(problem.sentence, self._presenter.refresh)

    def _show_people(self) -> None:
        people = self._presenter.people
        for client_id, name in people:
            if client_id in self._people:
                continue
            each = DiagnosesPresenter(
                self._context.desk,
                self._context.deliver,
                client_id=client_id,
                day=self._context.today(),
                did=self._context.did,
            )
            self._people[client_id] = each
            title = "Diagnoses" if len(people) == 1 else f"Diagnoses, {name.called}"
            section = Section(title, gap=12)
            self._editors.append(DiagnosesEditor(each))
            section.add(self._editors[-1])
            self._diagnoses.addWidget(section)
            each.refresh()

    def _show_notes(self, notes: list[NoteHead]) -> None:
        self._notes.set_count(len(notes) if notes else None)
        self._more.setVisible(self._presenter.has_more)
        if not notes:
            self._stack.empty(self._no_notes())
            self._stack.setFixedHeight(look.px(280))
            return
        self._table.set_rows([_row(each) for each in notes])
        self._stack.setFixedHeight((len(notes) + 1) * look.row("table") + look.px(4))
        self._stack.content()

    def _no_notes(self) -> QWidget:
        sentence = "Write the first one from a session in the calendar, or here."
        ways = [Way("New note", self._new_note, icon="pen-line")] if self._presenter.case_id else []
        return EmptyState("file-text", "No notes yet", sentence, ways)

    def _new_note(self) -> None:
        self._context.go(Place("clinical", ask={"case": str(self._presenter.case_id)}))

    def _open_note(self, note_id: UUID) -> None:
        self._context.go(Place("clinical", ("note", note_id)))


def _row(head: NoteHead) -> TableRow:
    return TableRow(
        key=head.id,
        cells=(
            Cell(date_words(head.held_on), sort=head.held_on),
            Cell(head.kind.label, second=head.format.label),
            Cell(head.opening),
            Cell(status=_status(head)),
        ),
    )


def _status(head: NoteHead) -> Status:
    if head.status is NoteStatus.DRAFT:
        return Status("circle-dashed", "Draft", Tone.WARN)
    if head.amendments:
        return Status("lock", f"Signed, {plural(head.amendments, 'amendment')}", Tone.OK)
    return Status("lock", "Signed", Tone.OK)

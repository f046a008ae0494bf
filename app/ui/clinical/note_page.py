"""The note editor: sections to write, the last note beside them, and what signing will do."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from app.core.clinical.queries.notes import NoteView
from app.core.clinical.rules.notes import NoteFormat
from app.core.kernel.acting import Permission
from app.core.kernel.clock import wall_time
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.phrases import date_words, short_day, time_words
from app.ui.clinical.amendments import Amendments
from app.ui.clinical.attachments_list import AttachmentsList
from app.ui.clinical.beside_pane import BesidePane
from app.ui.clinical.diagnoses_editor import DiagnosesEditor
from app.ui.clinical.diagnoses_presenter import DiagnosesPresenter
from app.ui.clinical.diagnosis_strip import DiagnosisStrip
from app.ui.clinical.documents_panel import attachments_of
from app.ui.clinical.note_foot import NoteFoot
from app.ui.clinical.note_presenter import KEEP_AFTER_MS, Keeping, NotePresenter
from app.ui.clinical.note_sections import NoteSections
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.bars import Toolbar
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.layout import ScrollPage, column_layout, emptied, row_layout
from app.ui.widgets.menus import Entry, MenuButton
from app.ui.widgets.panes import Inspector, Sheet
from app.ui.widgets.states import StateStack

#: Width of the page, in pixels of the design, below which the last note becomes a sheet.
_ROOM_FOR_BESIDE = 1024
_TEXT_COLUMN = 740
_LOST = "This note is no longer here: it was removed, or its case is not yours any more."
_ONCE = Qt.ConnectionType.SingleShotConnection


class FormatButton(MenuButton):
    """The format's name with the mark of a choice behind it."""

    def _parts(self) -> list[tuple[str, float]]:
        return list(reversed(super()._parts()))


class NotePage(QWidget):
    """A page of the window; see ``shell.pages`` for what is asked of it."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._presenter = NotePresenter(
            context.desk,
            context.deliver,
            did=context.did,
            gone=context.back,
            lost=self._leave_lost,
        )
        self._diagnoses: DiagnosesPresenter | None = None
        self._diagnosed: tuple[object, ...] | None = None
        self._refused: UserError | None = None
        self._files: AttachmentsList | None = None
        self._files_of: UUID | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER_MS)
        self._timer.timeout.connect(self._keep)
        self._strip = DiagnosisStrip(self._change_diagnoses, self._choose_patient)
        self._page = ScrollPage(
            margin=(40, 26, 40, 24), width=_TEXT_COLUMN, name="Text of the note"
        )
        self._sections = NoteSections(self._page)
        self._sections.typed.connect(self._typed)
        self._amendments = Amendments(context.desk.zone, self._presenter.keep_amendment)
        self._foot = NoteFoot(self._sign_or_amend, self._presenter.discard)
        self._beside = BesidePane(self._presenter, self._bring_forward)
        self._stack = StateStack(self._build())
        column_layout(self).addWidget(self._stack)
        self._sheet = Sheet(self)
        self._presenter.on_change(self._render)
        self.setAccessibleName("Note")

    # What the shell asks

    def show_place(self, place: Place) -> None:
        """Show the note of the place, or the one to be written for a session or a case."""
        self.left()
        self._sections.forget()
        self._amendments.forget()
        self._drop_diagnoses()
        self._stack.loading()
        if "appointment" in place.ask:
            self._presenter.open_for_session(UUID(place.ask["appointment"]))
        elif "case" in place.ask:
            self._presenter.open_new(UUID(place.ask["case"]), self._context.today())
        elif place.record is not None:
            self._presenter.open(place.record[1])

    def here(self) -> Place | None:
        """Return the place of the note that is shown, whatever it was begun for."""
        found = self._presenter.note
        return None if found is None else Place("clinical", ("note", found.id))

    def holds_unkept(self) -> bool:
        """Return whether something stands here that does not lie in the file."""
        return self._presenter.keeping is not Keeping.KEPT or self._amendments.waits

    def act(self, action_id: str) -> None:
        """Do an action of the menu."""
        acts = {"clinical.sign": self._sign_or_amend, "clinical.discard": self._presenter.discard}
        acts[action_id]()

    def can(self, action_id: str) -> bool:
        """Return whether it can be done now."""
        if action_id == "clinical.discard":
            return self._presenter.discardable
        return self._presenter.editable or self._presenter.is_signed

    def left(self) -> None:
        """Keep what was typed."""
        self._timer.stop()
        self._amendments.keep_now()
        self._presenter.leave(self._sections.texts())

    def closing(self) -> None:
        """Keep what was typed and let go."""
        self.left()
        self._presenter.close()
        self._drop_diagnoses()
        self._follow_files(None)

    # Layout

    def _build(self) -> QWidget:
        self._page.body.addWidget(self._sections)
        self._page.body.addSpacing(look.px(22))
        self._page.body.addWidget(self._amendments)
        self._page.body.addSpacing(look.px(22))
        self._files_room = column_layout()
        self._page.body.addLayout(self._files_room)
        main = QWidget()
        box = column_layout(main)
        box.addWidget(self._build_head())
        box.addWidget(self._strip)
        box.addWidget(self._page, 1)
        box.addWidget(self._foot)
        content = QWidget()
        line = row_layout(content, gap=0)
        line.addWidget(main, 1)
        line.addWidget(self._beside)
        return content

    def _build_head(self) -> QWidget:
        self._head = Toolbar(margin=40)
        self._head.line.setContentsMargins(look.px(40), 0, look.px(24), 0)
        self._head.add_stretch()
        self._format = FormatButton(
            "SOAP", self._formats, icon="chevrons-up-down", name="Format of the note"
        )
        self._show_beside = IconButton("panel-right", "Last note", on_click=self._open_beside)
        self._head.add(self._format)
        self._head.add(self._show_beside)
        self._head.add(MenuButton("", self._more, icon="ellipsis", name="More"))
        return self._head

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        roomy = self.width() >= look.px(_ROOM_FOR_BESIDE)
        self._beside.setVisible(roomy)
        self._show_beside.setVisible(not roomy)

    # Showing

    def _render(self) -> None:
        presenter = self._presenter
        if presenter.problem is not None:
            self._show_problem(presenter.problem)
            return
        found = presenter.note
        if found is None:
            return
        self._stack.content()
        self._head.say(found.case_title, _head_words(found))
        self._format.set_words(presenter.format.label)
        self._format.setEnabled(presenter.editable)
        locked = "" if presenter.editable else _lock_words(found, self._context.desk.zone)
        if self._sections.show_note(found.id, presenter.sections, presenter.texts, locked):
            self._order_tabs()
        self._amendments.setVisible(presenter.is_signed)
        self._amendments.show_all(found.amendments, found.amendment_draft)
        self._follow_diagnoses(found)
        self._follow_files(found.id)
        self._foot.show_note(presenter, found, amending=self._amendments.writing)
        self._go_to_refused()

    def _leave_lost(self) -> None:
        if self.isVisible() and not self.holds_unkept():
            self._context.gone(_LOST)

    def _show_problem(self, problem: Exception) -> None:
        if not isinstance(problem, UserError | MachineError):
            raise problem
        self._stack.error(problem.sentence, self._presenter.refresh)

    def _order_tabs(self) -> None:
        # Made last, but written between the head and the foot.
        before: QWidget = self._strip.last
        for field in (*self._sections.fields, self._amendments.field, *self._foot.buttons):
            QWidget.setTabOrder(before, field)
            before = field

    def _go_to_refused(self) -> None:
        refusal = self._presenter.refusal
        if refusal is not self._refused and isinstance(refusal, UserError):
            self._sections.focus(refusal.field or "")
            self._refused = refusal

    # Writing

    def _typed(self) -> None:
        self._presenter.typed()
        # Not restarted by the next keystroke: a fast writer is kept once a second all the same.
        if not self._timer.isActive():
            self._timer.start()

    def _keep(self) -> None:
        self._presenter.keep(self._sections.texts())

    def _bring_forward(self, key: str) -> None:
        texts = self._sections.texts()
        text = self._presenter.bring_forward(key, texts)
        if not self._sections.replace(key, text):
            # The last note had another format: its section opens here beside the format's own.
            self._presenter.keep({**texts, key: text})
            self._render()

    def _sign_or_amend(self) -> None:
        self._timer.stop()
        if self._presenter.editable:
            self._presenter.sign(self._sections.texts())
        elif self._presenter.is_signed and self._amendments.writing:
            self._presenter.amend(self._amendments.text(), self._amendments.added)
        elif self._presenter.is_signed:
            self._amendments.begin()
            self._render()

    # Files

    def _follow_files(self, note_id: UUID | None) -> None:
        """Show the files of the note, or let go of them."""
        if note_id == self._files_of:
            return
        self._files_of = note_id
        if self._files is not None:
            self._files.closing()
            emptied(self._files_room)
            self._files = None
        if note_id is not None:
            self._files = attachments_of(
                self._context, ("note", note_id), title="Files", needs=Permission.WRITE_NOTES
            )
            self._files_room.addWidget(self._files)

    # Menus and panes

    def _formats(self) -> list[Entry | None]:
        return [
            Entry(each.label, self._format_setter(each), checked=each is self._presenter.format)
            for each in NoteFormat
        ]

    def _format_setter(self, wanted: NoteFormat) -> Callable[[], None]:
        return lambda: self._presenter.change_format(wanted, self._sections.texts())

    def _more(self) -> list[Entry | None]:
        found = self._presenter.note
        if found is None:
            return []
        record = Place("people", ("case", found.case_id))
        entries: list[Entry | None] = [
            Entry("Open record", lambda: self._context.go(record), icon="users-round")
        ]
        if self._presenter.discardable:
            entries += [None, Entry("Discard draft", self._presenter.discard, icon="x")]
        return entries

    def _open_beside(self) -> None:
        pane = BesidePane(self._presenter, self._bring_forward)
        pane.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sheet.closed.connect(pane.closing, _ONCE)
        self._sheet.open(pane)

    # Diagnoses

    def _follow_diagnoses(self, found: NoteView) -> None:
        wanted = (found.subject_id, found.held_on, found.lacks_patient)
        if wanted == self._diagnosed:
            return
        self._drop_diagnoses()
        self._diagnosed = wanted
        if found.lacks_patient:
            self._strip.show_lack()
        if found.subject_id is None:
            return
        self._diagnoses = self._diagnoses_presenter(found.subject_id, found)
        self._strip.follow(self._diagnoses)
        self._diagnoses.refresh()

    def _drop_diagnoses(self) -> None:
        if self._diagnoses is not None:
            self._diagnoses.close()
        self._diagnoses = None
        self._diagnosed = None
        self._strip.hide()

    def _diagnoses_presenter(self, client_id: UUID, found: NoteView) -> DiagnosesPresenter:
        return DiagnosesPresenter(
            self._context.desk,
            self._context.deliver,
            client_id=client_id,
            day=found.held_on,
            case_id=found.case_id,
            did=self._context.did,
        )

    def _choose_patient(self) -> None:
        found = self._presenter.note
        if found is not None:
            self._context.go(self._context.place_of("case", str(found.case_id), "patient"))

    def _change_diagnoses(self) -> None:
        found = self._presenter.note
        if self._diagnoses is None or found is None:
            return
        presenter = self._diagnoses_presenter(self._diagnoses.client_id, found)
        presenter.refresh()
        pane = Inspector("Diagnoses", f"As they count on {date_words(presenter.day)}")
        editor = DiagnosesEditor(presenter)
        pane.body.addWidget(editor)
        pane.setFocusProxy(editor)
        pane.closed.connect(self._sheet.close_sheet)
        self._sheet.closed.connect(presenter.close, _ONCE)
        self._sheet.open(pane)


def _head_words(found: NoteView) -> str:
    day = f"{found.held_on:%A}, {short_day(found.held_on)}"
    at = f", {time_words(found.starts)}" if found.starts is not None else ""
    return f"{found.kind.label} · {day}{at}"


def _lock_words(found: NoteView, zone: str) -> str:
    if found.signed_at is None:
        return "Written by another member of the practice"
    at = wall_time(found.signed_at, zone)
    return f"Signed {date_words(at.date())}, {time_words(at)} by {found.signed_name}"

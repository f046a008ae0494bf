"""The note editor: sections to write, the last note beside them, and what signing will do."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QEvent, QRectF, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.clinical.queries.notes import NoteView
from app.core.clinical.rules.notes import SIGNING_SENTENCE, NoteFormat
from app.core.kernel.clock import wall_time
from app.core.kernel.errors import MachineError, UserError
from app.core.kernel.phrases import date_words, short_day, time_words
from app.ui.clinical.amendments import Amendments
from app.ui.clinical.beside_pane import BesidePane
from app.ui.clinical.diagnoses_editor import DiagnosesEditor
from app.ui.clinical.diagnoses_presenter import DiagnosesPresenter
from app.ui.clinical.diagnosis_strip import DiagnosisStrip
from app.ui.clinical.note_presenter import KEEP_AFTER_MS, Keeping, NotePresenter
from app.ui.clinical.section_editor import SectionEditor
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.bars import Toolbar
from app.ui.widgets.buttons import Button, IconButton
from app.ui.widgets.layout import ScrollPage, Surface, column_layout, emptied, row_layout
from app.ui.widgets.menus import Entry, MenuButton
from app.ui.widgets.panes import Inspector, Sheet
from app.ui.widgets.states import StateStack
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

SIGN_KEYS = "Ctrl+Return"
#: Width of the page, in pixels of the design, below which the last note becomes a sheet.
_ROOM_FOR_BESIDE = 1024
_TEXT_COLUMN = 740
_SECTION_GAP = 30
_ONCE = Qt.ConnectionType.SingleShotConnection
_AMENDING_SENTENCE = "Amendments stand below the signed text, which stays as it is."

_KEEPING = {
    Keeping.KEPT: Status("circle-check", "Draft · Saved on this computer", Tone.OK),
    Keeping.TYPED: Status("circle-dashed", "Draft · Saving", Tone.MUTED),
}


class FormatButton(MenuButton):
    """The format's name with the mark of a choice behind it."""

    def _parts(self) -> list[tuple[str, float]]:
        return list(reversed(super()._parts()))


class LockedPaper(QWidget):
    """A text that can no longer be changed, sunken into the page; it stays selectable."""

    def __init__(self, words: str) -> None:
        super().__init__()
        self.sections = column_layout(gap=_SECTION_GAP)
        box = column_layout(self, gap=16, margin=(16, 14, 16, 16))
        box.addWidget(StatusLabel(Status("lock", words, Tone.QUIET)))
        box.addLayout(self.sections)

    def paintEvent(self, event: QPaintEvent) -> None:
        edge = look.color("line.strong") if look.is_high_contrast() else None
        fill = look.color("surface.sunken")
        paint.box(QPainter(self), QRectF(self.rect()), look.px(6), fill=fill, edge=edge)


class NotePage(QWidget):
    """A page of the window; see ``shell.pages`` for what is asked of it."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__()
        self._context = context
        self._presenter = NotePresenter(
            context.desk, context.deliver, did=context.did, gone=context.back
        )
        self._diagnoses: DiagnosesPresenter | None = None
        self._editors: list[SectionEditor] = []
        self._built: tuple[object, ...] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(KEEP_AFTER_MS)
        self._timer.timeout.connect(self._keep)
        self._build()
        self._presenter.on_change(self._render)
        self.setAccessibleName("Note")

    # What the shell asks

    def show_place(self, place: Place) -> None:
        """Show the note of the place, or the one to be written for a session or a case."""
        self.left()
        self._forget()
        if "appointment" in place.ask:
            self._presenter.open_for_session(UUID(place.ask["appointment"]))
        elif "case" in place.ask:
            self._presenter.open_new(UUID(place.ask["case"]), self._context.today())
        elif place.record is not None:
            self._presenter.open(place.record[1])

    def act(self, action_id: str) -> None:
        """Do an action of the menu."""
        acts = {"clinical.sign": self._sign_or_amend, "clinical.discard": self._presenter.discard}
        acts[action_id]()

    def can(self, action_id: str) -> bool:
        """Return whether it can be done now."""
        if action_id == "clinical.discard":
            return self._presenter.editable
        return self._presenter.editable or self._presenter.is_signed

    def left(self) -> None:
        """Keep what was typed."""
        self._timer.stop()
        self._amendments.keep_now()
        self._presenter.leave(self._texts())

    def closing(self) -> None:
        """Keep what was typed and let go."""
        self.left()
        self._presenter.close()
        if self._diagnoses is not None:
            self._diagnoses.close()

    # Layout

    def _build(self) -> None:
        self._head = Toolbar(margin=40)
        self._head.line.setContentsMargins(look.px(40), 0, look.px(24), 0)
        self._head.add_stretch()
        self._format = FormatButton(
            "SOAP", self._formats, icon="chevrons-up-down", name="Format of the note"
        )
        self._head.add(self._format)
        self._show_beside = IconButton("panel-right", "Last note", on_click=self._open_beside)
        self._head.add(self._show_beside)
        self._head.add(MenuButton("", self._more, icon="ellipsis", name="More"))
        self._strip = DiagnosisStrip(self._change_diagnoses)
        self._page = ScrollPage(
            margin=(40, 26, 40, 24), width=_TEXT_COLUMN, name="Text of the note"
        )
        self._sections = column_layout(gap=0)
        self._amendments = Amendments(self._context.desk.zone, self._presenter.keep_amendment)
        self._page.body.addLayout(self._sections)
        self._page.body.addSpacing(look.px(22))
        self._page.body.addWidget(self._amendments)
        main = QWidget()
        box = column_layout(main)
        for part in (self._head, self._strip):
            box.addWidget(part)
        box.addWidget(self._page, 1)
        box.addWidget(self._build_foot())
        self._beside = BesidePane(self._presenter, self._bring_forward)
        content = QWidget()
        line = row_layout(content, gap=0)
        line.addWidget(main, 1)
        line.addWidget(self._beside)
        self._stack = StateStack(content)
        column_layout(self).addWidget(self._stack)
        self._built = ()
        self._sheet = Sheet(self)

    def _build_foot(self) -> QWidget:
        foot = self._foot = Surface("page", edges="top")
        self._status = StatusLabel()
        self._sentence = Text(
            SIGNING_SENTENCE, tone="text.muted", elide=True, align=Qt.AlignmentFlag.AlignRight
        )
        # The status keeps its room; the sentence gives way first.
        self._sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._sign = Button(
            "Sign and lock",
            kind="primary",
            icon="lock",
            keys=SIGN_KEYS,
            on_click=self._sign_or_amend,
        )
        line = row_layout(foot, gap=16, margin=(40, 0, 24, 0))
        line.addWidget(self._status)
        line.addWidget(self._sentence, 1)
        line.addWidget(self._sign)
        return foot

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange and self._built is not None:
            self._fit()
        super().changeEvent(event)

    def _fit(self) -> None:
        self._foot.setFixedHeight(look.px(60))
        roomy = self.width() >= look.px(_ROOM_FOR_BESIDE)
        self._beside.setVisible(roomy)
        self._show_beside.setVisible(not roomy)

    # Showing

    def _forget(self) -> None:
        self._built = ()
        self._editors = []
        emptied(self._sections)
        self._amendments.forget()
        self._strip.hide()
        self._stack.loading()

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
        self._show_sections(found)
        self._amendments.setVisible(presenter.is_signed)
        self._amendments.show_all(found.amendments, found.amendment_draft)
        self._follow_diagnoses(found)
        self._show_foot(found)

    def _show_problem(self, problem: Exception) -> None:
        if not isinstance(problem, UserError | MachineError):
            raise problem
        self._stack.error(problem.sentence, self._presenter.refresh)

    def _show_sections(self, found: NoteView) -> None:
        presenter = self._presenter
        keys = tuple(section.key for section in presenter.sections)
        built = (found.id, keys, presenter.editable)
        if built == self._built:
            return
        if (self._built or ())[:1] == built[:1]:
            typing_in = next((each.key for each in self._editors if each.field.hasFocus()), "")
        else:
            typing_in = keys[0] if keys else ""
        self._built = built
        emptied(self._sections)
        if presenter.editable:
            box = column_layout(gap=_SECTION_GAP, margin=(0, 0, 0, 22))
            self._sections.addLayout(box)
        else:
            paper = LockedPaper(_lock_words(found, self._context.desk.zone))
            box = paper.sections
            self._sections.addWidget(paper)
        self._editors = [
            SectionEditor(section.key, section.title, section.hint)
            for section in presenter.sections
        ]
        for editor in self._editors:
            editor.field.set_text(presenter.texts.get(editor.key, ""))
            editor.field.set_locked(not presenter.editable)
            editor.field.typed.connect(self._typed)
            editor.field.cursorPositionChanged.connect(self._follow_caret)
            box.addWidget(editor)
            if presenter.editable and editor.key == typing_in:
                editor.field.setFocus()

    def _show_foot(self, found: NoteView) -> None:
        presenter = self._presenter
        if presenter.refusal is not None:
            status = Status("circle-alert", presenter.refusal.sentence, Tone.DANGER)
        elif found.is_draft and presenter.editable:
            status = _KEEPING.get(presenter.keeping, _KEEPING[Keeping.TYPED])
        elif found.is_draft:
            status = Status("lock", "Draft of another member", Tone.QUIET)
        else:
            status = Status("lock", "Signed", Tone.OK)
        self._status.set(status)
        amending = self._amendments.writing
        self._sentence.set(SIGNING_SENTENCE if found.is_draft else _AMENDING_SENTENCE)
        words = "Sign and lock" if found.is_draft else "Add amendment" if amending else "Amend"
        self._sign.set_words(words)
        self._sign.set_kind("primary" if found.is_draft or amending else "secondary")
        self._sign.set_busy(presenter.signing)
        self._sign.setVisible(presenter.editable or presenter.is_signed)
        self._sentence.setVisible(self._sign.isVisibleTo(self))

    # Writing

    def _texts(self) -> dict[str, str]:
        return {editor.key: editor.field.text() for editor in self._editors}

    def _typed(self) -> None:
        self._presenter.typed()
        # Not restarted by the next keystroke: a fast writer is kept once a second all the same.
        if not self._timer.isActive():
            self._timer.start()

    def _keep(self) -> None:
        self._presenter.keep(self._texts())

    def _follow_caret(self) -> None:
        field = self.sender()
        for editor in self._editors:
            if editor.field is field and editor.field.hasFocus():
                content = self._page.widget()
                if content is None:
                    return
                spot = editor.field.mapTo(content, editor.field.caret().toPoint())
                self._page.ensureVisible(spot.x(), spot.y(), 0, look.px(40))

    def _bring_forward(self, key: str) -> None:
        for editor in self._editors:
            if editor.key == key:
                editor.field.replace_text(self._presenter.bring_forward(key, self._texts()))
                editor.field.setFocus()
                return
        # The last note had another format: its section opens here, below the format's own.
        texts = self._texts()
        texts[key] = self._presenter.bring_forward(key, texts)
        self._presenter.keep(texts)
        self._render()

    def _sign_or_amend(self) -> None:
        self._timer.stop()
        if self._presenter.editable:
            self._presenter.sign(self._texts())
        elif self._presenter.is_signed and self._amendments.writing:
            self._presenter.amend(self._amendments.text(), self._amendments.added)
        elif self._presenter.is_signed:
            self._amendments.begin()
            self._render()

    # Menus and panes

    def _formats(self) -> list[Entry | None]:
        return [
            Entry(each.label, self._format_setter(each), checked=each is self._presenter.format)
            for each in NoteFormat
        ]

    def _format_setter(self, wanted: NoteFormat) -> Callable[[], None]:
        return lambda: self._presenter.change_format(wanted, self._texts())

    def _more(self) -> list[Entry | None]:
        found = self._presenter.note
        if found is None:
            return []
        record = Place("people", ("case", found.case_id))
        entries: list[Entry | None] = [
            Entry("Open record", lambda: self._context.go(record), icon="users-round")
        ]
        if self._presenter.editable:
            entries += [None, Entry("Discard draft", self._presenter.discard, icon="x")]
        return entries

    def _follow_diagnoses(self, found: NoteView) -> None:
        wanted = (found.subject_id, found.held_on, found.case_id)
        shown = self._diagnoses
        if shown is not None and (shown.client_id, shown.day, shown.case_id) == wanted:
            return
        if shown is not None:
            shown.close()
            self._diagnoses = None
        if found.subject_id is None:
            self._strip.hide()
            return
        self._diagnoses = self._diagnoses_presenter(found.subject_id, found)
        self._strip.follow(self._diagnoses)
        self._diagnoses.refresh()

    def _diagnoses_presenter(self, client_id: UUID, found: NoteView) -> DiagnosesPresenter:
        return DiagnosesPresenter(
            self._context.desk,
            self._context.deliver,
            client_id=client_id,
            day=found.held_on,
            case_id=found.case_id,
            did=self._context.did,
        )

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

    def _open_beside(self) -> None:
        pane = BesidePane(self._presenter, self._bring_forward)
        pane.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._sheet.closed.connect(pane.closing, _ONCE)
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

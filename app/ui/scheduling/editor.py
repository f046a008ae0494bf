"""The appointment editor: the form, what is in the way, and the day beside it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.kernel.errors import UserError
from app.core.scheduling.rules import ClientPlace
from app.ui.scheduling.day_pane import DayPane
from app.ui.scheduling.editor_presenter import EditorPresenter
from app.ui.scheduling.picker import CasePicker
from app.ui.scheduling.repeats import RepeatFields
from app.ui.scheduling.service_lines import ServiceLines
from app.ui.shell.continuing import Continued, TypedFields
from app.ui.theme import look
from app.ui.widgets.bars import ActsBar
from app.ui.widgets.buttons import Button
from app.ui.widgets.choices import Segmented
from app.ui.widgets.fields import Choice, LineField, TextArea
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import (
    ScrollPage,
    Surface,
    column_layout,
    emptied,
    reveal,
    row_layout,
)
from app.ui.widgets.message import Message
from app.ui.widgets.phrases import time_words
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField, TimeField, is_being_typed

_FORM_WIDTH = 660
#: Fields that mend links name, and where they stand here.
_FIELDS = {"place_of_service": "location", "client_place": "client_state", "starts_at": "starts"}


class EditorPage(Surface):
    """A new appointment, or one that is changed."""

    finished = Signal()
    saved = Signal(object)
    """Carries the session that was booked or changed: of a series the first one."""
    start_over = Signal()
    """The person threw away what was continued: a fresh editor is wanted."""

    def __init__(self, presenter: EditorPresenter, *, field: str = "") -> None:
        super().__init__("page")
        self._wanted = _FIELDS.get(field, field)
        self.presenter = presenter
        self._form = Form()
        self._filling = False
        left = column_layout()
        scroll = ScrollPage(margin=(40, 24, 40, 24), width=_FORM_WIDTH, name="New appointment")
        self._build(scroll.body)
        left.addWidget(scroll, 1)
        left.addWidget(self._foot())
        line = row_layout(self, gap=0)
        line.addLayout(left, 1)
        self._beside = DayPane(presenter)
        line.addWidget(self._beside)
        self._beside.give_way_in(self)
        self._fields = TypedFields(presenter)
        self._fields.add(
            {
                "case": self._case,
                "date": self._date,
                "starts": self._starts,
                "ends": self._ends,
                "client_state": self._state,
                "memo": self._memo,
                **self._repeats.fields(),
            }
        )
        presenter.saved = self.saved.emit
        presenter.on_change(self.show_state)

    # Building

    def _build(self, body: QVBoxLayout) -> None:
        presenter = self.presenter
        body.setSpacing(look.px(16))
        is_new = presenter.session_id is None
        body.addWidget(
            Text("New appointment" if is_new else "Edit appointment", "title", "semibold")
        )
        self._continued = Continued(presenter, lambda: presenter.now().date(), self.start_over.emit)
        body.addWidget(self._continued)
        self._case = CasePicker()
        self._case.chosen.connect(presenter.choose_case)
        self._case.set_locked(not is_new)
        body.addWidget(self._form.add("case", FormField("With", self._case)))
        self._lines = ServiceLines(presenter)
        self._member = Choice(name="Clinician")
        self._member.changed.connect(self._take("member_id"))
        services = self._form.add("lines", FormField("Service", self._lines))
        self._form.add("service", services)
        body.addWidget(_side_by_side(services, FormField("Clinician", self._member)))
        body.addWidget(self._times())
        self._messages = QWidget()
        self._messages_box = column_layout(self._messages, gap=8)
        body.addWidget(self._messages)
        self._location = Choice(name="Where")
        self._location.changed.connect(self._take("location_id"))
        where = self._form.add("location", FormField("Where", self._location))
        self._repeats = RepeatFields(presenter)
        repeats = FormField("Repeats", self._repeats)
        for name in ("every", "count", "until"):
            self._form.add(name, repeats)
        body.addWidget(_side_by_side(where, repeats))
        body.addWidget(self._telehealth())
        self._confirmed = Segmented([(False, "Scheduled"), (True, "Confirmed")], name="Status")
        self._confirmed.chosen.connect(self._take("confirmed"))
        self._memo = TextArea(placeholder="Door code, who comes along, what to bring", lines=2)
        self._memo.left.connect(self._memo_typed)
        memo = FormField("Note for yourself", self._memo, aside="not seen by the client")
        status = FormField("Status", self._confirmed)
        body.addWidget(status)
        reveal(status, is_new)
        body.addWidget(self._form.add("memo", memo))
        body.addStretch(1)

    def _times(self) -> QWidget:
        self._date = DateField(name="Date", field="starts", today=self.presenter.now().date())
        self._starts = TimeField(name="Starts", field="starts")
        self._ends = TimeField(name="Ends", field="ends")
        self._date.changed.connect(self._date_typed)
        self._starts.changed.connect(self._start_typed)
        self._ends.changed.connect(self._end_typed)
        for field in (self._date, self._starts, self._ends):
            field.judged.connect(self._say_again)
        return _side_by_side(
            self._form.add("date", FormField("Date", self._date)),
            self._form.add("starts", FormField("Starts", self._starts)),
            self._form.add("ends", FormField("Ends", self._ends)),
        )

    def _telehealth(self) -> QWidget:
        places = [(each, each.label) for each in ClientPlace]
        self._place = Segmented(places, name="Where the client is")
        self._place.chosen.connect(self._take("client_place"))
        self._state = LineField(placeholder="CA", name="State")
        self._state.editingFinished.connect(
            lambda: self.presenter.set(client_state=self._state.text())
        )
        self._client_place = _side_by_side(
            FormField("Where the client is", self._place),
            self._form.add("client_state", FormField("State", self._state)),
        )
        return self._client_place

    def _foot(self) -> ActsBar:
        cancel = Button("Cancel", keys="Esc", on_click=self.finished.emit)
        self._book = Button("Book", kind="primary", keys="Ctrl+Return", on_click=self.save)
        self._bar = ActsBar("", [cancel, self._book])
        return self._bar

    # Typing

    def _take(self, name: str) -> Any:
        def taken(value: object) -> None:
            if not self._filling:
                self.presenter.set(**{name: value})

        return taken

    def _read(self, field: str, read: Any) -> Any:
        try:
            value = read()
        except UserError as error:
            self._form[field].show_error(error.sentence)
            return None
        self._form[field].clear_error()
        return value

    def _date_typed(self) -> None:
        day: date | None = self._read("date", self._date.day)
        if day is not None and not self._filling:
            at = self.presenter.typed.starts
            self.presenter.set(starts=datetime.combine(day, at.time()))

    def _start_typed(self) -> None:
        clock: time | None = self._read("starts", self._starts.time)
        if clock is not None and not self._filling:
            at = self.presenter.typed.starts
            self.presenter.set(starts=datetime.combine(at.date(), clock))

    def _memo_typed(self) -> None:
        if self._memo.text() != self.presenter.typed.memo:
            self.presenter.set(memo=self._memo.text())

    def _end_typed(self) -> None:
        clock: time | None = self._read("ends", self._ends.time)
        if clock is not None and clock != self.presenter.ends.time() and not self._filling:
            self._read("ends", lambda: self.presenter.set_end(clock))

    def save(self) -> None:
        """Save what stands in the form, unless something in it cannot be read."""
        self._form.clear()
        self.setFocus()  # what is being typed is taken first
        for field, read in (
            ("date", self._date.day),
            ("starts", self._starts.time),
            ("ends", self._ends.time),
            ("until", self._last_day),
        ):
            if self._read(field, read) is None:
                self._form[field].show_error(self._form[field].error() or "Fill this in.")
                self._form[field].editor.setFocus()
                return
        if self._ends.time() != self.presenter.ends.time():
            self._end_typed()
            if self._form["ends"].error():
                return
        self.presenter.save()

    def _last_day(self) -> bool:
        self._repeats.check()
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.save()
        elif event.key() == Qt.Key.Key_Escape:
            self.finished.emit()
        else:
            super().keyPressEvent(event)

    # Rendering

    def _say_again(self) -> None:
        self._show_messages()
        self._show_foot()

    @property
    def _clash(self) -> str:
        """What the session overlaps; nothing is said of a time that cannot be read."""
        unread = any(field.unread() for field in (self._date, self._starts, self._ends))
        return "" if unread or self.presenter.is_settled else self.presenter.clash

    def show_state(self) -> None:
        """Show what the presenter has."""
        presenter, typed = self.presenter, self.presenter.typed
        choices = presenter.choices
        if choices is None:
            return
        self._continued.show_state()
        self._filling = True
        self._case.offer(choices.cases, typed.case_id)
        self._lines.show_state()
        self._repeats.show_state()
        self._member.set_options(choices.members, typed.member_id)
        self._location.set_options(
            [(each.id, each.name) for each in choices.locations], typed.location_id
        )
        self._show_times()
        self._client_place.setVisible(presenter.is_telehealth)
        self._place.set_value(typed.client_place)
        self._confirmed.set_value(typed.confirmed)
        if not self._state.hasFocus():
            self._state.setText(typed.client_state)
        if not self._memo.document().isModified() and self._memo.text() != typed.memo:
            self._memo.setPlainText(typed.memo)
        self._show_messages()
        self._show_foot()
        self._filling = False
        if not self._form.say(presenter.error) and presenter.error is not None:
            self._bar.say(presenter.error.sentence, "danger.text")
        self._beside.show_state()
        if self._wanted and (presenter.session_id is None or presenter.before is not None):
            self._form.focus(self._wanted)
            self._wanted = ""

    def _show_times(self) -> None:
        starts, ends = self.presenter.typed.starts, self.presenter.ends
        # What is being typed, or cannot be read, stays until it is mended.
        if not is_being_typed(self._date, self._date.day):
            self._date.set_day(starts.date())
        if not is_being_typed(self._starts, self._starts.time):
            self._starts.set_time(starts.time())
        if not is_being_typed(self._ends, self._ends.time):
            self._ends.set_time(ends.time())
        for field in (self._date, self._starts, self._ends):
            field.set_locked(self.presenter.is_settled)

    def _show_messages(self) -> None:
        presenter = self.presenter
        emptied(self._messages_box)
        if presenter.clock_notice:
            self._messages_box.addWidget(Message(Tone.INFO, presenter.clock_notice, icon="clock"))
        if presenter.is_settled:
            words = "Its time and services stay as they are: reopen it to change them."
            self._messages_box.addWidget(Message(Tone.INFO, "Settled.", words, icon="lock"))
        elif self._clash:
            first = next(iter(presenter.openings), None)
            day = f"{presenter.typed.starts:%A}"
            sentence = f"Free on {day}:" if first else f"Nothing else is free on {day}."
            self._messages_box.addWidget(
                Message(
                    Tone.WARN,
                    f"{self._clash}.",
                    sentence,
                    mend=time_words(first) if first else "",
                    stacked=True,
                    on_mend=(lambda: self._take_opening(first)) if first else None,
                )
            )
        self._messages.setVisible(self._messages_box.count() > 0)

    def _take_opening(self, clock: time) -> None:
        at = self.presenter.typed.starts
        self.presenter.set(starts=datetime.combine(at.date(), clock))

    def _show_foot(self) -> None:
        is_new = self.presenter.session_id is None
        if self._clash:
            self._book.set_words("Book anyway" if is_new else "Save anyway")
            self._bar.say("Both sessions carry the mark until one moves.")
            return
        self._book.set_words("Book" if is_new else "Save")
        of_series = self.presenter.before is not None and self.presenter.before.series is not None
        self._bar.say("Only this session changes; the series stays." if of_series else "")


def _side_by_side(*fields: QWidget) -> QWidget:
    made = QWidget()
    line = row_layout(made, gap=16)
    for field in fields:
        line.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
    return made

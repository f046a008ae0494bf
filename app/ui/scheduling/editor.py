"""The appointment editor: the form, what is in the way, and the day beside it."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QVBoxLayout, QWidget

from app.core.cases.queries import CaseView
from app.core.cases.rules import case_words
from app.core.kernel.errors import UserError
from app.core.scheduling.rules import ClientPlace
from app.ui.scheduling.dragging import STEP, Draft
from app.ui.scheduling.editor_presenter import DayBeside, EditorPresenter, Until
from app.ui.scheduling.grid import DayGrid
from app.ui.theme import icons, look
from app.ui.widgets.bars import ActsBar
from app.ui.widgets.buttons import Button, IconButton, Link
from app.ui.widgets.choices import Segmented
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import Form, FormField
from app.ui.widgets.layout import (
    ScrollPage,
    Surface,
    column_layout,
    emptied,
    row,
    row_layout,
)
from app.ui.widgets.message import Message
from app.ui.widgets.phrases import long_day, plural, time_words, weekday_day
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text
from app.ui.widgets.typed import DateField, TimeField

_FORM_WIDTH = 660
_BESIDE_WIDTH = 348
_MOST_LINES = 6


class CasePicker(LineField):
    """Who a session is with: type part of a name, choose from the list."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(placeholder="Type a name", name="With")
        self._by_words: dict[str, UUID] = {}
        self._case_id: UUID | None = None
        side = LineField.ActionPosition.TrailingPosition
        self._clear = self.addAction(icons.icon("x", "text.secondary", 14), side)
        self._clear.setText("Choose somebody else")
        self._clear.setToolTip("Choose somebody else")
        self._clear.triggered.connect(self._emptied)
        self.textChanged.connect(lambda words: self._clear.setVisible(bool(words)))
        self._clear.setVisible(False)
        self.textEdited.connect(self._edited)
        self.editingFinished.connect(self._finished)

    def offer(self, cases: tuple[CaseView, ...], case_id: UUID | None) -> None:
        """Offer ``cases`` and show the chosen one."""
        words = {_case_line(each): each.id for each in cases}
        if words != self._by_words:
            self._by_words = words
            finder = QCompleter(list(words), self)
            finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            finder.setFilterMode(Qt.MatchFlag.MatchContains)
            finder.activated.connect(self._take)
            self.setCompleter(finder)
        if case_id != self._case_id or not self.hasFocus():
            self._case_id = case_id
            shown = next((each for each, found in words.items() if found == case_id), "")
            if shown or not self.hasFocus():
                self.setText(shown)

    def _emptied(self) -> None:
        self.clear()
        self._take("")
        self.setFocus()

    def _edited(self, words: str) -> None:
        if not words:
            self._take("")

    def _finished(self) -> None:
        typed = self.text().strip().casefold()
        fitting = [each for each in self._by_words if typed and typed in each.casefold()]
        if len(fitting) == 1:
            self._take(fitting[0])

    def _take(self, words: str) -> None:
        found = self._by_words.get(words)
        if found != self._case_id:
            self._case_id = found
            self.chosen.emit(found)


def _case_line(case: CaseView) -> str:
    return f"{case.title}, {case_words(case.kind, len(case.people)).lower()}"


class EditorPage(Surface):
    """A new appointment, or one that is changed."""

    finished = Signal()

    def __init__(self, presenter: EditorPresenter) -> None:
        super().__init__("page")
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
        presenter.saved = self.finished.emit
        presenter.on_change(self.show_state)
        self._show_errors = True

    # Building

    def _build(self, body: QVBoxLayout) -> None:
        presenter = self.presenter
        body.setSpacing(look.px(10))
        is_new = presenter.session_id is None
        body.addWidget(
            Text("New appointment" if is_new else "Edit appointment", "title", "semibold")
        )
        self._case = CasePicker()
        self._case.chosen.connect(presenter.choose_case)
        self._case.set_locked(not is_new)
        body.addWidget(self._form.add("case", FormField("With", self._case)))
        self._lines = QWidget()
        self._lines_box = column_layout(self._lines, gap=8)
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
        body.addWidget(_side_by_side(where, self._repeats()))
        body.addWidget(self._telehealth())
        self._confirmed = Segmented([(False, "Scheduled"), (True, "Confirmed")], name="Status")
        self._confirmed.chosen.connect(self._take("confirmed"))
        self._confirmed.setVisible(is_new)
        self._memo = LineField(placeholder="Door code, who comes along, what to bring")
        self._memo.editingFinished.connect(lambda: presenter.set(memo=self._memo.text()))
        memo = FormField("Note for yourself", self._memo, hint="Not seen by the client")
        status = FormField("Status", self._confirmed)
        status.setVisible(is_new)
        body.addWidget(_side_by_side(self._form.add("memo", memo), status))
        body.addStretch(1)

    def _times(self) -> QWidget:
        self._date = DateField(name="Date", field="starts", today=self.presenter.now().date())
        self._starts = TimeField(name="Starts", field="starts")
        self._ends = TimeField(name="Ends", field="ends")
        self._date.changed.connect(self._date_typed)
        self._starts.changed.connect(self._start_typed)
        self._ends.changed.connect(self._end_typed)
        return _side_by_side(
            self._form.add("date", FormField("Date", self._date)),
            self._form.add("starts", FormField("Starts", self._starts)),
            self._form.add("ends", FormField("Ends", self._ends)),
        )

    def _repeats(self) -> QWidget:
        self._every = Choice(
            [(0, "Does not repeat"), (1, "Every week"), (2, "Every 2 weeks")], name="Repeats"
        )
        self._every.changed.connect(self._take("every"))
        ends = [
            (Until.OPEN, "No end"),
            (Until.COUNT, "Number of times"),
            (Until.DAY, "Until a day"),
        ]
        self._until = Choice(ends, name="How the series ends")
        self._until.changed.connect(self._take("until"))
        self._count = LineField("8", name="How many times")
        self._count.editingFinished.connect(self._count_typed)
        self._last = DateField(name="Last day", field="until", today=self.presenter.now().date())
        self._last.changed.connect(self._last_typed)
        inner = QWidget()
        box = column_layout(inner, gap=8)
        box.addWidget(self._every)
        box.addWidget(row(self._until, self._count, self._last, gap=8))
        field = self._form.add("every", FormField("Repeats", inner))
        self._form.add("count", field)
        self._form.add("until", field)
        self._every.setEnabled(self.presenter.session_id is None)
        return field

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

    def _end_typed(self) -> None:
        clock: time | None = self._read("ends", self._ends.time)
        if clock is not None and clock != self.presenter.ends.time() and not self._filling:
            self._read("ends", lambda: self.presenter.set_end(clock))

    def _count_typed(self) -> None:
        typed = self._count.text().strip()
        self.presenter.set(count=int(typed) if typed.isascii() and typed.isdigit() else 0)

    def _last_typed(self) -> None:
        self.presenter.set(last=self._read("until", self._last.day))

    def save(self) -> None:
        """Save what stands in the form, unless something in it cannot be read."""
        self._form.clear()
        self.setFocus()  # what is being typed is taken first
        for field, read in (
            ("date", self._date.day),
            ("starts", self._starts.time),
            ("ends", self._ends.time),
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

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and control:
            self.save()
        elif event.key() == Qt.Key.Key_Escape:
            self.finished.emit()
        else:
            super().keyPressEvent(event)

    # Rendering

    def show_state(self) -> None:
        """Show what the presenter has."""
        presenter, typed = self.presenter, self.presenter.typed
        choices = presenter.choices
        if choices is None:
            return
        self._filling = True
        cases = choices.cases
        self._case.offer(cases, typed.case_id)
        self._show_lines()
        self._member.set_options(choices.members, typed.member_id)
        self._location.set_options(
            [(each.id, each.name) for each in choices.locations], typed.location_id
        )
        self._date.set_day(typed.starts.date())
        self._starts.set_time(typed.starts.time())
        if not self._form["ends"].error():
            self._ends.set_time(presenter.ends.time())
        self._every.set_value(typed.every)
        self._until.setVisible(bool(typed.every))
        self._until.set_value(typed.until)
        self._count.setVisible(bool(typed.every) and typed.until is Until.COUNT)
        self._last.setVisible(bool(typed.every) and typed.until is Until.DAY)
        self._client_place.setVisible(presenter.is_telehealth)
        self._place.set_value(typed.client_place)
        self._confirmed.set_value(typed.confirmed)
        for field, words in ((self._state, typed.client_state), (self._memo, typed.memo)):
            if not field.hasFocus():
                field.setText(words)
        self._show_messages()
        self._show_foot()
        self._filling = False
        if presenter.error is not None and not self._form.show(presenter.error):
            self._bar.say(presenter.error.sentence, "danger.text")
        self._beside.show_state()

    def _show_lines(self) -> None:
        presenter = self.presenter
        services = presenter.choices.services if presenter.choices else ()
        options = [(each.id, f"{each.name}  {each.code}, {each.fee}") for each in services]
        wanted = [line.service_id for line in presenter.typed.lines]
        if wanted == getattr(self, "_lines_shown", None):
            return
        self._lines_shown = wanted
        emptied(self._lines_box)
        for index, service_id in enumerate(wanted or [None]):
            choice = Choice(
                options, service_id, name=f"Service {index + 1}" if index else "Service"
            )
            choice.changed.connect(lambda value, at=index: presenter.choose_service(at, value))
            drop = IconButton("x", "Remove this service")
            drop.clicked.connect(lambda _on=False, at=index: presenter.choose_service(at, None))
            drop.setVisible(len(wanted) > 1)
            line = row_layout(gap=4)
            line.addWidget(choice, 1)
            line.addWidget(drop)
            self._lines_box.addLayout(line)
        if wanted and len(wanted) < _MOST_LINES and services:
            add = Link("Add a service")
            add.clicked.connect(lambda: presenter.choose_service(len(wanted), services[0].id))
            self._lines_box.addWidget(add)

    def _show_messages(self) -> None:
        presenter = self.presenter
        emptied(self._messages_box)
        if presenter.clock_notice:
            self._messages_box.addWidget(Message(Tone.INFO, presenter.clock_notice, icon="clock"))
        if presenter.clash:
            free = presenter.openings
            day = f"{presenter.typed.starts:%A}"
            words = ", ".join(time_words(each) for each in free)
            sentence = f"Free on {day}: {words}." if free else f"Nothing else is free on {day}."
            first = free[0] if free else None
            self._messages_box.addWidget(
                Message(
                    Tone.WARN,
                    presenter.clash,
                    sentence,
                    mend=f"Take {time_words(first)}" if first else "",
                    on_mend=(lambda: self._take_opening(first)) if first else None,
                )
            )
        self._messages.setVisible(self._messages_box.count() > 0)

    def _take_opening(self, clock: time) -> None:
        at = self.presenter.typed.starts
        self.presenter.set(starts=datetime.combine(at.date(), clock))

    def _show_foot(self) -> None:
        is_new = self.presenter.session_id is None
        if self.presenter.clash:
            self._book.set_words("Book anyway" if is_new else "Save anyway")
            self._bar.say("With the overlap, both sessions carry the mark until one moves.")
            return
        self._book.set_words("Book" if is_new else "Save")
        of_series = self.presenter.before is not None and self.presenter.before.series is not None
        self._bar.say("Only this session changes; the series stays." if of_series else "")


class DayPane(Surface):
    """The day beside the editor: drag the new session, or move it with the arrow keys."""

    def __init__(self, presenter: EditorPresenter) -> None:
        super().__init__("canvas", edges="left")
        self._presenter = presenter
        self._shown = DayBeside(presenter)
        self.setFixedWidth(look.px(_BESIDE_WIDTH))
        self._title = Text("", "lead", "semibold")
        self._counts = Text("", tone="text.secondary")
        head = row_layout(gap=0, margin=(20, 24, 12, 12))
        words = column_layout(gap=2)
        words.addWidget(self._title)
        words.addWidget(self._counts)
        head.addLayout(words, 1)
        for icon, name, days in (
            ("chevron-left", "A day earlier", -1),
            ("chevron-right", "A day later", 1),
        ):
            turn = IconButton(icon, name)
            turn.clicked.connect(lambda _on=False, by=days: presenter.move(days=by))
            head.addWidget(turn)
        self._grid = DayGrid(self._shown)
        self._grid.canvas.dropped.connect(self._dropped)
        self._grid.canvas.drafted.connect(self._drafted)
        hint = Text(
            f"Drag the new session, or press Alt with the arrow keys to move it by {STEP} minutes.",
            "caption",
            tone="text.muted",
            wrap=True,
        )
        foot = column_layout(margin=(20, 10, 20, 12))
        foot.addWidget(hint)
        box = column_layout(self)
        box.addLayout(head)
        box.addWidget(self._grid, 1)
        box.addLayout(foot)

    def show_state(self) -> None:
        """Show the day of the session that is being booked."""
        day = self._shown.days[0]
        sessions = [each for each in self._shown.sessions if not each.status.is_gone]
        overlaps = sum(each.overlaps for each in sessions)
        self._title.set(weekday_day(day) if len(long_day(day)) > 24 else long_day(day))
        counts = plural(len(sessions), "session")
        self._counts.set(
            f"{counts}, {plural(overlaps // 2 or 1, 'overlap')}" if overlaps else counts
        )
        self._grid.render_sessions()

    def _dropped(self, draft: Draft) -> None:
        self._presenter.set(starts=draft.starts, minutes=draft.minutes)

    def _drafted(self, draft: Draft) -> None:
        self._presenter.set(starts=draft.starts)


def _side_by_side(*fields: QWidget) -> QWidget:
    made = QWidget()
    line = row_layout(made, gap=16)
    for field in fields:
        line.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
    return made

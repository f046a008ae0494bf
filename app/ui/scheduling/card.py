"""What a session's popover says and offers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.kernel.money import Money
from app.core.scheduling.queries import LineView, SessionDetail, SessionView
from app.core.scheduling.rules import AppointmentStatus, CanceledBy
from app.ui.scheduling.presenter import CalendarPresenter
from app.ui.scheduling.words import STATUS_ICONS
from app.ui.theme import look
from app.ui.widgets.buttons import Button, IconButton, Link
from app.ui.widgets.choices import Check, Segmented
from app.ui.widgets.fields import LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import Hairline, column_layout, row, row_layout
from app.ui.widgets.message import IconMark, Message
from app.ui.widgets.phrases import clock_range, short_day
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text

_FORMAT_ICONS = {"IN_PERSON": "map-pin", "VIDEO": "video", "PHONE": "phone"}


class SessionCard(QWidget):
    """A session's facts, and its acts. Settling is the presenter's; going is told by signals."""

    closed = Signal()
    note_asked = Signal(object)
    payment_asked = Signal(object)
    edit_asked = Signal(object)
    grown = Signal()

    def __init__(self, presenter: CalendarPresenter, detail: SessionDetail) -> None:
        super().__init__()
        self._presenter = presenter
        self.session = detail.session
        self.setAccessibleName(detail.session.title)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._box = column_layout(self, margin=(0, 16, 0, 0))
        self._box.addWidget(self._head(detail.session))
        if detail.session.overlaps:
            self._add_padded(Message(Tone.WARN, "Overlaps another session"), 12)
        for fact in _facts(detail, presenter.price(detail.lines)):
            self._box.addWidget(fact)
        self._acts = column_layout(margin=(16, 10, 16, 12))
        self._box.addLayout(self._acts)
        self._show_acts()
        self._box.addWidget(Hairline())
        self._box.addWidget(self._foot())

    # What it says

    def _head(self, session: SessionView) -> QWidget:
        head = QWidget()
        line = row_layout(head, gap=8, margin=(16, 0, 12, 8))
        words = column_layout(gap=1)
        words.addWidget(Text(session.title, "lead", "semibold", wrap=True))
        day = f"{session.day:%A}, {short_day(session.day)}"
        when = f"{day}, {clock_range(session.starts, session.ends)}"
        words.addWidget(Text(when, tone="text.secondary", wrap=True))
        line.addLayout(words, 1)
        close = IconButton("x", "Close", keys="Esc", on_click=self.closed.emit)
        line.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _add_padded(self, widget: QWidget, side: int) -> None:
        around = column_layout(margin=(side, 0, side, 8))
        around.addWidget(widget)
        self._box.addLayout(around)

    # What it offers

    def _show_acts(self) -> None:
        self._clear_acts()
        session, say = self.session, self._presenter
        offered: list[Button] = []
        if say.may_settle(session):
            offered.append(
                self._act("Attended", lambda: say.attended(session.id), "check", "primary")
            )
            offered.append(self._act("Missed…", self._ask_missed))
        if session.status is AppointmentStatus.SCHEDULED:
            offered.append(self._act("Confirm", lambda: say.confirm(session.id)))
        if not session.status.is_open:
            offered.append(self._act("Reopen", lambda: say.reopen(session.id), "rotate-ccw"))
        if offered:
            self._acts.addWidget(row(*offered, None))
        self.grown.emit()

    @staticmethod
    def _act(
        words: str, act: Callable[[], object], icon: str = "", kind: str = "secondary"
    ) -> Button:
        return Button(words, kind=kind, icon=icon, on_click=act)

    def _clear_acts(self) -> None:
        while (item := self._acts.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def _ask_missed(self) -> None:
        self._ask(MissedForm(self._presenter, self.session, self._show_acts))

    def _ask_cancel(self) -> None:
        form = CancelForm(self._presenter, self.session, self._show_acts)
        form.grown.connect(self.grown.emit)
        self._ask(form)

    def _ask(self, form: QWidget) -> None:
        self._clear_acts()
        self._acts.addWidget(form)
        form.show()
        form.setFocus()
        self.grown.emit()

    def _foot(self) -> QWidget:
        session = self.session
        foot = QWidget()
        line = row_layout(foot, gap=2, margin=(8, 8, 8, 8))
        is_open = session.status.is_open
        acts = [("Open note", "pen-line", "Return", self.note_asked)]
        acts.append(("Edit", "calendar-clock", "E", self.edit_asked))
        if not is_open:
            acts.append(("Take payment", "banknote", "", self.payment_asked))
        for words, icon, keys, asked in acts:
            act = Button(words, kind="quiet", icon=icon, keys=keys if is_open else "")
            act.clicked.connect(lambda _on=False, told=asked: told.emit(session))
            line.addWidget(act)
        line.addStretch(1)
        if session.status.is_open:
            line.addWidget(Link("Cancel session…", on_click=self._ask_cancel, tone="danger.text"))
            line.addSpacing(look.px(8))
        return foot

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.note_asked.emit(self.session)
        elif key == Qt.Key.Key_E:
            self.edit_asked.emit(self.session)
        elif key == Qt.Key.Key_P and not self.session.status.is_open:
            self.payment_asked.emit(self.session)
        else:
            event.ignore()


def _facts(detail: SessionDetail, fee: Money) -> list[QWidget]:
    session = detail.session
    services = ", ".join(_line_words(line) for line in detail.lines) or "No service chosen"
    found = [_fact("layers", f"{services}, {session.minutes} min", str(fee) if fee else "")]
    place = session.location_name or "No location"
    if session.client_place is not None:
        where = f"{session.client_place.label.lower()}, {session.client_state}".rstrip(", ")
        place = f"{place}, client {where}"
    icon = _FORMAT_ICONS[session.format.value] if session.format else "map-pin"
    found.append(_fact(icon, place))
    if detail.series is not None:
        of = f"{detail.series.number} of {detail.series.of}" if detail.series.of else ""
        found.append(_fact("repeat", detail.series.words, of))
    found.append(_fact(STATUS_ICONS[session.status], _status_words(session), weight="medium"))
    if session.memo:
        found.append(_fact("pencil-line", session.memo))
    return found


def _line_words(line: LineView) -> str:
    return line.service_name if line.units == 1 else f"{line.service_name} × {line.units}"


def _status_words(session: SessionView) -> str:
    words = session.status.label
    if session.canceled_by is not None:
        by = "the client" if session.canceled_by is CanceledBy.CLIENT else "the practice"
        words = f"{words} by {by}"
    if session.reason:
        words = f"{words}: {session.reason}"
    if session.chargeable:
        words = f"{words}, charged"
    return words


def _fact(icon: str, words: str, aside: str = "", *, weight: str = "regular") -> QWidget:
    made = QWidget()
    line = row_layout(made, gap=12, margin=(16, 5, 16, 5))
    line.addWidget(IconMark(icon, "text.muted"), 0, Qt.AlignmentFlag.AlignVCenter)
    line.addWidget(Text(words, weight=weight, wrap=True), 1)
    if aside:
        line.addWidget(Text(aside, tone="text.secondary", tabular=True))
    return made


class MissedForm(QWidget):
    """Asks whether a missed session is charged."""

    def __init__(
        self, presenter: CalendarPresenter, session: SessionView, back: Callable[[], None]
    ) -> None:
        super().__init__()
        self._charge = Check("Charge it all the same")
        box = column_layout(self, gap=10)
        box.addWidget(Text("The client did not come.", weight="medium"))
        box.addWidget(self._charge)
        done = Button(
            "Mark missed",
            kind="primary",
            on_click=lambda: presenter.missed(session.id, charged=self._charge.isChecked()),
        )
        box.addWidget(row(Button("Back", on_click=back), done, None))
        self.setFocusProxy(self._charge)


class CancelForm(QWidget):
    """Asks by whom and why a session is canceled, and whether that is late and charged."""

    grown = Signal()

    def __init__(
        self, presenter: CalendarPresenter, session: SessionView, back: Callable[[], None]
    ) -> None:
        super().__init__()
        self._presenter, self._session = presenter, session
        options = [(each, each.label) for each in CanceledBy]
        self._by = Segmented(options, CanceledBy.CLIENT, name="Canceled by").fill_width()
        self._reason = LineField(name="Reason")
        self._late = Check("Late cancellation", on_change=self._late_changed)
        self._charge = Check("Charge it all the same")
        self._charge.hide()
        box = column_layout(self, gap=10)
        box.addWidget(FormField("Canceled by", self._by))
        box.addWidget(FormField("Reason", self._reason, optional=True))
        box.addWidget(self._late)
        box.addWidget(self._charge)
        box.addWidget(Text(self._sentence(), "caption", tone="text.muted", wrap=True))
        self._add_acts(box, back)
        self.setFocusProxy(self._reason)

    def _add_acts(self, box: QVBoxLayout, back: Callable[[], None]) -> None:
        delete = Link("Booked by mistake: delete", tone="danger.text")
        delete.clicked.connect(lambda: self._presenter.delete(self._session.id))
        cancel = Button("Cancel session", kind="danger", on_click=self._cancel)
        box.addWidget(row(Button("Keep it", on_click=back), cancel, None))
        box.addWidget(row(delete, None))

    def _sentence(self) -> str:
        if self._session.series_id is not None:
            return "Only this session goes; the others of the series stay."
        return "Its time is free again; the record keeps that it was canceled."

    def _late_changed(self, late: bool) -> None:
        self._charge.setVisible(late)
        self._charge.setChecked(False)
        self.grown.emit()

    def _cancel(self) -> None:
        self._presenter.cancel(
            self._session.id,
            by=self._by.value(),
            reason=self._reason.text(),
            late=self._late.isChecked(),
            charged=self._charge.isChecked(),
        )

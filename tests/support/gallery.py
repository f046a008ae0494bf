"""Every control in every state on one page, as the design's ``components`` picture shows them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.buttons import Button, IconButton, Link
from app.ui.widgets.choices import Check, Radio, Segmented
from app.ui.widgets.fields import LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import Surface, column_layout, row, row_layout
from app.ui.widgets.message import IconMark, Message
from app.ui.widgets.meters import Meter, Progress
from app.ui.widgets.panes import Floating
from app.ui.widgets.states import ErrorState, LoadingRows, NothingFound
from app.ui.widgets.status import Status, StatusLabel, Tone, paint_status
from app.ui.widgets.text import Text


class _Posed(Button):
    """A button held in a state, for the picture."""

    def __init__(self, words: str, state: str, **kwargs: object) -> None:
        super().__init__(words, **kwargs)  # type: ignore[arg-type]
        self._state = state
        self.setDown(state == "pressed")
        self.setEnabled(state != "unavailable")

    def underMouse(self) -> bool:
        return self._state == "hover"


class _Ringed(QWidget):
    """Draws the focus ring around what it holds."""

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        line = row_layout(self, gap=0, margin=(4, 4, 4, 4))
        line.addWidget(inner)

    def paintEvent(self, event: QPaintEvent) -> None:
        ring = QRectF(self.rect())
        paint.box(QPainter(self), ring, look.px(9), edge=look.color("focus.ring"), width=2)


class _Row(QWidget):
    """A row of a table in one of its states."""

    def __init__(self, words: str, status: Status, fill: str = "", *, ring: bool = False) -> None:
        super().__init__()
        self._words, self._status, self._fill, self._ring = words, status, fill, ring
        self.setFixedHeight(look.row("table"))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self._fill:
            painter.fillRect(area, look.color(self._fill))
        if self._ring:
            paint.box(painter, area, look.px(6), edge=look.color("focus.ring"), width=2)
        else:
            paint.hairline(painter, 0, area.right(), area.bottom() - 1)
        inner = area.adjusted(look.px(12), 0, -look.px(12), 0)
        paint.words(painter, inner, self._words, look.font("body"), look.color("text.primary"))
        paint_status(painter, inner, self._status, right=True)


class _Swatches(QWidget):
    TOKENS = (
        "surface.canvas", "surface.page", "surface.raised", "surface.sunken", "selection.row",
        "accent.soft", "accent.base", "success.mark", "warn.mark", "danger.mark", "info.mark",
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(look.px(26))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for place, token in enumerate(self.TOKENS):
            spot = QRectF(place * look.px(32), 0, look.px(26), look.px(26))
            paint.box(
                painter, spot, look.px(6), fill=look.color(token), edge=look.color("line.hair")
            )


class _MenuPicture(Floating):
    """A menu as it looks when open."""

    ENTRIES = (
        ("Open note", "↵", True),
        ("Move or edit…", "E", False),
        None,
        ("Cancel session…", "⌫", False),
    )

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, margin=(6, 6, 6, 6))
        body = QWidget()
        body.setFixedSize(look.px(220), look.px(28 * 3 + 11))
        self.inner.addWidget(body)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        area = self.surface().adjusted(look.px(6), look.px(6), -look.px(6), 0)
        top = area.top()
        for entry in self.ENTRIES:
            if entry is None:
                paint.hairline(painter, area.left() + 10, area.right() - 10, top + look.px(5))
                top += look.px(11)
                continue
            words, keys, current = entry
            line = QRectF(area.left(), top, area.width(), look.px(28))
            if current:
                paint.box(painter, line, look.px(6), fill=look.color("selection.row"))
            inner = line.adjusted(look.px(10), 0, -look.px(10), 0)
            paint.words(painter, inner, words, look.font("body"), look.color("text.primary"))
            muted = look.color("text.muted")
            paint.words(painter, inner, keys, look.font("caption"), muted, right=True)
            top += look.px(28)


class _Event(QWidget):
    """An appointment as the calendar paints it."""

    def __init__(self, title: str, detail: str, family: str, state: str = "ahead") -> None:
        super().__init__()
        self._title, self._detail, self._family, self._state = title, detail, family, state
        self.setFixedHeight(look.px(44))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        prefix = f"calendar.{self._family}"
        past = self._state == "past"
        if self._state in ("ahead", "past", "selected"):
            plain = look.is_high_contrast() and not past
            contrast = look.is_high_contrast()
            token = f"{prefix}.bar" if plain else "line.hair" if contrast else f"{prefix}.edge"
            edge = look.color(token) if past or plain else None
            fill = look.color(f"{prefix}.{'quiet' if past else 'tint'}")
            paint.box(painter, area, look.px(4), fill=fill, edge=edge, width=2 if plain else 1)
        else:
            token = "info.mark" if self._state == "asked" else "line.strong"
            fill = look.color("grid.open")
            paint.box(painter, area, look.px(4), fill=fill, edge=look.color(token), dashed=True)
        if self._state != "asked":
            ahead = 6 if look.is_high_contrast() else 4
            bar = QRectF(0, 0, look.px(3 if past else ahead), area.height())
            painter.fillRect(bar, look.color(f"{prefix}.bar"))
        quiet = past or self._state == "gone"
        token = (
            "text.secondary"
            if quiet
            else "info.text"
            if self._state == "asked"
            else f"{prefix}.text"
        )
        font = look.font("caption", "medium" if past else "semibold")
        font.setStrikeOut(self._state == "gone")
        first = QRectF(look.px(10), look.px(3), area.width() - look.px(16), look.px(16))
        paint.words(painter, first, self._title, font, look.color(token))
        second = first.translated(0, look.px(16))
        paint.words(
            painter, second, self._detail, look.font("caption", tabular=True), look.color(token)
        )
        if self._state in ("ahead", "past"):
            spot = QRectF(area.right() - look.px(18), look.px(21), look.px(12), look.px(12))
            icons.paint(painter, spot, "check" if past else "repeat", look.color(token))


class _Availability(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(look.px(54))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = QRectF(self.rect())
        third = area.width() / 3
        painter.fillRect(area, look.color("grid.open"))
        painter.fillRect(QRectF(third, 27, third, 27), look.color("grid.closed"))
        painter.fillRect(QRectF(third, 26, third, 1), look.color("grid.edge"))
        painter.fillRect(QRectF(0, 26, third, 2), look.color("now.line"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(look.color("now.line"))
        painter.drawEllipse(QRectF(-1, 22.5, 9, 9))
        blocked = QRectF(2 * third + 5, 5, third - 10, 44)
        fill, edge = look.color("surface.sunken"), look.color("grid.edge")
        paint.box(painter, blocked, look.px(4), fill=fill, edge=edge)
        painter.setClipRect(blocked.adjusted(1, 1, -1, -1))
        painter.setPen(QPen(look.color("grid.hatch"), 1))
        for x in range(int(blocked.left()) - 50, int(blocked.right()), 10):
            painter.drawLine(x, int(blocked.bottom()), x + 44, int(blocked.top()))
        painter.setClipping(False)
        paint.box(painter, area, 0, edge=look.color("grid.line"))
        painter.fillRect(QRectF(third, 0, 1, 26), look.color("grid.line"))


class Gallery(Surface):
    """The page of all components."""

    def __init__(self) -> None:
        super().__init__("page")
        grid = QGridLayout(self)
        grid.setContentsMargins(*(look.px(side) for side in (40, 24, 40, 24)))
        grid.setHorizontalSpacing(look.px(56))
        for place, make in enumerate((self._first, self._second, self._third)):
            column = column_layout(gap=0)
            make(column)
            column.addStretch(1)
            grid.addLayout(column, 0, place)
            grid.setColumnStretch(place, 1)

    @staticmethod
    def _block(
        column: QVBoxLayout, title: str, *widgets: QWidget, gap: int = 8, after: int = 22
    ) -> None:
        column.addWidget(Text(title, weight="semibold", tone="text.secondary"))
        column.addSpacing(look.px(8))
        for place, widget in enumerate(widgets):
            if place:
                column.addSpacing(look.px(gap))
            column.addWidget(widget)
        column.addSpacing(look.px(after))

    def _first(self, column: QVBoxLayout) -> None:
        def states(words: str, kind: str, icon: str) -> QWidget:
            made: list[QWidget | None] = [Button(words, kind=kind, icon=icon)]
            for state in ("hover", "pressed", "focus", "unavailable"):
                posed = _Posed(words, state, kind=kind)
                made.append(_Ringed(posed) if state == "focus" else posed)
            return row(*made, None, gap=8)

        copies = row(
            Button("Copy", kind="quiet"),
            _Posed("Copy", "hover", kind="quiet"),
            IconButton("ellipsis", "More"),
            Button("Discard draft", kind="danger", icon="x"),
            None,
        )
        self._block(
            column,
            "Buttons: rest, hover, pressed, focus, unavailable",
            states("Sign", "primary", "lock"),
            states("Print", "secondary", "printer"),
            copies,
        )
        self._fields(column)
        self._choices(column)
        self._messages(column)

    def _fields(self, column: QVBoxLayout) -> None:
        fields = QWidget()
        grid = QGridLayout(fields)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.px(10))
        self.focused = LineField("Ruth", name="Focus")
        wrong = FormField("", LineField("1699800118", name="NPI"))
        wrong.show_error("Not a valid NPI")
        locked = LineField("Signed Nov 12", name="Locked")
        locked.set_locked(True)
        grid.addWidget(LineField("Ruth Okonkwo", name="Rest"), 0, 0)
        grid.addWidget(self.focused, 0, 1)
        grid.addWidget(wrong, 1, 0)
        grid.addWidget(locked, 1, 1, Qt.AlignmentFlag.AlignTop)
        self._block(column, "Fields: rest, focus, error, locked", fields)

    def _choices(self, column: QVBoxLayout) -> None:
        choices = row(
            Check("Text", checked=True),
            Check("Voicemail"),
            Radio("All", checked=True),
            Radio("One"),
            Segmented([("d", "Day"), ("w", "Week")], "w", name="View"),
            None,
            gap=18,
        )
        self._block(column, "Choices", choices)
        holder = QWidget()
        holder.setFixedHeight(look.px(107))
        picture = _MenuPicture(self)
        picture.setFixedSize(picture.sizeHint())
        self._floats: list[tuple[QWidget, Floating]] = [(holder, picture)]
        self._block(column, "Menu", holder)
        self._block(column, "Surfaces, accent, status", _Swatches())

    def _messages(self, column: QVBoxLayout) -> None:
        self._block(
            column,
            "Messages in the page",
            Message(Tone.WARN, "Overlaps Ana Villanueva.", "3:30 – 4:20 PM", mend="Mend"),
            Message(Tone.DANGER, "Refused.", "No date of birth.", mend="Mend"),
            Message(
                Tone.INFO, "Jun asks to move.", "Fri, 1:00 PM", mend="Mend", icon="calendar-clock"
            ),
            Message(Tone.OK, "12 superbills created.", "", mend="Show"),
        )

    def _second(self, column: QVBoxLayout) -> None:
        self._block(
            column,
            "Rows: rest, hover, selected, selected without focus, keyboard focus",
            _Row("Walter Strand", Status("circle", "Open", Tone.INFO)),
            _Row("Priya Raman", Status("circle-check", "Paid", Tone.OK), "surface.hover"),
            _Row("Soo-jin Rhee", Status("circle-dashed", "Part paid", Tone.WARN), "selection.row"),
            _Row(
                "Lena Hoffmann",
                Status("circle-x", "Bank failed", Tone.DANGER),
                "selection.inactive",
            ),
            _Row("Callum Reyes", Status("circle-alert", "Overdue 13 days", Tone.DANGER), ring=True),
            gap=0,
        )
        loading = LoadingRows(1)
        loading.setFixedHeight(look.px(36))
        self._block(
            column,
            "Loading, nothing found, could not load",
            loading,
            NothingFound("No invoice matches “holtt”.", lambda: None),
            ErrorState("The list could not be read.", lambda: None),
            gap=0,
        )
        self._sync_words(column)
        self._long_work(column)

    def _sync_words(self, column: QVBoxLayout) -> None:
        words = QWidget()
        grid = QGridLayout(words)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(look.px(6))
        said = (
            Status("laptop", "Saved on this computer"), Status("refresh-cw", "Syncing 12 of 40"),
            Status("circle-check", "Synced 2 min ago"),
            Status("circle-alert", "Needs you (2)", Tone.WARN),
            Status("key-round", "Sign in again", Tone.DANGER),
            Status("circle-arrow-up", "Update needed", Tone.WARN),
            Status("cloud-off", "Offline since 9:14 AM, 3 waiting", Tone.WARN),
        )  # fmt: skip
        for place, status in enumerate(said):
            grid.addWidget(StatusLabel(status), place // 2, place % 2, 1, 2 if place == 6 else 1)
        self._block(column, "Sync words", words)

    def _long_work(self, column: QVBoxLayout) -> None:
        work = Progress()
        work.set(8, 12, "Making superbills, 8 of 12")
        self._block(column, "Long work", work)
        meters = row(Meter(5, 10, "below"), Meter(9, 10, "near"), Meter(10, 10, "over"), gap=20)
        self._block(column, "Meter: below, near, over", meters)
        holder = QWidget()
        holder.setFixedHeight(look.px(40))
        bar = Floating(self, margin=(14, 9, 14, 9))
        line = row_layout(gap=8)
        line.addWidget(Text("Session moved to Friday, 9:00 AM"), 1)
        line.addWidget(Link("Undo"))
        line.addWidget(Text("⌘Z", "caption", tone="text.muted"))
        bar.inner.addLayout(line)
        self._floats.append((holder, bar))
        banner = _Banner()
        self._block(column, "Undo, and the banner while acting for someone", holder, banner, gap=12)

    def _third(self, column: QVBoxLayout) -> None:
        pairs = (
            ("Individual", "spruce"), ("Family", "slate"), ("Couple", "plum"), ("Intake", "clay"),
            ("Group", "ochre"), ("Workshop", "moss"), ("Sliding scale", "rose"),
            ("Consultation", "stone"),
        )  # fmt: skip
        rows = [
            row(_Event(words, "11:30", family), _Event(words, "11:30", family, "past"), gap=8)
            for words, family in pairs
        ]
        rows.append(
            row(
                _Event("Canceled", "11:30 · Canceled", "spruce", "gone"),
                _Ringed(_Event("Selected", "11:30", "slate", "selected")),
                _Event("Asked for", "1:00", "slate", "asked"),
                gap=8,
            )
        )
        self._block(column, "Calendar: ahead, past; canceled, selected, asked for", *rows, gap=6)
        self._block(column, "Availability: open, outside, blocked, now", _Availability())
        self._block(
            column,
            "Type: 28, 20, 15, 13, 12",
            Text("Thursday, November 19", "display", "semibold"),
            Text("Two versions of one draft", "title", "semibold"),
            Text("Slept six hours on four nights.", "lead"),
            Text("Split evenly, superbill to Ruth"),
            Text("text, voicemail", "caption", tone="text.muted"),
            gap=0,
        )

    def resizeEvent(self, event: object) -> None:
        self._float()

    def showEvent(self, event: object) -> None:
        self.focused.setFocus()
        self._float()

    def _float(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
        for holder, floating in self._floats:
            spot = holder.mapTo(self, holder.rect().topLeft())
            width = (
                floating.width()
                if isinstance(floating, _MenuPicture)
                else holder.width() + 2 * floating.reach()
            )
            height = floating.sizeHint().height()
            floating.setGeometry(
                spot.x() - floating.reach(), spot.y() - floating.reach(), width, height
            )
            floating.raise_()


class _Banner(QWidget):
    def __init__(self) -> None:
        super().__init__()
        line = row_layout(self, gap=8, margin=(14, 8, 14, 8))
        line.addWidget(IconMark("user-round", "info.text"))
        words = "Acting as Marguerite Lindqvist. Recorded as Dana Pruitt."
        line.addWidget(Text(words, tone="info.text", elide=True), 1)
        line.addWidget(Link("Stop", tone="info.text", weight="semibold"))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), look.color("info.soft"))


def gallery() -> QWidget:
    """Return the page of all components."""
    return Gallery()


MAKERS: dict[str, Callable[[], QWidget]] = {"components": gallery}

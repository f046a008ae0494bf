"""The panel beside the calendar: a month to go by, and what the colors stand for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QEvent, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLayout, QSizePolicy, QWidget

from app.ui.scheduling.presenter import CalendarPresenter, LegendLine
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.buttons import IconButton, Link
from app.ui.widgets.layout import (
    ScrollPage,
    Section,
    Surface,
    column_layout,
    emptied,
    reveal,
    row_layout,
)
from app.ui.widgets.month import MiniMonth
from app.ui.widgets.panes import Sheet
from app.ui.widgets.phrases import plural
from app.ui.widgets.text import Text

_LINE = 26


class _ColorLine(QWidget):
    """A swatch, the service, and its sessions at the right."""

    def __init__(self, line: LegendLine) -> None:
        super().__init__()
        self._line = line
        self.setAccessibleName(f"{line.words}: {line.color.value}, {plural(line.count, 'session')}")
        self.setToolTip(line.words)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(look.px(160), look.px(_LINE))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(80), look.px(_LINE))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side, area = look.px(9), QRectF(self.rect())
        spot = QRectF(0, (area.height() - side) / 2, side, side)
        bar = look.color(f"calendar.{self._line.color.value}.bar")
        paint.box(painter, spot, look.px(2), fill=bar)
        muted, number = look.color("text.muted"), look.font("body", tabular=True)
        count = f"{self._line.count:,}"
        paint.words(painter, area, count, number, muted, right=True, elide=False)
        area.adjust(look.px(20), 0, -paint.width_of(count, number) - look.px(8), 0)
        ink = look.color("text.primary")
        paint.words(painter, area, self._line.words, look.font("body"), ink)


class MonthPanel(Surface):
    """Month, legend, and how past, ahead and called off are told apart."""

    colors_asked = Signal()

    def __init__(self, presenter: CalendarPresenter) -> None:
        super().__init__("canvas", edges="left")
        self._presenter = presenter
        self._legend: tuple[LegendLine, ...] | None = None
        self.setAccessibleName("Month and colors")
        self._fit_width()
        self._title = Text("", weight="semibold")
        self.month = MiniMonth()
        self.month.chosen.connect(self._go)
        self.month.currentPageChanged.connect(self._name_month)
        self.setFocusProxy(self.month.days_view)
        head = row_layout(gap=0, margin=(0, 0, 0, 0))
        head.addWidget(self._title, 1)
        head.addWidget(
            IconButton("chevron-left", "Month before", on_click=self.month.showPreviousMonth)
        )
        head.addWidget(
            IconButton("chevron-right", "Month after", on_click=self.month.showNextMonth)
        )
        self._colors = Section(
            "Color shows service", aside=Link("Change", on_click=self.colors_asked.emit), gap=8
        )
        scroll = ScrollPage(margin=(20, 13, 16, 16), name="Month and colors")
        scroll.body.addLayout(head)
        scroll.body.addSpacing(look.px(12))
        scroll.body.addWidget(self.month)
        scroll.body.addSpacing(look.px(24))
        scroll.body.addWidget(self._colors)
        said = Text(
            "Pale with a check is past, full color is ahead, dashed is canceled.",
            "caption",
            tone="text.secondary",
            wrap=True,
        )
        foot = column_layout(margin=(20, 8, 20, 16))
        foot.addWidget(said)
        box = column_layout(self)
        box.addWidget(scroll, 1)
        box.addLayout(foot)
        self.show_state()

    def show_state(self) -> None:
        """Show what the presenter has."""
        presenter = self._presenter
        self.month.show_days(
            presenter.days,
            presenter.anchor,
            presenter.now().date(),
            week_starts=presenter.week_starts,
        )
        self._name_month(self.month.yearShown(), self.month.monthShown())
        if presenter.legend != self._legend:
            self._legend = presenter.legend
            self._show_legend(self._legend)

    def _show_legend(self, lines: Sequence[LegendLine]) -> None:
        emptied(self._colors.body)
        for line in lines:
            self._colors.add(_ColorLine(line))
        if not lines:
            self._colors.add(Text("No services yet.", tone="text.secondary"))

    def _name_month(self, year: int, month: int) -> None:
        self._title.set(f"{date(year, month, 1):%B} {year}")

    def _go(self, day: date) -> None:
        self._presenter.show(day=day)

    def _fit_width(self) -> None:
        self.setFixedWidth(look.token_px("layout.calendarPanel"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._fit_width()
        super().changeEvent(event)


class MonthDock(QWidget):
    """Holds the panel beside ``host``, or over its edge where ``host`` has no room for both.

    Closed until it is asked for; then it stays for the session. ``shown`` says whether it is open.
    """

    shown = Signal(bool)
    colors_asked = Signal()

    def __init__(self, host: QWidget, presenter: CalendarPresenter, *, leaves: int) -> None:
        super().__init__(host)
        self._host, self._presenter, self._leaves = host, presenter, leaves
        self._panel: MonthPanel | None = None
        self._wanted = False
        self._sheet = Sheet(host)
        self._sheet.closed.connect(self._sheet_closed)
        self._box = column_layout(self)
        # It never keeps the window from getting narrower: it goes away instead.
        self._box.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Expanding)
        self.hide()

    def sizeHint(self) -> QSize:
        return QSize(look.token_px("layout.calendarPanel"), look.px(400))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, 0)

    def is_open(self) -> bool:
        """Return whether the panel is to be seen."""
        return self._panel is not None

    def docked_width(self) -> int:
        """Return the room that it takes beside the calendar."""
        return 0 if self._panel is None or self._sheet.is_open() else self._panel.width()

    def toggle(self) -> None:
        """Open the panel, or close it."""
        self._wanted = not self.is_open()
        self._show(self._wanted)

    def fit(self) -> None:
        """Stand beside the calendar if there is room; the host calls this when it is resized."""
        if self._sheet.is_open() and self._has_room():
            self._sheet.close_sheet()
            self._wanted = True
        roomy = self._wanted and self._has_room()
        if roomy != self.is_open() and not self._sheet.is_open():
            self._show(roomy)

    def show_state(self) -> None:
        """Show what the presenter has."""
        if self._panel is not None:
            self._panel.show_state()

    def _has_room(self) -> bool:
        panel = look.token_px("layout.calendarPanel")
        return self._host.width() >= look.px(self._leaves) + panel

    def _show(self, wanted: bool) -> None:
        if self._sheet.is_open():
            self._sheet.close_sheet()
            return
        if self._panel is not None:
            self._box.removeWidget(self._panel)
            self._panel.hide()
            self._panel.deleteLater()
            self._panel = None
        if wanted:
            self._panel = MonthPanel(self._presenter)
            self._panel.colors_asked.connect(self.colors_asked.emit)
            if self._has_room():
                self._box.addWidget(self._panel)
            else:
                self._sheet.open(self._panel)
        reveal(self, wanted and not self._sheet.is_open())
        self.shown.emit(self.is_open())

    def _sheet_closed(self) -> None:
        # The sheet has dropped the panel itself.
        self._panel, self._wanted = None, False
        self.shown.emit(False)

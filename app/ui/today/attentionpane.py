"""The pane at the right of Today: what other areas put there, and the week at a glance."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.kernel.acting import Permission
from app.core.tasks.queries import WeekGlance
from app.ui.shell import pages
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.widgets.buttons import IconButton
from app.ui.widgets.layout import Figure, ScrollPage, Section, Surface, column_layout, row_layout


class AttentionPane(Surface):
    """On canvas, 284 wide; as a sheet it can be closed."""

    counted = Signal(int)
    closed = Signal()

    def __init__(self, context: ScreenContext, *, closable: bool = False) -> None:
        super().__init__("canvas", edges="left")
        self.setFixedWidth(look.token_px("layout.today.attention"))
        scroll = ScrollPage(margin=(24, 12 if closable else 38, 24, 24), name="Needs attention")
        box = column_layout(self)
        if closable:
            box.addLayout(self._closer())
        box.addWidget(scroll)
        self._context = context
        self.begun = False
        self._panels: list[QWidget] = []
        self._others = column_layout()
        scroll.body.addLayout(self._others)
        self._week = Section("This week", gap=6)
        scroll.body.addWidget(self._week)

    def begin(self) -> None:
        """Make what other areas put here, which then reads: asked for once the day is shown."""
        if self.begun:
            return
        self.begun = True
        for registered in self._context.house.panels.of("today", "attention"):
            panel = registered.build(self._context, None)
            self._panels.append(panel)
            self._others.addWidget(panel)
            self._others.addSpacing(look.px(8))
            counted = getattr(panel, "counted", None)
            if counted is not None:
                counted.connect(self.counted.emit)

    def _closer(self) -> QVBoxLayout:
        line = row_layout(margin=(0, 12, 12, 0))
        line.addStretch(1)
        line.addWidget(IconButton("x", "Close", on_click=self.closed.emit))
        box = column_layout()
        box.addLayout(line)
        return box

    def show_week(self, week: WeekGlance) -> None:
        """Show the figures of the week."""
        self._week.clear()
        figures = (
            ("Sessions held", f"{week.held} of {week.booked}", Permission.READ_RECORDS),
            ("Received", str(week.received), Permission.BILL),
            ("Owing, all clients", str(week.owing), Permission.BILL),
            ("Notes to sign", str(week.notes_to_sign), Permission.WRITE_NOTES),
        )
        for label, value, needs in figures:
            if self._context.desk.actor.may(needs):
                self._week.add(Figure(label, value))

    def refresh(self) -> None:
        """Have the panels read again."""
        for panel in self._panels:
            pages.refresh(panel)

    def closing(self) -> None:
        """Have the panels stop listening, and make none that were still to come."""
        self.begun = True
        for panel in self._panels:
            pages.closing(panel)

"""Choosing files: a button, a place to drop them, what can be read, and earlier imports."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFileDialog, QFrame, QWidget

from app.ui.exchange.history import History
from app.ui.exchange.presenter import ImportPresenter, Step
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.widgets.bars import PageHead
from app.ui.widgets.buttons import Button
from app.ui.widgets.layout import ScrollPage, Section, column_layout, emptied, row_layout
from app.ui.widgets.message import IconMark, Message
from app.ui.widgets.status import Tone
from app.ui.widgets.text import Text

_READ = (
    ("SimplePractice", "Client Details and Client Demographics, together."),
    ("PracticeRunner", "Contacts, and the client list that this program writes."),
)


class FilesView(QWidget):
    """The first step."""

    def __init__(self, presenter: ImportPresenter, context: ScreenContext) -> None:
        super().__init__()
        self._presenter = presenter
        self._problem = column_layout(gap=0)
        self._said = ""
        self._drop = DropPlace()
        self._drop.chosen.connect(presenter.choose_files)
        self._history = History(presenter, context)
        page = ScrollPage(margin=(40, 16, 40, 24), width=660, gap=24, name="Import")
        page.body.addLayout(self._problem)
        page.body.addWidget(self._drop)
        page.body.addWidget(self._readable())
        page.body.addWidget(self._history)
        box = column_layout(self)
        box.addWidget(
            PageHead(
                "Import clients",
                "Nothing is kept before you have looked at it, and all of it can be undone.",
                beside=False,
            )
        )
        box.addWidget(page, 1)

    def render_state(self) -> None:
        """Show whether files are being read, and what was wrong with them."""
        self._drop.set_busy(self._presenter.step is Step.READING)
        if self._presenter.sentence != self._said:
            self._said = self._presenter.sentence
            emptied(self._problem)
            if self._said:
                self._problem.addWidget(Message(Tone.DANGER, self._said))
        self._history.render_state()

    def _readable(self) -> Section:
        section = Section("What can be read")
        for system, reports in _READ:
            line = row_layout(gap=12, margin=(0, 4, 0, 4))
            line.addWidget(Text(system, weight="medium"))
            line.addWidget(Text(reports, tone="text.secondary", elide=True), 1)
            holder = QWidget()
            holder.setLayout(line)
            section.add(holder)
        return section


class DropPlace(QFrame):
    """A dashed place that takes dropped files, with a button for choosing them."""

    chosen = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self.setAcceptDrops(True)
        self.setAccessibleName("Drop CSV files here")
        self._over = False
        self._button = Button("Choose files…", kind="primary", on_click=self._ask)
        box = column_layout(self, gap=8, margin=(24, 32, 24, 32))
        center = Qt.AlignmentFlag.AlignHCenter
        box.addWidget(IconMark("import", "text.muted", 32), 0, center)
        box.addWidget(Text("Drop the CSV files here", weight="semibold"), 0, center)
        box.addWidget(
            Text("Files given together are joined on the client’s name.", tone="text.secondary"),
            0,
            center,
        )
        box.addSpacing(look.px(8))
        box.addWidget(self._button, 0, center)

    def set_busy(self, busy: bool) -> None:
        """Show that files are being read."""
        self._button.set_words("Reading…" if busy else "Choose files…")
        self._button.setEnabled(not busy)
        self.setAcceptDrops(not busy)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            self._over = True
            event.acceptProposedAction()
            self.update()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over = False
        self.update()

    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        self.update()
        urls = event.mimeData().urls()
        self.chosen.emit([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        token = "accent.base" if self._over else "line.control"
        pen = QPen(look.color(token), 1, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(look.color("accent.soft" if self._over else "surface.page"))
        edge = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(edge, look.px(10), look.px(10))

    def _ask(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(
            self.window(),
            "Choose client lists",
            "",
            "Client lists (*.csv *.txt *.tsv);;All files (*)",
        )
        if names:
            self.chosen.emit([Path(name) for name in names])

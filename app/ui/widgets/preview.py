"""A paper on screen: one page at a time, drawn from memory; nothing is written to disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2
from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.core.kernel.acting import Scope
from app.core.kernel.desk import Desk
from app.ui.widgets.papers import PageFrame

_POINTS_WIDE = 612.0
Deliver = Callable[[Callable[[], None]], None]
"""Runs a call on the thread of the window, soon."""
#: PDFium may be used by one thread at a time.
_PDFIUM = threading.Lock()
#: A window being resized is drawn sharp once it rests, in milliseconds.
_REST = 120


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as pixels: blue, green, red and a spare byte each."""

    width: int
    height: int
    stride: int
    pixels: bytes
    pages: int

    def image(self) -> QImage:
        """Return it as an image of its own memory."""
        shown = QImage(
            self.pixels, self.width, self.height, self.stride, QImage.Format.Format_RGB32
        )
        return shown.copy()


def draw_page(paper: bytes, page: int, width: int) -> Picture:
    """Return page ``page`` (from 0) of a PDF, ``width`` pixels wide."""
    with _PDFIUM:
        document = pypdfium2.PdfDocument(paper)
        try:
            pages = len(document)
            bitmap = document[min(page, pages - 1)].render(
                scale=width / _POINTS_WIDE, rev_byteorder=False, prefer_bgrx=True
            )
            picture = Picture(
                bitmap.width, bitmap.height, bitmap.stride, bytes(bitmap.buffer), pages
            )
            bitmap.close()
        finally:
            document.close()
    return picture


def _drawn(session: object, scope: Scope, paper: bytes, page: int, width: int) -> Picture:
    # Drawn where reads are done: the first page takes longer than a frame.
    del session, scope
    return draw_page(paper, page, width)


class PagePreview(QWidget):
    """Shows the pages of a PDF. ``turned`` tells that page or count changed."""

    turned = Signal()

    def __init__(self, name: str, desk: Desk, deliver: Deliver) -> None:
        super().__init__()
        self._desk, self._deliver = desk, deliver
        self._turn = 0
        self._frame = PageFrame(name)
        self._name = name
        self._paper: bytes | None = None
        self.page = 0
        self.pages = 0
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._frame)
        box.addStretch(1)
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST)
        self._resting.timeout.connect(self._draw)

    def show_paper(self, paper: bytes | None) -> None:
        """Show the first page of ``paper``, or the blank sheet."""
        if paper == self._paper:
            return
        self._paper = paper
        self.page = self.pages = 0
        if paper is None:
            self._frame.set_image(None)
            self.turned.emit()
        else:
            self._draw()

    def step(self, by: int) -> None:
        """Turn over ``by`` pages."""
        wanted = min(max(self.page + by, 0), max(self.pages - 1, 0))
        if wanted != self.page:
            self.page = wanted
            self._draw()

    def closing(self) -> None:
        """Drop the paper and whatever is still being drawn."""
        self._turn += 1
        self._paper = None
        self._frame.set_image(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resting.start()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.StyleChange:
            self._resting.start()
        super().changeEvent(event)

    def _draw(self) -> None:
        if self._paper is None:
            return
        self._turn += 1
        turn, width = self._turn, max(self._frame.pixels_wide(), 1)
        asked = self._desk.read(_drawn, self._paper, self.page, width)

        def arrive() -> None:
            if turn == self._turn:
                self._have(asked.result())

        asked.add_done_callback(lambda _: self._deliver(arrive))

    def _have(self, picture: Picture) -> None:
        self._frame.set_image(picture.image())
        self.pages = picture.pages
        words = f"{self._name}, page {self.page + 1} of {self.pages}"
        self._frame.setAccessibleName(words)
        self.turned.emit()

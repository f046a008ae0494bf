"""A page of paper as it will print, white in every theme; and the initials of a person."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from app.ui.theme import look
from app.ui.widgets import paint


class PageFrame(QWidget):
    """Shows the picture of a page, scaled to the width it gets; gray bars while there is none."""

    def __init__(self, name: str, *, ratio: float = 11 / 8.5) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._ratio = ratio
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_image(self, image: QImage | None) -> None:
        """Show a page, or the blank sheet."""
        self._image = image
        if image is not None and image.width():
            self._ratio = image.height() / image.width()
        self.updateGeometry()
        self.update()

    def pixels_wide(self) -> int:
        """Return how wide a picture must be to be sharp here."""
        return round(self.width() * self.devicePixelRatioF())

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return round(width * self._ratio)

    def sizeHint(self) -> QSize:
        return QSize(look.px(460), self.heightForWidth(look.px(460)))

    def minimumSizeHint(self) -> QSize:
        return QSize(look.px(160), self.heightForWidth(look.px(160)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width = min(float(self.width()), self.height() / self._ratio)
        page = QRectF((self.width() - width) / 2, 0, width, width * self._ratio)
        painter.fillRect(page, look.color("print.paper"))
        if self._image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(page, self._image)
        painter.setPen(look.color("line.strong"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(page.adjusted(0.5, 0.5, -0.5, -0.5))


class Avatar(QLabel):
    """A person's initials in a circle; the name beside it says who.

    ``quiet`` is for who stands in the background, ``pending`` for who is not here yet.
    """

    def __init__(
        self, initials: str, *, size: int = 28, quiet: bool = False, pending: bool = False
    ) -> None:
        super().__init__(initials)
        self._quiet, self._pending = quiet, pending
        self.setFixedSize(look.px(size), look.px(size))

    def paintEvent(self, event: QPaintEvent) -> None:
        area = QRectF(self.rect())
        how = {"quiet": self._quiet, "pending": self._pending}
        paint.initials(QPainter(self), area, self.text(), **how)

"""Buttons (primary, secondary, quiet, plain, danger), icon buttons and links, self-painted."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from app.ui.theme import icons, look
from app.ui.widgets import paint
from app.ui.widgets.keys import shown_keys

#: Kind → (fill at rest, hover, pressed, edge, text); an empty token is nothing.
_KINDS: dict[str, tuple[str, str, str, str, str]] = {
    "primary": ("accent.base", "accent.hover", "accent.pressed", "", "text.onAccent"),
    "secondary": (
        "surface.page",
        "surface.hover",
        "surface.pressed",
        "line.control",
        "text.primary",
    ),
    "quiet": ("", "surface.hover", "surface.pressed", "", "accent.text"),
    "plain": ("", "surface.hover", "surface.pressed", "", "text.secondary"),
    "danger": ("surface.page", "danger.soft", "danger.soft", "danger.text", "danger.text"),
}
_PADDING = {"quiet": 8, "plain": 8}
_GAP = 7


class Button(QPushButton):
    """A button with an optional icon and a shortcut hint; ``kind`` as the design names them."""

    def __init__(
        self,
        words: str,
        *,
        kind: str = "secondary",
        icon: str = "",
        keys: str = "",
        large: bool = False,
        wide: bool = False,
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``wide`` takes all the width there is, for the one act of a side panel."""
        super().__init__(words, parent)
        self._kind, self._icon, self._keys, self._large = kind, icon, keys, large
        self._busy = False
        self._icon_tone = ""
        self._count = ""
        self.setProperty("ring", True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        across = QSizePolicy.Policy.Expanding if wide else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        # Kept on the button and reached by a bound method: a closure on the signal would hold the
        # page that the button stands on, where no garbage collector sees it.
        self._on_click = on_click
        self.clicked.connect(self._run_click)

    def _run_click(self) -> None:
        if self._on_click is not None and not self._busy:
            self._on_click()

    def set_words(self, words: str) -> None:
        """Take other words."""
        self.setText(words)
        self.updateGeometry()
        self.update()

    def set_busy(self, busy: bool) -> None:
        """Show that the act is under way: it keeps its place and the keyboard, and is deaf."""
        self._busy = busy
        self.setEnabled(True)
        self.update()

    def isEnabled(self) -> bool:
        """Return whether it can be pressed now."""
        return super().isEnabled() and not self._busy

    def setEnabled(self, on: bool) -> None:
        """Let it be pressed or not, as soon as it is no longer busy.

        Qt takes the keyboard from what is disabled and gives it to the next control: who pressed
        twice would press that.
        """
        super().setEnabled(on or self._busy)

    def set_kind(self, kind: str) -> None:
        """Become another kind of button."""
        self._kind = kind
        self.updateGeometry()
        self.update()

    def set_count(self, count: int | None, icon_tone: str = "") -> None:
        """Show a bold count after the words, as *Needs attention 5* does."""
        self._count = "" if count is None else str(count)
        self._icon_tone = icon_tone
        self.setAccessibleName(f"{self.words()} {self._count}".strip())
        self.updateGeometry()
        self.update()

    def words(self) -> str:
        """Return the words without the mark of an access key."""
        return self.text().replace("&&", "\0").replace("&", "").replace("\0", "&")

    def _padding(self) -> int:
        return look.px(16 if self._large else _PADDING.get(self._kind, 12))

    def _parts(self) -> list[tuple[str, float]]:
        """Return what stands in the button, left to right, with widths."""
        parts: list[tuple[str, float]] = []
        if self._icon:
            parts.append(("icon", look.px(16)))
        if self.text():
            parts.append(("words", paint.width_of(self.words(), look.font("body", "medium"))))
        if self._count:
            parts.append(("count", paint.width_of(self._count, look.font("body", "semibold"))))
        if self._keys and self.text() and look.current().hints:
            parts.append(("keys", paint.width_of(shown_keys(self._keys), look.font("caption"))))
        return parts

    def sizeHint(self) -> QSize:
        height = look.token_px("control.heightLarge" if self._large else "control.height")
        parts = self._parts()
        if len(parts) == 1 and parts[0][0] == "icon":
            return QSize(height, height)
        inner = sum(width for _, width in parts) + look.px(_GAP) * (len(parts) - 1)
        return QSize(math.ceil(inner) + 2 * self._padding() + 2, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def event(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.EnabledChange):
            self.updateGeometry()
        return super().event(event)

    def _tokens(self) -> tuple[str, str, str]:
        """Return fill, edge and text tokens of the state it is in."""
        rest, hover, pressed, edge, text = _KINDS[self._kind]
        if not super().isEnabled():
            framed = self._kind in ("primary", "secondary", "danger")
            return "", "line.strong" if framed else "", "text.muted"
        # Checkable: what it opens is open.
        held = (self.isDown() and not self._busy) or self.isChecked()
        fill = pressed if held else hover if self.underMouse() and not self._busy else rest
        return fill, edge, text

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        fill, edge, text = self._tokens()
        paint.box(
            painter,
            QRectF(self.rect()),
            look.px(6),
            fill=look.color(fill) if fill else None,
            edge=look.color(edge) if edge else None,
            dashed=look.is_high_contrast() and not self.isEnabled(),
        )
        if self._busy:
            painter.setOpacity(0.7)
        parts = self._parts()
        inner = sum(width for _, width in parts) + look.px(_GAP) * (len(parts) - 1)
        left = (self.width() - inner) / 2
        for part, width in parts:
            self._paint_part(painter, part, QRectF(left, 0, width + 1, self.height()), text)
            left += width + look.px(_GAP)

    def _paint_part(self, painter: QPainter, part: str, area: QRectF, text: str) -> None:
        ink = look.color(text)
        if part == "icon":
            side = look.px(16)
            spot = QRectF(area.left(), (self.height() - side) / 2, side, side)
            tone = look.color(self._icon_tone) if self._icon_tone and self.isEnabled() else ink
            icons.paint(painter, spot, "hourglass" if self._busy else self._icon, tone)
        elif part == "words":
            paint.words(painter, area, self.words(), look.font("body", "medium"), ink, elide=False)
        elif part == "count":
            paint.words(painter, area, self._count, look.font("body", "semibold"), ink, elide=False)
        else:
            muted = ink if self._kind == "primary" else look.color("text.muted")
            hint = shown_keys(self._keys)
            paint.words(painter, area, hint, look.font("caption"), muted, elide=False)


class IconButton(Button):
    """A button of one icon. ``name`` is its tooltip and its name for a screen reader."""

    def __init__(
        self,
        icon: str,
        name: str,
        *,
        framed: bool = False,
        keys: str = "",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        kind = "secondary" if framed else "plain"
        super().__init__("", kind=kind, icon=icon, on_click=on_click, parent=parent)
        self.setAccessibleName(name)
        hint = shown_keys(keys)
        self.setToolTip(f"{name}  {hint}".strip())

    def set_icon(self, icon: str, name: str) -> None:
        """Take another icon with its name."""
        self._icon = icon
        self.setAccessibleName(name)
        self.setToolTip(name)
        self.update()


class Link(QPushButton):
    """Words that act, in the accent color, as wide as they are.

    With ``elide`` they give way where there is no room, such as a very long name.
    """

    def __init__(
        self,
        words: str,
        *,
        on_click: Callable[[], object] | None = None,
        tone: str = "accent.text",
        weight: str = "medium",
        size: str = "body",
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(words, parent)
        self._tone, self._weight, self._size = tone, weight, size
        self.setProperty("ring", True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._elide = elide
        across = QSizePolicy.Policy.Maximum if elide else QSizePolicy.Policy.Fixed
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setAutoDefault(False)
        # Kept on the button and reached by a bound method: a closure on the signal would hold the
        # page that the button stands on, where no garbage collector sees it.
        self._on_click = on_click
        self.clicked.connect(self._run_click)

    def _run_click(self) -> None:
        if self._on_click is not None:
            self._on_click()

    def set_words(self, words: str) -> None:
        """Take other words."""
        self.setText(words)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        font = look.font(self._size, self._weight, tabular=True)
        width = paint.width_of(self.text(), font)
        return QSize(math.ceil(width) + 1, look.line_height(self._size))

    def minimumSizeHint(self) -> QSize:
        whole = self.sizeHint()
        return QSize(min(whole.width(), look.px(60)), whole.height()) if self._elide else whole

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        font = look.font(self._size, self._weight, tabular=True)
        font.setUnderline(self.underMouse() and self.isEnabled())
        ink = look.color(self._tone if self.isEnabled() else "text.muted")
        paint.words(painter, QRectF(self.rect()), self.text(), font, ink, elide=self._elide)

"""The undo bar: what was done, and the way back, for eight seconds (longer while pointed at)."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

from app.ui.theme import look
from app.ui.widgets.buttons import Link
from app.ui.widgets.keys import shown_keys
from app.ui.widgets.layout import row_layout
from app.ui.widgets.motion import rise
from app.ui.widgets.panes import Floating
from app.ui.widgets.text import Text

SHOWN_MS = 8_000


class UndoBar(Floating):
    """At the bottom center of ``host``; also says what went wrong where no field is meant."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host, margin=(14, 9, 14, 9))
        self._host = host
        self._act: Callable[[], object] | None = None
        self._words = Text("")
        self._link = Link("Undo", on_click=self._clicked)
        self._keys = Text(shown_keys("Ctrl+Z"), "caption", tone="text.muted")
        line = row_layout(gap=12)
        for widget in (self._words, self._link, self._keys):
            line.addWidget(widget)
        self.inner.addLayout(line)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    def offer(self, sentence: str, on_undo: Callable[[], object]) -> None:
        """Say what was done and offer to undo it."""
        self._show(sentence, "Undo", on_undo, keys=True)

    def say(
        self, sentence: str, mend: str = "", on_mend: Callable[[], object] | None = None
    ) -> None:
        """Say a sentence that belongs to no field, with its mend if there is one."""
        self._show(sentence, mend, on_mend, keys=False)

    def _show(
        self, sentence: str, act: str, on_act: Callable[[], object] | None, *, keys: bool
    ) -> None:
        self._words.set(sentence)
        self._link.set_words(act)
        self._link.setVisible(bool(act))
        self._keys.setVisible(keys)
        self._act = on_act
        self.setAccessibleName(sentence)
        self._settle()
        self.show()
        self.raise_()
        rise(self, "slow")
        self._timer.start(SHOWN_MS)

    def _clicked(self) -> None:
        self.hide()
        if self._act is not None:
            self._act()

    def _settle(self) -> None:
        # Widgets that were never shown do not tell their layout that their words changed.
        if layout := self.layout():
            layout.invalidate()
            layout.activate()
        self.adjustSize()
        left = (self._host.width() - self.width()) // 2
        self.move(left, self._host.height() - self.height() + self.reach() - look.px(16))

    def enterEvent(self, event: QEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start(SHOWN_MS)

    def hideEvent(self, event: QEvent) -> None:
        self._timer.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._settle()
        return False

"""The buttons of a grid's sessions: used again week after week, and made ahead in idle moments."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QWidget

from app.ui.scheduling.block import SessionBlock

#: As many sessions as a full week has; the buttons for them are made while nothing else is done.
_READY, _AT_ONCE = 200, 4


class Blocks:
    """The buttons on ``canvas``, in the order in which they were first needed."""

    def __init__(
        self,
        canvas: QWidget,
        opened: Callable[[QAbstractButton], None],
        focus_changed: Callable[[SessionBlock, bool], None],
    ) -> None:
        self.all: list[SessionBlock] = []
        self._canvas, self._focus_changed = canvas, focus_changed
        # One signal for all of them: connecting each costs as much as painting it.
        self._buttons = QButtonGroup(canvas)
        self._buttons.setExclusive(False)
        self._buttons.buttonClicked.connect(opened)
        self._filler = QTimer(canvas)
        self._filler.setInterval(0)
        self._filler.timeout.connect(self._make_some_ready)

    def at(self, index: int) -> SessionBlock:
        """Return a button, made if it is the next one."""
        if index == len(self.all):
            block = SessionBlock(self._canvas, self._focus_changed)
            self._buttons.addButton(block)
            self.all.append(block)
        return self.all[index]

    def of(self, session_id: UUID | None) -> SessionBlock | None:
        """Return the button of a session that is shown."""
        for block in self.all:
            if block.session is not None and block.session.id == session_id:
                return block
        return None

    def make_ready(self) -> None:
        """Make buttons ahead in idle moments: a full week opens in a third of the time then."""
        if not self.is_ready:
            self._filler.start()

    @property
    def is_ready(self) -> bool:
        """Whether there are buttons for a full week."""
        return len(self.all) >= _READY

    def _make_some_ready(self) -> None:
        if self.is_ready or not self._canvas.isVisible():
            self._filler.stop()
            return
        for _ in range(_AT_ONCE):
            block = self.at(len(self.all))
            # Most of what a button costs is paid when it is first shown.
            block.setGeometry(0, 0, 0, 0)
            block.show()
            block.hide()

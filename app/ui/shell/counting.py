"""The numbers in the side bar: read behind the first answer to the page in front."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QTimer

from app.ui.shell.context import ScreenContext
from app.ui.shell.presenter import Presenter
from app.ui.shell.registry import Area
from app.ui.widgets.paint import PAINTED_AFTER


class Counting(QObject):
    """Begins what counts for each area once; ``tell`` is told area and number."""

    def __init__(
        self,
        areas: Sequence[Area],
        context: ScreenContext,
        tell: Callable[[str, int], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._areas, self._context, self._tell = areas, context, tell
        self._begun = False
        self._counters: list[Presenter] = []
        self._painted = QTimer(self)
        self._painted.setSingleShot(True)
        self._painted.setInterval(PAINTED_AFTER)
        self._painted.timeout.connect(self._begin)

    def answered(self) -> None:
        """Hear that a page was answered; the first time, count once that has been painted."""
        if not self._begun:
            self._begun = True
            self._painted.start()

    def close(self) -> None:
        """Stop counting, or never begin."""
        self._begun, self._areas = True, ()
        self._painted.stop()
        for counter in self._counters:
            counter.close()

    def _begin(self) -> None:
        for area in self._areas:
            if area.count is not None:
                self._counters.append(area.count(self._context, self._teller(area.id)))

    def _teller(self, area: str) -> Callable[[int], None]:
        return lambda count: self._tell(area, count)

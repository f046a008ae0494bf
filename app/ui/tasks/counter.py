"""The number of tasks in the side bar. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from app.core.kernel.desk import Desk
from app.ui.shell.presenter import Deliver, Presenter
from app.ui.tasks.presenter import AttentionPresenter


class TaskCounter(Presenter):
    """Tells how many things need attention, from the same reading as the lists."""

    def __init__(self, desk: Desk, deliver: Deliver, tell: Callable[[int], None]) -> None:
        super().__init__(desk, deliver)
        self._tell = tell
        self._tasks = AttentionPresenter.shared(desk, deliver, self._count)

    def close(self) -> None:
        """Stop counting."""
        self._tasks.leave(self._count)
        super().close()

    def _count(self) -> None:
        self._tell(len(self._tasks.items or ()))

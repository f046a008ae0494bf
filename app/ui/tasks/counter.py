"""The number of tasks in the side bar. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from app.ui.shell.context import ScreenContext
from app.ui.shell.presenter import Presenter
from app.ui.tasks.presenter import AttentionPresenter


class TaskCounter(Presenter):
    """Tells how many things need attention, from the same reading as the lists."""

    def __init__(self, context: ScreenContext, tell: Callable[[int], None]) -> None:
        super().__init__(context.desk, context.deliver)
        self._tell = tell
        self._tasks = AttentionPresenter.shared(context, self._count)

    def close(self) -> None:
        """Stop counting."""
        self._tasks.leave(self._count)
        super().close()

    def _count(self) -> None:
        self._tell(len(self._tasks.items or ()))

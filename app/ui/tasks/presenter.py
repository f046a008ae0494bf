"""What needs attention, read again after every write. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from app.core.kernel.desk import Desk
from app.core.tasks.queries import When
from app.core.tasks.queries.attention import attention
from app.core.tasks.rules.attention import Attention
from app.ui.shell.presenter import Deliver, Presenter

#: Areas whose records can be the cause of a task.
CAUSES = ("practice", "team", "people", "cases", "scheduling", "clinical", "billing", "tasks")


class AttentionPresenter(Presenter):
    """The list of tasks; ``items`` is ``None`` until the first answer.

    The side bar, Today and Tasks share one of a desk, so that a write is answered by one read.
    """

    _shared: ClassVar[WeakKeyDictionary[Desk, AttentionPresenter]] = WeakKeyDictionary()

    @classmethod
    def shared(cls, desk: Desk, deliver: Deliver, heard: Callable[[], None]) -> AttentionPresenter:
        """Return the presenter of ``desk`` with ``heard`` on it; ``leave`` gives it back.

        It reads when it is made, so that whoever joins has no need to.
        """
        made = cls._shared.get(desk)
        if made is None or made.closed:
            made = cls(desk, deliver)
            cls._shared[desk] = made
            made.refresh()
        made.on_change(heard)
        return made

    def leave(self, heard: Callable[[], None]) -> None:
        """Hear no more; the last one to leave closes it."""
        self.forget(heard)
        if not self._listeners:
            self.close()

    def __init__(self, desk: Desk, deliver: Deliver) -> None:
        super().__init__(desk, deliver)
        self.items: tuple[Attention, ...] | None = None
        self.problem: Exception | None = None
        self.watch(*CAUSES)

    def refresh(self) -> None:
        """Read what needs attention now."""
        now = self.desk.clock.now()
        when = When(now, now.astimezone(ZoneInfo(self.desk.zone)).date())
        self.read(
            "items", attention, self.desk.entitlement, when, then=self._have, failed=self._failed
        )

    def _have(self, items: list[Attention]) -> None:
        self.items, self.problem = tuple(items), None
        self.changed()

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()

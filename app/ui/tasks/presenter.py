"""What needs attention, read again after every write. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from app.core.kernel.changes import RIGHTS
from app.core.kernel.desk import Desk
from app.core.tasks.queries import When
from app.core.tasks.queries.attention import attention
from app.core.tasks.rules.attention import Attention, asked_of, in_order
from app.ui.shell.context import ScreenContext
from app.ui.shell.presenter import Deliver, Presenter

if TYPE_CHECKING:
    from app.core.membership.rules.grant import PlanState

#: Areas whose records can be the cause of a task; the plan asks by what role and account say.
CAUSES = (
    "practice",
    "team",
    "people",
    "membership",
    "cases",
    "scheduling",
    "clinical",
    "billing",
    "tasks",
    RIGHTS,
)


class AttentionPresenter(Presenter):
    """The list of tasks; ``items`` is ``None`` until the first answer.

    The side bar, Today and Tasks share one of a desk, so that a write is answered by one read.
    """

    _shared: ClassVar[WeakKeyDictionary[Desk, AttentionPresenter]] = WeakKeyDictionary()

    @classmethod
    def shared(cls, context: ScreenContext, heard: Callable[[], None]) -> AttentionPresenter:
        """Return the presenter of the desk with ``heard`` on it; ``leave`` gives it back.

        It reads when it is made, so that whoever joins has no need to.
        """
        made = cls._shared.get(context.desk)
        if made is None or made.closed:
            made = cls(context.desk, context.deliver, context.plan)
            cls._shared[context.desk] = made
            if context.sync is not None:
                # Whether there is an account is known only behind the first screen.
                made._stops.append(context.sync.on_change(made.look_at_plan))
            made.refresh()
        made.on_change(heard)
        return made

    def leave(self, heard: Callable[[], None]) -> None:
        """Hear no more; the last one to leave closes it."""
        self.forget(heard)
        if not self._listeners:
            self.close()

    def __init__(
        self, desk: Desk, deliver: Deliver, plan: Callable[[], PlanState | None] = lambda: None
    ) -> None:
        """``plan`` is the plan as it stands now, ``None`` without an account."""
        super().__init__(desk, deliver)
        self.items: tuple[Attention, ...] | None = None
        self.problem: Exception | None = None
        self._plan = plan
        self._found: tuple[Attention, ...] | None = None
        self.watch(*CAUSES)

    def refresh(self) -> None:
        """Read what needs attention now."""
        now = self.desk.clock.now()
        when = When(now, now.astimezone(ZoneInfo(self.desk.zone)).date())
        self.read(
            "items", attention, self.desk.entitlement, when, then=self._have, failed=self._failed
        )

    def look_at_plan(self) -> None:
        """Show what the plan asks by now, which nothing need be read for."""
        if self._found is not None and self._in_all() != self.items:
            self.items = self._in_all()
            self.changed()

    def _have(self, items: list[Attention]) -> None:
        self._found, self.problem = tuple(items), None
        self.items = self._in_all()
        self.changed()

    def _in_all(self) -> tuple[Attention, ...]:
        desk, state = self.desk, self._plan()
        found = asked_of(desk.actor, self._found or ())
        if state is None or state.grant is None:
            return found
        # Imported here: most practices have no account, and load nothing of plans.
        from app.core.tasks.rules.plan_attention import plan_attention  # noqa: PLC0415

        asks = plan_attention(state.grant, desk.clock.now(), desk.zone)
        return found if asks is None else in_order((*found, *asked_of(desk.actor, (asks,))))

    def _failed(self, error: Exception) -> None:
        self.problem = error
        self.changed()

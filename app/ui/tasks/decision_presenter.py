"""One question of the inbox: both versions, and the decision. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from app.core.kernel.desk import Desk
from app.core.kernel.errors import MachineError, UserError
from app.core.tasks.commands import decide
from app.core.tasks.queries.inbox import InboxView, inbox_item
from app.core.tasks.rules.inbox import Choice, InboxKind, InboxState
from app.ui.shell.presenter import Deliver, Presenter


class DecisionPresenter(Presenter):
    """``view`` is ``None`` until it was read; ``combined`` shows the joined text in its place."""

    def __init__(self, desk: Desk, deliver: Deliver, decided: Callable[[], None]) -> None:
        super().__init__(desk, deliver)
        self.view: InboxView | None = None
        self.problem = ""
        self.combined = False
        self.busy = False
        self._item: UUID | None = None
        self._decided = decided
        self.watch("tasks", "clinical")

    @property
    def item(self) -> UUID | None:
        """The question that is shown."""
        return self._item

    def show(self, item: UUID) -> None:
        """Read another question."""
        if item != self._item:
            self._item, self.view, self.combined, self.problem = item, None, False, ""
            self.busy = False
            self.changed()
        self.refresh()

    def refresh(self) -> None:
        """Read it again: it may have been decided on another computer."""
        if self._item is not None:
            self.read("item", inbox_item, self._item, then=self._have, failed=self._failed)

    def toggle_combined(self) -> None:
        """Show the joined text, or both versions again."""
        self.combined = not self.combined
        self.changed()

    @property
    def choices(self) -> tuple[Choice, ...]:
        """The ways to decide, in the order of their buttons."""
        return self.view.question.choices if self.view is not None else ()

    @property
    def sentence(self) -> str:
        """What will happen, next to the buttons."""
        view = self.view
        if self.problem or view is None:
            return self.problem
        if view.kind is InboxKind.TEXT:
            if self.combined:
                return "Keep both takes this text as you read it."
            if view.joined is not None:
                return "The changes do not overlap."
            return "Keep both puts one text below the other."
        if view.kind is InboxKind.NUMBER:
            return "Putting it aside changes no paper."
        return view.reason

    @property
    def copyable(self) -> str:
        """The refused work as text to copy; nothing where something else is asked."""
        view = self.view
        if view is None or view.kind is not InboxKind.REFUSED:
            return ""
        said = (f"{part.title}: {''.join(each.text for each in part.other)}" for part in view.parts)
        return "\n".join([view.about, *said])

    def decide(self, choice: Choice) -> None:
        """Decide; a second click while it is under way does nothing."""
        if self._item is None or self.view is None or self.busy:
            return
        self.busy, self.problem = True, ""
        joined = self.view.joined if choice.state is InboxState.BOTH and self.combined else None
        self.run(
            decide,
            self._item,
            choice.state,
            joined,
            then=lambda _done: self._decided(),
            failed=self._refused,
        )
        self.changed()

    def _have(self, view: InboxView) -> None:
        self.view, self.busy = view, False
        if view.state is not InboxState.OPEN:
            self._decided()
            return
        self.changed()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, (UserError, MachineError)):
            raise error
        self.view, self.problem = None, error.sentence
        self.changed()

    def _refused(self, error: Exception) -> None:
        if not isinstance(error, (UserError, MachineError)):
            raise error
        self.busy, self.problem = False, error.sentence
        self.changed()

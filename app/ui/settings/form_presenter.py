"""The settings of one page of the table: read, and each changed as soon as it is left. No Qt."""

from __future__ import annotations

from app.core.kernel.errors import UserError
from app.core.practice.rules.settings import Page, Setting, Value
from app.core.team.commands import change_setting
from app.core.team.queries import setting_values
from app.ui.shell.context import ScreenContext
from app.ui.shell.presenter import Presenter


class FormPresenter(Presenter):
    """``values`` in the order of the table; ``problems`` by key, until that setting is right."""

    def __init__(self, context: ScreenContext, page: Page) -> None:
        super().__init__(context.desk, context.deliver, did=context.did)
        self._page = page
        self.values: dict[str, tuple[Setting, Value]] = {}
        self.problems: dict[str, UserError] = {}
        self.failure: Exception | None = None
        self.watch("practice", "team")

    def refresh(self) -> None:
        self.read("values", setting_values, then=self._have, failed=self._failed)

    def _have(self, values: list[tuple[Setting, Value]]) -> None:
        self.values = {spec.key: (spec, value) for spec, value in values if spec.page is self._page}
        self.failure = None
        self.changed()

    def change(self, key: str, typed: str) -> None:
        """Set a setting to what was typed, unless it says so already."""
        spec, value = self.values[key]
        if typed.strip() == as_typed(value) and key not in self.problems:
            return

        def refused(error: Exception) -> None:
            if not isinstance(error, UserError):
                self._failed(error)
                return
            self.problems[spec.key] = error
            self.changed()

        self.problems.pop(key, None)
        self.changed()
        self.run(change_setting, key, typed, failed=refused)

    def _failed(self, error: Exception) -> None:
        self.failure = error
        self.changed()


def as_typed(value: Value) -> str:
    """Return a value as a person would type it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)

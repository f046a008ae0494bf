"""Services and locations: the list, and the one being edited. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from app.core.kernel.changes import Outcome
from app.core.practice.commands import (
    add_location,
    add_service,
    change_location,
    change_service,
    retire_location,
    retire_service,
)
from app.core.practice.queries import LocationView, ServiceView, locations, services
from app.core.practice.rules.catalogue import ServiceFields
from app.core.practice.rules.places import LocationFields
from app.ui.shell.context import ScreenContext
from app.ui.shell.presenter import Presenter


class Listed(Protocol):
    """A record of a list: it can be retired, and used again."""

    @property
    def id(self) -> UUID:
        """Its id."""
        ...

    @property
    def retired(self) -> bool:
        """Whether it is offered no longer."""
        ...


V = TypeVar("V", bound=Listed)
F = TypeVar("F")


class ListPresenter(Presenter, Generic[V, F]):
    """The records of one kind; ``editing`` is the one in the editor, ``NEW`` a new one."""

    NEW = "new"

    def __init__(
        self,
        context: ScreenContext,
        query: Callable[..., list[V]],
        add: Callable[..., UUID],
        change: Callable[..., None],
        retire: Callable[..., None],
    ) -> None:
        super().__init__(context.desk, context.deliver, did=context.did)
        self._query, self._add, self._change, self._retire = query, add, change, retire
        self.rows: list[V] | None = None
        self.editing: UUID | str | None = None
        self.problem: Exception | None = None
        self.watch("practice")

    def refresh(self) -> None:
        self.read("rows", self._query, then=self._have, failed=self._failed, retired=True)

    def _have(self, rows: list[V]) -> None:
        self.rows = sorted(rows, key=lambda row: row.retired)
        self.changed()

    @property
    def edited(self) -> V | None:
        """The record in the editor; None while there is none, or a new one."""
        found = (row for row in self.rows or [] if row.id == self.editing)
        return next(found, None)

    def edit(self, which: UUID | str | None) -> None:
        """Open the editor with a record or a new one, or close it."""
        self.editing, self.problem = which, None
        self.changed()

    def save(self, fields: F) -> None:
        """Keep what the editor says, and close it."""
        row = self.edited
        if row is None:
            self.run(self._add, fields, then=self._saved, failed=self._failed)
        else:
            self.run(self._change, row.id, fields, then=self._saved, failed=self._failed)

    def retire(self, retired: bool) -> None:
        """Offer the record in the editor no longer, or again."""
        row = self.edited
        if row is not None:
            self.run(self._retire, row.id, retired=retired, then=self._saved, failed=self._failed)

    def _saved(self, outcome: Outcome[Any]) -> None:
        self.editing, self.problem = None, None
        self.did(outcome)
        self.changed()

    def refuse(self, problem: Exception) -> None:
        """Show what is wrong with what was typed."""
        self.problem = problem
        self.changed()

    _failed = refuse


def services_presenter(context: ScreenContext) -> ListPresenter[ServiceView, ServiceFields]:
    """Return the presenter of the catalogue of services."""
    return ListPresenter(context, services, add_service, change_service, retire_service)


def locations_presenter(context: ScreenContext) -> ListPresenter[LocationView, LocationFields]:
    """Return the presenter of the locations."""
    return ListPresenter(context, locations, add_location, change_location, retire_location)

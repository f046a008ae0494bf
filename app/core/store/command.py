"""What makes a function a command: the permission and the entitlement that it declares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, Generic, ParamSpec, TypeVar

from app.core.kernel.acting import Actor, Permission
from app.core.kernel.entitlement import Act, Entitlement
from app.core.store.unit import Declaration, UnitOfWork

P = ParamSpec("P")
R = TypeVar("R")


class Command(Generic[P, R]):
    """A write of the practice: one use case, one verb of the menu.

    Called with a unit of work it checks its declaration and runs; inside a journey, whose unit
    has begun with the journey's own declaration, it joins without a second check.
    """

    def __init__(
        self, function: Callable[Concatenate[UnitOfWork, P], R], declaration: Declaration
    ) -> None:
        self.declaration = declaration
        self._function = function
        self.__doc__ = function.__doc__
        self.__name__ = function.__name__
        self.__qualname__ = function.__qualname__
        self.__module__ = function.__module__
        self.__wrapped__ = function

    def open_to(self, actor: Actor, entitlement: Entitlement) -> bool:
        """Return whether the actor's role and the plan let the command begin."""
        said = self.declaration
        return actor.may(said.permission) and entitlement.allows(said.act, actor.role)

    def __call__(self, uow: UnitOfWork, /, *args: P.args, **kwargs: P.kwargs) -> R:
        uow.begin(self.declaration)
        return self._function(uow, *args, **kwargs)


def command(
    *, permission: Permission, label: str, act: Act = Act.BOOK, undo: bool = False
) -> Callable[[Callable[Concatenate[UnitOfWork, P], R]], Command[P, R]]:
    """Declare a command.

    ``label`` is its verb as the undo bar and the audit say it, ``act`` its row in the plan's
    table; with ``undo`` the store keeps the inverse and offers it for 10 minutes.
    """

    def declare(function: Callable[Concatenate[UnitOfWork, P], R]) -> Command[P, R]:
        place = function.__module__.removeprefix("app.core.").partition(".commands")[0]
        name = f"{place}.{function.__name__}"
        return Command(function, Declaration(name, label, permission, act, undo))

    return declare

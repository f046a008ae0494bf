"""Asking for the next page while this one is being written into the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

R = TypeVar("R")


class Later(Protocol):
    """What is being fetched."""

    def result(self) -> Any:
        """Wait for it and return it, or raise what it raised."""
        ...


Begin = Callable[[Callable[[], Any]], Later]


class _AtOnce:
    def __init__(self, act: Callable[[], Any]) -> None:
        self._act = act

    def result(self) -> Any:
        return self._act()


def in_turn(act: Callable[[], Any]) -> Later:
    """Begin nothing beforehand: ``act`` runs when its result is asked for."""
    return _AtOnce(act)


class Ahead:
    """Keeps one answer that was asked for beforehand, under the words that asked for it."""

    def __init__(self, begin: Begin) -> None:
        self._begin = begin
        self._key: str | None = None
        self._later: Later | None = None

    def prepare(self, key: str, ask: Callable[[], Any]) -> None:
        """Begin to ask for what ``take`` will want under ``key``."""
        self._key, self._later = key, self._begin(ask)

    def take(self, key: str, ask: Callable[[], R]) -> R:
        """Return what was prepared under ``key``, else ask now."""
        later, self._later = self._later, None
        if later is not None and self._key == key:
            found: R = later.result()
            return found
        return ask()

"""Practices in which a scene was written: each made once a session, copied for each test.

A test that asks for the fixture of a scene finds it in its practice.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app import bootstrap
from app.core.vault.desk import VaultDesk
from tests.support.clock import StillClock
from tests.support.practice import StoredPractice

Fill = Callable[[VaultDesk], Any]


class Scenes:
    """The scenes by their names, over the practice as it is right after set-up."""

    def __init__(self, stored: StoredPractice, root: Path, fills: Mapping[str, Fill]) -> None:
        self._new = stored
        self._root = root
        self._fills = fills
        self._made: dict[str, tuple[StoredPractice, Any]] = {}

    def stored(self, asked: list[str]) -> StoredPractice | None:
        """Return the closed practice with the scene that is among these fixtures, if one is."""
        names = [name for name in self._fills if name in asked]
        assert len(names) <= 1, f"a practice holds one scene, not {names}"
        return self._scene(names[0])[0] if names else None

    def made(self, name: str) -> Any:
        """Return a copy of what filling the practice with the scene gave."""
        return copy.copy(self._scene(name)[1])

    def _scene(self, name: str) -> tuple[StoredPractice, Any]:
        if name not in self._made:
            self._made[name] = self._fill(self._root / name, self._fills[name])
        return self._made[name]

    def _fill(self, root: Path, fill: Fill) -> tuple[StoredPractice, Any]:
        new = self._new
        with pytest.MonkeyPatch.context() as patch:
            folder = new.copy_to(root, patch)
            practice = bootstrap.open_practice(folder, new.keys(), StillClock())
            made = fill(practice.desk)
            practice.close()
        return replace(new, folder=folder, state=root / "state"), made

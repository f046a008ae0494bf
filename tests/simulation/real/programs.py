"""Old and new versions of the program side by side: version 1 does not know the new columns."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from app.sync import forms
from app.sync.forms import Form

#: What came with version 2, by table.
NEW = {"client": frozenset({"pronouns"})}
NEWEST = 2

_real = forms.form_of
_version = NEWEST


class _Older(Form):
    """A table as version 1 knows it."""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns without the new ones."""
        known = _real(self.entity)
        assert known is not None
        return tuple(name for name in known.names if name not in NEW[self.entity])


@cache
def _older(entity: str) -> Form | None:
    found = _real(entity)
    return found if found is None or entity not in NEW else _Older(found.kind)


def form_of(entity: str) -> Form | None:
    """Return the form of a table as the program that runs now knows it."""
    return _real(entity) if _version >= NEWEST else _older(entity)


def known(entity: str, name: str, version: int) -> bool:
    """Return whether a version of the program knows a column."""
    return version >= NEWEST or name not in NEW.get(entity, ())


@contextmanager
def program(version: int) -> Iterator[None]:
    """Let what runs inside be that version of the program."""
    global _version  # noqa: PLW0603 - one program runs at a time
    was, _version = _version, version
    try:
        yield
    finally:
        _version = was


@contextmanager
def several_versions() -> Iterator[None]:
    """Let every module of sync ask which version it is."""
    patched = [
        module
        for name, module in sys.modules.items()
        if name.startswith("app.sync.") and getattr(module, "form_of", None) is _real
    ]
    for module in patched:
        module.form_of = form_of  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in patched:
            module.form_of = _real  # type: ignore[attr-defined]

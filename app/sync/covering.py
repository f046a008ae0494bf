"""What lies over a row: pending operations and an open editor, and what waits behind them.

Kept for one pass of ``applying``: what has had its echo in it covers nothing any more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from app.sync import overlay, shadows
from app.sync.forms import Form
from app.sync.outbox import Key, Outbox, Pending
from app.sync.overlay import Waiting


class Cover:
    """Decides, row by row, which confirmed values enter the table; ``done`` have had their echo."""

    def __init__(self, connection: Any, outbox: Outbox, holds: Callable[[UUID], bool]) -> None:
        self._connection = connection
        self._outbox = outbox
        self._holds = holds
        self._waiting: dict[Key, Waiting] = {}
        self.shadowed: frozenset[Key] = frozenset()
        self.done: dict[int, Pending] = {}

    def begin(self) -> None:
        """Look which rows have values that wait."""
        self.shadowed = shadows.rows(self._connection)

    def store(self) -> None:
        """Keep what waits by now."""
        for key, waiting in self._waiting.items():
            shadows.store(self._connection, key, waiting)

    def laid_over(
        self, form: Form, key: Key, columns: Mapping[str, Any], seen: int
    ) -> dict[str, Any]:
        """Return what of a confirmed change enters the table; the rest waits."""
        return overlay.laid_over(columns, self._covered(form, key), self._waiting_of(key), seen)

    def over_new(self, form: Form, key: Key) -> dict[str, Any]:
        """Return what a row that comes into the file shows of the columns that are covered there.

        It left with its case and comes back with it: what was written before lies over it again.
        What an open editor alone covers is shown as it was confirmed, and waits all the same: the
        editor has not seen it.
        """
        written: dict[str, Any] = {}
        for each in sorted(self._outbox.of_row(key), key=lambda each: each.lsn):
            if each.over and each.lsn not in self.done:
                written.update(shadows.own(self._connection, each.lsn).columns)
        covered = self._sealed(form, set(written))
        waiting = self._waiting_of(key).columns
        shown = {name: held[0] for name, held in waiting.items() if name not in covered}
        return {name: said for name, said in (shown | written).items() if name in form.known}

    def uncovered(self, form: Form, key: Key) -> dict[str, Any]:
        """Return the values that wait behind nothing any more; they enter the table."""
        return overlay.uncovered(self._covered(form, key), self._waiting_of(key))

    def echoed(
        self, form: Form, own: Pending, echo: Mapping[str, Any], passed: bool, seen: int
    ) -> dict[str, Any]:
        """Return what enters the table when an own operation has come back."""
        covered = self._covered(form, own.key)
        waiting = self._waiting_of(own.key)
        if passed:
            # A snapshot was newer than the echo: what it brought waits, or is in the table.
            return overlay.uncovered(covered, waiting)
        mine = shadows.own(self._connection, own.lsn)
        known = {name: said for name, said in mine.columns.items() if name in form.known}
        refused = self._refused(own.key)
        confirmed = overlay.Own(known, mine.before)
        return overlay.echoed(confirmed, dict(echo), covered, refused, waiting, seen)

    def won(self, own: Pending, echo: Mapping[str, Any]) -> frozenset[str]:
        """Return the columns of an own operation whose values are those that its echo says."""
        mine = shadows.own(self._connection, own.lsn).columns
        return frozenset(name for name in echo.keys() & mine.keys() if echo[name] == mine[name])

    def stated(
        self, form: Form, own: Pending, echo: Mapping[str, Any], seen: int
    ) -> dict[str, Any]:
        """Return what enters the table when a row that was stated again has come back whole.

        It was nobody's edit: what the row holds by now is confirmed below what is pending.
        """
        covered, waiting = self._covered(form, own.key), self._waiting_of(own.key)
        mine = shadows.own(self._connection, own.lsn).columns
        written = self._written(own.key)
        shown = {
            name
            for name in covered - written
            if name not in waiting.columns and name in echo and mine.get(name) == echo[name]
        }
        news = {name: said for name, said in echo.items() if name not in shown}
        for name in echo.keys() - covered:
            waiting.columns.pop(name, None)
        entering = overlay.laid_over(news, covered, waiting, seen)
        return {**entering, **overlay.uncovered(covered, waiting)}

    def lies_over(self, form: Form, key: Key) -> bool:
        """Return whether anything covers a row, or waits behind what did."""
        if key in self.shadowed or key in self._waiting:
            return True
        pending = self._outbox.of_row(key)
        if pending and any(each.over and each.lsn not in self.done for each in pending):
            return True
        return bool(form.draft) and self._holds(UUID(bytes=key[1]))

    def _covered(self, form: Form, key: Key) -> frozenset[str]:
        """Return the columns that pending operations and an open editor hold of a row."""
        names = self._written(key)
        merging = form.kind.__merging__
        if merging.draft and self._holds(UUID(bytes=key[1])):
            names.update(merging.draft)
        return self._sealed(form, names)

    @staticmethod
    def _sealed(form: Form, names: set[str]) -> frozenset[str]:
        """Return ``names``, with a signature and the words that it covers if one of them is there.

        They are seen together, or not yet.
        """
        seal = form.kind.__merging__.seal
        if seal is None or names.isdisjoint(seal.columns):
            return frozenset(names)
        return frozenset((*names, seal.column, *seal.columns))

    def _written(self, key: Key) -> set[str]:
        """Return the columns that pending operations hold of a row."""
        names: set[str] = set()
        for each in self._outbox.of_row(key):
            if each.over and each.lsn not in self.done:
                names.update(shadows.own(self._connection, each.lsn).columns)
        return names

    def _refused(self, key: Key) -> frozenset[str]:
        """Return the columns of a row that refused operations had set."""
        parked = (each for each in self._outbox.of_row(key) if not each.over)
        return frozenset().union(*(shadows.own(self._connection, e.lsn).columns for e in parked))

    def _waiting_of(self, key: Key) -> Waiting:
        if key not in self._waiting:
            here = key in self.shadowed
            self._waiting[key] = shadows.load(self._connection, key) if here else Waiting()
        return self._waiting[key]

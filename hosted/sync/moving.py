"""Whose view a batch changed: by whose a case or a person is, by a role, or by a link to a person.

What came to a member in rows of this batch comes by itself. What was there before, and came into
view now, raises the member's scope version, and so does what left it (``scope``).
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any
from uuid import UUID

from app.core.kernel.acting import Role
from app.core.store.reading import HANGS_BY, PERSON
from hosted.store.kinds import ASSIGNED, ASSIGNMENTS, BRINGING, MEMBER, PRIMARY, ROLE
from hosted.sync.book import Book
from hosted.sync.scope import (
    LIMITED,
    holders,
    in_a_case,
    primary_of,
    raise_version,
    seers,
)
from hosted.sync.touched import Key, Row, Rows


def move_scopes(book: Book, rows: Rows, writer: UUID) -> None:
    """Note what a batch of a member's brought into members' views, or took from them."""
    written = [row for row in rows if row.last is not None]
    if any(row.created and rows.view.takes_back(row.kind.name) for row in written):
        raise_version(book, writer, None, gained=False)
    moves = _Moves(book, writer, {(row.kind.name, row.pk) for row in written if row.created})
    for row in written:
        name = row.kind.name
        if name == ASSIGNED and not row.said.keys().isdisjoint(ASSIGNMENTS):
            moves.assigned(row)
        if name == MEMBER and not row.created and ROLE in row.said:
            _role_given(book, row)
        if name == PERSON and not row.created and PRIMARY in row.said:
            moves.given(row)
        if name in BRINGING:
            moves.linked(row, *BRINGING[name])


class _Moves:
    def __init__(self, book: Book, writer: UUID, made: set[Key]) -> None:
        self._book = book
        self._writer = writer
        self._made = made

    def assigned(self, row: Row) -> None:
        """Note that a case was given to members or taken from them."""
        before = [row.watched.get(name) for name in ASSIGNMENTS]
        self._change(row.pk, _ids(before), _ids(row.now(name) for name in ASSIGNMENTS))

    def given(self, row: Row) -> None:
        """Note that a person without a case was given to a member or taken from one."""
        before, after = (_ids([of(PRIMARY)]) & self._limited for of in (row.watched.get, row.now))
        if before != after and not in_a_case(self._book, row.pk):
            self._change(row.pk, before, after)

    def linked(self, row: Row, column: str, target: str) -> None:
        """Note whom a link brings to those who see the row, and whom it brought until now."""
        above = HANGS_BY.get(row.kind.name)
        before, after = (
            (_id(of(column)), row.pk if above is None else _id(of(above)))
            for of in (row.watched.get, row.now)
        )
        if before == after or not self._limited:
            return
        (left, left_with), (came, came_with) = before, after
        if left is not None and left_with is not None:
            self._change(left, self._who_sees(row, left_with), set())
        if came is None or came_with is None or (target, came) in self._made:
            return
        seeing = self._who_sees(row, came_with)
        self._change(came, set(), seeing)
        if row.kind.name == "case_participant":
            # From now on it decides whose case it is.
            primary = primary_of(self._book, came)
            self._change(came, ({primary} & self._limited) - seeing if primary else set(), set())

    def _who_sees(self, row: Row, above: UUID) -> set[UUID]:
        """Return who sees the case, or the person, on which a link hangs."""
        name = row.kind.name
        links = row.kind.links
        of_person = name in HANGS_BY and links[HANGS_BY[name]] == PERSON
        return (seers if of_person else holders)(self._book, above) & self._limited

    @cached_property
    def _limited(self) -> set[UUID]:
        """Who does not see everybody anyway: mostly nobody, and then nothing more is asked."""
        marks = ", ".join("?" * len(LIMITED))
        found = self._book.run(
            f"SELECT id FROM member WHERE practice_id = ? AND role IN ({marks})",
            self._book.practice,
            *sorted(LIMITED),
        )
        return {self._book.uuid(pk) for (pk,) in found.fetchall()}

    def _change(self, record_id: UUID, before: set[UUID], after: set[UUID]) -> None:
        for member in sorted(before ^ after):
            gained = member in after
            # What the writer gives to itself lies on its own computer already.
            if member != self._writer or not gained:
                raise_version(self._book, member, record_id, gained=gained)


def _role_given(book: Book, row: Row) -> None:
    """Note that a member has another role, if that shows other records than the one before."""
    if _breadth(row.watched.get(ROLE)) != _breadth(row.now(ROLE)):
        raise_version(book, row.pk, None, gained=False)


def _breadth(role: Any) -> str:
    return Role.PROVIDER if role in LIMITED else str(role)


def _ids(said: Iterable[Any]) -> set[UUID]:
    return {found for each in said if (found := _id(each)) is not None}


def _id(said: Any) -> UUID | None:
    return UUID(hex=said) if said else None

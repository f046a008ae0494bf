"""What a member who does not see all may not push, whatever their program was made to say.

Three rules. The place of a member, and what a role may do, are said by owners and the account
alone. A row of the practice's own is written by who has the right that its table names. And nobody
names, by a link that brings a person or a contact into view, one who is not in theirs: else an own
case would open anybody's record. The program keeps all three; the account does not rely on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from app.core.kernel.acting import NO_CHANGES, Permission, Role, granted
from app.core.store.reading import BROUGHT_BY
from app.core.team.rules import (
    PERMISSION_KEY,
    is_permission_key,
    read_permission_key,
    rights_to_keep,
)
from app.sync.protocol.records import Operation
from app.sync.protocol.terms import Refusal
from hosted.store.kinds import BRINGING, HOLDER, KEY, LICENSE, MEMBER, PLACE, PRIMARY, SETTING, Kind
from hosted.store.said import to_text
from hosted.sync import log, records
from hosted.sync.book import Book
from hosted.sync.decode import ChangeSet, Decoded
from hosted.sync.drafts import Drafts
from hosted.sync.merge import Refused
from hosted.sync.touched import Key, Row, Rows


class Fence:
    """Looks at one batch of a member who does not see all, before it is taken."""

    def __init__(self, book: Book, rows: Rows, drafts: Drafts, *, adjusted: bool) -> None:
        """``adjusted``: whether what the owner gave to roles and took from them counts now."""
        self._book = book
        self._rows = rows
        self._drafts = drafts
        self._adjusted = adjusted
        self._beyond: set[Key] = set()
        self._rights: frozenset[Permission] | None = None

    def load(self, sets: Sequence[ChangeSet]) -> None:
        """Find who is named, by a link that brings them into view, and is not in it."""
        if not self._rows.view.limited:
            return
        named: dict[str, set[UUID]] = {}
        for target, pk in (key for of in sets for each in of.decoded for key in _brought(each)):
            if target in self._rows.view.conditions:
                named.setdefault(target, set()).add(pk)
        for target, ids in named.items():
            hidden = ids - self._rows.view.shows(self._book, target, ids)
            # One who is not here yet comes with this push, or the database finds nobody.
            there = records.there(self._book, target, sorted(hidden)) if hidden else set()
            self._beyond.update((target, pk) for pk in there)

    def admit(self, decoded: Decoded) -> Decoded | None:
        """Return an operation as it may be taken, ``None`` where nothing of it holds.

        Raises ``Refused``.
        """
        operation, kind = decoded.operation, decoded.kind
        if kind is None:
            return decoded
        row = self._rows.row(operation.entity, operation.pk)
        if kind.right is not None:
            if kind.name == MEMBER:
                decoded = self._in_own_place(decoded, row)
            elif kind.name == SETTING and any(map(is_permission_key, _keys(decoded, row))):
                self._require_stated(operation)
                return None if row.live else decoded
            if not self._has_right(kind, kind.right, decoded, row):
                self._require_stated(operation)
        self._require_in_view(decoded)
        return decoded

    def _require_stated(self, operation: Operation) -> None:
        """Refuse all but a row of before a restore, which was lost here: a role's word is taken."""
        if not self._drafts.states_again(operation):
            raise Refused(Refusal.SERVER_OWNED)

    # The place of a member

    def _in_own_place(self, decoded: Decoded, row: Row) -> Decoded:
        """Return a member's record as somebody who is no owner may say it.

        Nobody makes a member or gives a role but owners and the account: else a program that was
        tampered with would give itself the owner's view. Of what is stated again after a restore
        the place of a member that is here is passed over. Raises ``Refused``.
        """
        operation = decoded.operation
        if not row.live:
            self._require_stated(operation)
            return decoded
        current, said = self._rows.full(row), operation.columns
        if all(said[name] == current.get(name) for name in PLACE & said.keys()):
            return decoded
        self._require_stated(operation)
        columns = {name: each for name, each in said.items() if name not in PLACE}
        taken = {name: each for name, each in decoded.taken.items() if name not in PLACE}
        kept = replace(operation, columns=columns)
        return replace(decoded, operation=kept, taken=taken, text=to_text(columns))

    # The practice's own rows

    def _has_right(self, kind: Kind, right: Permission, decoded: Decoded, row: Row) -> bool:
        mine = self._drafts.sender.member_id
        if kind.name == MEMBER and decoded.operation.pk == mine:
            return True
        if kind.name == LICENSE and set(self._holders(decoded, row)) == {mine.hex}:
            return True
        if kind.name == SETTING:
            needed = [rights_to_keep(key) for key in _keys(decoded, row)]
        else:
            needed = [frozenset({right})]
        rights = self._of_role()
        return all(not any_of.isdisjoint(rights) for any_of in needed)

    def _holders(self, decoded: Decoded, row: Row) -> Iterator[Any]:
        if row.live:
            yield self._rows.full(row).get(HOLDER)
        if HOLDER in decoded.operation.columns:
            yield decoded.operation.columns[HOLDER]

    def _of_role(self) -> frozenset[Permission]:
        """Return what the sender's role may do, with what the owner decided of it."""
        if self._rights is None:
            role = self._rows.view.role
            changes = _decided(self._book, role) if self._adjusted else NO_CHANGES
            self._rights = granted(role, changes)
        return self._rights

    # Whom a link brings

    def _require_in_view(self, decoded: Decoded) -> None:
        for target, pk in _brought(decoded) if self._beyond else ():
            if (target, pk) in self._beyond and not self._may_bring(decoded.operation, target, pk):
                raise Refused(Refusal.SERVER_OWNED)

    def _may_bring(self, operation: Operation, target: str, pk: UUID) -> bool:
        """Return whether a person is the sender's own making, or was in view before a restore.

        Whoever is in nobody's case yet is seen by nobody but who sees all, also not by who made
        them. Who made them has that word only until somebody else was given them.
        """
        if self._drafts.comes_from_before(operation):
            # What else names them goes on from this.
            self._beyond.discard((target, pk))
            return True
        mine = self._drafts.sender.member_id
        return log.maker(self._book, target, pk) == mine and not self._was_given(target, pk)

    def _was_given(self, target: str, pk: UUID) -> bool:
        """Return whether a person was ever somebody else's, or in a case that the sender lacks."""
        assigned = log.ever_said(self._book, target, pk, PRIMARY)
        if not assigned <= {None, self._drafts.sender.member_id.hex}:
            return True
        for entity, column in BROUGHT_BY[target]:
            naming = log.ever_naming(self._book, entity, column, pk)
            if naming - self._rows.view.shows(self._book, entity, naming):
                return True
        return False


def _brought(decoded: Decoded) -> Iterator[Key]:
    column, target = BRINGING.get(decoded.operation.entity, ("", ""))
    said = decoded.operation.columns.get(column)
    if isinstance(said, str):
        yield target, UUID(hex=said)


def _decided(book: Book, role: Role) -> dict[Permission, bool]:
    """Return what the owner gave to a role or took from it; of two rows of a key the older says."""
    say, decided = book.kinds[SETTING].manners["value"].say, {}
    found = book.run(
        "SELECT key, value FROM setting WHERE practice_id = ? AND key LIKE ? "
        "AND deleted_at IS NULL ORDER BY id DESC",
        book.practice,
        f"{PERMISSION_KEY}.{role}.%",
    )
    for key, value in found.fetchall():
        about = read_permission_key(key)
        given = None if value is None else say(value)
        if about is not None and isinstance(given, bool):
            decided[about[1]] = given
    return decided


def _keys(decoded: Decoded, row: Row) -> Iterator[str]:
    """Yield the keys of a setting: the one that it has, and the one that it shall have."""
    for key in (row.now(KEY), decoded.operation.columns.get(KEY)):
        if isinstance(key, str):
            yield key

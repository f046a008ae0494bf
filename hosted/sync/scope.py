"""What a member may see: of clinical records the cases that are theirs now, decided at each pull.

The owner sees all, administrators all but the words of notes. For the others every table that
hangs on a case or a person is cut to theirs; ``HANGS_BY`` says by which column it hangs, and
``BROUGHT_BY`` which links bring people and contacts along. What another computer gives or takes
away raises the member's scope version (``moving``): what left is named, what came is fetched anew.
Another role is a case that came and all that it does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from app.core.kernel.acting import Role
from app.core.store.reading import BROUGHT_BY, CONTACT, FILE, HANGS_BY, PERSON, WORDS
from hosted.store.kinds import ASSIGNED, PRIMARY
from hosted.sync.book import Book

WHOLE = "1 = 1"
_NOTHING = "1 = 0"
_NO_CONTENT = "{}"
LIMITED = frozenset({Role.PROVIDER.value, Role.ASSOCIATE.value})

_MY_CASES = "provider_id = :m OR supervisor_id = :m"
#: Who is mine without a case; once there is one, whose case it is decides.
_MY_PEOPLE = (
    " UNION SELECT id FROM client WHERE practice_id = :p AND primary_member_id = :m "
    "AND NOT EXISTS (SELECT 1 FROM case_participant t WHERE t.practice_id = client.practice_id "
    "AND t.client_id = client.id AND t.deleted_at IS NULL)"
)
_THAT_PERSON = " UNION SELECT id FROM client WHERE practice_id = :p AND id = :c"
#: Made of names and sentences of many people, whosever they are.
_CLOSED = {"import_run": _NOTHING}
_WITHOUT_WORDS = {
    **dict.fromkeys(WORDS, _NOTHING),
    FILE: "note_id IS NULL",
    "inbox_item": "entity NOT IN ({})".format(", ".join(f"'{name}'" for name in WORDS)),
}


def _conditions(book: Book, cases: str, more_people: str = "") -> dict[str, str]:
    """Return, by table, which rows hang on the cases for which ``cases`` holds."""
    found = {ASSIGNED: cases}

    def of(entity: str) -> str:
        if entity not in found:
            column = HANGS_BY[entity]
            above = book.kinds[entity].links[column]
            found[entity] = (
                f"{column} IN (SELECT id FROM {above} WHERE practice_id = :p AND ({of(above)}))"
            )
        return found[entity]

    def brought(target: str) -> str:
        return " UNION ".join(
            f"SELECT {column} FROM {entity} WHERE practice_id = :p AND {column} IS NOT NULL "
            f"AND ({of(entity)})"
            for entity, column in BROUGHT_BY[target]
        )

    people = f"{brought(PERSON)}{more_people}"
    found[PERSON] = f"id IN ({people})"
    found[CONTACT] = f"id IN ({brought(CONTACT)})"
    those = f"SELECT id FROM {ASSIGNED} WHERE practice_id = :p AND ({cases})"
    found[FILE] = f"case_id IN ({those}) OR (case_id IS NULL AND client_id IN ({people}))"
    for entity in HANGS_BY:
        of(entity)
    return found


@dataclass(frozen=True, slots=True)
class View:
    """A member's view of a practice; without conditions it shows everything."""

    role: Role = Role.OWNER
    conditions: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)
    version: int = 0

    @property
    def limited(self) -> bool:
        """Return whether anything is hidden."""
        return bool(self.conditions)

    def of(self, entity: str) -> str:
        """Return the condition on a table's rows, with names for its values."""
        return self.conditions.get(entity, WHOLE)

    def takes_back(self, entity: str) -> bool:
        """Return whether a new row of its holder's own must leave the holder's computer again.

        Words that an administrator began in an earlier role.
        """
        return self.conditions is _WITHOUT_WORDS and entity in WORDS

    def where(self, entity: str) -> tuple[str, list[Any]]:
        """Return the condition on a table's rows, with marks, and its values."""
        return fill(self.of(entity), self.known)

    def shows(self, book: Book, entity: str, ids: Iterable[UUID]) -> set[UUID]:
        """Return which of these rows, as far as they are there, may be seen."""
        asked = list(ids)
        if entity not in self.conditions:
            return set(asked)
        return select_ids(book, entity, self.where(entity), asked)

    def lines(self, book: Book, device_id: UUID, lines: list[Any]) -> list[Any]:
        """Return the lines of the log that may be seen.

        One's own echoes always come, from rows that are hidden by now without content
        (record 0022, rule 10).
        """
        if not self.limited:
            return lines
        by_entity: dict[str, set[UUID]] = {}
        for line in lines:
            by_entity.setdefault(line[4], set()).add(book.uuid(line[5]))
        seen = {
            entity: self.shows(book, entity, ids) if entity in book.kinds else set()
            for entity, ids in by_entity.items()
        }
        mine = book.id(device_id)
        shown: list[Any] = []
        for line in lines:
            if book.uuid(line[5]) in seen[line[4]]:
                shown.append(line)
            elif line[8] == mine:
                shown.append((*line[:7], _NO_CONTENT, *line[8:]))
        return shown


EVERYTHING = View()
#: The version of a member's scope that the present role began.
_ROLE_BEGAN = (
    "SELECT max(version) FROM scope_change "
    "WHERE practice_id = ? AND member_id = ? AND record_id IS NULL"
)


def view_of(book: Book, member_id: UUID) -> View:
    """Return what the member may see now.

    A member whose record is not here yet is the founder of the practice.
    """
    found = book.run(
        f"SELECT role, ({_ROLE_BEGAN}) FROM member WHERE practice_id = ? AND id = ?",
        book.practice,
        book.id(member_id),
        book.practice,
        book.id(member_id),
    ).fetchone()
    if found is None:
        return EVERYTHING
    role, began = found
    if role == Role.ADMIN.value:
        return View(Role.ADMIN, _WITHOUT_WORDS, {}, version_of(book, member_id))
    if role not in LIMITED:
        # Cases that come and go are no news to who sees all of them; the role itself was.
        return View(version=int(began or 0))
    conditions = {**_conditions(book, _MY_CASES, _MY_PEOPLE), **_CLOSED}
    known = {":p": book.practice, ":m": book.id(member_id)}
    return View(Role(role), conditions, known, version_of(book, member_id))


def version_of(book: Book, member_id: UUID) -> int:
    """Return the newest version of the member's scope."""
    found = book.run(
        "SELECT max(version) FROM scope_change WHERE practice_id = ? AND member_id = ?",
        book.practice,
        book.id(member_id),
    ).fetchone()
    return int(found[0] or 0)


def gone(
    book: Book,
    member_id: UUID,
    view: View,
    since: int,
    covers: Sequence[UUID] | None = None,
) -> list[tuple[str, UUID]]:
    """Return the records that left the member's view after version ``since``.

    Each with all that hangs on it. A device that comes from an earlier epoch names the cases that
    it ``covers`` instead.
    """
    if not view.limited or since >= view.version:
        return []
    (began,) = book.run(_ROLE_BEGAN, book.practice, book.id(member_id)).fetchone()
    if since < (began or 0):
        return [
            (entity, pk)
            for entity in view.conditions
            for pk in sorted(_hidden(book, view, entity, WHOLE))
        ]
    lost = _lost_since(book, member_id, since)
    if covers is not None:
        lost = [book.id(each) for each in covers]
    found: list[tuple[str, UUID]] = []
    conditions = _conditions(book, "id = :c", _THAT_PERSON)
    conditions[CONTACT] += " OR id = :c"
    for record_id in lost:
        for entity, condition in conditions.items():
            left = _hidden(book, view, entity, condition, {":c": record_id})
            found += [(entity, pk) for pk in sorted(left)]
    return found


def _hidden(
    book: Book, view: View, entity: str, where: str, known: Mapping[str, Any] | None = None
) -> set[UUID]:
    """Return of the rows for which ``where`` holds those that the view does not show."""
    condition = f"({where}) AND (({view.of(entity)}) IS NOT TRUE)"
    values = {**view.known, ":p": book.practice, **(known or {})}
    return select_ids(book, entity, fill(condition, values))


def _lost_since(book: Book, member_id: UUID, since: int) -> list[Any]:
    lost = book.run(
        "SELECT DISTINCT record_id FROM scope_change WHERE practice_id = ? AND member_id = ? "
        "AND version > ? AND NOT gained",
        book.practice,
        book.id(member_id),
        since,
    ).fetchall()
    return [record_id for (record_id,) in lost]


def raise_version(book: Book, member_id: UUID, record_id: UUID | None, *, gained: bool) -> None:
    """Begin a new version of a member's scope: a case, a person or a contact came, or left.

    Without a record the whole view is another one.
    """
    book.run(
        "INSERT INTO scope_change (practice_id, member_id, version, record_id, gained) "
        "VALUES (?, ?, ?, ?, ?)",
        book.practice,
        book.id(member_id),
        version_of(book, member_id) + 1,
        book.id(record_id),
        gained,
    )


def holders(book: Book, case_id: UUID) -> set[UUID]:
    """Return the members whose case it is."""
    found = book.run(
        "SELECT provider_id, supervisor_id FROM care_case WHERE practice_id = ? AND id = ?",
        book.practice,
        book.id(case_id),
    ).fetchone()
    return {book.uuid(each) for each in found or () if each is not None}


def seers(book: Book, client_id: UUID) -> set[UUID]:
    """Return the members who see a person of themselves, and not because they see all."""
    person = book.id(client_id)
    of_cases = book.run(
        "SELECT provider_id, supervisor_id FROM care_case WHERE practice_id = ? "
        "AND (identified_client_id = ? OR id IN (SELECT case_id FROM case_participant "
        "WHERE practice_id = ? AND client_id = ?))",
        *(book.practice, person) * 2,
    ).fetchall()
    found = {book.uuid(each) for row in of_cases for each in row if each is not None}
    primary = primary_of(book, client_id)
    return found | ({primary} if primary and not in_a_case(book, client_id) else set())


def primary_of(book: Book, client_id: UUID) -> UUID | None:
    """Return the member whose a person is without a case."""
    found = book.run(
        f"SELECT {PRIMARY} FROM {PERSON} WHERE practice_id = ? AND id = ?",
        book.practice,
        book.id(client_id),
    ).fetchone()
    return None if found is None or found[0] is None else book.uuid(found[0])


def in_a_case(book: Book, client_id: UUID) -> bool:
    """Return whether a person takes part in a case, so that no longer the primary member counts."""
    found = book.run(
        "SELECT 1 FROM case_participant WHERE practice_id = ? AND client_id = ? "
        "AND deleted_at IS NULL LIMIT 1",
        book.practice,
        book.id(client_id),
    )
    return found.fetchone() is not None


def select_ids(
    book: Book, entity: str, where: tuple[str, Sequence[Any]], among: Sequence[UUID] | None = None
) -> set[UUID]:
    """Return the ids of a table's rows for which a condition holds."""
    condition, values = where
    more, given = book.among("id", among) if among is not None else (WHOLE, ())
    found = book.run(
        f"SELECT id FROM {entity} WHERE practice_id = ? AND ({condition}) AND {more}",
        book.practice,
        *values,
        *given,
    )
    return {book.uuid(row[0]) for row in found.fetchall()}


def fill(where: str, known: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """Return ``where`` with a mark for each name of ``known``, and the values in their order."""
    values: list[Any] = []
    first, *parts = where.split(":")
    text = [first]
    for part in parts:
        name = next(each for each in known if f":{part}".startswith(each))
        values.append(known[name])
        text.append("?" + f":{part}".removeprefix(name))
    return "".join(text), values

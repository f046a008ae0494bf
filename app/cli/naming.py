"""Records named on the command line: by id, or by their exact name where only one has it."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from app.core.cases import queries as cases
from app.core.kernel.desk import Desk
from app.core.kernel.errors import NotFound, UserError
from app.core.kernel.text import TEXT_LIMIT, clean_line, elide
from app.core.people import queries as people
from app.core.practice import queries as practice


def pick(word: str, text: str, named: Iterable[tuple[UUID, str]]) -> UUID:
    """Return the id that ``text`` means among ``named`` records of the kind ``word``.

    Raises ``NotFound``, or ``UserError`` when several have that name.
    """
    rows = list(named)
    try:
        wanted = UUID(text)
    except ValueError:
        # As it is stored: a Mac composes accents in its own way, a paste brings spaces.
        name_typed = clean_line(text, limit=TEXT_LIMIT)
        found = sorted({row_id for row_id, name in rows if name == name_typed})
        if not found:
            # The apostrophe of one keyboard is not that of another: O'Neill, O’Neill.
            plain = _plain(name_typed)
            found = sorted({row_id for row_id, name in rows if _plain(name) == plain})
    else:
        found = [row_id for row_id, _ in rows if row_id == wanted][:1]
    if not found:
        raise NotFound(
            f"There is no {word} {elide(text, 80)}; list them to see names and ids.", field=word
        )
    if len(found) > 1:
        raise UserError(
            f"{len(found)} records are called {text}; name the {word} by its id.", field=word
        )
    return found[0]


def _plain(name: str) -> str:
    return name.replace("’", "'").replace("ʼ", "'").replace("‘", "'")


def client(desk: Desk, text: str) -> UUID:
    """Return the client that ``text`` names, by display or by legal name."""
    names = desk.ask(people.names)
    both = [(key, name.display) for key, name in names.items()]
    return pick("client", text, both + [(key, name.legal) for key, name in names.items()])


def case(desk: Desk, text: str) -> UUID:
    """Return the case that ``text`` names: its title, or a client who is in just one."""
    titles = list(desk.ask(cases.titles).items())
    text = clean_line(text, limit=TEXT_LIMIT)
    if any(text in (str(key), key.hex, title) for key, title in titles):
        return pick("case", text, titles)
    names = desk.ask(people.names)
    inside = desk.ask(cases.participants)
    return pick(
        "case",
        text,
        [
            (key, name)
            for key, members in inside.items()
            for member in members
            for name in (names[member].display, names[member].legal)
        ],
    )


def service(desk: Desk, text: str) -> UUID:
    """Return the service that ``text`` names, by name or code."""
    rows = desk.ask(practice.services)
    return pick("service", text, [(r.id, n) for r in rows for n in (r.name, r.code) if n])


def location(desk: Desk, text: str) -> UUID:
    """Return the location that ``text`` names."""
    return pick("location", text, [(row.id, row.name) for row in desk.ask(practice.locations)])

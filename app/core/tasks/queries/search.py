"""One box over clients, cases, appointments, invoices, superbills and notes.

What a word finds is a record; ``naming`` says how it is called. Actions and settings are added by
the window, which knows them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.cases import queries as cases
from app.core.cases.tables import CaseParticipant
from app.core.kernel.acting import Scope
from app.core.kernel.phrases import plural
from app.core.scheduling.queries import next_booked
from app.core.store.ports import ports_of
from app.core.store.reading import visible_cases
from app.core.tasks.queries.case_attention import wall_now
from app.core.tasks.queries.naming import NAMERS, Hit, when_words

#: How many results of names, and of note texts, one keystroke asks for.
NAMES, BODIES = 12, 6
#: The kind of the hit that is no record: notes that cannot be found yet.
UNREAD = "unread"


def search(session: Session, scope: Scope, words: str, now: datetime) -> list[Hit]:
    """Return what ``words`` find, names before note texts; nothing for an empty box.

    While texts that came from the account are still being indexed, the last hit says so: its
    kind is ``UNREAD``, and it opens nothing.
    """
    index = ports_of(session).search
    found = index.find(session, words, body=False, limit=NAMES)
    if scope.note_text:
        found += index.find(session, words, body=True, limit=BODIES)
    hits: dict[tuple[str, UUID], Hit] = {}
    for kind, name in NAMERS.items():
        ids = [one.id for one in found if one.kind == kind]
        if ids:
            hits.update({(kind, each.id): each for each in name(session, scope, ids, now)})
    ordered = [hits[one.kind, one.id] for one in found if (one.kind, one.id) in hits]
    ordered += _next_sessions(session, scope, ordered, now)
    unread = index.unread(session) if scope.note_text else 0
    return [*ordered, _unread(unread)] if unread else ordered


def _unread(count: int) -> Hit:
    still = plural(count, "text is still being indexed", "texts are still being indexed")
    return Hit(UNREAD, UUID(int=0), "Some notes cannot be found yet", still)


def recent(session: Session, scope: Scope, ids: Collection[UUID], now: datetime) -> list[Hit]:
    """Return the records of an empty box: those that the window saw last."""
    return NAMERS["client"](session, scope, list(ids), now)


def _next_sessions(session: Session, scope: Scope, hits: list[Hit], now: datetime) -> list[Hit]:
    """The next session of the best people found, so that a name leads to the calendar too."""
    ids = [hit.id for hit in hits if hit.kind == "client"][:3]
    if not ids:
        return []
    rows = session.execute(
        select(CaseParticipant.case_id).where(
            CaseParticipant.client_id.in_(ids),
            CaseParticipant.to_on.is_(None),
            visible_cases(scope, CaseParticipant.case_id),
        )
    )
    here = wall_now(session, scope, now)
    ahead = next_booked(session, scope, here, {row.case_id for row in rows})
    titles = cases.titles(session, scope, ahead)
    return [
        Hit("appointment", one.id, titles[case_id], when_words(one.starts))
        for case_id, one in sorted(ahead.items(), key=lambda item: item[1].starts)
    ]

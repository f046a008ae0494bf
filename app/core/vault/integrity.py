"""Verify: the file, its foreign keys, the audit chain and the search index."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.kernel.acting import Scope
from app.core.kernel.phrases import plural
from app.core.store import audit
from app.core.store.findings import Check, Finding
from app.core.vault.search import FullText


def verify(session: Session, scope: Scope, checks: tuple[Check, ...] = ()) -> list[Finding]:
    """Check everything and return what was found, in plain words."""
    integrity = Finding("File integrity", _integrity(session))
    if integrity.problems:
        # Every other check would stop at a damaged page.
        return [integrity]
    findings = [
        integrity,
        Finding("Links between records", _foreign_keys(session)),
        Finding("Audit chain", tuple(audit.broken_links(session, scope.practice_id))),
        Finding("Search index", _search(session)),
    ]
    return findings + [check(session, scope) for check in checks]


def _integrity(session: Session) -> tuple[str, ...]:
    damaged = session.execute(text("PRAGMA cipher_integrity_check")).all()
    if damaged:
        pages = plural(len(damaged), "page of the file is", "pages of the file are")
        return (f"{pages} damaged: restore a backup.",)
    rows = [row[0] for row in session.execute(text("PRAGMA integrity_check"))]
    return tuple(row for row in rows if row != "ok")


def _foreign_keys(session: Session) -> tuple[str, ...]:
    broken = session.execute(text("PRAGMA foreign_key_check")).all()
    return tuple(f"A record of {row[0]} points at a missing {row[2]}." for row in broken[:20])


def _search(session: Session) -> tuple[str, ...]:
    missing = FullText().missing(session)
    return (f"{missing} records are missing from the search index.",) if missing else ()

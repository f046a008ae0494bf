"""Verify: the file, its foreign keys, the audit chain and the search index."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

from app.core.kernel.acting import Scope
from app.core.store import audit
from app.core.store.findings import Check, Finding
from app.core.vault.search import FullText


def verify(session: Session, scope: Scope, checks: tuple[Check, ...] = ()) -> list[Finding]:
    """Check everything and return what was found, in plain words."""
    findings = [
        Finding("File integrity", _integrity(session)),
        Finding("Links between records", _foreign_keys(session)),
        Finding("Audit chain", tuple(audit.broken_links(session, scope.practice_id))),
        Finding("Search index", _search(session)),
    ]
    return findings + [check(session, scope) for check in checks]


def _integrity(session: Session) -> tuple[str, ...]:
    pages = [row[0] for row in session.execute(text("PRAGMA cipher_integrity_check"))]
    rows = [row[0] for row in session.execute(text("PRAGMA integrity_check"))]
    return tuple(pages) + tuple(row for row in rows if row != "ok")


def _foreign_keys(session: Session) -> tuple[str, ...]:
    broken = session.execute(text("PRAGMA foreign_key_check")).all()
    return tuple(f"A record of {row[0]} points at a missing {row[2]}." for row in broken[:20])


def _search(session: Session) -> tuple[str, ...]:
    missing = FullText().missing(session)
    return (f"{missing} records are missing from the search index.",) if missing else ()

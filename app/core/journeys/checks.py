"""What *Verify* checks beyond the file: ledger sums, signatures, and the papers as issued."""

from __future__ import annotations

import hashlib

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.billing.invoices.tables import Invoice
from app.core.billing.ledger.queries.faults import ledger_faults
from app.core.billing.superbills.tables import Superbill
from app.core.clinical.queries.notes import broken_signatures
from app.core.kernel.acting import Scope
from app.core.kernel.errors import NotFound, NotHereYet
from app.core.store.findings import Check, Finding
from app.core.store.ports import ports_of


def _ledger(session: Session, scope: Scope) -> Finding:
    return Finding("Ledger sums", tuple(ledger_faults(session, scope)))


def _signatures(session: Session, scope: Scope) -> Finding:
    count = len(broken_signatures(session, scope))
    problems = (f"{count} signed notes are not the text that was signed.",) if count else ()
    return Finding("Signed notes", problems)


def _papers(session: Session, scope: Scope) -> Finding:
    problems: list[str] = []
    for kind in (Invoice, Superbill):
        rows = session.execute(
            select(kind.number, kind.content, kind.content_hash, kind.paper_hash)
            .where(kind.practice_id == scope.practice_id)
            .execution_options(yield_per=200)
        )
        for number, content, content_hash, paper_hash in rows:
            if hashlib.sha256(content.encode()).hexdigest() != content_hash:
                problems.append(f"What {number} says was changed after it was issued.")
            if not _paper_holds(session, paper_hash):
                problems.append(f"The paper of {number} is missing or was changed.")
    return Finding("Papers as issued", tuple(problems))


def _paper_holds(session: Session, digest: str) -> bool:
    try:
        content = ports_of(session).papers(session).get(digest)
    except NotHereYet:
        # Issued on another computer: it is on its way, and is proved when it comes.
        return True
    except NotFound:
        return False
    return hashlib.sha256(content).hexdigest() == digest


CHECKS: tuple[Check, ...] = (_ledger, _signatures, _papers)

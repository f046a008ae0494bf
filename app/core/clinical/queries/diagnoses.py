"""Read dated diagnoses, and find codes in the table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from app.core.clinical.rules.diagnoses import Diagnosis, in_order, valid_for_session
from app.core.clinical.tables import DiagnosisRow
from app.core.kernel.acting import Scope
from app.core.store.reading import visible_people

if TYPE_CHECKING:
    from app.core.clinical.rules.codes import CodeEntry, Verdict


def find_codes(
    session: Session, scope: Scope, text: str, day: date, limit: int = 12
) -> list[CodeEntry]:
    """Return codes of the offline table that ``text`` (a code or words) finds for ``day``."""
    # Imported here, as below: Today reads diagnoses, but looks no code up.
    from app.core.clinical import icd  # noqa: PLC0415

    del session, scope  # the table is the same for everybody
    return icd.table().find(text, day, limit)


def check_code_on(session: Session, scope: Scope, code: str, day: date) -> Verdict:
    """Return what the offline table says of ``code`` on a day of service."""
    from app.core.clinical import icd  # noqa: PLC0415

    del session, scope
    return icd.table().check(code, day)


def diagnoses_of_clients(
    session: Session, scope: Scope, client_ids: Collection[UUID]
) -> dict[UUID, tuple[Diagnosis, ...]]:
    """Return every dated diagnosis of the clients, the principal one first; for whole months.

    A client without one has an empty entry. Codes stand on documents, so that billing reads them
    too; no note text is in them.
    """
    rows = session.scalars(_diagnoses_among(scope), {"ids": list(client_ids)})
    found: defaultdict[UUID, list[Diagnosis]] = defaultdict(list)
    for row in rows:
        found[row.client_id].append(row.as_value())
    return {client_id: in_order(found[client_id]) for client_id in client_ids}


@lru_cache(maxsize=8)
def _diagnoses_among(scope: Scope) -> Select[Any]:
    return select(DiagnosisRow).where(
        DiagnosisRow.practice_id == scope.practice_id,
        DiagnosisRow.client_id.in_(bindparam("ids", expanding=True)),
        visible_people(scope, DiagnosisRow.client_id),
    )


def diagnoses_of_client(session: Session, scope: Scope, client_id: UUID) -> tuple[Diagnosis, ...]:
    """Return every dated diagnosis of one client, the principal one first."""
    return diagnoses_of_clients(session, scope, [client_id])[client_id]


def diagnoses_on(
    session: Session, scope: Scope, client_id: UUID, day: date, case_id: UUID | None = None
) -> tuple[Diagnosis, ...]:
    """Return what is valid for a client on ``day``, in a case or in all of them."""
    return valid_for_session(diagnoses_of_client(session, scope, client_id), day, case_id)

"""Filters that every query puts between a reader and the rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, column, or_, select, table, true

from app.core.kernel.acting import Scope
from app.core.store.columns import Id

_CASES = table(
    "care_case",
    column("id", Id),
    column("practice_id", Id),
    column("provider_id", Id),
    column("supervisor_id", Id),
)


def visible_cases(scope: Scope, case_id: Any) -> ColumnElement[bool]:
    """Return the condition that a row's case may be seen in ``scope``; the owner sees all."""
    if scope.cases_of is None:
        return true()
    own = select(_CASES.c.id).where(
        _CASES.c.practice_id == scope.practice_id,
        or_(_CASES.c.provider_id == scope.cases_of, _CASES.c.supervisor_id == scope.cases_of),
    )
    found: ColumnElement[bool] = case_id.in_(own)
    return found

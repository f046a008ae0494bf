"""Filters that every query puts between a reader and the rows, and what hangs on a case by what."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, column, false, or_, select, table, true

from app.core.kernel.acting import Scope
from app.core.store.base import Base
from app.core.store.columns import Id

CASE = "care_case"
PERSON = "client"
CONTACT = "contact"
FILE = "attachment"
QUESTION = "inbox_item"
#: The tables that hold the words of notes.
WORDS = ("note", "amendment", "amendment_draft")
#: The column by which a table hangs on a case, or on a record that hangs on one. What hangs on a
#: person belongs to that person's cases. A table that is not here belongs to the whole practice.
HANGS_BY = {
    "case_participant": "case_id",
    "case_billing_contact": "case_id",
    "series": "case_id",
    "skipped_occurrence": "series_id",
    "appointment": "case_id",
    "service_line": "appointment_id",
    "note": "case_id",
    "amendment": "note_id",
    "amendment_draft": "note_id",
    "client_fee": "case_id",
    "charge": "case_id",
    "allocation": "charge_id",
    "invoice": "case_id",
    "invoice_line": "invoice_id",
    "inbox_item": "case_id",
    "client_email": "client_id",
    "client_phone": "client_id",
    "client_address": "client_id",
    "client_insurance": "client_id",
    "relationship": "client_id",
    "diagnosis": "client_id",
    "payment": "client_id",
    "superbill": "client_id",
    "superbill_line": "superbill_id",
    "superbill_number": "client_id",
}

#: By which links a person or a contact is seen: who sees the row sees whom it names.
BROUGHT_BY = {
    PERSON: (("case_participant", "client_id"), (CASE, "identified_client_id")),
    CONTACT: (("relationship", "contact_id"), ("case_billing_contact", "contact_id")),
}

_CASES = table(
    CASE,
    column("id", Id),
    column("practice_id", Id),
    column("provider_id", Id),
    column("supervisor_id", Id),
)
_PARTICIPANTS = table(
    "case_participant",
    column("practice_id", Id),
    column("case_id", Id),
    column("client_id", Id),
)
_PEOPLE = table(
    PERSON, column("id", Id), column("practice_id", Id), column("primary_member_id", Id)
)
_TIES = table(
    "relationship", column("practice_id", Id), column("client_id", Id), column("contact_id", Id)
)
_PAYERS = table(
    "case_billing_contact",
    column("practice_id", Id),
    column("case_id", Id),
    column("contact_id", Id),
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


def visible_people(scope: Scope, client_id: Any) -> ColumnElement[bool]:
    """Return the condition that a client may be seen in ``scope``; the owner sees all.

    Others see the people of their own cases, and those who are assigned to them.
    """
    if scope.cases_of is None:
        return true()
    in_cases = select(_PARTICIPANTS.c.client_id).where(
        _PARTICIPANTS.c.practice_id == scope.practice_id,
        visible_cases(scope, _PARTICIPANTS.c.case_id),
    )
    assigned = select(_PEOPLE.c.id).where(
        _PEOPLE.c.practice_id == scope.practice_id,
        _PEOPLE.c.primary_member_id == scope.cases_of,
    )
    seen: ColumnElement[bool] = or_(client_id.in_(in_cases), client_id.in_(assigned))
    return seen


def visible_contacts(scope: Scope, contact_id: Any) -> ColumnElement[bool]:
    """Return the condition that a contact may be seen: one of a visible client's, or its payer."""
    if scope.cases_of is None:
        return true()
    tied = select(_TIES.c.contact_id).where(
        _TIES.c.practice_id == scope.practice_id,
        _TIES.c.contact_id.is_not(None),
        visible_people(scope, _TIES.c.client_id),
    )
    paying = select(_PAYERS.c.contact_id).where(
        _PAYERS.c.practice_id == scope.practice_id,
        _PAYERS.c.contact_id.is_not(None),
        visible_cases(scope, _PAYERS.c.case_id),
    )
    seen: ColumnElement[bool] = or_(contact_id.in_(tied), contact_id.in_(paying))
    return seen


def visible_rows(scope: Scope, name: str) -> ColumnElement[bool] | None:
    """Return the condition on the rows of a mapped table, or ``None`` where all may be seen."""
    condition = None if scope.cases_of is None else _of_own_cases(scope, name)
    hidden = None if scope.note_text else _without_words(name)
    parts = [part for part in (condition, hidden) if part is not None]
    return and_(*parts) if parts else None


def visible(scope: Scope, name: str) -> ColumnElement[bool]:
    """Return ``visible_rows`` as a condition that any statement over the table may have."""
    found = visible_rows(scope, name)
    return true() if found is None else found


def _of_own_cases(scope: Scope, name: str) -> ColumnElement[bool] | None:
    columns = Base.metadata.tables[name].c
    if name == FILE:
        of_people = and_(columns.case_id.is_(None), visible_people(scope, columns.client_id))
        return or_(visible_cases(scope, columns.case_id), of_people)
    if name in _BY_OWN_ID:
        return _BY_OWN_ID[name](scope, columns.id)
    if name not in HANGS_BY:
        return None
    above = columns[HANGS_BY[name]]
    target = above.info["link"]
    if target in _BY_OWN_ID:
        found = _BY_OWN_ID[target](scope, above)
    else:
        rows = Base.metadata.tables[target].c
        inside = _of_own_cases(scope, target)
        kept = select(rows.id).where(rows.practice_id == scope.practice_id)
        found = above.in_(kept if inside is None else kept.where(inside))
    return or_(above.is_(None), found) if name == QUESTION else found


_BY_OWN_ID = {CASE: visible_cases, PERSON: visible_people, CONTACT: visible_contacts}


def _without_words(name: str) -> ColumnElement[bool] | None:
    columns = Base.metadata.tables[name].c
    if name in WORDS:
        return false()
    if name == FILE:
        found: ColumnElement[bool] = columns.note_id.is_(None)
        return found
    if name == QUESTION:
        hidden: ColumnElement[bool] = columns.entity.not_in(WORDS)
        return hidden
    return None

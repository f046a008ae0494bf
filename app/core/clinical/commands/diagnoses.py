"""Add, end and mend dated diagnoses.

They are open to a lapsed plan like the notes that they belong to (``Act.CLOSE``): without them no
superbill for a past session could be issued.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select

from app.core.cases.queries import participants
from app.core.clinical import icd
from app.core.clinical.rules import diagnoses as rules
from app.core.clinical.rules.codes import check_code
from app.core.clinical.rules.diagnoses import Diagnosis, NewDiagnosis
from app.core.clinical.tables import DiagnosisRow
from app.core.kernel.acting import Permission
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import NotFound, UserError
from app.core.kernel.text import clean_line
from app.core.people.queries import names
from app.core.store.command import command
from app.core.store.unit import UnitOfWork


@command(permission=Permission.DIAGNOSE, act=Act.CLOSE, label="Add diagnosis", undo=True)
def add_diagnosis(uow: UnitOfWork, new: NewDiagnosis) -> UUID:
    """Add a dated diagnosis behind the person's others and return its id.

    The table words its description as of the first day. Raises ``UserError`` for a code that the
    release governing that day does not hold or holds with children, one without a description
    that no release knows, an end before the start, days on which the person already has it, or a
    case that the person is not in.
    """
    code = check_code(new.code)
    rules.check_interval(new.valid_from, new.valid_to)
    _require_visible(uow, new.client_id)
    _require_in_case(uow, new)
    verdict = icd.table().check(code, new.valid_from)
    if verdict.blocks:
        raise UserError(verdict.sentence, field="code")
    entry = icd.table().entry(code, new.valid_from)
    description = clean_line(new.description, field="description") or (entry and entry.description)
    if not description:
        raise UserError(f"{verdict.sentence} Or type its description.", field="code")
    others = _of_client(uow, new.client_id)
    rules.check_no_overlap(others, code, new.case_id, new.valid_from, new.valid_to)
    row = DiagnosisRow(
        client_id=new.client_id,
        case_id=new.case_id,
        code=code,
        description=description,
        table_release=verdict.release.name if entry else "",
        valid_from=new.valid_from,
        valid_to=new.valid_to,
        position=rules.next_position(others),
    )
    return uow.add(row).id


@command(permission=Permission.DIAGNOSE, act=Act.CLOSE, label="End diagnosis", undo=True)
def end_diagnosis(uow: UnitOfWork, diagnosis_id: UUID, last_day: date | None) -> None:
    """Set the last day on which a diagnosis is valid; ``None`` makes it go on."""
    row = _visible(uow, diagnosis_id)
    rules.check_interval(row.valid_from, last_day)
    _require_free(uow, row, row.valid_from, last_day)
    row.valid_to = last_day


@command(permission=Permission.DIAGNOSE, act=Act.CLOSE, label="Valid from this session", undo=True)
def make_valid_from(uow: UnitOfWork, diagnosis_id: UUID, day: date) -> date:
    """Let a diagnosis begin on ``day`` if it begins later, and return the day it now begins.

    The one-click mend of a superbill that a diagnosis dated later than the session blocks.
    """
    row = _visible(uow, diagnosis_id)
    start = rules.earlier_start(row.as_value(), day)
    _require_free(uow, row, start, row.valid_to)
    row.valid_from = start
    return start


@command(permission=Permission.DIAGNOSE, act=Act.CLOSE, label="Reorder diagnoses", undo=True)
def move_diagnosis(uow: UnitOfWork, diagnosis_id: UUID, position: int) -> None:
    """Move a diagnosis among the person's others; the first is the principal one."""
    row = _visible(uow, diagnosis_id)
    order = rules.moved(_of_client(uow, row.client_id), diagnosis_id, position)
    for place, each in enumerate(order):
        uow.get(DiagnosisRow, each).position = place


@command(permission=Permission.DIAGNOSE, act=Act.CLOSE, label="Remove diagnosis", undo=True)
def remove_diagnosis(uow: UnitOfWork, diagnosis_id: UUID) -> None:
    """Remove a diagnosis that was never made; one that is over is ended instead.

    Issued superbills keep what they said.
    """
    uow.delete(_visible(uow, diagnosis_id))


def _visible(uow: UnitOfWork, diagnosis_id: UUID) -> DiagnosisRow:
    row = uow.get(DiagnosisRow, diagnosis_id)
    _require_visible(uow, row.client_id)
    return row


def _require_visible(uow: UnitOfWork, client_id: UUID) -> None:
    if client_id not in names(uow.session, uow.scope, [client_id]):
        raise NotFound("This client is no longer there; go back and choose again.")


def _require_in_case(uow: UnitOfWork, new: NewDiagnosis) -> None:
    if new.case_id is None:
        return
    inside = participants(uow.session, uow.scope, [new.case_id]).get(new.case_id, [])
    if new.client_id not in inside:
        raise UserError("This person is not in the case.", field="case")


def _of_client(uow: UnitOfWork, client_id: UUID) -> Sequence[Diagnosis]:
    rows = uow.session.scalars(select(DiagnosisRow).where(DiagnosisRow.client_id == client_id))
    return [row.as_value() for row in rows]


def _require_free(
    uow: UnitOfWork, row: DiagnosisRow, valid_from: date, valid_to: date | None
) -> None:
    others = [other for other in _of_client(uow, row.client_id) if other.id != row.id]
    rules.check_no_overlap(others, row.code, row.case_id, valid_from, valid_to)

"""One number on two superbills, and the question that the server leaves about it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from app.core.billing.superbills.tables import Superbill
from app.core.cases.commands import add_client_with_case
from app.core.kernel.acting import Permission
from app.core.kernel.desk import Desk
from app.core.kernel.entitlement import Act
from app.core.kernel.money import Money
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.tasks.rules.inbox import InboxKind
from app.core.tasks.tables import InboxItem

WHEN = datetime(2026, 11, 19, 3, 52, tzinfo=UTC)


@command(permission=Permission.READ_RECORDS, act=Act.CLOSE, label="Receive")
def _receive(uow: UnitOfWork, /, **values: Any) -> UUID:
    return uow.add(InboxItem(made_at=uow.now, **values)).id


@command(permission=Permission.BILL, act=Act.SETTLE, label="Create superbill")
def _issue_as(uow: UnitOfWork, number: str, client: UUID, patient: str, day: date) -> UUID:
    """Keep a superbill under a number that another one may bear."""
    (made,) = uow.insert_many(
        Superbill,
        [
            {
                "number": number,
                "client_id": client,
                "patient": patient,
                "provider": "Nora Lindqvist",
                "first_on": day,
                "last_on": day,
                "issued_on": day,
                "issued_at": uow.now,
                "charged": Money(16500),
                "paid": Money(16500),
                "content": "{}",
                "content_hash": "",
                "paper_hash": "",
                "supersedes_id": None,
            }
        ],
    )
    return made


def one_number_on_two_papers(desk: Desk) -> tuple[UUID, UUID, UUID]:
    """Leave two superbills of one number; return the item, the first and the second paper."""
    papers, case = [], None
    for given, family, day in (("Dario", "Finch", 9), ("Ingrid", "Vasquez-Holm", 12)):
        person = NewClient(PersonName(given, "", family))
        made = desk.do(add_client_with_case, person).value
        case, client, on = made.case_id, made.client_ids[0], date(2026, 11, day)
        papers.append(
            desk.do(_issue_as, "SB-2026-0014", client, f"{given} {family}", on).value,
        )
    item = desk.do(
        _receive,
        kind=InboxKind.NUMBER,
        entity="superbill",
        record_id=papers[1],
        case_id=case,
        kept={"number": "SB-2026-0014"},
        other={"number": "SB-2026-0014"},
        base={},
        kept_device="Office iMac",
        other_device="MacBook Air",
        kept_at=WHEN,
        other_at=WHEN.replace(hour=4, minute=10),
    ).value
    return item, papers[0], papers[1]

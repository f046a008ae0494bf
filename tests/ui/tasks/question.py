"""A question of the inbox as the server leaves it: two drafts of Ingrid's note."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.core.cases.commands import add_client_with_case
from app.core.clinical.commands.notes import NewNote, save_draft, start_note
from app.core.clinical.rules.notes import NoteFormat
from app.core.kernel.acting import Permission
from app.core.kernel.desk import Desk
from app.core.kernel.entitlement import Act
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.tasks.rules.inbox import InboxKind
from app.core.tasks.tables import InboxItem

BASE = {
    "subjective": "Back at work since Monday. Says mornings are “heavy but not impossible.” "
    "Appetite returning.",
    "objective": "On time, made eye contact, laughed once. No thoughts of harm when asked.",
    "assessment": "Mood lifting with activity.",
    "plan": "Keep the morning walk. Anniversary letter, first draft. Weekly.",
}
KEPT = {
    **BASE,
    "subjective": "Back at work since Monday. Says mornings are “heavy but not impossible.” "
    "Walked with her sister twice. Appetite returning.",
    "assessment": "Mood lifting with activity. Grief and low mood are beginning to come apart; "
    "the anniversary week was the hardest and she got through it without missing work.",
}
OTHER = {
    **BASE,
    "objective": f"{BASE['objective']} PHQ-9 today 11, item 9 zero.",
    "plan": f"{BASE['plan']} Ask about sleep next time.",
}
PLANNED = {"starts": "2026-11-24T10:00", "minutes": 50, "status": "CONFIRMED"}
WHEN = datetime(2026, 11, 19, 3, 52, tzinfo=UTC)


@command(permission=Permission.READ_RECORDS, act=Act.CLOSE, label="Receive")
def receive(uow: UnitOfWork, /, **values: Any) -> UUID:
    """Write an item as the server does."""
    return uow.add(InboxItem(made_at=uow.now, **values)).id


def two_drafts(desk: Desk, *, overlapping: bool = False) -> tuple[UUID, UUID]:
    """Leave two versions of a draft; return the inbox item and the note."""
    person = NewClient(PersonName("Ingrid", "", "Vasquez-Holm"))
    case = desk.do(add_client_with_case, person).value.case_id
    day = datetime(2026, 11, 17, tzinfo=UTC).date()
    note = desk.do(start_note, NewNote(case, day, format=NoteFormat.SOAP)).value
    desk.do(save_draft, note, NoteFormat.SOAP, KEPT)
    other = {**OTHER, "assessment": "Mood lifting."} if overlapping else OTHER
    item = desk.do(
        receive,
        kind=InboxKind.TEXT,
        entity="note",
        record_id=note,
        case_id=case,
        kept={"sections": KEPT},
        other={"sections": other, "format": "SOAP", "revision": 1},
        base={"sections": BASE},
        kept_device="Office iMac",
        other_device="MacBook Air",
        kept_at=WHEN,
        other_at=WHEN.replace(hour=4, minute=10),
    ).value
    return item, note


def refused_client(desk: Desk) -> UUID:
    """Leave a client's birth date that the account refused; return the inbox item."""
    person = NewClient(PersonName("Ingrid", "", "Vasquez-Holm"))
    made = desk.do(add_client_with_case, person).value
    return desk.do(
        receive,
        kind=InboxKind.REFUSED,
        entity="client",
        record_id=made.client_ids[0],
        case_id=made.case_id,
        kept={"birth_date": None, "legal_given": "Ingrid"},
        other={"birth_date": "1984-04-01", "legal_given": "Inga"},
        base={},
        reason="malformed",
        other_device="MacBook Air",
        other_at=WHEN,
    ).value


def a_number_twice(desk: Desk) -> UUID:
    """Leave a paper that got a second number on a computer that was set back."""
    person = NewClient(PersonName("Ingrid", "", "Vasquez-Holm"))
    case = desk.do(add_client_with_case, person).value.case_id
    return desk.do(
        receive,
        kind=InboxKind.NUMBER,
        entity="invoice",
        record_id=UUID(int=1),
        case_id=case,
        kept={"number": "INV-2026-0014"},
        other={"number": "INV-2026-0015"},
        base={},
        kept_device="Office iMac",
        other_device="MacBook Air",
        kept_at=WHEN,
        other_at=WHEN.replace(hour=4, minute=10),
    ).value


def refused_work(desk: Desk) -> UUID:
    """Leave work that the account did not take."""
    return desk.do(
        receive,
        kind=InboxKind.REFUSED,
        entity="appointment",
        record_id=UUID(int=2),
        case_id=None,
        kept={},
        base={},
        other=PLANNED,
        other_device="MacBook Air",
        other_at=WHEN,
        reason="missing_parent",
    ).value

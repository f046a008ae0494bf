"""The client list written as CSV; our importer reads it back."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.exchange.values import guard
from app.core.kernel.acting import Permission, Scope
from app.core.kernel.desk import Desk
from app.core.kernel.entitlement import Act
from app.core.kernel.errors import MachineError
from app.core.people.queries import ClientRecord, clients
from app.core.people.rules import Lifecycle
from app.core.people.tables import Client
from app.core.store.command import command
from app.core.store.unit import UnitOfWork

HEADINGS = (
    "First Name",
    "Middle Name",
    "Last Name",
    "Email",
    "Phone",
    "Date of Birth",
    "Address",
    "City",
    "State",
    "Zip",
    "Country",
    "Notes",
    "Date Added",
    "Status",
    "Primary Insurance",
    "Insurance ID",
)


@command(permission=Permission.EXPORT, act=Act.READ, label="Export clients")
def note_export(uow: UnitOfWork) -> None:
    """Note in the audit that the client list left the program."""
    uow.witness("practice", uow.actor.practice_id)


def client_list(session: Session, scope: Scope) -> list[ClientRecord]:
    """Return every client with what belongs to them, in the order in which they were added."""
    ids = session.scalars(
        select(Client.id).where(Client.practice_id == scope.practice_id).order_by(Client.id)
    )
    return clients(session, scope, list(ids))


def export_clients(desk: Desk, path: Path) -> int:
    """Write all clients to ``path`` and return how many; raises ``MachineError`` if it cannot."""
    records = desk.ask(client_list)
    desk.do(note_export)
    try:
        path.write_text(as_csv(records), encoding="utf-8-sig", newline="")
    except OSError:
        raise MachineError(f"{path} cannot be written; choose another folder.") from None
    return len(records)


def as_csv(records: list[ClientRecord]) -> str:
    """Return ``records`` as CSV; no cell of it is a formula to a spreadsheet."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for record in records:
        writer.writerow([guard(cell) for cell in _cells(record)])
    return out.getvalue()


def _cells(record: ClientRecord) -> list[str]:
    name, details = record.name, record.details
    place = record.addresses[0].address if record.addresses else None
    insurance = record.insurances[0] if record.insurances else None
    street = ", ".join(line for line in (place.line1, place.line2) if line) if place else ""
    return [
        name.given,
        name.middle,
        " ".join(part for part in (name.family, name.suffix) if part),
        record.emails[0].address if record.emails else "",
        record.phones[0].number if record.phones else "",
        details.birth_date.isoformat() if details.birth_date else "",
        street,
        place.city if place else "",
        place.state if place else "",
        place.zip if place else "",
        place.country if place else "",
        details.notes,
        record.imported_at.date().isoformat() if record.imported_at else "",
        "Group participant" if record.lifecycle is Lifecycle.CONTACT else record.lifecycle.label,
        insurance.payer if insurance else "",
        insurance.member_number if insurance else "",
    ]

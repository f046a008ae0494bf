"""To which case a record belongs: along its links, up to the case or the person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hosted.store.kinds import ASSIGNED, Kind
from hosted.sync import records
from hosted.sync.book import Book

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
PERSON = "client"
#: A new row of these brings a person or a contact, known before, into the view of the case.
BRINGS = frozenset({"case_participant", "case_billing_contact"})


def case_of(book: Book, kind: Kind | None, pk: UUID, columns: Mapping[str, Any]) -> UUID | None:
    """Return a case that the record belongs to, if that case is here."""
    while kind is not None:
        if kind.name == ASSIGNED:
            return pk if records.there(book, ASSIGNED, [pk]) else None
        if kind.name == PERSON:
            return _case_of_client(book, pk)
        column = HANGS_BY.get(kind.name)
        above = _id(columns.get(column)) if column else None
        if column is None or above is None:
            return None
        kind, pk = book.kinds[kind.links[column]], above
        found = records.rows(book, kind, [pk]).get(pk)
        columns = found[1] if found else {}
    return None


def _case_of_client(book: Book, client: UUID) -> UUID | None:
    """Return a case in which this person takes part."""
    found = book.run(
        "SELECT case_id FROM case_participant WHERE practice_id = ? AND client_id = ? "
        "ORDER BY case_id LIMIT 1",
        book.practice,
        book.id(client),
    ).fetchone()
    return book.uuid(found[0]) if found else None


def _id(said: Any) -> UUID | None:
    # Of refused work nothing was checked.
    try:
        return UUID(hex=said) if isinstance(said, str) else None
    except ValueError:
        return None

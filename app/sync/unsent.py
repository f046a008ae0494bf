"""Which records the account does not have as they are in the file."""

from __future__ import annotations

from uuid import UUID

from app.core.vault.papers import PAPERS
from app.sync.file import Slice
from app.sync.outbox import UNSENT, OpState
from app.sync.state import Link

#: Rows that a person sees as a part of a record, and the column that names it.
_PART_OF = {
    "client_address": "client_id",
    "client_email": "client_id",
    "client_phone": "client_id",
    "client_insurance": "client_id",
    "case_participant": "case_id",
    "case_billing_contact": "case_id",
    "service_line": "appointment_id",
    "amendment": "note_id",
    "amendment_draft": "note_id",
    "invoice_line": "invoice_id",
    "superbill_line": "superbill_id",
}
#: The kind of the record that such a column names.
_WHOLE = {
    entity: {"case_id": "care_case"}.get(column, column.removesuffix("_id"))
    for entity, column in _PART_OF.items()
}


def unsent_records(part: Slice, link: Link | None) -> frozenset[UUID]:
    """Return the records with a change, or a file, that is only here.

    None during the first upload: what is not queued yet could not be told from what has gone.
    """
    if link is None or link.seeding:
        return frozenset()
    found: set[bytes] = set()
    parts: dict[str, list[bytes]] = {}
    for each in part.outbox:
        if each.state is not OpState.ACKED:
            found.add(each.pk)
            if each.entity in _PART_OF:
                parts.setdefault(each.entity, []).append(each.pk)
    for entity, keys in parts.items():
        found |= _wholes(part, entity, keys)
    for ids in _files(part, link).values():
        found |= ids
    return frozenset(UUID(bytes=each) for each in found)


def unsent_kinds(part: Slice, link: Link | None) -> tuple[tuple[str, int], ...]:
    """Return how many records of which kinds a person would miss in the account.

    A part counts as the record that it belongs to, what was refused not at all: the inbox has it.
    None during the first upload, as for ``unsent_records``.
    """
    if link is None or link.seeding:
        return ()
    found = _files(part, link)
    for each in part.outbox:
        if each.state not in UNSENT:
            continue
        whole = _WHOLE.get(each.entity)
        if whole is None:
            found.setdefault(each.entity, set()).add(each.pk)
        else:
            found.setdefault(whole, set()).update(_wholes(part, each.entity, [each.pk]))
    return tuple((entity, len(ids)) for entity, ids in found.items() if ids)


def _wholes(part: Slice, entity: str, keys: list[bytes]) -> set[bytes]:
    practice = part.session.practice_id.bytes
    asked = f"SELECT {_PART_OF[entity]} FROM {entity} WHERE practice_id = ? AND id = ?"
    rows = (part.connection.execute(asked, (practice, key)).fetchone() for key in keys)
    return {bytes(row[0]) for row in rows if row is not None and row[0] is not None}


def _files(part: Slice, link: Link) -> dict[str, set[bytes]]:
    """Return attachments and issued papers of which the account does not have the bytes."""
    practice = part.session.practice_id.bytes
    attached = part.connection.execute(
        "SELECT a.id FROM attachment a "
        "LEFT JOIN file_in_account f ON f.name = a.address AND f.epoch = ? "
        "WHERE a.practice_id = ? AND a.deleted_at IS NULL AND f.name IS NULL",
        (link.epoch, practice),
    ).fetchall()
    found = {"attachment": {bytes(row[0]) for row in attached}}
    for table in PAPERS:
        # Bytes that are still to come here are in the account, or on another computer.
        rows = part.connection.execute(
            f"SELECT r.id FROM {table} r "
            "LEFT JOIN file_in_account f ON f.name = r.paper_hash AND f.epoch = ? "
            "WHERE r.practice_id = ? AND r.deleted_at IS NULL AND f.name IS NULL "
            "AND EXISTS (SELECT 1 FROM paper_bytes p WHERE p.digest = r.paper_hash)",
            (link.epoch, practice),
        ).fetchall()
        found[table] = {bytes(row[0]) for row in rows}
    return found

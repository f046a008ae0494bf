"""Real rows in the neutral words of the scenarios, and to which case each belongs.

Two columns of the neutral practice have no column of their own in a real one and stand for another
that follows the same rule: a person's remarks for the telephone, a contact's address for a
person's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.sync.forms import form_of, forms
from tests.simulation.entities import (
    AMENDMENT,
    APPOINTMENT,
    CANCELED,
    CONTACT,
    INVOICE,
    LEDGER,
    NOTE,
    PERSON,
    Columns,
    Key,
    Value,
    signature,
)
from tests.simulation.invariants import Question

Raw = dict[tuple[str, str], dict[str, Any]]
"""Whole rows as JSON values, by table and id in hex."""
Query = Callable[..., list[tuple[Any, ...]]]

KINDS = {
    "client": PERSON, "contact": CONTACT, "note": NOTE, "appointment": APPOINTMENT,
    "charge": LEDGER, "payment": LEDGER, "allocation": LEDGER, "invoice": INVOICE,
    "amendment": AMENDMENT,
}  # fmt: skip
LEDGER_TABLES = tuple(table for table, kind in KINDS.items() if kind == LEDGER)
#: Neutral column by table and real column, where one stands for one.
_PLAIN: dict[str, dict[str, str]] = {
    "client": {"legal_given": "name", "notes": "phone", "pronouns": "pronouns"},
    "contact": {"name": "label", "phone": "phone", "line1": "street", "city": "city"},
    "charge": {"amount": "amount"},
    "payment": {"amount": "amount"},
    "allocation": {"amount": "amount"},
    "invoice": {"number": "number"},
    "amendment": {"text": "text"},
}
#: By which column a row hangs on what, the nearest first.
ABOVE = (
    ("case_id", "care_case"), ("note_id", "note"), ("appointment_id", "appointment"),
    ("charge_id", "charge"), ("invoice_id", "invoice"), ("series_id", "series"),
    ("client_id", "client"),
)  # fmt: skip
#: Of nobody's case, and seen by nobody who sees cases only.
NOBODYS = "-"
_ONLY_BY_CASE = frozenset({"inbox_item", "contact", "import_run"})
_ZONE = ZoneInfo("America/Los_Angeles")


def rows_of(query: Query, tables: Iterable[str] | None = None) -> Raw:
    """Return whole rows of a file, or of the server on SQLite, which stores them alike."""
    wanted = [form for form in forms() if tables is None or form.entity in tables]
    found: Raw = {}
    for form in wanted:
        for pk, *held in query(f"SELECT id, {', '.join(form.names)} FROM {form.entity}"):
            found[form.entity, pk.hex()] = form.said(held)
    return found


class Reading:
    """Whole rows of a database with their cases, read anew only after something was written there.

    ``stamp`` says so. Nobody may change what ``rows`` returns.
    """

    def __init__(self, query: Query, stamp: Callable[[], Any]) -> None:
        self._query = query
        self._stamp = stamp
        self._read_at: Any = None
        self._rows: Raw = {}
        self._cases = Cases({})

    def rows(self) -> Raw:
        """Return the rows of every table."""
        now = self._stamp()
        if self._read_at != now:
            self._rows = rows_of(self._query)
            self._cases = Cases(self._rows)
            self._read_at = now
        return self._rows

    def cases(self) -> Cases:
        """Return what tells the cases of these rows."""
        self.rows()
        return self._cases


def row_of(query: Query, table: str, pk: bytes) -> dict[str, Any] | None:
    """Return one whole row, if it is there."""
    form = form_of(table)
    assert form is not None
    found = query(f"SELECT {', '.join(form.names)} FROM {table} WHERE id = ?", pk)
    return form.said(found[0]) if found else None


def neutral(table: str, said: Mapping[str, Any]) -> Columns:
    """Return what some columns of a row say in the neutral words."""
    columns: Columns = {}
    for name, word in _PLAIN.get(table, {}).items():
        if name in said:
            columns[word] = said[name] or None
    if table == "note":
        columns.update(_note(said))
    elif table == "appointment":
        columns.update(_appointment(said))
    if "deleted_at" in said and table in KINDS:
        columns["deleted"] = None if said["deleted_at"] is None else 1
    return columns


def _note(said: Mapping[str, Any]) -> Columns:
    columns: Columns = {}
    if "sections" in said:
        columns["text"] = text = text_of(said)
        # A question about a second signature does not repeat the status, which is the same.
        if said.get("status", "SIGNED" if said.get("signed_hash") else "") == "SIGNED":
            columns["signed"] = signature(str(text), str(said.get("signed_hash")))
        elif "status" in said:
            columns["signed"] = None
    return columns


def text_of(said: Mapping[str, Any]) -> Value:
    """Return the words of a note; None where there are none."""
    return (said.get("sections") or {}).get("plan") or None


def _appointment(said: Mapping[str, Any]) -> Columns:
    columns: Columns = {}
    if "starts" in said:
        columns["start"] = said["starts"][:16]
    if "starts_at" in said:
        wall = datetime.fromisoformat(said["starts_at"]).astimezone(_ZONE)
        columns["zone"] = wall.replace(tzinfo=None).isoformat()[:16]
    if "status" in said:
        status = said["status"]
        canceled = status == "CANCELED"
        columns["status"] = f"{CANCELED}#{said.get('reason', '')}" if canceled else status
    return columns


def key_of(table: str, pk: str) -> Key:
    """Return the neutral key of a row."""
    return KINDS.get(table, table), pk


class Cases:
    """Tells to which case each of some rows belongs, along their own links."""

    def __init__(self, rows: Raw) -> None:
        self._rows = rows
        self._known: dict[tuple[str, str], str] = {}
        self._of_client: dict[str, str] = {}
        self._of_contact: dict[str, str] = {}
        for (table, _), said in rows.items():
            if table == "case_participant":
                self._of_client.setdefault(said["client_id"], said["case_id"])
        for (table, _), said in rows.items():
            if table == "relationship" and said["contact_id"]:
                case = self._of_client.get(said["client_id"], "")
                self._of_contact.setdefault(said["contact_id"], case)

    def of(self, table: str, pk: str, said: Mapping[str, Any] | None = None) -> str:
        """Return the case's id in hex; empty for what belongs to the whole practice."""
        if table == "care_case":
            return pk
        if table == "client":
            return self._of_client.get(pk, "")
        if table == "contact":
            return self._of_contact.get(pk, "") or NOBODYS
        found = self._known.get((table, pk))
        if found is None:
            found = self._known[table, pk] = self._along(said or self._rows.get((table, pk), {}))
        return found or (NOBODYS if table in _ONLY_BY_CASE else "")

    def _along(self, said: Mapping[str, Any]) -> str:
        for column, above in ABOVE:
            if said.get(column):
                return self.of(above, said[column])
        return ""


def questions_of(rows: Raw) -> list[Question]:
    """Return what the inbox asks, one question for each group of columns."""
    questions: list[Question] = []
    for (table, _), said in rows.items():
        if table != "inbox_item":
            continue
        about = key_of(said["entity"], said["record_id"])
        kept = neutral(said["entity"], said["kept"] or {})
        other = neutral(said["entity"], said["other"] or {})
        questions.extend(
            Question(
                about, column, other.get(column), kept.get(column),
                said["state"] == "OPEN", said["kind"] == "REFUSED",
            )
            for column in sorted({*kept, *other} - {"zone", "city"})
        )  # fmt: skip
    return questions


def case_above(
    known: dict[str, list[tuple[str, str]]], table: str, pk: str, said: dict[str, Any]
) -> str:
    """Return the case that a written row hangs on, by the rows known with theirs."""
    if table == "care_case":
        return pk
    for column, above in ABOVE:
        if said.get(column):
            if above == "care_case":
                return str(said[column])
            for other, case in known.get(above, []):
                if other == said[column]:
                    return case
    return ""

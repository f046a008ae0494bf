"""What kinds of rows a simulated practice has, and which rule of the page each column follows.

The kinds stand for the real ones: a person for every profile, a contact for what is not clinical,
and so on. ``case`` is no column: it says who may see the row and never changes.
"""

from __future__ import annotations

Key = tuple[str, str]
"""Entity and primary key."""

Value = str | int | None
Columns = dict[str, Value]

PERSON, CONTACT, NOTE, APPOINTMENT = "person", "contact", "note", "appointment"
LEDGER, INVOICE, AMENDMENT, INBOX = "ledger", "invoice", "amendment", "inbox"

#: Only ever added to; merged as a union by id.
APPEND_ONLY = frozenset({LEDGER, AMENDMENT})
#: An unseen edit beats a delete.
CLINICAL = frozenset({PERSON, NOTE, APPOINTMENT, INVOICE})

#: Columns that move as one, by the group's name.
MEMBERS = {"address": ("street", "city"), "when": ("start", "zone")}
GROUP = {column: group for group, columns in MEMBERS.items() for column in columns}

#: An unseen edit also goes to the inbox, with both values.
SENSITIVE = frozenset({"risk"})
#: Only the server writes these; a push that names one is rejected.
SERVER_OWNED = frozenset({"portal_email"})
#: Came with version 2; a client of version 1 carries them without knowing them.
NEW_COLUMNS = frozenset({"pronouns"})
#: Merged by last writer wins, group by group.
FIELDS = frozenset({"name", "phone", "address", "risk", "pronouns", "label", "when", "title"})

COMPLETED, CANCELED = "COMPLETED", "CANCELED"
OPEN, RESOLVED = "OPEN", "RESOLVED"


def group_of(column: str) -> str:
    """Return the name of the group that a column moves with; most stand alone."""
    return GROUP.get(column, column)


def members(group: str) -> tuple[str, ...]:
    """Return the columns of a group."""
    return MEMBERS.get(group, (group,))


def signature(text: str, hash_: str) -> str:
    """Return what a signed note carries: its exact text and the hash over it."""
    return f"{text}|{hash_}"


def signed_text(signed: Value) -> str:
    """Return the text that a signature covers."""
    return str(signed).partition("|")[0]

"""The bytes of issued papers, in the same encrypted file."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.kernel.errors import NotFound, NotHereYet
from app.core.vault.tables import PaperBytes, SyncLink

#: The tables whose rows name a paper.
PAPERS = ("invoice", "superbill")
_PUT = "INSERT INTO paper_bytes (digest, content) VALUES (?, ?) ON CONFLICT (digest) DO NOTHING"


class PaperTable:
    """The paper store of a unit of work or of a reader."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, content: bytes) -> str:
        """Store ``content`` once and return its SHA-256 in hex."""
        digest = hashlib.sha256(content).hexdigest()
        self._session.connection().exec_driver_sql(_PUT, (digest, content))
        return digest

    def get(self, digest: str) -> bytes:
        """Return what was stored.

        Raises ``NotHereYet`` where it is still to come from the account, else ``NotFound``.
        """
        content = self._session.execute(
            select(PaperBytes.content).where(PaperBytes.digest == digest)
        ).scalar_one_or_none()
        if content is None and self._session.execute(select(SyncLink.server)).first():
            raise NotHereYet(
                "This paper is not on this computer yet: it comes by itself once the computer "
                "that issued it and this one have synced."
            )
        if content is None:
            raise NotFound("The stored paper is missing: restore it from a backup.")
        return content


def papers_of(connection: Any, practice: bytes, records: list[tuple[str, bytes]]) -> list[str]:
    """Return the hashes of the papers that ``records`` name."""
    return [
        digest
        for entity, pk in records
        if entity in PAPERS
        for (digest,) in connection.execute(
            f"SELECT paper_hash FROM {entity} WHERE practice_id = ? AND id = ?", (practice, pk)
        )
    ]


def forget_papers(connection: Any, digests: list[str]) -> None:
    """Remove the bytes of papers whose rows have left the file."""
    # Nothing finds a row by its paper: each table is read through once, however many go.
    going = json.dumps(digests)
    named = {
        digest
        for table in PAPERS
        for (digest,) in connection.execute(
            f"SELECT paper_hash FROM {table} WHERE paper_hash IN (SELECT value FROM json_each(?))",
            (going,),
        )
    }
    for digest in set(digests) - named:
        connection.execute("DELETE FROM paper_bytes WHERE digest = ?", (digest,))
        connection.execute("DELETE FROM file_in_account WHERE name = ?", (digest,))

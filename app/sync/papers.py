"""The bytes of papers leave the file together with the rows that name them."""

from __future__ import annotations

from typing import Any

#: The tables whose rows name a paper.
PAPERS = ("invoice", "superbill")


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
    for digest in digests:
        named = any(
            connection.execute(
                f"SELECT 1 FROM {table} WHERE paper_hash = ? LIMIT 1", (digest,)
            ).fetchone()
            for table in PAPERS
        )
        if not named:
            connection.execute("DELETE FROM paper_bytes WHERE digest = ?", (digest,))
            connection.execute("DELETE FROM file_in_account WHERE name = ?", (digest,))

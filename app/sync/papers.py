"""What leaves the file with the row of a paper: its bytes, and its number, but not unheard."""

from __future__ import annotations

from typing import Any

from app.sync.outbox import Outbox

#: The tables whose rows name a paper.
PAPERS = ("invoice", "superbill")
#: Those whose new rows say that a number was given.
_NUMBERED = frozenset({*PAPERS, "superbill_number"})


class PapersFirst(Exception):
    """A purge may take papers of which the account has not heard: they are sent first.

    They are out, so their numbers were given (record 0022, rule 26). The account keeps of them
    nothing else.
    """


def are_unsent(outbox: Outbox) -> bool:
    """Return whether a number was given of which the account has not heard."""
    return any(each.is_new and each.entity in _NUMBERED for each in outbox.unsent())


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

"""The letter in which an owner asks whoever runs the server about the Archive."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from hosted.post.queue import Letter


def archive_letter(to: str, owner: str, practice_id: UUID, open_still: Sequence[str]) -> Letter:
    """Say who asks, for which practice, and in sentences what stands in the way.

    ``owner`` is the confirmed address to answer to. What is open is counted, never named: it is
    clients' records.
    """
    stands = "\n".join(open_still) or "Nothing stands in its way any more."
    return Letter(
        to,
        "A practice asks about Archive",
        "The owner of a practice wants to go to Archive and asks for help.\n\n"
        f"Practice: {practice_id.hex}\n"
        f"Answer to: {owner}\n\n"
        f"{stands}\n\n"
        "Once that is looked at and the practice may be archived as it is:\n\n"
        f"hosted admin plan --practice {practice_id.hex} set archive --reviewed\n",
    )

"""Numbers of papers that the account is to hear of before a purge may take the papers."""

from __future__ import annotations

from app.core.vault.papers import PAPERS
from app.sync.outbox import Outbox

#: The tables whose new rows say that a number was given.
_NUMBERED = frozenset({*PAPERS, "superbill_number"})


class PapersFirst(Exception):
    """A purge may take papers of which the account has not heard: they are sent first.

    They are out, so their numbers were given (record 0022, rule 26). The account keeps of them
    nothing else.
    """


def are_unsent(outbox: Outbox) -> bool:
    """Return whether a number was given of which the account has not heard."""
    return any(each.is_new and each.entity in _NUMBERED for each in outbox.unsent())

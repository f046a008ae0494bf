"""What a change of the account would remove from this computer, in a person's words. No Qt."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.kernel.phrases import plural

_KINDS = {
    "client": ("client", "clients"),
    "contact": ("contact", "contacts"),
    "care_case": ("case", "cases"),
    "series": ("repeating appointment", "repeating appointments"),
    "appointment": ("appointment", "appointments"),
    "note": ("note", "notes"),
    "amendment": ("amendment", "amendments"),
    "diagnosis": ("diagnosis", "diagnoses"),
    "attachment": ("file", "files"),
    "charge": ("charge", "charges"),
    "payment": ("payment", "payments"),
    "invoice": ("invoice", "invoices"),
    "superbill": ("superbill", "superbills"),
    "location": ("location", "locations"),
    "service": ("service", "services"),
}
SENTENCE = (
    "They were removed on another computer or in the account. If that is right, they are removed "
    "here as well. If you do not expect it, choose “Not now”: nothing is removed, and what the "
    "account has waits."
)
PUT_OFF = "Nothing is removed. You are asked again when this page is opened again."


def removal_lines(removal: Sequence[tuple[str, int]]) -> list[str]:
    """Return a line for each kind, what a person knows first: ``22 clients``."""
    counts = dict(removal)
    lines = [plural(counts[kind], *words) for kind, words in _KINDS.items() if counts.get(kind)]
    others = sum(count for kind, count in removal if kind not in _KINDS)
    if others:
        words = ("other record", "other records") if lines else ("record", "records")
        lines.append(plural(others, *words))
    return lines

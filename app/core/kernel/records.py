"""Kinds of records, counted in a person's words."""

from __future__ import annotations

from collections.abc import Sequence

from app.core.kernel.phrases import plural

#: What a person knows first, stands first.
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


def kind_words(entity: str, part_of: str = "") -> str:
    """Return how one row of ``entity`` is called, as a part of a record of ``part_of``."""
    if entity in _KINDS:
        return _KINDS[entity][0]
    return entity.removeprefix(f"{part_of}_").replace("_", " ")


def counted_kinds(counts: Sequence[tuple[str, int]]) -> list[str]:
    """Return ``22 clients`` for each kind of which there are any; what has no word comes last."""
    by_kind = dict(counts)
    lines = [plural(by_kind[kind], *words) for kind, words in _KINDS.items() if by_kind.get(kind)]
    others = sum(count for kind, count in counts if kind not in _KINDS)
    if others:
        words = ("other record", "other records") if lines else ("record", "records")
        lines.append(plural(others, *words))
    return lines

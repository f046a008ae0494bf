"""Every area's tables in one import, so that mapping, triggers and search know them all."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

from app.core.store import audit  # noqa: F401 - maps its table
from app.core.store.base import tie_links

AREAS = (
    "practice",
    "team",
    "people",
    "cases",
    "scheduling",
    "clinical",
    "billing.fees",
    "billing.ledger",
    "billing.invoices",
    "billing.superbills",
    "tasks",
    "exchange",
)


def complete() -> None:
    """Import every area's tables and tie their links."""
    for area in AREAS:
        if find_spec(f"app.core.{area}") and find_spec(f"app.core.{area}.tables"):
            importlib.import_module(f"app.core.{area}.tables")
    tie_links()

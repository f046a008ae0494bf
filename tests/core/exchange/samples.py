"""The sample files, and small ones written for one test."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from app.core.exchange.formats import KnownSheet, recognize
from app.core.exchange.matching import Roster
from app.core.exchange.planning import plan_import
from app.core.exchange.plans import Decisions, ImportPlan
from app.core.exchange.sheets import read_bytes, read_file

DATA = Path(__file__).parents[2] / "data" / "exchange"
DETAILS = DATA / "simplepractice-client-details.csv"
DEMOGRAPHICS = DATA / "simplepractice-client-demographics.csv"
CONTACTS = DATA / "practicerunner-contacts.csv"
TODAY = date(2026, 11, 19)
HEADINGS = "First Name,Last Name,Email,Phone,DOB,Status"


def expected() -> dict[str, Any]:
    """What an importer must find in the samples."""
    found: dict[str, Any] = json.loads((DATA / "expected.json").read_text())
    return found


def sheets(*paths: Path) -> list[KnownSheet]:
    """Read and recognize files."""
    return [recognize(read_file(path)) for path in paths]


def sheet(text: str, name: str = "list.csv") -> KnownSheet:
    """Read and recognize a file with this content."""
    return recognize(read_bytes(text.encode(), name))


def plan_of(
    *texts: str, roster: Roster | None = None, decisions: Decisions | None = None
) -> ImportPlan:
    """Return the plan of importing files with these contents together."""
    return plan_import([sheet(text) for text in texts], roster or Roster(), TODAY, decisions)

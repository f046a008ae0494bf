"""Which releases of ICD-10-CM the table holds, where they come from and which days they govern.

A release governs dates of service from the day it takes effect to the day before the next one
does (updates come on 1 October and 1 April; 2021 had one on 1 January). The releases between
those that can be had are not held, so the days that they govern stay uncovered here.
"""

from __future__ import annotations

from dataclasses import dataclass

#: Day of this table; the program prefers the file with the later one.
EDITION = "2026-11-24"


@dataclass(frozen=True, slots=True)
class Source:
    """One release: its name, its first and last day of service, and the package that carries it."""

    name: str
    governs_from: str
    governs_to: str
    requirement: str
    sha256: str


#: Oldest first; the position is the release's bit in the table, so only append.
SOURCES = (
    Source(
        name="January 2021",
        governs_from="2021-01-01",
        governs_to="2021-09-30",
        requirement="simple-icd-10-cm==1.2.0",
        sha256="9f325bdc507f8b273568afc6a609271ddcd89032ff599090f460a024b122d960",
    ),
    Source(
        name="April 2025",
        governs_from="2025-04-01",
        governs_to="2025-09-30",
        requirement="simple-icd-10-cm==1.4.0",
        sha256="d8a1b58282315af86acf4a4fc1765a6f42f5456ec216e53173b7be880825c36c",
    ),
    Source(
        name="April 2026",
        governs_from="2026-04-01",
        governs_to="2026-09-30",
        requirement="simple-icd-10-cm==1.5.0",
        sha256="6d461d71dc26aedc530ae65f02cfb578a154e49507c32e8241e75f701d4b7e42",
    ),
)

"""Write `resources/licenses.tsv`, which *About* shows: what others made, its version and license.

Run by `python3 dev.py lock`, so that the list is in step with what ships.
"""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "resources" / "licenses.tsv"
#: Only on other systems: not installed where the list is made.
ELSEWHERE = {"pywin32-ctypes": "BSD-3-Clause", "httpx2-jsfetch": "BSD-3-Clause"}
#: What is no package, or whose package does not say it.
BY_HAND = {
    "pyside6-essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    "sqlcipher3": "Zlib; SQLCipher BSD-3-Clause",
}
ASSETS = (
    ("Inter", "3.19", "OFL-1.1"),
    ("Lucide", "1.62", "ISC"),
    ("Noto Sans Arabic and Hebrew", "2", "OFL-1.1"),
)
CLASSIFIER = "License :: "


def license_of(name: str) -> str:
    """Return the license of an installed package in a few words."""
    if name in BY_HAND:
        return BY_HAND[name]
    try:
        said = distribution(name).metadata
    except PackageNotFoundError:
        return ELSEWHERE.get(name, "")
    rows = [row for row in said.get_all("Classifier") or [] if row.startswith(CLASSIFIER)]
    offered = (
        *(said.get_all("License-Expression") or []),
        "; ".join(row.rpartition(" :: ")[2] for row in rows),
        # Some put the whole text here; its first line names the license.
        *(words.strip().partition("\n")[0] for words in said.get_all("License") or []),
    )
    return next((words for words in offered if words), "")


def main() -> int:
    """Write the list; returns 1 if a license is not known."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", lock, re.MULTILINE))
    rows = [(name, version, license_of(name)) for name, version in locked.items()]
    rows += ASSETS
    unknown = [name for name, _version, words in rows if not words]
    if unknown:
        print(f"No license is known of: {', '.join(unknown)}", file=sys.stderr)
        return 1
    lines = ["\t".join(row) for row in sorted(rows, key=lambda row: row[0].casefold())]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())

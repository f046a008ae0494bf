"""Where the project's own sources are, for the tests that read them."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("app", "tests", "packaging")


def python_files(*folders: str) -> list[Path]:
    """Return the project's Python files in `folders` (all of ours unless named), in order."""
    files = [path for folder in folders or OURS for path in sorted((ROOT / folder).rglob("*.py"))]
    return files if folders else [ROOT / "dev.py", *files]

"""Check that every locked package has a wheel for each system we ship to; nothing is installed."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path

LOCK = Path(__file__).resolve().parents[1] / "requirements.lock"
SYSTEMS = {
    "Windows x64": "x86_64-pc-windows-msvc",
    "macOS arm64": "aarch64-apple-darwin",
    "macOS x64": "x86_64-apple-darwin",
    "Linux x64": "x86_64-manylinux_2_35",
}
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def refusal(platform: str, python: str) -> str:
    """Return why the lock file cannot be installed there from wheels alone; empty if it can."""
    with tempfile.TemporaryDirectory() as target:
        command = [
            *(sys.executable, "-m", "uv", "pip", "install", "--quiet", "--dry-run"),
            *("--require-hashes", "--only-binary", ":all:", "--target", target),
            *("--python-platform", platform, "--python-version", python),
            *("--requirements", str(LOCK)),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stderr.strip() if done.returncode else ""


def main() -> int:
    """Print a line for each system and Python; returns 1 if any lacks a wheel."""
    refused = False
    for (system, platform), python in product(SYSTEMS.items(), PYTHONS):
        reason = refusal(platform, python)
        print(f"{system}, Python {python}: {reason or 'all wheels'}")
        refused = refused or bool(reason)
    return int(refused)


if __name__ == "__main__":
    sys.exit(main())

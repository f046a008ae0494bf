"""Build the frozen program into `dist/PracticeRunner`; with `--smoke`, try it afterwards."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

from smoke import try_program

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = ROOT / "dist" / "PracticeRunner"
LARGEST = 200 * 1024 * 1024


def build(roots: Path | None) -> None:
    """Freeze the window and the command line into one folder, with the root keys in ``roots``.

    Without them the program trusts no signed plan: it never trusts the development root.
    """
    environment = {**os.environ, "PRACTICERUNNER_ROOTS": str(roots.resolve())} if roots else None
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--clean", "--log-level=WARN"]
    places = [f"--distpath={ROOT / 'dist'}", f"--workpath={ROOT / 'build'}"]
    spec = ROOT / "packaging" / "practicerunner.spec"
    subprocess.run([*command, *places, str(spec)], cwd=ROOT, env=environment, check=True)
    if os.name != "nt":
        (PROGRAM / "practicerunner-cli").symlink_to("practicerunner")


def size(folder: Path) -> int:
    """Return how many bytes a folder takes, each file once."""
    return sum(
        path.stat().st_size
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    )


def main() -> int:
    """Build, weigh, and try if asked; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--smoke", action="store_true", help="start it and let it work")
    parser.add_argument("--roots", type=Path, help="JSON of the release's root keys: name to x")
    wanted = parser.parse_args()
    build(wanted.roots)
    weight = size(PROGRAM)
    print(f"{PROGRAM}: {weight / 1024 / 1024:.0f} MB of {LARGEST / 1024 / 1024:.0f}")
    if weight > LARGEST:
        print("The frozen program is too large.", file=sys.stderr)
        return 1
    if wanted.smoke:
        try_program(PROGRAM)
    return 0


if __name__ == "__main__":
    sys.exit(main())

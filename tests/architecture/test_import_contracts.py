"""The walls of the house: `.importlinter` holds, and its contracts can fail."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINT = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)

#: A line that breaks one wall, the file it is added to, and the contract that must name it.
BREACHES = {
    "a screen reads a table": (
        "app/ui/widgets/text.py",
        "from app.core.practice.tables import Service",
        "Of the core, screens know",
    ),
    "a screen opens the file": (
        "app/ui/widgets/text.py",
        "from app import bootstrap",
        "Screens know neither bootstrap nor sync",
    ),
    "a widget knows the window": (
        "app/ui/theme/look.py",
        "import app.ui.widgets.text",
        "A screen never imports another screen",
    ),
    "an area looks up": (
        "app/core/practice/queries.py",
        "import app.core.people.queries",
        "No area looks up",
    ),
    "rules read a table": (
        "app/core/cases/rules.py",
        "from app.core.people.tables import Client",
        "Rules are pure",
    ),
    "a table knows a query": (
        "app/core/people/tables.py",
        "import app.core.team.queries",
        "Tables know kernel",
    ),
    "a paper reads": (
        "app/core/paper/__init__.py",
        "import app.core.practice.queries",
        "A paper is bytes",
    ),
    "an area prints": (
        "app/core/practice/commands.py",
        "import app.core.paper",
        "Only journeys print",
    ),
    "an area opens the vault": (
        "app/core/practice/commands.py",
        "import app.core.vault",
        "The vault is a detail",
    ),
    "the vault knows an area": (
        "app/core/vault/__init__.py",
        "import app.core.practice.rules",
        "The vault keeps any practice",
    ),
    "the core draws": (
        "app/core/kernel/money.py",
        "import PySide6",
        "never touch Qt",
    ),
    "the core calls out": (
        "app/core/kernel/money.py",
        "import socket",
        "The core never touches a network",
    ),
    "the server opens a vault": (
        "hosted/__init__.py",
        "import app.core.vault.engine",
        "The hosted account shares the core",
    ),
    "the program knows the server": (
        "app/sync/wire.py",
        "import hosted",
        "The program never imports the server",
    ),
    "another kind of file in an area": (
        "app/core/practice/helpers.py",
        "",
        "Inside an area",
    ),
}  # fmt: skip


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run import-linter on the tree at `root`."""
    return subprocess.run(
        [sys.executable, "-c", LINT],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(root), "PYTHONUTF8": "1", "COLUMNS": "300"},
    )


def test_every_wall_of_the_house_stands() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.fixture(scope="module")
def breached(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What import-linter says of a copy of the house with a breach in every wall."""
    copy = tmp_path_factory.mktemp("house")
    for package in ("app", "hosted"):
        shutil.copytree(
            ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / ".importlinter", copy)
    for path, line, _contract in BREACHES.values():
        with (copy / path).open("a", encoding="utf-8") as source:
            source.write(f"\n{line}\n")
    return lint(copy).stdout


@pytest.mark.parametrize("breach", BREACHES)
def test_a_breach_is_named(breached: str, breach: str) -> None:
    _path, _line, contract = BREACHES[breach]
    broken = [line for line in breached.splitlines() if line.endswith("BROKEN")]
    assert any(contract in line for line in broken), breached

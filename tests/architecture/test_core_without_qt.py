"""The practice itself runs where Qt is not installed; see 0004-core-runs-without-qt.md."""

from __future__ import annotations

import subprocess
import sys

from tests.architecture.sources import ROOT

IMPORT_ALL = """
import sys
from importlib import import_module
from pkgutil import walk_packages
from tests.support.without_qt import QT, QtIsOutOfReach

sys.meta_path.insert(0, QtIsOutOfReach())
import app.core

for found in walk_packages(app.core.__path__, "app.core."):
    if "migrations" not in found.name:
        import_module(found.name)
import_module("app.bootstrap")
import_module("app.cli")
assert not [name for name in sys.modules if name.partition(".")[0] in QT]
try:
    import_module("app.ui.theme.look")
except ModuleNotFoundError as refused:
    print(refused)
"""


def test_core_bootstrap_and_command_line_import_without_qt() -> None:
    result = subprocess.run(
        [sys.executable, "-c", IMPORT_ALL], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stderr
    assert "out of reach" in result.stdout, "the door was not shut: the window imported too"

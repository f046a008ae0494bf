"""Where the frozen program begins: the window, or the command line under its own name."""

import sys
from pathlib import Path


def begin() -> int:
    """Run what the program was called as; returns the exit code."""
    if Path(sys.argv[0]).stem == "practicerunner-cli":
        from app.cli.entry import main as command_line  # noqa: PLC0415  never loads Qt

        return command_line(sys.argv[1:])
    from app.__main__ import main as window  # noqa: PLC0415  loads Qt

    return window()


sys.exit(begin())

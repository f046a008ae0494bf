"""The folders of this person on this computer. Light: the window asks before its first paint."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_NAME = "PracticeRunner"


def default_data_dir() -> Path:
    """Return where the practice lies unless the person chose another place."""
    return Path(platformdirs.user_data_dir(_NAME, appauthor=False))


def state_dir() -> Path:
    """Return the per-user folder for what must lie outside the data folder."""
    return named_state_dir() or Path(platformdirs.user_state_dir(_NAME, appauthor=False))


def named_state_dir() -> Path | None:
    """Return the state folder that the environment names, as tests do, if it names one."""
    named = os.environ.get("PRACTICERUNNER_STATE_DIR")
    return Path(named) if named else None

"""Passphrases and recovery keys: from the environment, or typed unseen on a terminal."""

from __future__ import annotations

import os
import sys
from getpass import getpass

from app.core.kernel.errors import UserError

PASSPHRASE = "PRACTICERUNNER_PASSPHRASE"  # noqa: S105 - the name of a variable
RECOVERY_KEY = "PRACTICERUNNER_RECOVERY_KEY"


def ask_passphrase() -> str:
    """Return the passphrase of a practice that exists."""
    return os.environ.get(PASSPHRASE) or _typed("Passphrase: ")


def choose_passphrase() -> str:
    """Return the passphrase of a new practice, typed twice where it is typed."""
    given = os.environ.get(PASSPHRASE)
    if given is not None:
        return given
    typed = _typed("New passphrase: ")
    if _typed("The same once more: ") != typed:
        raise UserError("The two passphrases differ; try again.", field="passphrase")
    return typed


def recovery_key() -> str | None:
    """Return the recovery key, where it is given instead of the passphrase."""
    return os.environ.get(RECOVERY_KEY) or None


def _typed(prompt: str) -> str:
    if not sys.stdin.isatty():
        raise UserError(f"Set {PASSPHRASE}, or run this on a terminal to type the passphrase.")
    return getpass(prompt)

"""The same commands without a window: one table of verbs, from which parser and schema are made."""

from __future__ import annotations

from app.cli.entry import main

__all__ = ["main"]

"""Structured logs: what was asked and how it went, never who, never a token, never health data."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping, MutableMapping
from typing import Any, TextIO

import structlog

#: The only names that a line may have; whatever else is said is left out.
_SAID = frozenset(
    {
        "event", "level", "timestamp", "method", "route", "status", "code", "ms", "operations",
        "rows", "bytes_in", "bytes_out", "device", "error", "where", "address", "database",
        "version",
    }
)  # fmt: skip


def _only_known(_logger: Any, _method: str, said: MutableMapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in said.items() if name in _SAID}


def set_up(out: TextIO = sys.stderr) -> None:
    """Write one JSON object a line to ``out``, the web server's own messages included."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _only_known,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    # Its access log prints whole addresses, and its errors whole requests.
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "asyncio"):
        logging.getLogger(name).handlers = [logging.NullHandler()]
        logging.getLogger(name).propagate = False


def log() -> Any:
    """Return the server's logger."""
    return structlog.get_logger()

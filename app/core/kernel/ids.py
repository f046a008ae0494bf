"""Record ids: UUIDv7 made on the device; occurrences of a series get a UUIDv5 (RFC 9562)."""

from __future__ import annotations

import secrets
import threading
from uuid import UUID, uuid5

_OCCURRENCES = UUID("6f1d3c9e-2d0b-5c1a-9a57-0b7f6f7f6a11")


class IdMaker:
    """Makes ids that sort in the order in which they were made, also within one millisecond.

    Thread-safe. A clock set back never makes ids run backwards.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last_ms = 0
        self._counter = 0

    def new(self, unix_ms: int) -> UUID:
        """Return a UUIDv7 for ``unix_ms`` (milliseconds since 1970, UTC)."""
        with self._lock:
            if unix_ms > self._last_ms:
                self._last_ms = unix_ms
                self._counter = secrets.randbits(11)
            else:
                self._counter += 1
                if self._counter > 0xFFF:
                    self._last_ms += 1
                    self._counter = 0
            value = (self._last_ms & 0xFFFFFFFFFFFF) << 80
            value |= 0x7 << 76 | self._counter << 64
            value |= 0b10 << 62 | secrets.randbits(62)
            return UUID(int=value)


_MAKER = IdMaker()


def new_id(unix_ms: int) -> UUID:
    """Return the next UUIDv7 of this process for ``unix_ms``."""
    return _MAKER.new(unix_ms)


def occurrence_id(series_id: UUID, original_start: str) -> UUID:
    """Return the id that every device gives to the occurrence of a series.

    ``original_start`` is the wall time the rule yields, ``YYYY-MM-DDTHH:MM``.
    """
    return uuid5(_OCCURRENCES, f"{series_id.hex}/{original_start}")


def is_computed(row_id: UUID) -> bool:
    """Return whether an id follows from a rule, so that several devices may make the same row."""
    return row_id.version == 5

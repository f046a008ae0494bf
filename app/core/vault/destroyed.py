"""Which records were destroyed for good, outside the file: no restored backup brings them back.

Ids alone, without a word of the records; of which practice, its file's id says. The list is sealed
by the practice's key: one that another program wrote destroys nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from app.core.vault.files import said_plainly, write_whole

_log = logging.getLogger(__name__)
Record = tuple[str, UUID]


@dataclass(frozen=True, slots=True)
class Listed:
    """What the list holds."""

    records: frozenset[Record] = field(default_factory=frozenset)
    left_over: bool = False
    """Whether old pages of the file may still hold words of them."""


class DestroyedRecords:
    """The list of one practice, in the per-user state folder of this computer."""

    def __init__(self, state: Path, vault_id: str, key: bytes | bytearray) -> None:
        self._file = state / f"{vault_id}.destroyed"
        self._sealing = hmac.new(key, b"destroyed records", hashlib.sha256)

    def listed(self) -> Listed:
        """Return every record that was destroyed here."""
        try:
            said = json.loads(self._file.read_text("utf-8"))
            self._require_sealed(said)
            records = frozenset((str(entity), UUID(hex=pk)) for entity, pk in said["records"])
            return Listed(records, bool(said["left_over"]))
        except FileNotFoundError:
            return Listed()
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            # The practice opens all the same; its audit names what was destroyed.
            _log.exception("the list of destroyed records cannot be read")
            return Listed()

    def add(self, records: Collection[Record]) -> None:
        """Note records before they are removed; raises ``MachineError`` if the disk refuses."""
        self._write(self.listed().records | set(records), left_over=True)

    def take_back(self, records: Collection[Record]) -> None:
        """Strike records out whose removal was refused: they are all still there."""
        listed = self.listed()
        self._write(listed.records - set(records), left_over=listed.left_over)

    def cleaned(self) -> None:
        """Note that no page holds a word of them any more."""
        self._write(self.listed().records, left_over=False)

    def _write(self, records: Collection[Record], *, left_over: bool) -> None:
        listed = sorted([entity, pk.hex] for entity, pk in records)
        said = {"records": listed, "left_over": left_over, "seal": self._seal(listed)}
        with said_plainly(self._file.parent):
            write_whole(self._file, json.dumps(said).encode())

    def _require_sealed(self, said: dict[str, Any]) -> None:
        if not hmac.compare_digest(self._seal(said["records"]), str(said["seal"])):
            raise ValueError("the list is not sealed by this practice")

    def _seal(self, records: object) -> str:
        sealing = self._sealing.copy()
        sealing.update(json.dumps(records).encode())
        return sealing.hexdigest()

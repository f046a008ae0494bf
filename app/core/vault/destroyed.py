"""Which records were destroyed for good, outside the file: no restored backup brings them back.

Ids alone, without a word of the records. The list is encrypted by the practice's key: how many
records there were, and when each was made, is nobody else's business, and one that another program
wrote destroys nothing.
"""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.vault.files import said_plainly, write_whole

_log = logging.getLogger(__name__)
Record = tuple[str, UUID]
_NONCE = 12


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
        self._bound = vault_id.encode()
        derived = HKDF(hashes.SHA256(), 32, None, b"destroyed records").derive(bytes(key))
        self._cipher = AESGCM(derived)

    def listed(self) -> Listed:
        """Return every record that was destroyed here; none where the list cannot be read.

        The practice opens all the same; its audit names what was destroyed.
        """
        try:
            return self._read()
        except OSError:
            _log.exception("the list of destroyed records cannot be read")
            return Listed()

    def add(self, records: Collection[Record]) -> frozenset[Record]:
        """Note records before they are removed; return those that were not on the list.

        Raises ``MachineError`` if the disk refuses.
        """
        listed = self._held().records
        self._write(listed | set(records), left_over=True)
        return frozenset(records) - listed

    def take_back(self, records: Collection[Record]) -> None:
        """Strike records out whose removal was refused: they are all still there."""
        listed = self._held()
        self._write(listed.records - set(records), left_over=listed.left_over)

    def cleaned(self) -> None:
        """Note that no page holds a word of them any more."""
        self._write(self._held().records, left_over=False)

    def _held(self) -> Listed:
        # What cannot be read at the moment must not be written over.
        with said_plainly(self._file.parent):
            return self._read()

    def _read(self) -> Listed:
        """Return what the list holds; what is no list of this practice holds nothing."""
        try:
            sealed = self._file.read_bytes()
            nonce, content = sealed[:_NONCE], sealed[_NONCE:]
            said = json.loads(self._cipher.decrypt(nonce, content, self._bound))
            records = frozenset((str(entity), UUID(hex=pk)) for entity, pk in said["records"])
            return Listed(records, bool(said["left_over"]))
        except FileNotFoundError:
            return Listed()
        except (InvalidTag, ValueError):
            _log.exception("the list of destroyed records is damaged, or another program's")
            return Listed()

    def _write(self, records: Collection[Record], *, left_over: bool) -> None:
        listed = sorted([entity, pk.hex] for entity, pk in records)
        said = json.dumps({"records": listed, "left_over": left_over}).encode()
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, said, self._bound)
        with said_plainly(self._file.parent):
            write_whole(self._file, sealed)

"""The keys of a practice file, and how passphrase and recovery key wrap them.

Database key and psychotherapy key are random. Each is wrapped twice: by a key that Argon2id
(RFC 9106) derives from the passphrase, and by one that HKDF (RFC 5869) derives from the recovery
key. The wrapped keys stand beside the database; nothing in them names the practice.
"""

from __future__ import annotations

import base64
import json
import secrets
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.core.kernel.errors import NewerFile, NotOurFile, UserError, WrongPassphrase
from app.core.vault.files import write_whole

FORMAT = 1
#: Argon2id: 64 MiB, three passes, four lanes (RFC 9106, second recommended option).
MEMORY_KIB, PASSES, LANES = 64 * 1024, 3, 4
SHORTEST_PASSPHRASE = 10
#: Crockford's alphabet: no I, L, O or U to misread.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _GROUP = 8, 4
_DAMAGED = "The key file beside the practice is damaged: restore from a backup."


@dataclass(slots=True)
class Keys:
    """The opened keys. ``wipe`` zeroes them; they live only while the practice is unlocked."""

    database: bytearray
    psychotherapy: bytearray

    def wipe(self) -> None:
        """Overwrite the key bytes."""
        for key in (self.database, self.psychotherapy):
            key[:] = bytes(len(key))


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The wrapped keys as they lie beside the database."""

    vault_id: str
    salt: bytes
    memory_kib: int
    passes: int
    lanes: int
    wraps: dict[str, dict[str, str]]

    def to_bytes(self) -> bytes:
        """Return the file's content."""
        return json.dumps(
            {
                "format": FORMAT,
                "vault": self.vault_id,
                "argon2id": {
                    "salt": _text(self.salt),
                    "memory_kib": self.memory_kib,
                    "passes": self.passes,
                    "lanes": self.lanes,
                },
                "wraps": self.wraps,
            },
            indent=1,
        ).encode()

    def open_with_passphrase(self, passphrase: str) -> Keys:
        """Unwrap the keys; raises ``WrongPassphrase``. Takes about a third of a second."""
        try:
            secret = _stretch(passphrase, self)
        except (ValueError, OverflowError):
            raise NotOurFile(_DAMAGED) from None
        return self._open("passphrase", secret)

    def open_with_recovery_key(self, typed: str) -> Keys:
        """Unwrap the keys with the recovery key as it was typed; raises ``WrongPassphrase``."""
        return self._open("recovery", _recovery_secret(typed, self.vault_id))

    def with_passphrase(self, keys: Keys, passphrase: str) -> KeyFile:
        """Return the file with ``keys`` wrapped by a new passphrase."""
        check_passphrase(passphrase)
        fresh = replace(self, salt=secrets.token_bytes(16))
        return fresh.wrapped(keys, "passphrase", _stretch(passphrase, fresh))

    def with_new_recovery_key(self, keys: Keys) -> tuple[KeyFile, str]:
        """Return the file with ``keys`` wrapped by a fresh recovery key, and that key.

        The old one stops working as soon as the file is written.
        """
        recovery = _draw_recovery_key()
        secret = _recovery_secret(recovery, self.vault_id)
        return self.wrapped(keys, "recovery", secret), recovery

    def _open(self, by: str, secret: bytes) -> Keys:
        try:
            opened = {
                name: AESGCM(secret).decrypt(
                    _bytes(self.wraps[name][by])[:12],
                    _bytes(self.wraps[name][by])[12:],
                    self._bound(name, by),
                )
                for name in ("database", "psychotherapy")
            }
        except InvalidTag:
            what = "passphrase" if by == "passphrase" else "recovery key"
            raise WrongPassphrase(f"That {what} does not open this practice. Try again.") from None
        except (KeyError, ValueError, TypeError):
            raise NotOurFile(_DAMAGED) from None
        return Keys(bytearray(opened["database"]), bytearray(opened["psychotherapy"]))

    def wrapped(self, keys: Keys, by: str, secret: bytes) -> KeyFile:
        """Return the file with ``keys`` wrapped by ``secret``, under the name ``by``."""
        wraps = {name: dict(wrap) for name, wrap in self.wraps.items()}
        for name, key in (("database", keys.database), ("psychotherapy", keys.psychotherapy)):
            nonce = secrets.token_bytes(12)
            sealed = AESGCM(secret).encrypt(nonce, bytes(key), self._bound(name, by))
            wraps.setdefault(name, {})[by] = _text(nonce + sealed)
        return replace(self, wraps=wraps)

    def _bound(self, name: str, by: str) -> bytes:
        return f"{self.vault_id}/{name}/{by}".encode()


def make_keys(passphrase: str) -> tuple[KeyFile, Keys, str]:
    """Draw fresh keys; return them wrapped, opened, and the recovery key to show once.

    Raises ``UserError`` (field ``passphrase``) for one that is too short.
    """
    check_passphrase(passphrase)
    keys = Keys(bytearray(secrets.token_bytes(32)), bytearray(secrets.token_bytes(32)))
    file = KeyFile(secrets.token_hex(16), secrets.token_bytes(16), MEMORY_KIB, PASSES, LANES, {})
    file = file.wrapped(keys, "passphrase", _stretch(passphrase, file))
    file, recovery = file.with_new_recovery_key(keys)
    return file, keys, recovery


def _draw_recovery_key() -> str:
    letters = "".join(secrets.choice(_ALPHABET) for _ in range(_GROUPS * _GROUP))
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def check_passphrase(passphrase: str) -> None:
    """Raise ``UserError`` when a new passphrase is too short to protect the file."""
    if len(passphrase.strip()) < SHORTEST_PASSPHRASE:
        raise UserError(
            f"Choose a passphrase of at least {SHORTEST_PASSPHRASE} characters; "
            "four words you remember are good.",
            field="passphrase",
        )


def normalize_recovery_key(typed: str) -> str:
    """Return a typed recovery key in its own alphabet: case, spaces and look-alikes folded."""
    folded = typed.upper().translate(str.maketrans("OIL", "011"))
    return "".join(letter for letter in folded if letter in _ALPHABET)


def read_key_file(path: Path) -> KeyFile:
    """Read the wrapped keys at ``path``; raises ``NotOurFile`` or ``NewerFile``."""
    return parse_key_file(path.read_bytes())


def parse_key_file(content: bytes) -> KeyFile:
    """Read wrapped keys from their file's content; raises ``NotOurFile`` or ``NewerFile``."""
    try:
        said: dict[str, Any] = json.loads(content)
        if said["format"] > FORMAT:
            raise NewerFile("A newer version wrote this practice: update the program to open it.")
        kdf = said["argon2id"]
        return KeyFile(
            # It names files outside the folder, so it is nothing but an id.
            vault_id=UUID(hex=said["vault"]).hex,
            salt=_bytes(kdf["salt"]),
            memory_kib=min(int(kdf["memory_kib"]), 1024 * 1024),
            passes=min(int(kdf["passes"]), 20),
            lanes=int(kdf["lanes"]),
            wraps={name: dict(wrap) for name, wrap in said["wraps"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NotOurFile(_DAMAGED) from None


def write_key_file(path: Path, file: KeyFile) -> None:
    """Replace the key file at ``path`` so that a crash leaves the old or the new one whole."""
    write_whole(path, file.to_bytes())
    path.chmod(0o600)


def _stretch(passphrase: str, file: KeyFile) -> bytes:
    return Argon2id(
        salt=file.salt,
        length=32,
        iterations=file.passes,
        lanes=file.lanes,
        memory_cost=file.memory_kib,
    ).derive(_composed(passphrase))


def _composed(passphrase: str) -> bytes:
    # One keyboard types an accent apart from its letter, another both as one character.
    return unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")


def _recovery_secret(typed: str, vault_id: str) -> bytes:
    key = normalize_recovery_key(typed)
    return HKDF(hashes.SHA256(), 32, bytes.fromhex(vault_id), b"recovery").derive(key.encode())


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _bytes(value: str) -> bytes:
    return base64.b64decode(value, validate=True)

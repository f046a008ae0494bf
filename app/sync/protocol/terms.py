"""Versions, limits, verbs, verdicts and codes of the protocol."""

from __future__ import annotations

from enum import StrEnum

#: The version spoken here, and the oldest one that is still served.
VERSION = 1
OLDEST = 1

#: A push holds at most so many operations or so many compressed bytes; a change set is not split.
PUSH_OPERATIONS = 500
PUSH_BYTES = 512 * 1024
PULL_ROWS = 2_000
#: What a request or an answer may grow to when it is unpacked.
UNPACKED_BYTES = 64 * 1024 * 1024
CHUNK_BYTES = 1024 * 1024
LEASE = 50
#: A stamp further ahead of the server's clock than this is cut back to it.
FUTURE_MS = 60_000


class Verb(StrEnum):
    """What may be asked; a path ends in one of these."""

    HELLO = "hello"
    PUSH = "push"
    PULL = "pull"
    SNAPSHOT = "snapshot"
    DIGEST = "digest"
    ROWS = "rows"
    LEASE = "lease"
    QUARANTINE = "quarantine"


class Verdict(StrEnum):
    """What became of one operation."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    """Known already; the answer carries the first one as ``first``."""
    MERGED = "merged"
    """Some of its columns lost against a change that its writer had not seen."""
    CONFLICT = "conflict"
    """Taken into the inbox beside what the record holds."""
    REJECTED = "rejected"


class Refusal(StrEnum):
    """Why an operation, or a whole request, was not taken."""

    MALFORMED = "malformed"
    UNKNOWN_ENTITY = "unknown_entity"
    SERVER_OWNED = "server_owned"
    FINAL = "final"
    """The record is append-only, or signed, and holds other values."""
    MISSING_PARENT = "missing_parent"
    PURGED = "purged"
    OUT_OF_SCOPE = "out_of_scope"
    TOO_LARGE = "too_large"
    BAD_CURSOR = "bad_cursor"
    EPOCH = "epoch"
    """The server began a new epoch: say hello first."""
    INCARNATION = "incarnation"
    """This incarnation's counters ran backwards: begin a new one."""
    REVOKED = "revoked"
    UNKNOWN_DEVICE = "unknown_device"
    UPGRADE_REQUIRED = "upgrade_required"
    BUSY = "busy"
    NO_COMPUTER = "no_computer"
    """The plan allows no further computer now."""


class Upgrade(StrEnum):
    """Whether this version of the program is still served."""

    NONE = "none"
    RECOMMENDED = "recommended"
    REQUIRED = "required"


#: Stamps below are no clock's: of a row that a rule computes, or of an old version that is stated
#: again. They lose against every stamp of this century.
CLOCKLESS = 1 << 40

"""One request and one answer for every verb."""

from app.sync.protocol.messages.comparing import Digest, Digested, Wanted
from app.sync.protocol.messages.greeting import Hello, Welcome
from app.sync.protocol.messages.leasing import Lease, Leased
from app.sync.protocol.messages.pulling import Page, Pull, Snapshot, SnapshotPart
from app.sync.protocol.messages.pushing import FilePiece, Push, Pushed
from app.sync.protocol.messages.refusing import Refused

__all__ = [
    "Digest",
    "Digested",
    "FilePiece",
    "Hello",
    "Lease",
    "Leased",
    "Page",
    "Pull",
    "Push",
    "Pushed",
    "Refused",
    "Snapshot",
    "SnapshotPart",
    "Wanted",
    "Welcome",
]

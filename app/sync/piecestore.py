"""The account's store of encrypted pieces of files, and the same over HTTP."""

from __future__ import annotations

from typing import Protocol

from app.sync.http import HttpTransport
from app.sync.transport import Declined, Trouble, Unreachable
from app.sync.wire import Malformed, Reader

MOST_PIECES = 1024
NOT_FOUND = "not_found"


class Store(Protocol):
    """The account's store of encrypted pieces."""

    def have(self, address: str, *, sound: bool = False) -> tuple[int, frozenset[int]] | None:
        """Return how many pieces a file has and which are there; ``None`` for an unknown one.

        With ``sound`` those are left out that somebody found damaged.
        """
        ...

    def put(self, address: str, place: int, count: int, sealed: bytes) -> None:
        """Keep a piece; one that is there already stays."""
        ...

    def get(self, address: str, place: int) -> bytes:
        """Return a piece; raises ``Declined`` where it is not there."""
        ...

    def doubt(self, address: str, place: int) -> None:
        """Say that a piece is damaged there; who has it whole may put it anew."""
        ...

    def doubted(self) -> frozenset[str]:
        """Return the addresses of which a piece is damaged there."""
        ...


class HttpStore:
    """The same over HTTP."""

    def __init__(self, http: HttpTransport) -> None:
        self._http = http

    def have(self, address: str, *, sound: bool = False) -> tuple[int, frozenset[int]] | None:
        """See ``Store``."""
        try:
            said = Reader(self._http.get(f"/v1/blobs/{address}"))
            count = said.whole("of", least=1, most=MOST_PIECES)
            there = _places(said, "have", count)
            if sound and said.value("doubted") is not None:
                there -= _places(said, "doubted", count)
        except Declined as declined:
            if declined.code == NOT_FOUND:
                return None
            raise
        except Malformed as damaged:
            raise Unreachable(Trouble.BROKEN, str(damaged)) from None
        return count, there

    def put(self, address: str, place: int, count: int, sealed: bytes) -> None:
        """See ``Store``."""
        self._http.put_bytes(f"/v1/blobs/{address}/{place}?of={count}", sealed)

    def get(self, address: str, place: int) -> bytes:
        """See ``Store``."""
        return self._http.get_bytes(f"/v1/blobs/{address}/{place}")

    def doubt(self, address: str, place: int) -> None:
        """See ``Store``."""
        self._http.post(f"/v1/blobs/{address}/{place}/doubt", {})

    def doubted(self) -> frozenset[str]:
        """See ``Store``."""
        try:
            listed = Reader(self._http.get("/v1/blobs"))
            names = Reader(listed.items("doubted"))
            return frozenset(names.name(at) for at in range(len(listed.items("doubted"))))
        except Malformed as damaged:
            raise Unreachable(Trouble.BROKEN, str(damaged)) from None


def _places(said: Reader, key: str, count: int) -> frozenset[int]:
    listed = said.items(key, most=MOST_PIECES)
    places = Reader(listed)
    return frozenset(places.whole(at, most=count - 1) for at in range(len(listed)))

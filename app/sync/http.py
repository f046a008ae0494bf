"""HTTP to the account's server: bounded, checked, and never followed anywhere else."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlencode
from weakref import WeakSet

import httpx2

from app.sync import wire
from app.sync.protocol.messages import Refused
from app.sync.protocol.terms import UNPACKED_BYTES, Verb
from app.sync.transport import ANSWERS, Declined, Speaks, Trouble, Unreachable

#: Seconds to reach the server, and to wait for the next bytes of its answer.
CONNECT, READ = 10.0, 30.0
#: The most compressed bytes that an answer may have.
MOST_BYTES = 32 * 1024 * 1024
JSON, BYTES = "application/json", "application/octet-stream"
FORM = "application/x-www-form-urlencoded"
#: Bytes of a request between two looks whether it was cut off meanwhile.
BLOCK = 64 * 1024
#: So many bytes are progress; an answer that comes drop by drop is none.
PROGRESS = 1024

_OPENED = frozenset({"connection.connect_tcp.complete", "connection.start_tls.complete"})
#: With it a network says that one must sign in to it first.
_CAPTIVE = 511
_TOO_OFTEN = 429


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of our server's, unpacked."""

    status: int
    kind: str
    content: bytes


@cache
def _trusting() -> ssl.SSLContext:
    """Return what proves servers, read once: it is the dearest part of a transport."""
    return httpx2.create_ssl_context()


class Flow:
    """What is under way, and when the bytes of it last moved."""

    def __init__(self, timer: Callable[[], float] = time.monotonic) -> None:
        self._timer = timer
        self._lock = threading.Lock()
        self._asked = 0
        self._bytes = 0
        self.moved = timer()
        """In seconds of ``timer``."""

    @property
    def asking(self) -> bool:
        """Whether an answer is waited for."""
        return self._asked > 0

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request as under way."""
        with self._lock:
            self._asked += 1
            self._bytes, self.moved = 0, self._timer()
        try:
            yield
        finally:
            with self._lock:
                self._asked -= 1

    def note(self, count: int) -> None:
        """Count bytes that have gone or come."""
        with self._lock:
            self._bytes += count
            if self._bytes >= PROGRESS:
                self._bytes, self.moved = 0, self._timer()


class HttpTransport:
    """Asks one server. Safe to use from several threads; ``close`` ends whatever is under way."""

    def __init__(
        self,
        server: str,
        token: str | Speaks = "",
        *,
        context: ssl.SSLContext | None = None,
        read: float = READ,
    ) -> None:
        self.server = server
        self._headers = {"Accept": JSON, "Accept-Encoding": "zstd, gzip"}
        self._speaks = token if not isinstance(token, str) else None
        if isinstance(token, str) and token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._lock = threading.Lock()
        self._open: WeakSet[socket.socket] = WeakSet()
        self._ended = False
        self.flow = Flow()
        self._client = httpx2.Client(
            base_url=server,
            headers=self._headers,
            verify=context or _trusting(),
            follow_redirects=False,
            timeout=httpx2.Timeout(read, connect=CONNECT),
        )

    def ask(self, verb: Verb, message: Any) -> Any:
        """Return the answer to ``message``; raises ``Unreachable`` or ``Declined``."""
        said = self.post(f"/v1/sync/{verb}", message.to_json())
        return read_answer(ANSWERS[verb], said)

    def post(self, path: str, said: Mapping[str, Any]) -> dict[str, Any]:
        """Return the JSON object that the server answers; raises as ``ask`` does."""
        body = wire.pack(wire.write(said))
        headers = {"Content-Type": JSON, "Content-Encoding": "zstd"}
        status, content = self.send("POST", path, body, headers)
        return read_json(status, content)

    def get(self, path: str) -> dict[str, Any]:
        """Return the JSON object that lies at ``path``; raises as ``ask`` does."""
        answer = self._send("GET", path, b"", {})
        return read_json(answer.status, answer.content)

    def get_bytes(self, path: str) -> bytes:
        """Return the bytes that lie at ``path``; raises as ``ask`` does."""
        answer = self._send("GET", path, b"", {}, (JSON, BYTES))
        if answer.status == 200 and answer.kind == BYTES:
            return answer.content
        read_json(answer.status, answer.content)
        raise Unreachable(Trouble.BROKEN, "bytes were expected")

    def put_bytes(self, path: str, body: bytes) -> None:
        """Put bytes at ``path``; raises as ``ask`` does."""
        answer = self._send("PUT", path, body, {"Content-Type": BYTES})
        read_json(answer.status, answer.content)

    def form(self, path: str, fields: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Send a form once, and never again: what it asks for is given one time.

        Returns status and JSON object of the answer; raises as ``ask`` does.
        """
        body = urlencode(fields).encode()
        answer = self._told("POST", path, body, {"Content-Type": FORM}, (JSON,))
        if answer.status not in (200, 400):
            read_json(answer.status, answer.content)
            raise Unreachable(Trouble.NOT_OUR_SERVER, str(answer.status))
        try:
            said: dict[str, Any] = wire.read(answer.content)
        except wire.Malformed as damaged:
            raise Unreachable(Trouble.BROKEN, str(damaged)) from None
        return answer.status, said

    def send(
        self, method: str, path: str, body: bytes, headers: Mapping[str, str]
    ) -> tuple[int, bytes]:
        """Return status and unpacked body of an answer of our server's; raises ``Unreachable``."""
        answer = self._send(method, path, body, headers)
        return answer.status, answer.content

    def _send(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        kinds: Sequence[str] = (JSON,),
    ) -> Answer:
        said, token = self._signed(headers)
        answer = self._twice(method, path, body, said, kinds)
        if answer.status == 401 and self._speaks is not None and self._speaks.another(token):
            # The token ended before this computer's clock said so.
            answer = self._twice(method, path, body, self._signed(headers)[0], kinds)
        return answer

    def _signed(self, headers: Mapping[str, str]) -> tuple[Mapping[str, str], str]:
        """Return the headers of a request with its token; raises as ``Speaks.token`` does."""
        if self._speaks is None:
            return headers, ""
        token = self._speaks.token()
        return {**headers, "Authorization": f"Bearer {token}"}, token

    def _twice(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        kinds: Sequence[str],
    ) -> Answer:
        try:
            return self._once(method, path, body, headers, kinds)
        except (httpx2.RemoteProtocolError, httpx2.WriteError, httpx2.ReadError):
            # A connection that lay idle was reset; every verb may be asked twice.
            return self._told(method, path, body, headers, kinds)

    def lines(self, path: str, silence: float) -> Iterator[str]:
        """Yield the lines of an answer that goes on and on, none if it is refused.

        Raises ``Unreachable`` when it ends, or when nothing comes for ``silence`` seconds.
        """
        timeout = httpx2.Timeout(silence, connect=CONNECT)
        try:
            self._require_open()
            headers, _ = self._signed({})
            with self._client.stream(
                "GET", path, headers=headers, timeout=timeout, extensions=self._extensions
            ) as answer:
                if answer.status_code == 200:
                    yield from answer.iter_lines()
        except Declined:
            return
        except httpx2.HTTPError as error:
            raise Unreachable(Trouble.OFFLINE, type(error).__name__) from None

    def cut_off(self) -> None:
        """End the requests under way, of whatever thread, and take no more."""
        with self._lock:
            self._ended = True
            for held in list(self._open):
                end(held)

    def close(self) -> None:
        """End all connections."""
        self._client.close()

    @property
    def _extensions(self) -> dict[str, Any]:
        return {"trace": self._opened}

    def _opened(self, event: str, info: Mapping[str, Any]) -> None:
        """Note a connection from its first moment: ``cut_off`` ends also a wait for an answer."""
        if event not in _OPENED:
            return
        held: socket.socket = info["return_value"].get_extra_info("socket")
        with self._lock:
            self._open.add(held)
            if self._ended:
                end(held)

    def _require_open(self) -> None:
        if self._ended:
            raise Unreachable(Trouble.OFFLINE, "ended")

    def _in_blocks(self, body: bytes) -> Iterator[bytes]:
        """Yield ``body`` in blocks, so that a slow upload ends soon after ``cut_off``."""
        for at in range(0, len(body), BLOCK):
            self._require_open()
            yield body[at : at + BLOCK]
            self.flow.note(BLOCK)

    def _told(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        kinds: Sequence[str],
    ) -> Answer:
        try:
            return self._once(method, path, body, headers, kinds)
        except (httpx2.RemoteProtocolError, httpx2.ReadError) as error:
            raise Unreachable(Trouble.BROKEN, type(error).__name__) from None
        except httpx2.TransportError as error:
            raise Unreachable(Trouble.OFFLINE, type(error).__name__) from None

    def _once(
        self,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str],
        kinds: Sequence[str],
    ) -> Answer:
        content: bytes | Iterator[bytes] = body
        said = dict(headers)
        if len(body) > BLOCK:
            content, said["Content-Length"] = self._in_blocks(body), str(len(body))
        self._require_open()
        try:
            with (
                self.flow.request(),
                self._client.stream(
                    method, path, content=content, headers=said, extensions=self._extensions
                ) as answer,
            ):
                kind = check_head(answer.status_code, answer.headers, kinds)
                raw = read_raw(answer, self.flow.note)
                encoding = answer.headers.get("content-encoding", "")
        except httpx2.TimeoutException as error:
            raise Unreachable(Trouble.TIMEOUT, type(error).__name__) from None
        except httpx2.ConnectError as error:
            kind = Trouble.CERTIFICATE if is_certificate(error) else Trouble.OFFLINE
            raise Unreachable(kind, type(error).__name__) from None
        except httpx2.ProxyError as error:
            raise Unreachable(Trouble.OFFLINE, type(error).__name__) from None
        except (httpx2.UnsupportedProtocol, httpx2.InvalidURL) as error:
            raise Unreachable(Trouble.NOT_OUR_SERVER, type(error).__name__) from None
        try:
            unpacked = wire.unpack(raw, encoding, most=UNPACKED_BYTES)
        except wire.Malformed as damaged:
            raise Unreachable(Trouble.BROKEN, str(damaged)) from None
        return Answer(answer.status_code, kind, unpacked)


def read_raw(answer: httpx2.Response, came: Callable[[int], None]) -> bytes:
    """Return the bytes of an answer as they travel, telling ``came`` how many.

    Raises ``Unreachable`` for far too many.
    """
    raw = bytearray()
    for chunk in answer.iter_raw():
        came(len(chunk))
        raw += chunk
        if len(raw) > MOST_BYTES:
            raise Unreachable(Trouble.BROKEN, "the answer is too large")
    return bytes(raw)


def end(held: socket.socket) -> None:
    """End a connection on which a thread waits; closing alone would leave it waiting."""
    # It may have ended by itself.
    with suppress(OSError):
        held.shutdown(socket.SHUT_RDWR)


def check_head(status: int, headers: Mapping[str, str], kinds: Sequence[str] = (JSON,)) -> str:
    """Return the type of an answer; raises ``Unreachable`` unless it can be our server's."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if status == _CAPTIVE:
        raise Unreachable(Trouble.NOT_OUR_SERVER, str(status))
    if status >= 500 and not (kind == JSON and status == 503):
        raise Unreachable(Trouble.SERVER_ERROR, str(status))
    if kind not in kinds:
        raise Unreachable(Trouble.NOT_OUR_SERVER, f"{status}, not as agreed")
    if 300 <= status < 400:
        raise Unreachable(Trouble.NOT_OUR_SERVER, str(status))
    return kind


def read_json(status: int, content: bytes) -> dict[str, Any]:
    """Return the JSON object of an answer; raises ``Declined`` for a refusal.

    Only our server's own words refuse: a status alone may be that of a proxy in between.
    """
    try:
        said: dict[str, Any] = wire.read(content)
        refused = Refused.read(said) if "refused" in said else None
    except wire.Malformed as damaged:
        raise Unreachable(Trouble.BROKEN, str(damaged)) from None
    if refused is not None:
        raise Declined(refused.code, refused.detail)
    if status != 200:
        raise Unreachable(_trouble_of(status), str(status))
    return said


def _trouble_of(status: int) -> Trouble:
    if status == _TOO_OFTEN:
        return Trouble.BUSY
    return Trouble.SERVER_ERROR if status >= 500 else Trouble.NOT_OUR_SERVER


def read_answer(kind: Any, said: Mapping[str, Any]) -> Any:
    """Return the message of class ``kind``; raises ``Unreachable`` for anything else."""
    try:
        return kind.read(said)
    except wire.Malformed as damaged:
        raise Unreachable(Trouble.BROKEN, str(damaged)) from None


def is_certificate(error: BaseException) -> bool:
    """Return whether a connection failed because the other side is not who it says."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLError) or "CERTIFICATE" in str(seen).upper():
            return True
        seen = seen.__cause__ or seen.__context__
    return False

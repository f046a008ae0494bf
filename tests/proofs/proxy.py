"""A proxy that does to HTTP what bad networks do: every fault of the sync design's page.

It stands between the desktops and the server, on a thread of its own. Which request meets which
fault is drawn per connection from the seed; while ``faulty`` is false everything passes untouched.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Collection, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from random import Random
from typing import Any, Self

#: The longest head that is read, and the longest that anything here is waited for, in seconds.
_HEAD, _PATIENCE = 64 * 1024, 60.0
_PAGE = b"<html><body><h1>%s</h1></body></html>"
_STREAM, _CHUNKED = b"text/event-stream", b"transfer-encoding"
#: A connection that ends like this is reset: nothing more is sent, not even a goodbye.
_LINGER = struct.pack("ii", 1, 0)


Closing = Callable[[], None]


class Fault(StrEnum):
    """What can happen to one request."""

    DELAY = "delay"
    CUT_REQUEST = "request cut mid-body"
    CUT_ANSWER = "answer cut mid-body"
    TRUNCATE = "answer truncated"
    """Half an answer that looks whole."""
    DUPLICATE = "request duplicated"
    """The server gets it twice, the second time at once or up to a second later."""
    IDLE_RESET = "idle connection reset"
    BAD_GATEWAY = "502 with HTML"
    PORTAL = "captive portal"
    """For a moment every request gets a login page, or is sent to one."""


class _Cut(Exception):
    """The connection shall end now, without a goodbye."""


@dataclass(frozen=True, slots=True)
class _Message:
    """A request or an answer, with its body unchunked."""

    first: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes = b""

    def header(self, name: bytes) -> bytes:
        """Return a header's value in lower case; empty if it is not there."""
        return next((said.lower() for known, said in self.headers if known == name), b"")

    def head(self, length: int | None) -> bytes:
        """Return the head of a message whose body has ``length`` bytes, or is a stream."""
        kept = [each for each in self.headers if each[0] not in {b"content-length", _CHUNKED}]
        if length is not None:
            kept.append((b"content-length", str(length).encode()))
        else:
            kept.append((_CHUNKED, b"chunked"))
        lines = [self.first, *(name + b": " + said for name, said in kept)]
        return b"\r\n".join(lines) + b"\r\n\r\n"

    def whole(self) -> bytes:
        """Return everything as it travels."""
        return self.head(len(self.body)) + self.body


@dataclass
class FaultProxy:
    """Passes HTTP on to ``port`` of this machine, with faults at ``rate`` from 0 to 1."""

    port: int
    seed: int
    rate: float = 0.25
    faults: Collection[Fault] = tuple(Fault)
    faulty: bool = False
    met: Counter[Fault] = field(default_factory=Counter)
    """How often each fault was done."""
    bugs: list[BaseException] = field(default_factory=list)
    """What the proxy itself did not foresee; must be empty."""
    address: str = ""

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="fault-proxy")
        self._tasks: set[asyncio.Task[None]] = set()
        self._portal_until = 0.0
        self._connections = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._wait_for(asyncio.start_server(self._accept, "127.0.0.1", 0))
        port = self._server.sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        return self

    def __exit__(self, *_: object) -> None:
        self._wait_for(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait_for(self, doing: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(doing, self._loop).result(_PATIENCE)

    async def _stop(self) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections += 1
        chance = Random(f"{self.seed} {self._connections}")
        self._begin(_Connection(self, reader, writer, chance).serve())

    def _begin(self, doing: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(doing)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (bug := task.exception()) is not None:
            self.bugs.append(bug)

    def draw(self, chance: Random) -> Fault | None:
        """Return the fault that the next request meets, if any."""
        if not self.faulty:
            return None
        if self._loop.time() < self._portal_until:
            return Fault.PORTAL
        if chance.random() >= self.rate:
            return None
        fault = chance.choice(sorted(self.faults))
        self.met[fault] += 1
        if fault is Fault.PORTAL:
            self._portal_until = self._loop.time() + chance.uniform(0.2, 1.5)
        return fault

    async def ask(self, request: _Message) -> tuple[_Message, asyncio.StreamReader, Closing]:
        """Pass a request on; return the answer's head and where its body comes from."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=_HEAD)
        try:
            writer.write(request.whole())
            await writer.drain()
            return await _read_head(reader), reader, lambda: _reset(writer)
        except BaseException:
            _reset(writer)
            raise

    async def ask_whole(self, request: _Message) -> _Message:
        """Pass a request on and return its whole answer."""
        head, reader, close = await self.ask(request)
        try:
            return await _read_body(head, reader, until_end=True)
        finally:
            close()

    def ask_again(self, request: _Message, later: float) -> None:
        """Pass a request on once more, ``later`` seconds from now; nobody hears the answer."""

        async def again() -> None:
            await asyncio.sleep(later)
            # The server may be gone by then.
            with suppress(OSError, asyncio.IncompleteReadError):
                await self.ask_whole(request)

        self._begin(again())


@dataclass
class _Connection:
    """One connection of a desktop."""

    proxy: FaultProxy
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    chance: Random

    async def serve(self) -> None:
        """Answer its requests until either side has had enough."""
        try:
            while True:
                request = await _read_body(await _read_head(self.reader), self.reader)
                await self._answer(request, self.proxy.draw(self.chance))
        except (_Cut, OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            # A desktop that hung up, a server that is gone, or a fault: it ends the same way.
            return
        finally:
            _reset(self.writer)

    async def _answer(self, request: _Message, fault: Fault | None) -> None:
        if fault in {Fault.BAD_GATEWAY, Fault.PORTAL}:
            await self._send(self._page(fault).whole())
            return
        if fault is Fault.CUT_REQUEST:
            await self._cut_request(request)
        if fault is Fault.DELAY:
            await asyncio.sleep(self.chance.uniform(0.05, 1.0))
        if fault is Fault.DUPLICATE:
            await self._duplicate(request)
        try:
            head, source, close = await self.proxy.ask(request)
        except (OSError, asyncio.IncompleteReadError):
            await self._without_server()
            return
        try:
            if head.header(b"content-type").startswith(_STREAM):
                await self._stream(head, source, fault)
            else:
                await self._pass(await _read_body(head, source, until_end=True), fault)
        finally:
            close()
        if fault is Fault.IDLE_RESET:
            await asyncio.sleep(self.chance.choice((0.0, 0.01, 0.3)))
            raise _Cut

    def _page(self, fault: Fault | None) -> _Message:
        if fault is Fault.BAD_GATEWAY:
            first, title = b"HTTP/1.1 502 Bad Gateway", b"502 Bad Gateway"
        else:
            first, title = b"HTTP/1.1 200 OK", b"Welcome to our guests"
            if self.chance.random() < 0.5:
                first = b"HTTP/1.1 302 Found"
        headers = ((b"content-type", b"text/html"), (b"location", b"http://127.0.0.1:9/login"))
        return _Message(first, headers, _PAGE % title)

    async def _without_server(self) -> None:
        """Say as a gateway does that nobody answers, or say nothing."""
        if self.chance.random() < 0.5:
            raise _Cut
        await self._send(self._page(Fault.BAD_GATEWAY).whole())

    async def _cut_request(self, request: _Message) -> None:
        said = request.whole()
        _, writer = await asyncio.open_connection("127.0.0.1", self.proxy.port)
        writer.write(said[: self.chance.randrange(len(said))])
        with suppress(OSError):
            await writer.drain()
        _reset(writer)
        raise _Cut

    async def _duplicate(self, request: _Message) -> None:
        """Let the server have it twice; the desktop hears either answer."""
        if self.chance.random() < 0.5:
            self.proxy.ask_again(request, self.chance.choice((0.0, self.chance.uniform(0, 1))))
        elif request.first.startswith(b"POST"):
            with suppress(OSError, asyncio.IncompleteReadError):
                await self.proxy.ask_whole(request)

    async def _pass(self, answer: _Message, fault: Fault | None) -> None:
        cut = self.chance.randrange(len(answer.body) or 1)
        if fault is Fault.TRUNCATE:
            await self._send(answer.head(cut) + answer.body[:cut])
        elif fault is Fault.CUT_ANSWER:
            await self._send(answer.head(len(answer.body)) + answer.body[:cut])
            raise _Cut
        else:
            await self._send(answer.whole())

    async def _stream(
        self, head: _Message, source: asyncio.StreamReader, fault: Fault | None
    ) -> None:
        """Pass events on as they come; a fault meets one of the first few."""
        await self._send(head.head(None))
        left = self.chance.randrange(1, 4)
        while event := await _read_chunk(source):
            left -= 1
            # A stream that began without a fault may meet one when faults begin.
            now = fault if left == 0 else self.proxy.draw(self.chance) if left < 0 else None
            await self._event(event, now)
        await self._send(b"0\r\n\r\n")

    async def _event(self, event: bytes, fault: Fault | None) -> None:
        if fault is Fault.DELAY:
            await asyncio.sleep(self.chance.uniform(0.05, 1.0))
        if fault in {Fault.CUT_ANSWER, Fault.CUT_REQUEST}:
            await self._send(_chunk(event)[: self.chance.randrange(1, len(event))])
            raise _Cut
        if fault is Fault.TRUNCATE:
            await self._send(_chunk(event[: len(event) // 2]) + b"0\r\n\r\n")
            raise _Cut
        if fault in {Fault.IDLE_RESET, Fault.BAD_GATEWAY, Fault.PORTAL}:
            raise _Cut
        await self._send(_chunk(event) * (2 if fault is Fault.DUPLICATE else 1))

    async def _send(self, said: bytes) -> None:
        self.writer.write(said)
        await self.writer.drain()


async def _read_head(reader: asyncio.StreamReader) -> _Message:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head[:-4].split(b"\r\n")
    parts = [line.partition(b":") for line in lines]
    headers = tuple((name.strip().lower(), said.strip()) for name, _, said in parts)
    return _Message(first, headers)


async def _read_body(
    head: _Message, reader: asyncio.StreamReader, *, until_end: bool = False
) -> _Message:
    """Return the message with its body; an answer without a length goes ``until_end``."""
    if head.header(_CHUNKED) == b"chunked":
        pieces = []
        while piece := await _read_chunk(reader):
            pieces.append(piece)
        return _Message(head.first, head.headers, b"".join(pieces))
    length = head.header(b"content-length")
    if length or not until_end:
        return _Message(head.first, head.headers, await reader.readexactly(int(length or 0)))
    return _Message(head.first, head.headers, await reader.read())


async def _read_chunk(reader: asyncio.StreamReader) -> bytes:
    """Return the next piece of a chunked body; nothing at its end."""
    size = int((await reader.readuntil(b"\r\n")).partition(b";")[0], 16)
    return (await reader.readexactly(size + 2))[:-2]


def _chunk(piece: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(piece), piece)


def _reset(writer: asyncio.StreamWriter) -> None:
    """End a connection the hard way."""
    held = writer.get_extra_info("socket")
    if held is not None:
        with suppress(OSError):
            held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER)
    writer.transport.abort()

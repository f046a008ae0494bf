"""Pokes: a server-sent event with the log's head whenever it moves, for devices that wait."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from uuid import UUID

#: Seconds between two signs of life on a stream where nothing happens.
BEAT = 15.0


class Pokes:
    """Wakes the devices of a practice when something new is in its log.

    ``pushed`` may be called from any thread, the rest from the event loop's own.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._waiting: dict[UUID, set[asyncio.Queue[int | None]]] = {}
        self._stopping = False

    def begin(self) -> None:
        """Remember the loop that the streams run in."""
        self._loop = asyncio.get_running_loop()
        self._stopping = False

    def stop(self) -> None:
        """End all streams, so that the server can stop."""
        self._stopping = True
        if self._loop is not None:
            # A loop that is closed already has no streams.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._end)

    def pushed(self, practice_id: UUID, head: int) -> None:
        """Wake the devices of a practice."""
        if self._loop is not None and self._waiting.get(practice_id):
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._wake, practice_id, head)

    async def stream(
        self,
        practice_id: UUID,
        head: int,
        allowed: Callable[[], bool],
        beat: float = BEAT,
    ) -> AsyncIterator[bytes]:
        """Yield events until the device goes, is no longer allowed, or the server stops."""
        queue: asyncio.Queue[int | None] = asyncio.Queue()
        self._waiting.setdefault(practice_id, set()).add(queue)
        try:
            yield _event(head)
            while not self._stopping:
                try:
                    told = await asyncio.wait_for(queue.get(), beat)
                except TimeoutError:
                    yield b": beat\n\n"
                    told = 0
                if told is None or not await asyncio.to_thread(allowed):
                    return
                if told:
                    yield _event(told)
        finally:
            self._waiting[practice_id].discard(queue)
            if not self._waiting[practice_id]:
                del self._waiting[practice_id]

    def _wake(self, practice_id: UUID, head: int) -> None:
        for queue in self._waiting.get(practice_id, ()):
            queue.put_nowait(head)

    def _end(self) -> None:
        for queues in self._waiting.values():
            for queue in queues:
                queue.put_nowait(None)


def _event(head: int) -> bytes:
    return f'data: {{"head": {head}}}\n\n'.encode()

"""A server that listens on a socket of its own, and clients that speak with it."""

from __future__ import annotations

import asyncio
import io
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
import structlog
import uvicorn

from app.sync import wire
from hosted import logs
from hosted.store.engine import Database
from hosted.web.app import create_app
from hosted.web.services import Services, put_together
from tests.support.clock import StillClock

#: Seconds after which a test that waits for the server gives up.
PATIENCE = 20.0
#: Turns of the server's loop within which a call that was accepted is begun.
_TURNS = 5
#: Nothing here is encrypted, and reading whom to trust takes longer than most of these tests.
UNASKED = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


class Listening(uvicorn.Server):
    """Says when it listens, and stops as soon as it is told and its last answer is out.

    uvicorn's own looks ten times a second for either, which is longer than most of these tests.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop

    async def startup(self, sockets: Any = None) -> None:
        """Begin to listen."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        self.ready.set()

    async def main_loop(self) -> None:
        """Serve until told to stop."""
        await self.on_tick(0)
        await self._told.wait()

    def leave(self) -> None:
        """Tell it to stop, from another thread."""
        self._loop.call_soon_threadsafe(self._told.set)

    async def shutdown(self, sockets: Any = None) -> None:
        """Take no more calls, and wait for the answers that are under way."""
        for server in self.servers:
            for listening in server.sockets:
                self._loop.remove_reader(listening)
        # asyncio loses a call that was accepted and not begun when its server closes.
        for _ in range(_TURNS):
            await asyncio.sleep(0)
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        # uvicorn tells nobody of its last one.
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        for server in self.servers:
            await server.wait_closed()
        await self.lifespan.shutdown()


class Site:
    """A running server."""

    def __init__(self, services: Services, clock: StillClock) -> None:
        self.services = services
        self.clock = clock
        self.logged = io.StringIO()
        logs.set_up(self.logged)
        self._server = Listening(
            uvicorn.Config(create_app(services), port=0, log_config=None, access_log=False)
        )
        self._thread = threading.Thread(target=self._server.run)
        self._clients: list[httpx2.Client] = []

    def start(self) -> None:
        """Start and wait until it listens."""
        self._thread.start()
        assert self._server.ready.wait(PATIENCE)

    def stop(self) -> None:
        """Stop and wait until it has; a second time is nothing."""
        for client in self._clients:
            client.close()
        self.services.pokes.stop()
        if self._thread.is_alive():
            self._server.leave()
            self._thread.join(PATIENCE)
        structlog.reset_defaults()

    @property
    def address(self) -> str:
        """Where it listens."""
        port = self._server.servers[0].sockets[0].getsockname()[1]
        return f"http://127.0.0.1:{port}"

    def client(self, token: str | None = None) -> httpx2.Client:
        """Return a client with this token."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        made = httpx2.Client(
            base_url=self.address, headers=headers, timeout=PATIENCE, verify=UNASKED
        )
        self._clients.append(made)
        return made

    def pair(self, code: str, name: str = "Office") -> tuple[httpx2.Client, dict[str, Any]]:
        """Pair a computer and return its client and what it was told."""
        said = {"code": code, "device_name": name, "program": "0.1"}
        answer = self.client().post("/v1/pair", json=said)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return self.client(told["token"]), told

    def practice(self) -> tuple[httpx2.Client, UUID]:
        """Begin a practice with its first computer."""
        client, _told = self.pair(self.services.devices.new_code())
        practice = uuid4()
        said = {"practice_id": practice.hex, "member_id": uuid4().hex}
        assert client.post("/v1/practices", json=said).status_code == 200
        return client, practice

    def second(self, client: httpx2.Client, name: str = "Laptop") -> httpx2.Client:
        """Pair a further computer of a practice."""
        return self.pair(client.post("/v1/codes").json()["code"], name)[0]


@pytest.fixture
def site(stored: Database, tmp_path: Path) -> Iterator[Site]:
    """A running server without practices."""
    clock = StillClock()
    services = put_together(stored, tmp_path / "blobs", clock)
    made = Site(services, clock)
    made.start()
    yield made
    made.stop()


def hello(client: httpx2.Client, **said: Any) -> dict[str, Any]:
    """Say hello and return the welcome."""
    words = {
        "version": 1, "oldest": 1, "schema": 1, "program": "0.1", "incarnation": uuid4().hex,
        "tag": uuid4().hex[:6], "lsn": 0, "epoch": "", "cursor": "", "waiting": 0, **said,
    }  # fmt: skip
    answer = client.post("/v1/sync/hello", json=words)
    told: dict[str, Any] = answer.json()
    return told


def ask(client: httpx2.Client, verb: str, **said: Any) -> httpx2.Response:
    """Ask with a body that is packed as the program packs it."""
    headers = {"Content-Encoding": "zstd", "Content-Type": "application/json"}
    body = wire.pack(wire.write(said))
    return client.post(f"/v1/sync/{verb}", content=body, headers=headers)

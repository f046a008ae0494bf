"""Strangers by the thousand try to sign in, and the owner goes in and out meanwhile.

The application itself is asked, without a network between; time passes as it is told to.
"""

from __future__ import annotations

import asyncio
import io
import ipaddress
import random
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import structlog
from fastapi import Response
from starlette.types import Message, Scope

from hosted import logs
from hosted.account.rules.passwords import Hashing
from hosted.account.rules.secrets import address_hash
from hosted.account.tables import Login
from hosted.store.engine import Database, For, open_database
from hosted.store.migrate import upgrade
from hosted.web.account.pages import Cookies
from hosted.web.app import create_app
from hosted.web.rates import Rate, Rates
from hosted.web.services import Services, put_together
from tests.support.clock import StillClock

OWNER, PASSWORD = "owner@alderstreet.example", "violet kettle orbits Tuesday"
_SITE = "http://127.0.0.1:1"
#: As many guesses at one address as strangers have, and for how long.
_GUESSES, _WINDOW = Rate.PASSWORD.value.amount, Rate.PASSWORD.value.get_expiry()
#: Of a hundred tries: at the owner's account, at accounts that may be anybody's; the rest are
#: the owner's own, right and wrong.
_AT_THE_OWNER, _AT_ANYBODY = 60, 38
_NETWORKS = 2_000
#: Tries a second, as the clock of the limits sees them: the owner then tries a few times a minute,
#: which is less than one place may.
_A_SECOND = 2


@dataclass
class Found:
    """What came of it."""

    tries: int = 0
    answers: dict[int, int] = field(default_factory=dict)
    hashes: int = 0
    hashes_of_strangers: int = 0
    owner_tried: int = 0
    most_counters: int = 0
    windows: int = 1
    problems: list[str] = field(default_factory=list)


class Counting(Hashing):
    """Cheap hashes, counted by whose they are."""

    def __init__(self) -> None:
        super().__init__(memory_kib=8, passes=1)
        self.checked: list[str] = []

    def fits(self, kept: str, password: str) -> bool:
        """Check, and remember what was checked."""
        self.checked.append(kept)
        return super().fits(kept, password)


class Server:
    """The application, and what passes for the time of its limits."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.seconds = 0.0
        self.hashing = Counting()
        made = put_together(database, folder, StillClock(), hashing=self.hashing)
        self.services: Services = replace(made, rates=Rates(lambda: self.seconds))
        self.app = create_app(self.services)

    @property
    def counters(self) -> int:
        """How many counters there are."""
        return len(self.services.rates._counters._counted)

    async def sign_in(
        self, origin: str, address: str, password: str, known: str = ""
    ) -> tuple[int, Mapping[bytes, bytes]]:
        """Send the form of a sign-in; return the status and the headers."""
        body = urlencode({"address": address, "password": password}).encode()
        headers = [
            (b"host", _SITE.removeprefix("http://").encode()),
            (b"origin", _SITE.encode()),
            (b"sec-fetch-site", b"same-origin"),
            (b"content-type", b"application/x-www-form-urlencoded"),
            *([(b"cookie", f"known={known}".encode())] if known else []),
        ]
        scope: Scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
            "scheme": "http", "path": "/account/sign-in", "raw_path": b"/account/sign-in",
            "query_string": b"", "root_path": "", "headers": headers, "client": (origin, 1),
            "server": ("127.0.0.1", 1),
        }  # fmt: skip
        said: dict[str, Any] = {}

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            said.update(message)

        await self.app(scope, receive, send)
        return said["status"], dict(said["headers"])


def flood(tries: int, chance: random.Random) -> Found:
    """Let strangers and the owner try ``tries`` times over; return what was found."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(str(Path(folder) / "practice.sqlite"))
        logs.set_up(_Nowhere())
        try:
            upgrade(database, StillClock().now())
            server = Server(database, Path(folder))
            kept = _owner(server)
            return asyncio.run(_flood(server, kept, tries, chance))
        finally:
            structlog.reset_defaults()
            database.close()


class _Nowhere(io.StringIO):
    """Keeps nothing of a million lines."""

    def write(self, said: str) -> int:
        """Forget it."""
        return len(said)


async def _flood(server: Server, kept: str, tries: int, chance: random.Random) -> Found:
    found = Found(tries)
    known = _known_browser(server)
    networks = [_network(chance) for _ in range(_NETWORKS)]
    for number in range(tries):
        server.seconds += chance.expovariate(_A_SECOND)
        whose = chance.randrange(100)
        if whose < _AT_THE_OWNER + _AT_ANYBODY:
            at = OWNER if whose < _AT_THE_OWNER else f"{chance.randrange(10**9)}@example.com"
            before = len(server.hashing.checked)
            status, _ = await server.sign_in(chance.choice(networks), at, f"a guess, {number}")
            if status not in {422, 429, 503}:
                found.problems.append(f"try {number}: a stranger was answered {status}")
            found.hashes_of_strangers += kept in server.hashing.checked[before:]
        else:
            found.owner_tried += 1
            if chance.random() < 0.3:
                await server.sign_in("192.0.2.1", OWNER, "a slip of the finger", known)
            status, _ = await server.sign_in("192.0.2.1", OWNER, PASSWORD, known)
            if status != 303:
                found.problems.append(f"try {number}: the owner was answered {status}")
        found.answers[status] = found.answers.get(status, 0) + 1
        found.most_counters = max(found.most_counters, server.counters)
    found.hashes = len(server.hashing.checked)
    found.windows = int(server.seconds // _WINDOW) + 1
    _judge(found)
    server.seconds += _WINDOW
    status, _ = await server.sign_in("198.51.100.1", OWNER, PASSWORD)
    if status != 303:
        found.problems.append(f"after the flood a new browser of the owner's is answered {status}")
    return found


def _judge(found: Found) -> None:
    most = _GUESSES * found.windows
    if found.hashes_of_strangers > most:
        found.problems.append(
            f"{found.hashes_of_strangers} guesses at the owner's password, {most} were to be"
        )
    if found.most_counters > 100_000:
        found.problems.append(f"{found.most_counters} counters in memory")


def _network(chance: random.Random) -> str:
    if chance.random() < 0.5:
        return str(ipaddress.IPv4Address(chance.randrange(1 << 24, 1 << 31)))
    return str(ipaddress.IPv6Address((0x2001 << 112) | chance.getrandbits(100)))


def _owner(server: Server) -> str:
    """Make the owner's login; return the hash of the password."""
    means, digest = server.services.account, address_hash(OWNER)
    kept = means.hashing.hash(PASSWORD)
    login = Login(
        id=UUID(int=1),
        address=OWNER,
        address_hash=digest,
        name="",
        password=kept,
        password_at=means.now(),
        made_at=means.now(),
    )
    with means.database.write(For(login=login.id, token=digest)) as session:
        session.add(login)
    return kept


def _known_browser(server: Server) -> str:
    """Return the cookie of a browser in which the owner has signed in before."""
    answer = Response()
    Cookies(secure=False).know(answer, server.services.account.seal, address_hash(OWNER))
    return answer.headers["set-cookie"].partition("known=")[2].partition(";")[0]

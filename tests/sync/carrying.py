"""Two computers that carry files, too: through the real server, on a socket."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import pytest

from app.core.clinical.commands.attachments import attach_to_client
from app.core.clinical.queries import attachments
from app.core.journeys.superbills import issue
from app.core.practice.commands import add_location
from app.core.practice.rules.places import LocationFields, SessionFormat
from app.sync.blobs import Carrier, Standing
from app.sync.engine import Did
from app.sync.file import SideDoor
from app.sync.http import HttpTransport
from app.sync.piecestore import HttpStore
from hosted.pairing import _hash
from hosted.store.engine import For
from hosted.store.tables import Device
from hosted.web.services import put_together
from tests.core.journeys.superbill_practice import complete, hold, order
from tests.hosted.web.conftest import Site
from tests.sync.test_two_computers import person
from tests.sync.worlds import Desktop, Hosted


@dataclass
class Tapped(HttpStore):
    """The account over HTTP; ``tap`` may bend a request, ``asked`` lists them."""

    http: HttpTransport
    tap: Callable[[str, str, int], bytes | None] = lambda _verb, _address, _place: None
    asked: list[tuple[str, str, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(self.http)

    def _bent(self, verb: str, address: str, place: int = 0) -> bytes | None:
        self.asked.append((verb, address, place))
        return self.tap(verb, address, place)

    def have(self, address: str, *, sound: bool = False) -> tuple[int, frozenset[int]] | None:
        self._bent("have", address)
        return super().have(address, sound=sound)

    def put(self, address: str, place: int, count: int, sealed: bytes) -> None:
        self._bent("put", address, place)
        super().put(address, place, count, sealed)

    def get(self, address: str, place: int) -> bytes:
        bent = self._bent("get", address, place)
        return super().get(address, place) if bent is None else bent

    def count(self, verb: str) -> int:
        return sum(asked[0] == verb for asked in self.asked)


class Computer:
    """A desktop with what carries its files."""

    def __init__(self, desktop: Desktop, http: HttpTransport) -> None:
        self.desktop = desktop
        self.store = Tapped(http)
        self.again()

    def again(self) -> None:
        """Begin with a fresh carrier, as after the program was closed."""
        practice, clock = self.desktop.practice, self.desktop.clock
        self.carrier = Carrier(SideDoor(practice.desk), self.store, practice._ports.files, clock)
        practice.desk.listen(self.carrier.heard)

    def exchange(self) -> Did:
        """Bring rows and files up to date."""
        self.desktop.sync()
        self.carrier.poke()
        return self.carrier.run()

    def standing(self) -> Standing:
        return self.carrier.standing()

    def attach(self, client: UUID, source: Path) -> UUID:
        stored = self.desktop.practice.start_attach(source).result()
        attached: UUID = self.desktop.desk.do(attach_to_client, client, stored, source.name).value
        return attached

    def here(self, client: UUID) -> list[bool]:
        return [each.here for each in self.desktop.desk.ask(attachments.of_client, client)]

    def content(self, attachment: UUID, target: Path) -> bytes:
        saved = self.desktop.practice.start_save_file(attachment, target).result()
        return saved.read_bytes()


@pytest.fixture
def site(hosted: Hosted, tmp_path: Path) -> Iterator[Site]:
    """The same account on a socket."""
    made = Site(put_together(hosted.database, tmp_path / "blobs", hosted.clock), hosted.clock)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def computers(
    site: Site, hosted: Hosted, office: Desktop, laptop: Desktop
) -> Iterator[tuple[Computer, Computer]]:
    """Two computers that have files, too."""
    opened = []
    for name, desktop in (("office", office), ("laptop", laptop)):
        caller = desktop.transport.caller
        with hosted.database.write(For(caller.practice_id)) as session:
            session.get_one(Device, caller.device_id).token_hash = _hash(name)
        opened.append(Computer(desktop, HttpTransport(site.address, name)))
    yield opened[0], opened[1]
    for computer in opened:
        computer.store.http.close()


def scan(tmp_path: Path, size: int, name: str = "Scan.pdf") -> Path:
    path = tmp_path / name
    path.write_bytes(os.urandom(size))
    return path


def stored(site: Site, tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()]


def superbill(computer: Computer) -> UUID:
    walter = person(computer.desktop)
    place = LocationFields("Alder Street", SessionFormat.IN_PERSON, "11")
    computer.desktop.desk.do(add_location, place)
    complete(walter)
    hold(walter, 2, 9)
    walter.pay(330_00)
    made: UUID = issue(computer.desktop.desk, order(walter)).value
    return made

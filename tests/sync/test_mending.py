"""A piece that lies damaged in the account is put anew by the computer that has the file whole."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from app.core.billing.superbills.queries.issued import superbill_paper
from app.core.vault.attached import PIECE
from app.sync.blobs import OTHER_BYTES
from app.sync.engine import Did
from tests.hosted.web.conftest import Site
from tests.sync.carrying import Computer, computers, scan, site, stored, superbill
from tests.sync.test_blobs import client

__all__ = ["client", "computers", "site"]


def damage(site: Site, tmp_path: Path, place: int) -> None:
    """Change bytes of one piece of every file on the server's disk."""
    for path in stored(site, tmp_path):
        if path.name == str(place):
            path.write_bytes(path.read_bytes()[:-1] + b"!")


def test_the_one_who_has_it_whole_sends_a_damaged_piece_again(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path, site: Site
) -> None:
    office, laptop = computers
    source = scan(tmp_path, 2 * PIECE + 5)
    found = office.attach(client, source)
    office.exchange()
    damage(site, tmp_path, 1)
    laptop.exchange()
    assert laptop.standing().trouble == OTHER_BYTES
    office.store.asked.clear()
    office.exchange()
    assert office.store.asked == [], "it was asked less than a minute ago"
    office.desktop.clock.forward(seconds=61)
    assert office.exchange() is Did.QUIET
    assert [place for verb, _, place in office.store.asked if verb == "put"] == [1]
    assert laptop.exchange() is Did.QUIET
    assert laptop.here(client) == [True]
    assert laptop.content(found, tmp_path / "copy") == source.read_bytes()
    assert office.store.doubted() == frozenset()


def test_a_damaged_paper_comes_again_too(
    computers: tuple[Computer, Computer], tmp_path: Path, site: Site
) -> None:
    office, laptop = computers
    found = superbill(office)
    office.exchange()
    damage(site, tmp_path, 0)
    laptop.exchange()
    office.desktop.clock.forward(seconds=61)
    office.exchange()
    laptop.exchange()
    paper = office.desktop.desk.ask(superbill_paper, found)
    assert laptop.desktop.desk.ask(superbill_paper, found) == paper


def test_nobody_takes_a_good_piece_away_by_doubting_it(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path, site: Site
) -> None:
    office, laptop = computers
    source = scan(tmp_path, 10)
    found = office.attach(client, source)
    office.exchange()
    address = next(address for verb, address, _ in office.store.asked if verb == "put")
    laptop.store.doubt(address, 0)
    (kept,) = (path for path in stored(site, tmp_path) if path.name == "0")
    assert laptop.store.get(address, 0) == kept.read_bytes()
    with pytest.raises(Exception, match="not_found"):
        laptop.store.doubt(address, 1)
    office.desktop.clock.forward(seconds=61)
    office.exchange()
    laptop.exchange()
    assert laptop.content(found, tmp_path / "copy") == source.read_bytes()

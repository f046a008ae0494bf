"""A file goes up though another program began it with a number of pieces that is not its own."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from app.core.clinical.queries import attachments
from app.core.vault.attached import PIECE
from app.sync.blobs import OTHER_BYTES, Standing
from app.sync.engine import Did
from tests.sync.carrying import Computer, computers, scan, site
from tests.sync.test_blobs import client

__all__ = ["client", "computers", "site"]


@pytest.mark.parametrize(
    ("size", "before"), [(10, 0), (2 * PIECE + 1, 0), (2 * PIECE + 1, 1), (2 * PIECE + 1, 2)]
)
def test_an_upload_is_not_stopped_by_another_number_of_pieces(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path, size: int, before: int
) -> None:
    """Another program sees the row before the file is up, or while it is on its way."""
    office, laptop = computers
    source = scan(tmp_path, size)
    found = office.attach(client, source)
    office.desktop.sync()
    begun: list[str] = []

    def tap(verb: str, address: str, place: int) -> bytes | None:
        asks = verb == "put" if before else verb == "have"
        if asks and place == before and not begun:
            begun.append(address)
            laptop.store.put(address, 0, 5, b"in its place")
        return None

    office.store.tap = tap
    assert office.exchange() is Did.QUIET
    assert office.standing() == Standing(0, 0, 0, "")
    laptop.exchange()
    assert begun
    assert laptop.content(found, tmp_path / "copy") == source.read_bytes()


def test_what_lies_whole_with_another_number_of_pieces_holds_up_no_other_file(
    computers: tuple[Computer, Computer], client: UUID, tmp_path: Path
) -> None:
    office, laptop = computers
    found = office.attach(client, scan(tmp_path, 2 * PIECE + 1))
    office.desktop.sync()
    address = office.desktop.desk.ask(attachments.stored, found)[1].address
    for place in range(2):
        laptop.store.put(address, place, 2, b"in its place")
    assert office.exchange() is Did.QUIET
    assert office.standing() == Standing(0, 0, 0, "")
    laptop.exchange()
    assert laptop.standing().trouble == OTHER_BYTES

"""A paper issued on one computer is previewed and printed again on the other, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.billing.superbills.queries.issued import superbill_paper
from app.core.kernel.errors import NotHereYet
from app.sync.blobs import OTHER_BYTES
from app.sync.engine import Did
from tests.hosted.web.conftest import Site
from tests.sync.carrying import Computer, computers, site, stored, superbill
from tests.sync.test_two_computers import at, number_of, person
from tests.sync.worlds import settle

__all__ = ["computers", "site"]


def test_a_superbill_is_the_same_on_the_other_computer_byte_for_byte(
    computers: tuple[Computer, Computer], tmp_path: Path, site: Site
) -> None:
    office, laptop = computers
    found = superbill(office)
    office.desktop.sync()
    laptop.desktop.sync()
    with pytest.raises(NotHereYet, match="This paper is not on this computer yet"):
        laptop.desktop.desk.ask(superbill_paper, found)
    # A paper that is on its way is no fault of the file.
    assert not any(each.problems for each in laptop.desktop.practice.verify())
    assert office.exchange() is Did.QUIET
    assert laptop.exchange() is Did.QUIET
    paper = office.desktop.desk.ask(superbill_paper, found)
    assert laptop.desktop.desk.ask(superbill_paper, found) == paper
    assert not any(b"%PDF" in path.read_bytes() for path in stored(site, tmp_path))
    # Its pieces lie in the encrypted file only.
    assert not list(laptop.desktop.practice.folder.glob("papers-coming/??/*"))
    laptop.store.asked.clear()
    laptop.again()
    laptop.exchange()
    assert laptop.store.asked == []


def test_a_wrong_paper_is_refused(computers: tuple[Computer, Computer]) -> None:
    office, laptop = computers
    found = superbill(office)
    office.exchange()
    laptop.store.tap = lambda verb, _address, _place: b"x" * 500 if verb == "get" else None
    laptop.exchange()
    assert laptop.standing().trouble == OTHER_BYTES
    with pytest.raises(NotHereYet):
        laptop.desktop.desk.ask(superbill_paper, found)
    laptop.store.tap = lambda _verb, _address, _place: None
    laptop.desktop.clock.forward(seconds=60)
    laptop.exchange()
    paper = office.desktop.desk.ask(superbill_paper, found)
    assert laptop.desktop.desk.ask(superbill_paper, found) == paper


def test_invoices_take_their_papers_along(computers: tuple[Computer, Computer]) -> None:
    office, laptop = computers
    walter = person(office.desktop)
    settle(office.desktop, laptop.desktop)
    number_of(laptop.desktop, at(laptop.desktop, walter), 3)
    laptop.exchange()
    office.exchange()

    def papers(computer: Computer) -> list[tuple[str, bytes]]:
        return computer.desktop.file.slice(
            lambda part: part.connection.execute(
                "SELECT digest, content FROM paper_bytes"
            ).fetchall()
        )

    assert papers(office) == papers(laptop) != []


def test_a_paper_is_marked_as_waiting_until_its_bytes_are_in_the_account(
    computers: tuple[Computer, Computer],
) -> None:
    office, laptop = (each.desktop for each in computers)
    found = superbill(computers[0])
    office.sync()
    laptop.sync()
    assert found in office.status().unsent
    assert found not in laptop.status().unsent, "what is still to come does not wait there"
    computers[0].exchange()
    assert found not in office.status().unsent

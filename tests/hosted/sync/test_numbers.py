"""Numbers on papers: what was given stays, and one that stands on two papers is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from tests.hosted.sync.scenes import Scene
from tests.hosted.worlds import Computer


def invoice(scene: Scene, number: str) -> dict[str, Any]:
    """Return the columns of an invoice."""
    return {
        "number": number,
        "case_id": scene.case.hex,
        "client_id": scene.client.hex,
        "bill_to": "Ana Ruiz",
        "issued_on": "2026-11-19",
        "due_on": "2026-12-19",
        "total": 15000,
        "issued_at": "2026-11-19T19:00:00+00:00",
        "content": "{}",
        "content_hash": "",
        "paper_hash": "",
    }


def numbered_twice(computer: Computer) -> list[tuple[UUID, str]]:
    """Return record and number of what a person is asked about numbers."""
    return [
        (UUID(hex=item["record_id"]), item["other"]["number"])
        for item in computer.inbox()
        if item["kind"] == "NUMBER"
    ]


def test_a_number_once_given_stays_and_a_second_one_is_shown(scene: Scene) -> None:
    """Rule 8 of 0022, also where its writer knew the first."""
    paper = uuid4()
    scene.office.add("invoice", invoice(scene, "INV-2026-0001"), paper)
    scene.agree()
    answer = scene.laptop.change("invoice", paper, number="INV-2026-0002")
    assert answer.verdict == "conflict"
    assert scene.both("invoice", paper)["number"] == "INV-2026-0001"
    assert numbered_twice(scene.laptop) == [(paper, "INV-2026-0002")]


def test_a_number_on_two_papers_is_told(scene: Scene) -> None:
    """Rule 14 of 0022: a machine set back with its mark gives one twice before anybody knows."""
    first, second = uuid4(), uuid4()
    scene.office.add("invoice", invoice(scene, "INV-2026-0001"), first)
    scene.laptop.add("invoice", invoice(scene, "INV-2026-0001"), second)
    scene.agree()
    assert numbered_twice(scene.office) == [(second, "INV-2026-0001")]
    third = [
        scene.office.write("invoice", uuid4(), invoice(scene, "INV-2026-0003"), new=True)
        for _ in range(2)
    ]
    scene.office.push(*third)
    scene.agree()
    assert {number for _, number in numbered_twice(scene.office)} == {
        "INV-2026-0001",
        "INV-2026-0003",
    }


def test_a_superbill_and_the_number_it_took_are_one_paper(scene: Scene) -> None:
    paper = uuid4()
    taken = {
        "number": "SB-2026-0001",
        "client_id": scene.client.hex,
        "taken_at": "2026-11-19T19:00:00+00:00",
    }
    scene.office.add("superbill_number", taken, paper)
    bill = {
        "number": "SB-2026-0001",
        "client_id": scene.client.hex,
        "patient": "Ana Ruiz",
        "provider": "Dana",
        "first_on": "2026-11-19",
        "last_on": "2026-11-19",
        "issued_on": "2026-11-19",
        "issued_at": "2026-11-19T19:00:00+00:00",
        "charged": 0,
        "paid": 0,
        "content": "{}",
        "content_hash": "",
        "paper_hash": "",
    }
    scene.office.add("superbill", bill, paper)
    scene.agree()
    assert numbered_twice(scene.office) == []
    scene.laptop.add("superbill_number", taken, uuid4())
    scene.agree()
    assert len(numbered_twice(scene.office)) == 1

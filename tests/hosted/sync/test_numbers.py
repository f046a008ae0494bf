"""Numbers on papers: what was given stays, and one that stands on two papers is told."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from app.sync.protocol.messages import Lease
from app.sync.protocol.terms import Verb
from hosted.sync.purging import purge
from tests.hosted.sync.scenes import Scene
from tests.hosted.worlds import Computer

INVOICE = {
    "bill_to": "Ana Ruiz",
    "issued_on": "2026-11-19",
    "due_on": "2026-12-19",
    "total": 15000,
    "issued_at": "2026-11-19T19:00:00+00:00",
    "content": "{}",
    "content_hash": "",
    "paper_hash": "",
}


def invoice(scene: Scene, number: str) -> dict[str, Any]:
    """Return the columns of an invoice."""
    whose = {"case_id": scene.case.hex, "client_id": scene.client.hex}
    return {**INVOICE, **whose, "number": number}


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


def gone(scene: Scene, *records: tuple[str, UUID]) -> None:
    """Purge records."""
    server = scene.office.server
    practice, now = scene.office.caller.practice_id, server.clock.now()
    purge(
        server.database,
        practice,
        records,
        ordered_by="Dana",
        reason="asked",
        now=now,
        register=server.register,
    )


def purged_case(scene: Scene) -> UUID:
    """Return a case that was purged before a computer that is offline knew of it."""
    case = scene.office.add("care_case", {"kind": "INDIVIDUAL"})
    gone(scene, ("care_case", case))
    return case


def test_the_number_of_a_purged_paper_was_given_all_the_same(scene: Scene) -> None:
    """Rule 14 of 0022: of the paper nothing stays but its number."""
    first, second = uuid4(), uuid4()
    scene.office.add("invoice", invoice(scene, "INV-2026-0001"), first)
    gone(scene, ("invoice", first))
    scene.laptop.add("invoice", invoice(scene, "INV-2026-0001"), second)
    scene.agree()
    assert numbered_twice(scene.office) == [(second, "INV-2026-0001")]


def test_a_paper_that_a_purge_kept_out_is_told_on_the_one_that_is_there(scene: Scene) -> None:
    """Rule 14 of 0022: the paper is out; of the purged case no word comes back."""
    first, case = uuid4(), purged_case(scene)
    scene.office.add("invoice", invoice(scene, "INV-2026-0001"), first)
    late = {**invoice(scene, "INV-2026-0001"), "case_id": case.hex, "bill_to": "planted"}
    paper = scene.laptop.write("invoice", uuid4(), late, new=True)
    for _ in range(2):
        assert [each.refusal for each in scene.laptop.push(paper)] == ["purged"]
    scene.agree()
    assert numbered_twice(scene.office) == [(first, "INV-2026-0001")]
    (item,) = scene.office.inbox()
    assert (item["case_id"], item["kept_device"]) == (scene.case.hex, "Laptop")
    assert "planted" not in str(item)


def test_the_number_of_a_paper_that_a_purge_kept_out_was_given(scene: Scene) -> None:
    """Rule 14 of 0022, in whatever order the two papers come."""
    second, third, case = uuid4(), uuid4(), purged_case(scene)
    late = {**invoice(scene, "INV-2026-0001"), "case_id": case.hex}
    refused = scene.laptop.write("invoice", uuid4(), late, new=True)
    assert [each.refusal for each in scene.laptop.push(refused)] == ["purged"]
    scene.office.add("invoice", invoice(scene, "INV-2026-0001"), second)
    both = {**invoice(scene, "INV-2026-0002"), "case_id": case.hex}
    answers = scene.laptop.push(
        scene.laptop.write("invoice", uuid4(), both, new=True),
        scene.laptop.write("invoice", third, invoice(scene, "INV-2026-0002"), new=True),
    )
    assert [each.verdict for each in answers] == ["rejected", "applied"]
    scene.agree()
    assert set(numbered_twice(scene.office)) == {
        (second, "INV-2026-0001"),
        (third, "INV-2026-0002"),
    }


def test_what_is_asked_of_a_number_outlives_the_paper_that_is_purged(scene: Scene) -> None:
    """Rule 14 of 0022: the other paper still bears a number that is out twice."""
    first, second = uuid4(), uuid4()
    scene.office.add("invoice", invoice(scene, "INV-2026-0001"), first)
    scene.laptop.add("invoice", invoice(scene, "INV-2026-0001"), second)
    gone(scene, ("invoice", second))
    third = scene.office.server.computer(scene.office.caller.practice_id, "Third")
    third.rows = {(each.entity, each.pk): dict(each.columns) for each in third.snapshot()}
    assert numbered_twice(third) == [(first, "INV-2026-0001")]
    (item,) = third.inbox()
    assert (item["state"], item["kept_device"]) == ("OPEN", "Laptop")


def test_what_was_decided_of_a_number_is_not_asked_again_when_a_paper_is_purged(
    scene: Scene,
) -> None:
    first, second = uuid4(), uuid4()
    scene.office.add("invoice", invoice(scene, "INV-2026-0001"), first)
    scene.laptop.add("invoice", invoice(scene, "INV-2026-0001"), second)
    scene.agree()
    (key,) = [key for key in scene.office.rows if key[0] == "inbox_item"]
    scene.office.change(*key, state="DISMISSED", decided_at=None, decided_by=None)
    gone(scene, ("invoice", second))
    assert [each for each in scene.office.snapshot() if each.entity == "inbox_item"] == []


def test_a_series_begins_behind_the_numbers_of_purged_papers(scene: Scene) -> None:
    paper = uuid4()
    scene.office.add("invoice", invoice(scene, "INV-2026-0007"), paper)
    gone(scene, ("invoice", paper))
    asked = Lease(scene.office.incarnation, "INV", 2026, 5)
    assert scene.office.ask(Verb.LEASE, asked).first == 8

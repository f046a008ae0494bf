"""Notes that come by the dozen: found at once, and indexed when nothing else is left to do."""

from __future__ import annotations

from uuid import UUID

import pytest

from app.core.kernel.acting import Scope
from app.core.store.ports import Found, ports_of
from app.sync import engine
from app.sync.engine import RESTING, Did
from app.sync.file import Slice
from tests.sync.test_two_computers import draft, person
from tests.sync.worlds import Desktop


@pytest.fixture
def notes(office: Desktop, laptop: Desktop, monkeypatch: pytest.MonkeyPatch) -> list[UUID]:
    """More of them in the account than may wait for the index."""
    monkeypatch.setattr(engine, "TEXTS", 5)
    walter = person(office)
    laptop.sync()
    written = [draft(office, walter.case_id, f"Pumpernickel {number}") for number in range(12)]
    office.sync()
    return written


def found(desktop: Desktop) -> set[UUID]:
    def find(session: object, _scope: Scope) -> list[Found]:
        return ports_of(session).search.find(session, "pumper", body=True, limit=20)  # type: ignore[arg-type]

    return {each.id for each in desktop.desk.ask(find)}


def behind(desktop: Desktop) -> bool:
    def asked(part: Slice) -> bool:
        return ports_of(part.session).search.behind(part.session)

    return desktop.file.slice(asked)


def steps(desktop: Desktop) -> list[Did]:
    did = [desktop.engine.step()]
    while did[-1] not in RESTING:
        did.append(desktop.engine.step())
    return did


def test_they_are_found_at_once_and_indexed_last(laptop: Desktop, notes: list[UUID]) -> None:
    laptop.engine.poke()
    did = steps(laptop)
    assert did[-3:] == [Did.APPLIED, Did.INDEXED, Did.QUIET]
    assert not behind(laptop)
    assert found(laptop) == set(notes)
    assert Did.INDEXED not in steps(laptop)


def test_they_are_indexed_also_while_the_account_cannot_be_asked(
    laptop: Desktop, notes: list[UUID]
) -> None:
    laptop.engine.poke()
    while laptop.engine.step() is not Did.APPLIED:
        pass
    laptop.transport.offline = True
    laptop.restart()
    assert behind(laptop)
    assert found(laptop) == set(notes)
    assert steps(laptop) == [Did.FAILED]
    laptop.engine.wake()
    assert steps(laptop)[-2:] == [Did.INDEXED, Did.FAILED]
    assert not behind(laptop)

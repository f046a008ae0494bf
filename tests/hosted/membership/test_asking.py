"""The owner asks support about the Archive, where something stands in its way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from app.core.kernel.entitlement import Plan
from app.sync.protocol.membership import MembershipAnswer
from hosted.membership.charging import ByHand
from hosted.membership.commands.changing import NotAllowed, change_plan
from hosted.settings import NOBODY
from hosted.store.engine import Database
from tests.hosted.conftest import on_sqlite
from tests.hosted.team.office import OWNER, TOKEN, Office, office_on
from tests.hosted.web.conftest import Site
from tests.hosted.worlds import NOTE


@pytest.fixture
def stored(empty_sqlite: bytes, tmp_path: Path) -> Iterator[Database]:
    """One kind of database: neither letter nor plan sees a difference."""
    yield from on_sqlite(empty_sqlite, tmp_path)


@pytest.fixture
def office(stored: Database, tmp_path: Path) -> Office:
    """A practice on Group, two notes of which nobody has signed."""
    made = office_on(stored, tmp_path)
    leave_open(made, 2)
    return made


def leave_open(office: Office, count: int) -> None:
    """Begin so many notes that nobody signs."""
    case = office.computer.add("care_case", {"kind": "INDIVIDUAL"}).hex
    for _ in range(count):
        draft = {**NOTE, "case_id": case, "author_id": office.owner_id.hex}
        office.computer.add("note", draft)


@pytest.fixture
def program(office: Office) -> Iterator[httpx2.Client]:
    """The owner's program, and a server for it."""
    site = Site(office.services, office.clock)
    site.start()
    yield site.client(f"{TOKEN}_of_{office.owner}")
    site.stop()


def test_support_is_told_who_asks_and_how_much_is_open(
    office: Office, program: httpx2.Client
) -> None:
    answer = program.post("/v1/membership/support")
    assert answer.status_code == 200, answer.text
    assert len(MembershipAnswer.read(answer.json()).facts.drafts) == 2
    (letter,) = office.letters()
    assert (letter.to, letter.subject) == (NOBODY, "A practice asks about Archive")
    for said in (office.practice_id.hex, OWNER, "2 notes are not signed yet."):
        assert said in letter.text
    # Which notes they are is the practice's own.
    assert "Progress note" not in letter.text
    for _ in range(2):
        assert program.post("/v1/membership/support").status_code == 200
    assert program.post("/v1/membership/support").status_code == 429


def test_what_support_has_looked_at_keeps_nobody_from_archive(office: Office) -> None:
    """A note of somebody who has left, which nobody can sign any more."""

    def archive(*, reviewed: bool = False) -> None:
        now = office.clock.now()
        change_plan(office.database, office.whose, Plan.ARCHIVE, ByHand(), now, reviewed=reviewed)

    with pytest.raises(NotAllowed, match="2 notes are not signed yet"):
        archive()
    archive(reviewed=True)
    assert office.facts().stands(office.clock.now()).plan is Plan.ARCHIVE
    # Only what is open is waived, nothing else that stands in the way.
    with pytest.raises(NotAllowed, match="already"):
        archive(reviewed=True)

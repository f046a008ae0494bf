"""Real encrypted practices for tests: made once a session, copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from app import bootstrap
from app.core.practice.rules.organization import PracticeFields
from app.core.team.commands import NewPractice
from app.core.team.rules import LicenseFields, MemberFields
from app.core.vault.desk import VaultDesk
from tests.support.clock import StillClock

PASSPHRASE = "correct horse battery"

OWNER = NewPractice(
    practice=PracticeFields(
        name="Alder Street Therapy",
        legal_name="Alder Street Therapy, PC",
        zone="America/Los_Angeles",
        phone="(707) 555-0142",
        email="billing@alderstreet.example",
        address1="418 Alder Street, Suite 2B",
        city="Alder Bay",
        state="CA",
        zip="95999",
        tax_id="12-3456789",
    ),
    owner=MemberFields(
        given="Dana",
        family="Whitfield",
        credentials="LMFT",
        npi="1234567893",
        taxonomy="106H00000X",
    ),
    license=LicenseFields(kind="LMFT", number="84117", state="CA"),
)


@dataclass(frozen=True, slots=True)
class StoredPractice:
    """A closed practice on disk, to be copied."""

    folder: Path
    state: Path
    recovery_key: str


class TestDesk(VaultDesk):
    """The desk of a test's practice; its clock can be moved."""

    __test__ = False
    clock: StillClock


@pytest.fixture(scope="session")
def stored_practice(tmp_path_factory: pytest.TempPathFactory) -> StoredPractice:
    """A practice as it is right after set-up, closed."""
    root = tmp_path_factory.mktemp("practice")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRACTICERUNNER_STATE_DIR", str(root / "state"))
        prepared = bootstrap.prepare_keys(PASSPHRASE)
        bootstrap.create_practice(root / "data", prepared, OWNER, StillClock()).close()
    return StoredPractice(root / "data", root / "state", prepared.recovery_key)


@pytest.fixture
def practice_folder(
    stored_practice: StoredPractice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A fresh copy of the stored practice, with its state folder, for this test alone."""
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    shutil.copytree(stored_practice.folder, tmp_path / "data")
    shutil.copytree(stored_practice.state, tmp_path / "state")
    return tmp_path / "data"


@pytest.fixture
def practice(practice_folder: Path) -> Iterator[bootstrap.OpenPractice]:
    """The practice, open, at the moment of the design's pictures."""
    keys = bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)
    opened = bootstrap.open_practice(practice_folder, keys, StillClock())
    yield opened
    opened.close()


@pytest.fixture
def desk(practice: bootstrap.OpenPractice) -> TestDesk:
    """The open practice's desk; ``desk.clock`` can be moved."""
    return practice.desk  # type: ignore[return-value]


@pytest.fixture
def owner_id(desk: TestDesk) -> UUID:
    """The owner, Dana Whitfield."""
    assert desk.actor.member_id is not None
    return desk.actor.member_id

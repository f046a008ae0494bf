"""Real encrypted practices for tests: made once a session, copied for each test."""

from __future__ import annotations

import copy
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from app import bootstrap
from app.core.practice.rules.organization import PracticeFields
from app.core.team.commands import NewPractice
from app.core.team.rules import LicenseFields, MemberFields
from app.core.vault.desk import VaultDesk
from app.core.vault.keys import Keys
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
    unwrapped: Keys

    def keys(self) -> Keys:
        """Return its keys, unwrapped, to be wiped by whoever opens a copy: stretching the
        passphrase takes longer than most tests.
        """
        return copy.deepcopy(self.unwrapped)

    def copy_to(self, root: Path, patch: pytest.MonkeyPatch) -> Path:
        """Return the folder of a copy of it, whose state folder is this computer's now."""
        patch.setenv("PRACTICERUNNER_STATE_DIR", str(root / "state"))
        shutil.copytree(self.folder, root / "data")
        shutil.copytree(self.state, root / "state")
        return root / "data"


class TestDesk(VaultDesk):
    """The desk of a test's practice; its clock can be moved."""

    __test__ = False
    clock: StillClock


def store_practice(
    root: Path, fill: Callable[[VaultDesk], object] = lambda _desk: None
) -> StoredPractice:
    """Make a practice below ``root``, let ``fill`` write in it, and return it closed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRACTICERUNNER_STATE_DIR", str(root / "state"))
        prepared = bootstrap.prepare_keys(PASSPHRASE)
        unwrapped = copy.deepcopy(prepared.keys)
        opened = bootstrap.create_practice(root / "data", prepared, OWNER, StillClock())
        fill(opened.desk)
        opened.close()
    return StoredPractice(root / "data", root / "state", prepared.recovery_key, unwrapped)


@pytest.fixture(scope="session")
def new_practice(tmp_path_factory: pytest.TempPathFactory) -> StoredPractice:
    """A practice as it is right after set-up, closed."""
    return store_practice(tmp_path_factory.mktemp("practice"))


@pytest.fixture(scope="session")
def stored_practice(new_practice: StoredPractice) -> StoredPractice:
    """The practice that each test gets a copy of."""
    return new_practice


@pytest.fixture
def practice_folder(
    stored_practice: StoredPractice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """A fresh copy of the stored practice, with its state folder, for this test alone."""
    return stored_practice.copy_to(tmp_path, monkeypatch)


@pytest.fixture
def practice(
    stored_practice: StoredPractice, practice_folder: Path
) -> Iterator[bootstrap.OpenPractice]:
    """The practice, open, at the moment of the design's pictures."""
    opened = bootstrap.open_practice(practice_folder, stored_practice.keys(), StillClock())
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

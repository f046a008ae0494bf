"""The file as the engine sees it, and two computers with one account."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import bootstrap
from app.core.vault.keys import Keys
from app.sync.file import LocalFile
from hosted.store.engine import database_in_memory
from tests.support.images import put_image
from tests.support.practice import PASSPHRASE, StoredPractice
from tests.sync.worlds import Desktop, Hosted, StoredWorld, store_world


@pytest.fixture
def file(practice: bootstrap.OpenPractice) -> LocalFile:
    """The open practice as the engine uses it."""
    return LocalFile(practice.desk)


@pytest.fixture(scope="session")
def stored_keys(stored_practice: StoredPractice) -> Keys:
    """The stored practice's keys: unwrapping them takes a third of a second."""
    return bootstrap.unlock(stored_practice.folder, passphrase=PASSPHRASE)


@pytest.fixture(scope="session")
def prepared() -> bootstrap.PreparedKeys:
    """Keys for a computer that joins."""
    return bootstrap.prepare_keys(PASSPHRASE)


@pytest.fixture(scope="session")
def stored_world(
    stored_practice: StoredPractice,
    stored_keys: Keys,
    prepared: bootstrap.PreparedKeys,
    tmp_path_factory: pytest.TempPathFactory,
) -> StoredWorld:
    """An account with two computers, closed."""
    root = tmp_path_factory.mktemp("world")
    return store_world(root, stored_practice, stored_keys, prepared)


@pytest.fixture
def hosted(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[Hosted]:
    """A server that knows the computers that the test asks for; else it is empty."""
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "nobody"))
    asked = set(request.fixturenames)
    database = database_in_memory()
    if "office" in asked:
        world: StoredWorld = request.getfixturevalue("stored_world")
        put_image(database, world.shared if "laptop" in asked else world.alone)
    yield Hosted(database)
    database.close()


@pytest.fixture
def office(hosted: Hosted, stored_world: StoredWorld, tmp_path: Path) -> Iterator[Desktop]:
    """The computer that had the practice first, connected and uploaded."""
    desktop = stored_world.office.copy_to(tmp_path / "office", hosted)
    yield desktop
    desktop.close()


@pytest.fixture
def laptop(office: Desktop, stored_world: StoredWorld, tmp_path: Path) -> Iterator[Desktop]:
    """A second computer of the same member."""
    desktop = stored_world.laptop.copy_to(tmp_path / "laptop", office.hosted)
    yield desktop
    desktop.close()

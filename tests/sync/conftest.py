"""The file as the engine sees it, and two computers with one account."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import bootstrap
from app.core.vault.desk import InlineWorker
from app.core.vault.keys import Keys
from app.sync.file import LocalFile
from hosted.store.engine import database_in_memory
from tests.support.practice import PASSPHRASE, StoredPractice
from tests.sync.worlds import Desktop, Hosted, connected, copied, joined


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


@pytest.fixture
def hosted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hosted]:
    """An empty server."""
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "nobody"))
    database = database_in_memory()
    yield Hosted(database)
    database.close()


@pytest.fixture
def office(
    hosted: Hosted, stored_practice: StoredPractice, stored_keys: Keys, tmp_path: Path
) -> Iterator[Desktop]:
    """The computer that had the practice first, connected and uploaded."""
    desktop = Desktop(tmp_path / "office", hosted)
    shutil.copytree(stored_practice.folder, desktop.root / "data")
    shutil.copytree(stored_practice.state, desktop.root / "state")
    with desktop.at_home():
        practice = bootstrap.open_practice(
            desktop.root / "data", copied(stored_keys), desktop.clock, InlineWorker
        )
    connected(desktop, practice, "Office")
    yield desktop
    desktop.close()


@pytest.fixture
def laptop(office: Desktop, prepared: bootstrap.PreparedKeys, tmp_path: Path) -> Iterator[Desktop]:
    """A second computer of the same member."""
    desktop = Desktop(tmp_path / "laptop", office.hosted)
    joined(desktop, office, prepared, "Laptop")
    yield desktop
    desktop.close()

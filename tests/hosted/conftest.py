"""Servers for tests: the same tests on SQLite in memory and on a private PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from hosted.private_postgres import NoPostgres, PrivatePostgres
from hosted.store.engine import Database, database_in_memory, open_database
from hosted.store.migrate import upgrade
from tests.hosted.rooms import TEMPLATE, Rooms
from tests.hosted.worlds import Computer, Server
from tests.support.clock import THE_MOMENT
from tests.support.images import database_from, image_of


@pytest.fixture(scope="session")
def empty_sqlite() -> bytes:
    """A migrated SQLite database without practices, as bytes."""
    database = database_in_memory()
    upgrade(database, THE_MOMENT)
    made = image_of(database)
    database.close()
    return made


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A running PostgreSQL with the migrated database ``TEMPLATE``."""
    # Not pytest's own folder: an ordinary user must be able to reach it.
    folder = Path(tempfile.mkdtemp(prefix="practicerunner-postgres-"))
    folder.chmod(0o755)
    try:
        made = PrivatePostgres(folder / "private", durable=False)
        made.start()
    except NoPostgres as reason:
        shutil.rmtree(folder)
        pytest.skip(str(reason))
    made.create(TEMPLATE)
    database = open_database(made.url(TEMPLATE))
    upgrade(database, THE_MOMENT)
    database.close()
    yield made
    made.stop()
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def rooms(postgres: PrivatePostgres) -> Iterator[Rooms]:
    """Databases of it without practices."""
    made = Rooms(postgres)
    yield made
    made.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database without practices."""
    if request.param == "sqlite":
        made = database_from(request.getfixturevalue("empty_sqlite"))
        yield made
        made.close()
        return
    with request.getfixturevalue("rooms").room() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database without practices that several threads may use at once."""
    if request.param == "sqlite":
        yield from on_sqlite(request.getfixturevalue("empty_sqlite"), tmp_path)
        return
    with request.getfixturevalue("rooms").room() as made:
        yield made


def on_sqlite(empty: bytes, folder: Path) -> Iterator[Database]:
    """Yield an embedded database without practices, for what one kind of database will do."""
    path = folder / "practice.sqlite"
    path.write_bytes(empty)
    made = open_database(str(path))
    yield made
    made.close()


def as_asked(request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """Yield the kind of database that a test names; one that names none knows no kind."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield from on_sqlite(request.getfixturevalue("empty_sqlite"), folder)
        return
    with request.getfixturevalue("rooms").room() as made:
        yield made


@pytest.fixture
def walled(postgres: PrivatePostgres) -> Iterator[Database]:
    """A PostgreSQL database without practices, made for this test alone."""
    name = f"test_{uuid4().hex}"
    postgres.create(name, template=TEMPLATE)
    made = open_database(postgres.url(name))
    yield made
    made.close()
    postgres.drop(name)


@pytest.fixture
def server(database: Database) -> Server:
    """A server without practices."""
    return Server(database)


@pytest.fixture
def pair(server: Server) -> tuple[Computer, Computer]:
    """Two computers of one practice."""
    practice = server.practice()
    return server.computer(practice, "Office"), server.computer(practice, "Laptop")

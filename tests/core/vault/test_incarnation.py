"""A copied or restored file never gives a number that another life of it gave."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest

from app import bootstrap
from app.core.kernel.acting import Permission
from app.core.kernel.errors import MachineError, WrongPassphrase
from app.core.practice.tables import Practice
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.vault.backup import Backup
from app.core.vault.engine import connect
from app.core.vault.files import DATABASE
from app.core.vault.incarnation import Mark, newest
from app.core.vault.vault import Vault
from tests.core.vault.test_vault import name, rename, reopen
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE


@command(permission=Permission.PRACTICE_SETTINGS, label="Issue a paper")
def issue(uow: UnitOfWork) -> str:
    """Take a number and keep it in a record, as every paper does."""
    number = uow.numbers.take("INV", 2026)
    uow.get(Practice, uow.actor.practice_id).name = number
    return number


def kill(opened: bootstrap.OpenPractice) -> None:
    """Leave everything as a kill does: no mark is written on the way out."""
    opened.desk.close()
    opened._copier.close()
    Vault.close(opened.vault)


def number_of(folder: Path, clock: StillClock | None = None) -> str:
    opened = reopen(folder, clock)
    number = opened.desk.do(issue).value
    opened.close()
    return number


def test_a_copy_that_was_killed_has_still_moved_on(practice_folder: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(practice_folder, copy)
    copied = reopen(copy)
    first = copied.desk.do(issue).value
    kill(copied)

    second = number_of(practice_folder)
    third = number_of(copy)

    assert len({first, second, third}) == 3
    assert first == "INV-2026-0001"
    assert second.split("-")[2].isalpha()
    assert third.split("-")[2].isalpha()


def test_a_copy_made_while_the_practice_was_open(practice_folder: Path, tmp_path: Path) -> None:
    opened = reopen(practice_folder)
    shutil.copytree(practice_folder, tmp_path / "copy")
    given = [opened.desk.do(issue).value for _ in range(2)]
    kill(opened)

    assert number_of(tmp_path / "copy") not in given


def test_a_killed_program_keeps_its_series(practice_folder: Path) -> None:
    for expected in ("INV-2026-0001", "INV-2026-0002"):
        opened = reopen(practice_folder)
        opened.desk.do(rename, expected)
        assert opened.desk.do(issue).value == expected
        opened.desk.do(rename, "and on")
        kill(opened)


@pytest.fixture
def backup(practice_folder: Path, tmp_path: Path) -> Backup:
    """A backup of the practice as it is now."""
    opened = reopen(practice_folder)
    made = opened.backup(tmp_path / "backups")
    opened.close()
    return made


def test_a_restored_backup_is_a_new_life_also_when_nothing_came_after_it(
    practice_folder: Path, backup: Backup
) -> None:
    bootstrap.restore(backup.path, practice_folder, passphrase=PASSPHRASE).wipe()

    assert number_of(practice_folder).split("-")[2].isalpha()


def test_a_backup_made_and_restored_around_a_crash(practice_folder: Path, tmp_path: Path) -> None:
    opened = reopen(practice_folder)
    opened.desk.do(rename, "Before")
    made = opened.backup(tmp_path / "backups")
    given = opened.desk.do(issue).value
    kill(opened)
    bootstrap.restore(made.path, practice_folder, passphrase=PASSPHRASE).wipe()

    assert number_of(practice_folder) != given


def test_a_restore_that_is_refused_changes_no_series(practice_folder: Path, backup: Backup) -> None:
    with pytest.raises(WrongPassphrase):
        bootstrap.restore(backup.path, practice_folder, passphrase="not this one")

    assert number_of(practice_folder) == "INV-2026-0001"


LIFE, OTHER = uuid4(), uuid4()


@pytest.mark.parametrize(
    "change",
    [
        lambda _text: None,
        lambda _text: "nonsense",
        lambda _text: Mark(OTHER, 1, 1).to_text(),
        lambda text: text.replace('"position": ', '"position": 9'),
        lambda text: text.replace('"opened": ', '"opened": 9'),
    ],
    ids=["absent", "unreadable", "another life", "position ahead", "openings ahead"],
)
def test_a_mark_that_is_absent_different_or_ahead(
    practice_folder: Path, tmp_path: Path, change: Callable[[str], str | None]
) -> None:
    opened = reopen(practice_folder)
    mark = tmp_path / "state" / f"{opened.vault.vault_id}.mark"
    opened.close()
    changed = change(mark.read_text())
    if changed is None:
        mark.unlink()
    else:
        mark.write_text(changed)

    assert number_of(practice_folder).split("-")[2].isalpha()


def test_two_places_agree_on_the_furthest_mark() -> None:
    marks = [Mark(LIFE, 3, 40), None, Mark(LIFE, 4, 20)]

    assert newest([*marks]) == Mark(LIFE, 4, 40)
    assert newest([Mark(LIFE, 1, 1), Mark(OTHER, 1, 1)]) is None
    assert newest([None]) is None


def test_the_clock_plays_no_part(practice_folder: Path) -> None:
    clock = StillClock()
    clock.forward(days=-400)
    reopen(practice_folder, clock).close()

    assert number_of(practice_folder) == "INV-2026-0001"


def test_a_life_that_began_with_the_clock_behind_goes_on(
    practice_folder: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(practice_folder, copy)
    number_of(practice_folder)
    clock = StillClock()
    clock.forward(days=-1)
    series, _, number = number_of(copy, clock).rpartition("-")

    assert (series.split("-")[2].isalpha(), number) == (True, "0001")
    assert number_of(copy, clock) == f"{series}-0002"


def test_a_mark_that_cannot_be_read_or_kept(
    practice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = next((tmp_path / "state").glob("*.mark"))
    mark.write_bytes(bytes(range(256)))
    assert number_of(practice_folder).split("-")[2].isalpha()
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(practice_folder / DATABASE))

    with pytest.raises(MachineError, match=f"{DATABASE} cannot be used"):
        reopen(practice_folder)


def test_a_full_disk_keeps_nobody_from_reading(practice_folder: Path) -> None:
    keys = bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)
    connection = connect(practice_folder / DATABASE, keys.database)
    connection.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON incarnation "
        "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
    )
    connection.close()
    opened = reopen(practice_folder)
    assert opened.desk.ask(name) == "Alder Street Therapy"
    opened.close()
    connection = connect(practice_folder / DATABASE, keys.database)
    connection.execute("DROP TRIGGER full")
    connection.close()

    assert number_of(practice_folder) == "INV-2026-0001"

"""The practice file: made, unlocked, in use, damaged, newer, copied, restored."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import IO

import pytest
from sqlalchemy.orm import Session

from app import bootstrap
from app.core.kernel.acting import Permission, Scope
from app.core.kernel.errors import (
    DiskFull,
    FileInUse,
    MachineError,
    NewerFile,
    NotOurFile,
    UserError,
    WrongPassphrase,
)
from app.core.practice import queries
from app.core.practice.tables import Practice
from app.core.store.command import command
from app.core.store.unit import UnitOfWork
from app.core.vault import engine, incarnation
from app.core.vault.backup import list_backups
from app.core.vault.engine import connect
from app.core.vault.files import DATABASE, KEYS
from app.core.vault.keys import normalize_recovery_key, read_key_file
from tests.support.clock import StillClock
from tests.support.practice import OWNER, PASSPHRASE, StoredPractice


@command(permission=Permission.BILL, label="Take a number")
def take_number(uow: UnitOfWork) -> str:
    """Take the next invoice number of 2026."""
    return uow.numbers.take("INV", 2026)


@command(permission=Permission.PRACTICE_SETTINGS, label="Rename", undo=True)
def rename(uow: UnitOfWork, name: str) -> None:
    """Rename the practice."""
    uow.get(Practice, uow.actor.practice_id).name = name


def name(session: Session, scope: Scope) -> str:
    return queries.practice(session, scope).name


def reopen(folder: Path, clock: StillClock | None = None) -> bootstrap.OpenPractice:
    keys = bootstrap.unlock(folder, passphrase=PASSPHRASE)
    return bootstrap.open_practice(folder, keys, clock or StillClock())


def test_what_was_written_is_there_after_reopening(practice_folder: Path) -> None:
    opened = reopen(practice_folder)
    opened.desk.do(rename, "O\u2019Brien & Søn")
    opened.close()
    again = reopen(practice_folder)
    assert again.desk.ask(name) == "O\u2019Brien & Søn"
    again.close()


def test_closing_counts_what_a_search_should_begin_with(practice_folder: Path) -> None:
    opened = reopen(practice_folder)
    key = bytes(opened.vault.keys.database)
    opened.close()
    connection = connect(practice_folder / DATABASE, key)
    counted = {table for (table,) in connection.execute("SELECT tbl FROM sqlite_stat1")}
    connection.close()
    assert {"practice", "member", "audit"} <= counted


def test_a_full_disk_keeps_nobody_from_locking(practice_folder: Path) -> None:
    opened = reopen(practice_folder)
    pages = opened.vault.connection.execute("PRAGMA page_count").fetchone()[0]
    opened.vault.connection.execute(f"PRAGMA max_page_count = {pages}")
    opened.close()
    again = reopen(practice_folder)
    assert again.desk.ask(name)
    again.close()


def test_nothing_readable_lies_in_the_folder(practice_folder: Path) -> None:
    opened = reopen(practice_folder)
    opened.desk.do(rename, "MARKER-7731")
    for path in practice_folder.iterdir():
        content = path.read_bytes()
        assert b"MARKER-7731" not in content
        assert b"SQLite format" not in content
    opened.close()


def test_a_wrong_passphrase_is_refused_and_slows_down(practice_folder: Path) -> None:
    clock = StillClock()
    for _ in range(3):
        with pytest.raises(WrongPassphrase):
            bootstrap.unlock(practice_folder, passphrase="not this one", clock=clock)
    with pytest.raises(MachineError, match="wait 2 seconds"):
        bootstrap.unlock(practice_folder, passphrase=PASSPHRASE, clock=clock)
    clock.forward(seconds=3)
    bootstrap.unlock(practice_folder, passphrase=PASSPHRASE, clock=clock)
    with pytest.raises(WrongPassphrase):
        bootstrap.unlock(practice_folder, passphrase="not this one", clock=clock)


def test_the_recovery_key_opens_however_it_is_typed(
    practice_folder: Path, stored_practice: StoredPractice
) -> None:
    typed = stored_practice.recovery_key.lower().replace("-", " ").replace("0", "o")
    keys = bootstrap.unlock(practice_folder, recovery_key=typed)
    opened = bootstrap.open_practice(practice_folder, keys, StillClock())
    opened.change_passphrase("a new passphrase")
    opened.close()
    bootstrap.unlock(practice_folder, passphrase="a new passphrase")
    with pytest.raises(WrongPassphrase):
        bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)


def test_look_alike_letters_of_a_recovery_key_are_folded() -> None:
    assert normalize_recovery_key("oil0-ab c") == "0110ABC"


def test_one_program_per_file(practice_folder: Path) -> None:
    opened = reopen(practice_folder)
    with pytest.raises(FileInUse, match="another copy of the program"):
        reopen(practice_folder)
    opened.close()
    reopen(practice_folder).close()


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(UserError) as refused:
        bootstrap.prepare_keys("short")
    assert refused.value.field == "passphrase"


def test_a_practice_is_never_made_over_another(practice_folder: Path) -> None:
    with pytest.raises(UserError, match="already lies"):
        bootstrap.create_practice(practice_folder, bootstrap.prepare_keys(PASSPHRASE), OWNER)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda f: (f / DATABASE).write_bytes(b"hello" * 2000), "not a PracticeRunner practice"),
        (lambda f: (f / DATABASE).write_bytes((f / DATABASE).read_bytes()[:3000]), "not a Pract"),
        (lambda f: (f / KEYS).write_bytes(b"{"), "key file"),
        (lambda f: (f / KEYS).unlink(), "key file"),
        (lambda f: (f / DATABASE).unlink(), "no practice in"),
    ],
)
def test_a_damaged_file_is_said_in_a_sentence(
    practice_folder: Path, damage: object, sentence: str
) -> None:
    assert callable(damage)
    for extra in ("-wal", "-shm"):
        (practice_folder / f"{DATABASE}{extra}").unlink(missing_ok=True)
    damage(practice_folder)
    with pytest.raises(NotOurFile, match=sentence):
        reopen(practice_folder)


def test_a_newer_file_is_politely_refused(practice_folder: Path) -> None:
    keys = read_key_file(practice_folder / KEYS).open_with_passphrase(PASSPHRASE)
    connection = connect(practice_folder / DATABASE, keys.database)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(NewerFile, match="newer version"):
        reopen(practice_folder)


def test_an_interrupted_set_up_leaves_nothing_that_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    folder = tmp_path / "data"
    bootstrap.create_practice(folder, bootstrap.prepare_keys(PASSPHRASE), OWNER).close()
    (folder / KEYS).unlink()
    with pytest.raises(NotOurFile):
        bootstrap.unlock(folder, passphrase=PASSPHRASE)
    bootstrap.create_practice(folder, bootstrap.prepare_keys(PASSPHRASE), OWNER).close()
    assert (folder / "unfinished-1" / DATABASE).exists()


def test_numbers_of_the_first_life_and_of_a_copy(practice_folder: Path, tmp_path: Path) -> None:
    opened = reopen(practice_folder)
    assert opened.desk.do(take_number).value == "INV-2026-0001"
    opened.close()
    copy = tmp_path / "copy"
    shutil.copytree(practice_folder, copy)
    opened = reopen(practice_folder)
    opened.desk.do(rename, "Moved on")
    assert opened.desk.do(take_number).value == "INV-2026-0002"
    opened.close()
    copied = reopen(copy)
    number = copied.desk.do(take_number).value
    copied.close()
    assert number.startswith("INV-2026-")
    tag = number.split("-")[2]
    assert len(tag) == 3
    assert tag.isalpha()
    assert not set(tag) & set("AEIOUY")
    assert number.endswith("-0001")


def test_a_file_on_another_computer_is_a_new_incarnation(
    practice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "other-computer"))
    opened = reopen(practice_folder)
    assert len(opened.desk.do(take_number).value.split("-")) == 4
    opened.close()
    opened = reopen(practice_folder)
    assert opened.desk.do(take_number).value.endswith("-0002")
    opened.close()


def test_a_file_keeps_its_position_when_its_outbox_was_sent_and_emptied(
    practice: bootstrap.OpenPractice,
) -> None:
    @command(permission=Permission.PRACTICE_SETTINGS, label="Empty")
    def empty(uow: UnitOfWork) -> None:
        uow.session.connection().exec_driver_sql("DELETE FROM outbox")

    def position(session: Session, _scope: Scope) -> int:
        return incarnation.position(session)

    reached = practice.desk.ask(position)
    practice.desk.do(empty)
    assert practice.desk.ask(position) == reached > 0
    practice.desk.do(rename, "Moved on")
    assert practice.desk.ask(position) == reached + 1


def test_backup_and_restore_on_an_empty_machine(
    practice_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    stored_practice: StoredPractice,
) -> None:
    opened = reopen(practice_folder)
    opened.desk.do(rename, "Kept safe")
    made = opened.backup(tmp_path / "backups")
    opened.close()
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "empty-machine"))
    target = tmp_path / "restored"
    with pytest.raises(WrongPassphrase):
        bootstrap.restore(made.path, target, passphrase="wrong wrong wrong")
    assert not (target / KEYS).exists()
    keys = bootstrap.restore(made.path, target, recovery_key=stored_practice.recovery_key)
    restored = bootstrap.open_practice(target, keys, StillClock())
    assert restored.desk.ask(name) == "Kept safe"
    assert all(not finding.problems for finding in restored.verify())
    assert len(restored.desk.do(take_number).value.split("-")) == 4
    restored.close()


def test_restore_keeps_what_lay_there(practice_folder: Path, tmp_path: Path) -> None:
    opened = reopen(practice_folder)
    made = opened.backup(tmp_path / "backups")
    opened.desk.do(rename, "Later")
    opened.close()
    bootstrap.restore(made.path, practice_folder, passphrase=PASSPHRASE).wipe()
    assert (practice_folder / "before-restore-1" / DATABASE).exists()
    opened = reopen(practice_folder)
    assert opened.desk.ask(name) == "Alder Street Therapy"
    opened.close()


@pytest.mark.parametrize("keep", [0, 100, 0.5, 0.99])
def test_a_cut_off_backup_is_refused(practice_folder: Path, tmp_path: Path, keep: float) -> None:
    opened = reopen(practice_folder)
    made = opened.backup(tmp_path / "backups")
    opened.close()
    whole = made.path.read_bytes()
    made.path.write_bytes(whole[: int(keep if keep > 1 else keep * len(whole))])
    with pytest.raises(NotOurFile):
        bootstrap.restore(made.path, tmp_path / "restored", passphrase=PASSPHRASE)
    assert not (tmp_path / "restored" / DATABASE).exists()


def test_a_changed_page_in_a_backup_is_noticed(practice_folder: Path, tmp_path: Path) -> None:
    opened = reopen(practice_folder)
    made = opened.backup(tmp_path / "backups")
    opened.close()
    with zipfile.ZipFile(made.path) as archive:
        keys, database = archive.read(KEYS), bytearray(archive.read(DATABASE))
    database[len(database) // 2] ^= 1
    with zipfile.ZipFile(made.path, "w") as archive:
        archive.writestr(KEYS, keys)
        archive.writestr(DATABASE, bytes(database))
    with pytest.raises(NotOurFile):
        bootstrap.restore(made.path, tmp_path / "restored", passphrase=PASSPHRASE)


def test_a_copy_that_is_not_sound_becomes_no_backup(practice_folder: Path, tmp_path: Path) -> None:
    opened = reopen(practice_folder)
    connection = connect(practice_folder / DATABASE, opened.vault.keys.database)
    connection.execute("PRAGMA writable_schema = ON")
    # Pages that no table or index claims any more.
    connection.execute(
        "DELETE FROM sqlite_schema WHERE rowid ="
        " (SELECT max(rowid) FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL)"
    )
    connection.close()
    with pytest.raises(NotOurFile, match="read back whole"):
        opened.backup(tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []
    opened.close()


def test_a_disk_that_keeps_other_bytes_than_it_was_given_is_noticed(
    practice_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def falsely(source: IO[bytes], target: IO[bytes], _length: int = 0) -> None:
        content = bytearray(source.read())
        content[-1] ^= 1
        target.write(content)

    opened = reopen(practice_folder)
    with monkeypatch.context() as failing:
        failing.setattr(shutil, "copyfileobj", falsely)
        with pytest.raises(NotOurFile, match="read back whole"):
            opened.backup(tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []
    assert opened.backup(tmp_path / "backups").path.exists()
    opened.close()


def test_opening_a_copy_to_read_it_changes_no_byte(practice_folder: Path, tmp_path: Path) -> None:
    opened = reopen(practice_folder)
    made = opened.backup(tmp_path / "backups")
    with zipfile.ZipFile(made.path) as archive:
        archive.extract(DATABASE, tmp_path)
    before = (tmp_path / DATABASE).read_bytes()
    connection = connect(tmp_path / DATABASE, opened.vault.keys.database, read_only=True)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    connection.close()
    assert (tmp_path / DATABASE).read_bytes() == before
    opened.close()


def test_backups_rotate_to_seven_days_and_five_weeks(practice_folder: Path, tmp_path: Path) -> None:
    clock = StillClock()
    opened = reopen(practice_folder, clock)
    folder = tmp_path / "backups"
    for day in range(50):
        clock.forward(days=1)
        if day % 10 == 0:
            opened.backup(folder)
        (folder / f"PracticeRunner-{clock.now():%Y%m%d-%H%M%S}.prbackup").write_bytes(b"x")
    opened.backup(folder)
    opened.close()
    kept = [backup.at for backup in list_backups(folder)]
    days = {at.date() for at in kept}
    assert len(days & {(clock.now() - timedelta(days=n)).date() for n in range(7)}) == 7
    assert len({at.isocalendar()[:2] for at in kept}) == 5
    assert len(kept) <= 12


def test_a_backup_that_cannot_be_written_leaves_no_part(
    practice: bootstrap.OpenPractice, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with pytest.raises(MachineError):
        practice.backup(blocked / "folder")


def test_a_full_disk_is_said_and_leaves_no_part(practice: bootstrap.OpenPractice) -> None:
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no full device")
    with pytest.raises(MachineError):
        practice.backup(full)


@pytest.mark.parametrize("pages", [4, 60, 160])
def test_a_disk_that_fills_during_the_set_up_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pages: int
) -> None:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    folder = tmp_path / "data"
    with monkeypatch.context() as full:
        # The engine's own limit ends a transaction just as a full disk does.
        limited = (*engine._PRAGMAS, f"PRAGMA max_page_count = {pages}")
        full.setattr(engine, "_PRAGMAS", limited)
        with pytest.raises(DiskFull, match="The disk is full"):
            bootstrap.create_practice(folder, bootstrap.prepare_keys(PASSPHRASE), OWNER)

    assert not list(folder.glob("practice.[dk]*"))
    bootstrap.create_practice(folder, bootstrap.prepare_keys(PASSPHRASE), OWNER).close()


def test_a_set_up_that_is_refused_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRACTICERUNNER_STATE_DIR", str(tmp_path / "state"))
    folder = tmp_path / "data"
    nameless = replace(OWNER, practice=replace(OWNER.practice, name=""))
    with pytest.raises(UserError, match="Give the practice a name"):
        bootstrap.create_practice(folder, bootstrap.prepare_keys(PASSPHRASE), nameless)
    bootstrap.create_practice(folder, bootstrap.prepare_keys(PASSPHRASE), OWNER).close()

    assert not (folder / "unfinished-1").exists()


def test_a_folder_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(MachineError, match="There is no file"):
        bootstrap.restore(tmp_path, tmp_path / "restored", passphrase=PASSPHRASE)


def test_verify_finds_nothing_wrong_with_a_new_practice(practice: bootstrap.OpenPractice) -> None:
    assert [finding.problems for finding in practice.verify()] == [()] * len(practice.verify())


def test_a_locked_desk_says_so(practice_folder: Path) -> None:
    opened = reopen(practice_folder)
    opened.close()
    with pytest.raises(MachineError, match="locked"):
        opened.desk.ask(name)


def test_the_backup_folder_is_kept_on_this_computer(practice_folder: Path, tmp_path: Path) -> None:
    clock = StillClock()
    opened = reopen(practice_folder, clock)
    assert opened.backup_state().folder == practice_folder / "backups"
    assert not opened.backup_state().chosen
    opened.choose_backup_folder(tmp_path / "usb stick")
    due = opened.backup_if_due()
    assert due is not None
    due.result()
    assert opened.backup_if_due() is None
    opened.close()
    clock.forward(days=1)
    opened = reopen(practice_folder, clock)
    assert opened.backup_state().folder == tmp_path / "usb stick"
    assert opened.backup_state().last == StillClock().now()
    assert opened.backup_if_due() is not None
    opened.close(backup=True)
    assert len(list((tmp_path / "usb stick").glob("*.prbackup"))) == 2


def test_a_folder_that_refuses_is_not_kept(
    practice: bootstrap.OpenPractice, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MachineError):
        practice.choose_backup_folder(tmp_path / "file" / "folder")
    assert not practice.backup_state().chosen


def test_a_backup_just_made_stays_also_when_the_clock_was_set_back(
    practice_folder: Path, tmp_path: Path
) -> None:
    clock = StillClock()
    opened = reopen(practice_folder, clock)
    for _ in range(9):
        clock.forward(hours=7)
        opened.backup(tmp_path)
    clock.forward(days=-3)
    assert opened.backup(tmp_path).path.exists()
    opened.close()


def test_what_a_killed_backup_left_is_removed(
    practice: bootstrap.OpenPractice, tmp_path: Path
) -> None:
    left = tmp_path / f".practicerunner-{practice.vault.vault_id[:8]}-xyz"
    left.mkdir()
    (left / DATABASE).write_bytes(b"half")
    other = tmp_path / ".practicerunner-0000aaaa-xyz"
    other.mkdir()
    practice.backup(tmp_path)
    assert not left.exists()
    assert other.exists()


def test_a_new_recovery_key_replaces_the_old_one(
    practice_folder: Path, stored_practice: StoredPractice
) -> None:
    opened = reopen(practice_folder)
    fresh = opened.new_recovery_key()
    opened.close()
    bootstrap.unlock(practice_folder, recovery_key=fresh).wipe()
    with pytest.raises(WrongPassphrase):
        bootstrap.unlock(practice_folder, recovery_key=stored_practice.recovery_key)
    bootstrap.unlock(practice_folder, passphrase=PASSPHRASE).wipe()

"""The packaged ICD-10-CM table against the facts measured in the billing documents."""

from __future__ import annotations

import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from app import bootstrap
from app.core.clinical import editions, icd
from app.core.clinical.editions import FILE_NAME
from app.core.clinical.icd import IcdTable, newest_table
from app.core.clinical.rules.codes import Standing
from app.core.kernel.errors import NotOurFile
from tests.support.clock import StillClock
from tests.support.practice import PASSPHRASE

IN_2021, IN_2022, IN_2025, IN_2026 = (
    date(2021, 3, 1),
    date(2022, 3, 1),
    date(2025, 4, 1),
    date(2026, 9, 30),
)
#: The day of the design's pictures: October 2026 brought a release that cannot be had yet.
TODAY = date(2026, 11, 19)


@pytest.fixture(scope="module")
def table() -> Iterator[IcdTable]:
    opened = IcdTable(icd.PACKAGED)
    yield opened
    opened.close()


@pytest.fixture
def no_folders() -> Iterator[None]:
    yield
    editions.look_in()


def edited(folder: Path, edition: str) -> Path:
    path = folder / FILE_NAME
    shutil.copyfile(icd.PACKAGED, path)
    connection = sqlite3.connect(path)
    connection.execute("UPDATE edition SET day = ?", (edition,))
    connection.commit()
    connection.close()
    return path


def test_the_table_holds_the_three_releases_that_can_be_had(table: IcdTable) -> None:
    assert [release.name for release in table.releases] == [
        "January 2021",
        "April 2025",
        "April 2026",
    ]
    assert icd.PACKAGED.stat().st_size < 12_000_000


@pytest.mark.parametrize("code", ["F42", "F43.8", "F33", "F50.01"])
@pytest.mark.parametrize("day", [IN_2025, IN_2026])
def test_codes_with_children_block_and_name_them(table: IcdTable, code: str, day: date) -> None:
    verdict = table.check(code, day)
    assert verdict.standing is Standing.HAS_CHILDREN
    assert verdict.blocks
    assert all(child.code.startswith(code) for child in verdict.children)
    assert verdict.children[0].code in verdict.sentence


@pytest.mark.parametrize("code", ["F32.A", "F41.1", "F43.81", "F42.2", "S00.00XA"])
def test_billable_codes_pass(table: IcdTable, code: str) -> None:
    verdict = table.check(code.lower().replace(".", ""), IN_2026)
    assert (verdict.code, verdict.standing, verdict.blocks) == (code, Standing.BILLABLE, False)


def test_a_code_is_judged_by_the_release_of_the_day(table: IcdTable) -> None:
    assert table.check("F43.8", IN_2021).standing is Standing.BILLABLE
    assert table.check("F43.8", IN_2025).standing is Standing.HAS_CHILDREN
    assert table.check("F32.A", IN_2021).standing is Standing.NO_SUCH_CODE
    assert table.check("F32.A", IN_2025).standing is Standing.BILLABLE


@pytest.mark.parametrize("day", [IN_2022, TODAY, date(2020, 12, 31), date(2021, 10, 1)])
def test_nothing_blocks_where_the_governing_release_is_not_held(table: IcdTable, day: date) -> None:
    for code in ("F42", "Q99.X9", "F41.1"):
        verdict = table.check(code, day)
        assert not verdict.blocks
        assert verdict.quiet_line.startswith("Checked against April 2026")


def test_direct_children_alone_are_named(table: IcdTable) -> None:
    children = table.check("F33", IN_2026).children
    assert [child.code for child in children] == [
        "F33.0",
        "F33.1",
        "F33.2",
        "F33.3",
        "F33.4",
        "F33.8",
        "F33.9",
    ]
    assert [child.billable for child in children] == [True, True, True, True, False, True, True]
    assert [child.code for child in table.check("S00.00", IN_2026).children] == [
        "S00.00XA",
        "S00.00XD",
        "S00.00XS",
    ]


def test_every_code_of_chapter_f_is_there(table: IcdTable) -> None:
    # The package lists F99 twice, as a block and as its only category: 872 measured are 871 codes.
    every = [entry for digit in range(10) for entry in table.find(f"F{digit}", TODAY, 2_000)]
    assert sum(entry.billable for entry in every) == 871


def test_a_code_is_worded_as_its_release_does(table: IcdTable) -> None:
    before, after = (table.entry("F32", day) for day in (IN_2021, IN_2025))
    assert before is not None
    assert after is not None
    assert before.description == "Major depressive disorder, single episode"
    assert after.description == "Depressive episode"
    assert table.entry("F32.A", IN_2021) is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("anxiety", "F41.1"),
        ("general anx", "F41.1"),
        ("ptsd", "F43.11"),
        ("gad", "F41.1"),
        ("adjust mixed", "F43.23"),
        ("major dep recurrent mild", "F33.0"),
        ("f411", "F41.1"),
        ("F43.8", "F43.8"),
        ("F41.1 anxiety", "F41.1"),
        ("overanxious", "F41.1"),
    ],
)
def test_codes_are_found_by_code_words_and_abbreviations(
    table: IcdTable, typed: str, first: str
) -> None:
    assert table.find(typed, TODAY)[0].code == first


def test_words_find_billable_codes_alone(table: IcdTable) -> None:
    assert all(entry.billable for entry in table.find("depressive", TODAY, 50))


@pytest.mark.parametrize(
    "typed",
    ["", " ", "x", "é", '"', "' OR 1=1 --", "NEAR(", "*", "قلق", "😀", "\x00", "a" * 10_000],
)
def test_anything_may_be_typed(table: IcdTable, typed: str) -> None:
    assert isinstance(table.find(typed, TODAY), list)


def test_a_search_takes_less_than_ten_milliseconds(table: IcdTable) -> None:
    for typed in ("an", "in", "anxiety", "F4", "major dep", "un of"):
        fastest = 1.0
        for _ in range(5):
            began = time.perf_counter()
            table.find(typed, TODAY)
            fastest = min(fastest, time.perf_counter() - began)
        assert fastest < 0.010, typed


def test_several_threads_may_ask_at_once(table: IcdTable) -> None:
    found: list[str] = []

    def ask() -> None:
        found.extend(table.find("anxiety", TODAY)[0].code for _ in range(20))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["F41.1"] * 80


def test_a_later_edition_in_the_data_folder_wins(tmp_path: Path) -> None:
    edited(tmp_path, "2099-01-01")
    newest = newest_table([tmp_path])
    assert newest.edition == "2099-01-01"
    newest.close()


def test_an_earlier_edition_is_left_alone(tmp_path: Path) -> None:
    edited(tmp_path, "2020-01-01")
    newest = newest_table([tmp_path, tmp_path / "nowhere"])
    assert newest.edition > "2026"
    newest.close()


@pytest.mark.parametrize(
    "content", [b"", b"not a database at all", b"SQLite format 3\x00" + b"\x00" * 4_000]
)
def test_a_file_that_is_no_table_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(NotOurFile):
        IcdTable(tmp_path / FILE_NAME)
    newest = newest_table([tmp_path])
    assert newest.edition > "2026"
    newest.close()


def test_a_table_without_releases_or_of_another_format_is_none_of_ours(tmp_path: Path) -> None:
    path = edited(tmp_path, "2099-01-01")
    connection = sqlite3.connect(path)
    connection.execute("DELETE FROM release")
    connection.commit()
    with pytest.raises(NotOurFile, match="damaged"):
        IcdTable(path)
    connection.execute("PRAGMA user_version = 99")
    connection.commit()
    connection.close()
    with pytest.raises(NotOurFile, match="this version"):
        IcdTable(path)
    with pytest.raises(NotOurFile, match="opened"):
        IcdTable(tmp_path / "absent.sqlite")


def test_the_program_looks_where_it_is_told(tmp_path: Path, no_folders: None) -> None:
    edited(tmp_path, "2099-01-01")
    editions.look_in(tmp_path)
    assert icd.table().edition == "2099-01-01"
    assert icd.table() is icd.table()


def test_reading_leaves_no_file_behind(table: IcdTable) -> None:
    table.find("anxiety", TODAY)
    assert [path.name for path in icd.PACKAGED.parent.iterdir()] == [FILE_NAME]


def test_a_newer_table_in_the_data_folder_is_used_once_the_practice_opens(
    practice_folder: Path, no_folders: None
) -> None:
    edited(practice_folder, "2099-01-01")
    keys = bootstrap.unlock(practice_folder, passphrase=PASSPHRASE)
    practice = bootstrap.open_practice(practice_folder, keys, StillClock())
    practice.close()
    assert icd.table().edition == "2099-01-01"

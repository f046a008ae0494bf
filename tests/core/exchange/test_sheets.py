"""Files as other programs write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.exchange.sheets import LARGEST_FILE, MOST_ROWS, read_bytes, read_file
from app.core.kernel.errors import MachineError, UserError

PEOPLE = "Name,Email\nZoë Chen,zoe@example.com\n"


@pytest.mark.parametrize(
    "content",
    [
        PEOPLE.encode(),
        PEOPLE.encode("utf-8-sig"),
        PEOPLE.encode("utf-16"),
        PEOPLE.encode("utf-16-le"),
        PEOPLE.encode("utf-16-be"),
        PEOPLE.encode("utf-32"),
        PEOPLE.replace("\n", "\r\n").encode(),
        PEOPLE.replace("\n", "\r").encode(),
        PEOPLE.replace(",", ";").encode(),
        PEOPLE.replace(",", "\t").encode(),
        ("\n\n" + PEOPLE).encode(),
        (PEOPLE + "\x1a").encode(),
    ],
)
def test_the_same_list_however_it_is_written(content: bytes) -> None:
    sheet = read_bytes(content, "people.csv")

    assert sheet.headings == ("name", "email")
    assert [row.cells for row in sheet.rows] == [("Zoë Chen", "zoe@example.com")]
    assert sheet.notices == ()


def test_windows_text_is_read_and_said() -> None:
    sheet = read_bytes(PEOPLE.encode("cp1252"), "people.csv")

    assert sheet.rows[0].cells[0] == "Zoë Chen"
    assert sheet.notices == (
        "people.csv is not Unicode; it was read as Windows text. Look at accents.",
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "x.csv is empty; export it again from the other program."),
        (b" \r\n\r\n", "x.csv is empty; export it again from the other program."),
        (bytes(range(256)) * 9, "x.csv is not a text file; export the list as CSV."),
        (
            b"PK\x03\x04rest",
            "x.csv is a workbook or a zip archive; export the list as CSV instead.",
        ),
        (b"%PDF-1.7", "x.csv is a PDF; export the list as CSV instead."),
        (b"Name,Email\n", "x.csv has column names but nobody in it."),
        (b"Name,Email\n,\n\n", "x.csv has column names but nobody in it."),
        (
            b'Name,Email\nAna,a@b.co\n"Bo,b@b.co\nCy,c@b.co\n',
            "A quotation mark in line 3 of x.csv is never closed; "
            "correct that line, or export the list again.",
        ),
        (
            b'Name,Clinician\n"Ana,"Whitfield, LCSW"\nBo,"Whitfield, LCSW"\n',
            "A quotation mark in line 2 of x.csv is never closed; "
            "correct that line, or export the list again.",
        ),
        (
            b'Name\n"' + b"long " * 40_000,
            "A quotation mark in line 2 of x.csv is never closed; "
            "correct that line, or export the list again.",
        ),
        (
            b",".join(b"c%d" % n for n in range(600)) + b"\n1\n",
            "x.csv has 600 columns; a client list has fewer than 500.",
        ),
        (
            b"Name\n" + b"Ana\n" * 100_000,
            f"x.csv has more than {MOST_ROWS:,} rows; split it, or choose the client list.",
        ),
    ],
)
def test_each_bad_file_gets_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(UserError) as refused:
        read_bytes(content, "x.csv")

    assert refused.value.sentence == sentence
    assert refused.value.field == "file"


def test_a_file_too_large_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "film.csv"
    with path.open("wb") as file:
        file.truncate(LARGEST_FILE * 2)

    with pytest.raises(UserError, match=r"film\.csv is larger than 64 MB"):
        read_file(path)


def test_a_missing_file_and_a_folder_are_said(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="There is no file"):
        read_file(tmp_path / "none.csv")
    with pytest.raises(UserError, match="is a folder"):
        read_file(tmp_path)


def test_a_path_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    loop = tmp_path / "loop.csv"
    loop.symlink_to(loop)
    (tmp_path / "file").write_text("x")

    for path in (loop, tmp_path / ("x" * 300), tmp_path / "file" / "list.csv"):
        with pytest.raises(MachineError) as refused:
            read_file(path)
        assert refused.value.sentence.startswith(f"{path.name} cannot be read (")


def test_of_equal_headings_the_first_counts_and_it_is_said() -> None:
    sheet = read_bytes(b"Name, EMAIL ,Paid,paid\nAna,a@b.co,1,2\n", "x.csv")

    assert sheet.headings == ("name", "email", "paid", "paid")
    assert sheet.notices == ("x.csv has the column paid more than once; the first one counts.",)


def test_rows_know_their_number_and_their_line() -> None:
    sheet = read_bytes(b'\nName,Notes\n"Ana","two\nlines"\n,\nBo,\n', "x.csv")

    assert [(row.number, row.line, row.blank) for row in sheet.rows] == [
        (1, 3, False),
        (2, 5, True),
        (3, 6, False),
    ]


def test_two_hundred_columns_are_read() -> None:
    headings = ",".join(["Name", "Email", *(f"c{n}" for n in range(198))])
    sheet = read_bytes(f"{headings}\nAna,a@b.co{',x' * 198}\n".encode(), "x.csv")

    assert len(sheet.headings) == 200

"""Files are known by their set of headings."""

from __future__ import annotations

import pytest

from app.core.exchange.formats import Column, recognize
from app.core.exchange.sheets import read_bytes, read_file
from app.core.kernel.errors import UserError
from tests.core.exchange.samples import CONTACTS, DATA, DEMOGRAPHICS, DETAILS, sheet, sheets


def test_the_samples_are_recognized() -> None:
    known = sheets(DETAILS, DEMOGRAPHICS, CONTACTS)

    assert [(each.format.system, each.format.report) for each in known] == [
        ("SimplePractice", "Client Details"),
        ("SimplePractice", "Client Demographics"),
        ("PracticeRunner", "contacts"),
    ]


@pytest.mark.parametrize(
    ("headings", "what"),
    [
        ("Date of Service,Client,Clinician,Charge,Paid", "a list of appointments"),
        ("Date Paid,Clinician,Client,Amount Paid", "a list of payments"),
        ("Date,Primary Clinician,Client,Status,To,Subject", "a list of messages"),
        ("Invitee Name,Event Type Name", "a list of appointments from Calendly"),
    ],
)
def test_other_reports_are_named(headings: str, what: str) -> None:
    with pytest.raises(UserError) as refused:
        recognize(read_bytes(f"{headings}\nx,x\n".encode(), "x.csv"))

    assert refused.value.sentence.startswith(f"x.csv is {what};")


def test_a_jane_export_is_named() -> None:
    with pytest.raises(UserError, match="is an export from Jane"):
        recognize(read_file(DATA / "jane-patients.csv"))


def test_a_file_without_headings_is_refused() -> None:
    with pytest.raises(UserError, match=r"The first line of x\.csv does not name the columns"):
        recognize(read_bytes(b"Ana,Abara,ana@example.com\n1,2,3\n", "x.csv"))


def test_of_equal_columns_the_first_is_read() -> None:
    known = sheet("Name,Email,Email\nAna,,second@example.com\n")

    assert known.read(known.sheet.rows[0]) == {Column.NAME: "Ana"}

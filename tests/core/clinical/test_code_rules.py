"""What a verdict on a diagnosis code says, and how codes are typed."""

from __future__ import annotations

from datetime import date

import pytest

from app.core.clinical.rules import codes
from app.core.clinical.rules.codes import CodeEntry, Release, Standing, Verdict
from app.core.kernel.errors import UserError

APRIL = Release("April 2026", date(2026, 4, 1), date(2026, 9, 30))


def children(*names: str) -> tuple[CodeEntry, ...]:
    return tuple(CodeEntry(name, "", True) for name in names)


def test_a_release_governs_its_first_and_its_last_day() -> None:
    assert APRIL.governs(date(2026, 4, 1))
    assert APRIL.governs(date(2026, 9, 30))
    assert not APRIL.governs(date(2026, 3, 31))
    assert not APRIL.governs(date(2026, 10, 1))


@pytest.mark.parametrize("standing", [Standing.HAS_CHILDREN, Standing.NO_SUCH_CODE])
def test_only_the_governing_release_blocks(standing: Standing) -> None:
    assert Verdict("F42", standing, APRIL, True, children("F42.2")).blocks
    assert not Verdict("F42", standing, APRIL, False, children("F42.2")).blocks
    assert not Verdict("F41.1", Standing.BILLABLE, APRIL, True).blocks


def test_the_quiet_line_stands_where_the_governing_release_is_not_held() -> None:
    assert Verdict("F41.1", Standing.BILLABLE, APRIL, True).quiet_line == ""
    assert Verdict("F41.1", Standing.BILLABLE, APRIL, False).quiet_line == (
        "Checked against April 2026, not against the table in force on this date."
    )


def test_the_sentence_says_what_to_choose() -> None:
    assert Verdict("F41.1", Standing.BILLABLE, APRIL, True).sentence == ""
    unknown = Verdict("F99.9", Standing.NO_SUCH_CODE, APRIL, True)
    assert unknown.sentence == "F99.9 is not in ICD-10-CM of April 2026: choose another code."
    one = Verdict("A", Standing.HAS_CHILDREN, APRIL, True, children("A1"))
    assert one.sentence == "A is not specific enough: choose A1."
    two = Verdict("F43.8", Standing.HAS_CHILDREN, APRIL, True, children("F43.81", "F43.89"))
    assert two.sentence == "F43.8 is not specific enough: choose F43.81 or F43.89."
    many = Verdict("Z71", Standing.HAS_CHILDREN, APRIL, True, children(*"abcdefghij"))
    assert (
        many.sentence == "Z71 is not specific enough: choose a, b, c, d, e, f, g or one of 3 more."
    )


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("f411", "F41.1"),
        (" F41.1 ", "F41.1"),
        ("f4 1.1", "F41.1"),
        ("F32.a", "F32.A"),
        ("f42", "F42"),
        ("", ""),
    ],
)
def test_codes_are_read_as_typed(typed: str, normal: str) -> None:
    assert codes.normal_code(typed) == normal


def test_a_code_newer_than_the_table_is_typed_with_its_description() -> None:
    assert codes.typed_by_hand(" f999  A new disorder ") == CodeEntry(
        "F99.9", "A new disorder", True
    )
    assert codes.typed_by_hand("F99.9") is None
    assert codes.typed_by_hand("panic attacks") is None


def test_a_code_has_its_shape() -> None:
    assert codes.check_code("s0000xa") == "S00.00XA"
    for wrong in ("", "F4", "411", "anxiety", "F41.12345", "F41.1; DROP TABLE"):
        with pytest.raises(UserError) as refused:
            codes.check_code(wrong, field="diagnosis")
        assert refused.value.field == "diagnosis"

"""Digests: equal rows agree in any order, and every difference is found in its bucket."""

from __future__ import annotations

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.sync.digest import BUCKETS, bucket_of, differing, row_hash, sums

NAMES = ("deleted_at", "name")
ROWS = st.dictionaries(st.uuids(), st.text(max_size=8), max_size=12)


def digest(rows: dict[UUID, str], *, backwards: bool = False) -> tuple[str, ...]:
    items = list(rows.items())
    if backwards:
        items.reverse()
    return sums((pk, row_hash(pk, {"name": name}, NAMES)) for pk, name in items)


@given(ROWS)
def test_order_does_not_matter(rows: dict[UUID, str]) -> None:
    assert digest(rows) == digest(rows, backwards=True)


@given(ROWS, st.uuids(), st.text(max_size=8))
def test_one_row_more_or_another_value_differs_in_its_bucket_alone(
    rows: dict[UUID, str], pk: UUID, name: str
) -> None:
    changed = {**rows, pk: name}
    if rows.get(pk) == name:
        assert differing(digest(rows), digest(changed)) == ()
    else:
        assert differing(digest(rows), digest(changed)) == (bucket_of(pk),)


def test_a_column_that_is_not_named_does_not_count_and_an_absent_one_is_null() -> None:
    pk = UUID(int=7)
    known = row_hash(pk, {"name": "Ada", "deleted_at": None}, NAMES)
    assert row_hash(pk, {"name": "Ada", "newer": "?"}, NAMES) == known
    assert row_hash(pk, {"name": "Ada", "deleted_at": "2026-11-19T00:00:00+00:00"}, NAMES) != known


def test_too_few_sums_differ() -> None:
    assert len(differing(digest({}), ())) == BUCKETS


def test_the_form_is_fixed() -> None:
    """Another version of the program must get the same sums; never change this by accident."""
    pk = UUID("01234567-89ab-7cde-8f01-23456789abcd")
    assert bucket_of(pk) == 0x7A
    said = row_hash(pk, {"name": "Søren"}, NAMES)
    assert said == "41efff34ebf494899190313e54850669ca971e9b4dbce47347a01e05187527ee"
    assert sums([(pk, said)])[0x7A] == said[:16]

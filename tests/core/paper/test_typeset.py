"""Letters, right-to-left names, widths, wrapping and fitting."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.paper.fonts import Weight, faces, missing_glyphs, register
from app.core.paper.paging import Room, paginate
from app.core.paper.sheet import About, Sheet
from app.core.paper.typeset import LEAST_SIZE, Style, fit, runs, shrink, width_of, wrap
from tests.core.paper.reading import text

BODY = Style(12, 16)


@pytest.mark.parametrize(
    ("name", "missing"),
    [
        ("Priya Raman", ""),
        ("Łukasz Đặng-Ñúñez O’Brien", ""),
        ("Ελένη Иванова", ""),
        ("مريم الحداد", ""),
        ("מרים כהן", ""),
        ("王小明 Wang 王", "王小明"),
        ("Ana 😀", "😀"),
        ("Zero\u200djoiner\ufe0f", ""),
        ("प्रिया", "प्रिया"),
        ("", ""),
    ],
)
def test_what_the_fonts_cannot_set_is_named(name: str, missing: str) -> None:
    assert set(missing_glyphs(name)) == set(missing)


def test_all_faces_can_be_read_beforehand() -> None:
    register()
    assert all(len(faces(weight)) == 3 for weight in Weight)


def test_an_arabic_name_is_joined_and_runs_from_the_right() -> None:
    (run,) = runs("مريم", Weight.BOLD)
    assert len(run.glyphs) == 4
    drawn = "".join(chr(glyph.code) for glyph in run.glyphs)
    assert unicodedata.normalize("NFKC", drawn)[::-1] == "مريم"
    assert drawn[::-1] != "مريم", "letters inside a word have joined forms"


def test_a_joined_form_without_a_character_gets_one_that_depends_on_the_font_alone() -> None:
    private = [g.code for run in runs("ھە", Weight.REGULAR) for g in run.glyphs if g.code >= 0xE000]
    again = [g.code for run in runs("ھە", Weight.REGULAR) for g in run.glyphs if g.code >= 0xE000]
    assert private == again != []
    with Sheet(About("Superbill", "Practice")) as sheet:
        sheet.text(60, 60, "ھە", BODY)
        assert sheet.finish()


def test_hebrew_brackets_are_mirrored_and_numbers_stay() -> None:
    order = [(run.text, bool(run.glyphs)) for run in runs("יעל (רות) 12, born", Weight.REGULAR)]
    assert order[-1] == (", born", False)
    assert ("12", False) in order
    glyphs = [glyph for run in runs("יעל (רות)", Weight.REGULAR) for glyph in run.glyphs]
    drawn = "".join(chr(glyph.code) for glyph in glyphs)
    assert drawn == "(תור) לעי"


def test_a_right_to_left_name_stands_in_a_latin_line() -> None:
    before, name, after = runs("Insured: כהן, spouse", Weight.REGULAR)
    assert (before.text, after.text) == ("Insured: ", ", spouse")
    assert name.glyphs


def test_a_letter_without_glyph_is_a_box_not_a_crash() -> None:
    assert width_of("王", BODY) > 0
    with Sheet(About("Superbill", "Practice")) as sheet:
        sheet.text(60, 60, "王 Wang", BODY)
        assert "Wang" in text(sheet.finish())


@given(st.text(max_size=120), st.floats(30, 400))
@settings(max_examples=60, deadline=None)
def test_wrapped_lines_are_never_wider_than_their_room(words: str, room: float) -> None:
    lines = wrap(words, BODY, room)
    assert "".join("".join(lines).split()) == "".join(words.split())
    for line in lines:
        assert width_of(line, BODY) <= room + 0.01 or len(line) == 1


@given(st.text(st.characters(codec="utf-8", categories=("L", "Zs")), max_size=150))
@settings(max_examples=60, deadline=None)
def test_text_is_made_to_fit(words: str) -> None:
    style, lines = fit(words, BODY, 120, lines=2)
    assert len(lines) <= 2
    assert LEAST_SIZE - 0.01 <= style.size <= BODY.size
    assert all(width_of(line, style) <= 120.01 for line in lines)


@given(st.text(max_size=30), st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_no_text_stops_a_right_to_left_line(before: str, after: str) -> None:
    text = f"{before}א\u0590\u2067{after}"
    found = runs(text, Weight.REGULAR)
    assert any("א" in run.text for run in found)
    assert width_of(text, BODY) > 0


def test_amounts_shrink_but_stay_whole() -> None:
    style = shrink("1,000,000.00", BODY, 40)
    assert width_of("1,000,000.00", style) == pytest.approx(40)
    assert shrink("1.00", BODY, 40) is BODY


def test_totals_never_stand_alone_and_a_row_too_high_stops_nothing() -> None:
    room = Room(first=100, further=200, closing=60, carried=20)
    assert paginate([40, 40], room) == [range(1), range(1, 2)]
    assert paginate([], room) == [range(0)]
    assert paginate([150, 150], room) == [range(0), range(1), range(1, 2)]
    assert paginate([900, 900], room) == [range(0), range(1), range(1, 2)]


@given(
    st.lists(st.floats(20, 200), min_size=1, max_size=60),
    st.floats(0, 500),
    st.floats(250, 700),
    st.floats(50, 200),
)
def test_rows_are_kept_in_order_on_pages_that_have_room(
    heights: list[float], first: float, further: float, closing: float
) -> None:
    room = Room(first, further, closing, carried=24)
    found = paginate(heights, room)
    assert [row for rows in found for row in rows] == list(range(len(heights)))
    assert all(rows for rows in found[1:])
    for number, rows in enumerate(found[:-1]):
        used = sum(heights[rows.start : rows.stop]) + room.carried
        assert used <= (further if number else first) + 0.01 or len(rows) <= 1

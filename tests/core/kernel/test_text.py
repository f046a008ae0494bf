"""Names, cleaning, folding for search and shortening."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.kernel.errors import UserError
from app.core.kernel.text import (
    PersonName,
    clean_line,
    clean_text,
    digits,
    elide,
    elide_middle,
    finds,
    fold,
    initials,
    listed,
    read_full_name,
    read_given_names,
    split_couple,
)

#: Characters that let a text be read as another one.
OVERRIDES = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
#: Characters that take no room and join nothing.
UNSEEN = "\u00ad\u180e\u200b\u2060\u2061\u2062\u2063\u2064\ufeff"


@pytest.mark.parametrize(
    ("text", "expected", "doubtful"),
    [
        ("Leila Ali", PersonName("Leila", "", "Ali"), False),
        ("  Lucía  Smith-Jones ", PersonName("Lucía", "", "Smith-Jones"), False),
        ("Tomás B. Smith-Jones", PersonName("Tomás", "B.", "Smith-Jones"), False),
        ("Ana J T García", PersonName("Ana", "J T", "García"), False),
        ("Chloe de la Cruz", PersonName("Chloe", "", "de la Cruz"), False),
        ("Lucía B. de la Cruz", PersonName("Lucía", "B.", "de la Cruz"), False),
        ("Rafael van der Berg", PersonName("Rafael", "", "van der Berg"), False),
        ("Ali al-Hassan", PersonName("Ali", "", "al-Hassan"), False),
        ("Fatima O' Brien", PersonName("Fatima", "", "O' Brien"), False),
        ("Ian Mac Leod", PersonName("Ian", "", "Mac Leod"), False),
        ("García, Ana", PersonName("Ana", "", "García"), False),
        ("García, Ana T.", PersonName("Ana", "T.", "García"), False),
        ("van der Berg, Rafael", PersonName("Rafael", "", "van der Berg"), False),
        ("Walsh, Mary Ann", PersonName("Mary", "Ann", "Walsh"), True),
        ("Gideon Walsh Jr.", PersonName("Gideon", "", "Walsh", "Jr."), False),
        ("Gideon Walsh, Jr.", PersonName("Gideon", "", "Walsh", "Jr."), False),
        ("Walsh Jr., Gideon", PersonName("Gideon", "", "Walsh", "Jr."), False),
        ("Walsh, Gideon, III", PersonName("Gideon", "", "Walsh", "III"), False),
        ("Mary Ann Smith", PersonName("Mary", "", "Ann Smith"), True),
        ("Ingrid F.", PersonName("Ingrid", "", "F."), True),
        ("Cher", PersonName("Cher"), True),
        ("李 明", PersonName("李", "", "明"), False),
        ("", PersonName(), True),
        (" , ", PersonName(), True),
    ],
)
def test_full_names_are_read_as_the_rule_says(
    text: str, expected: PersonName, doubtful: bool
) -> None:
    read = read_full_name(text)
    assert (read.name, read.doubtful) == (expected, doubtful)


@given(st.text(max_size=60))
def test_reading_a_name_never_fails_and_loses_no_letter(text: str) -> None:
    name = read_full_name(text).name
    kept = sorted(fold(f"{name.given} {name.middle} {name.family} {name.suffix}").split())
    spoken = sorted(fold(clean_line(text).replace(",", " ")).split())
    assert "".join(sorted("".join(kept))) == "".join(sorted("".join(spoken)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ingrid F.", ("Ingrid", "F.")),
        ("Mary Ann", ("Mary Ann", "")),
        ("J. P.", ("J.", "P.")),
        ("", ("", "")),
    ],
)
def test_a_first_name_field_may_carry_a_middle_letter(text: str, expected: tuple[str, str]) -> None:
    assert read_given_names(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mateo L. Kim & Zoë Chen", ("Mateo L. Kim", "Zoë Chen")),
        ("Ana García and Bo Li", ("Ana García", "Bo Li")),
        ("Ana & Luis de la Cruz", ("Ana de la Cruz", "Luis de la Cruz")),
        ("Ana & Prieto, Luis", ("Ana", "Prieto, Luis")),
        ("Sandy Anderson", ("Sandy Anderson",)),
        ("A & B & C", ("A & B & C",)),
        (" & Bo", ("& Bo",)),
        ("  ", ()),
    ],
)
def test_a_couple_splits_at_its_and(text: str, expected: tuple[str, ...]) -> None:
    assert split_couple(text) == expected


def test_screens_use_the_chosen_name_and_papers_the_legal_one() -> None:
    name = PersonName("Daniel", "K.", "Okonkwo-Bell", "Jr.", chosen="Dan")
    assert name.display == "Dan Okonkwo-Bell"
    assert name.legal == "Daniel K. Okonkwo-Bell Jr."
    assert name.filed == "Okonkwo-Bell, Dan"
    assert name.called == "Dan"
    assert name.initials == "DB"
    assert name.sort_key == "dan okonkwo bell"
    assert PersonName(family="Ali").called == "Ali"
    assert PersonName(family="Ali").filed == "Ali"


@pytest.mark.parametrize(
    ("first", "family", "expected"),
    [("Ruth", "Okonkwo", "RO"), ("Rafael", "van der Berg", "RB"), ("cher", "", "C"), ("", "", "")],
)
def test_initials(first: str, family: str, expected: str) -> None:
    assert initials(first, family) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("O\N{RIGHT SINGLE QUOTATION MARK}Brien-Müller", "obrien muller"),
        ("SØNDERGAARD", "sondergaard"),
        ("Straße Łódź", "strasse lodz"),
        ("ana.garca22@Example.com", "ana garca22 example com"),
        ("مَرحبا", "مرحبا"),
        ("  ", ""),
    ],
)
def test_folding_forgets_case_accents_and_punctuation(text: str, expected: str) -> None:
    assert fold(text) == expected


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("obri", True),
        ("o'b", True),
        ("ana o", True),
        ("brien ana", False),
        ("", True),
        ("ANA@exam", True),
    ],
)
def test_every_word_of_a_query_must_begin_a_word(query: str, found: bool) -> None:
    assert finds(query, fold("Ana O'Brien ana@example.com")) is found


def test_digits_of_every_script_count() -> None:
    assert digits("(503) 555-٠١٤٨") == "5035550148"
    assert digits("none") == ""


def test_cleaning_keeps_joiners_and_drops_what_deceives() -> None:
    assert clean_line(" A\x00na \u202egarcía\t\nLi ") == "Ana garcía Li"
    assert clean_line("e\u0301") == "é"
    assert clean_line("👩\u200d⚕️") == "👩\u200d⚕️"
    assert clean_line("\ud800x") == "x"
    assert clean_text("one\r\ntwo\rthree\x07 ") == "one\ntwo\nthree"


def test_what_shows_nothing_is_nothing() -> None:
    assert clean_line("\u200b\ufeff\u2060") == ""
    assert clean_line("Ana\u200b \u00adBell") == "Ana Bell"
    assert clean_line("\U0001f469\u200d\U0001f9b0") == "\U0001f469\u200d\U0001f9b0"


def test_too_long_is_one_sentence_at_its_field() -> None:
    with pytest.raises(UserError, match="201 characters; 200 fit here") as refused:
        clean_line("x" * 201, field="legal_given")
    assert refused.value.field == "legal_given"
    with pytest.raises(UserError):
        clean_text("x" * 11, limit=10)


@given(st.text(max_size=40), st.integers(1, 20))
def test_elided_text_fits(text: str, width: int) -> None:
    assert len(elide(text, width)) <= width or text == elide(text, width)
    assert len(elide_middle(text, width)) <= max(width, 1)


def test_eliding() -> None:
    assert elide("Daniel & Ruth", 20) == "Daniel & Ruth"
    assert elide("Daniel & Ruth", 8) == "Daniel…"
    assert elide_middle("superbill-2026.pdf", 9) == "supe….pdf"
    assert elide_middle("abc", 1) == "…"
    assert elide_middle("abc", 5) == "abc"


@pytest.mark.parametrize(
    ("words", "expected"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_reads_as_a_sentence(words: list[str], expected: str) -> None:
    assert listed(words) == expected


@given(st.text(st.characters(codec=None), max_size=60))
def test_only_controls_leave_a_text(text: str) -> None:
    def stays(char: str) -> bool:
        is_control = unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp")
        return char in "\n\t" or not (is_control or char in OVERRIDES + UNSEEN)

    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    wanted = unicodedata.normalize("NFC", "".join(filter(stays, lines))).strip()
    assert clean_text(text) == wanted

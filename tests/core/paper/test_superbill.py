"""The superbill's PDF says what its content says, on as few pages as it needs."""

from __future__ import annotations

import io
import random
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pdfplumber
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.billing.superbills.content.printed import (
    Diagnosis,
    Place,
    Providers,
    SuperbillContent,
)
from app.core.clinical.rules.diagnoses import LETTERS
from app.core.kernel.money import Money
from app.core.paper.sheet import LEFT, RIGHT
from app.core.paper.superbill import render_superbill
from app.core.paper.typeset import LEAST_SIZE
from tests.core.paper import made
from tests.core.paper.reading import PIXEL, pages, text


def test_everything_a_claim_needs_is_on_the_paper() -> None:
    said = text(render_superbill(made.SOLO))
    for needed in (
        "Statement for insurance reimbursement",
        "SB-2026-0149",
        "11/19/2026",
        "10/01/2026 – 10/31/2026",
        "Priya Raman",
        "02/11/1988",
        "Female",
        "CMH 5520 18 441",
        "70815",
        "Same as patient",
        "Marguerite Lindqvist, LMFT",
        "LMFT 84117, California",
        "1234567893",
        "106H00000X",
        "12-3456789",
        "1699800110",
        "Address of the billing entity and place of service 11",
        "F33.1",
        "Major depressive disorder, recurrent, moderate",
        "0001Z",
        "04/14/2026 check 881",
        "$660.00",
        "The client has paid for these services in full.",
        "Please send any reimbursement to the client.",
        "Balance, paid in full",
        "Place of service: 11 office, 10 telehealth with the patient at home.",
        "Modifier 95: live audio and video.",
        "4 dates of service, 4 units.",
        "Rendering provider, signed electronically 11/19/2026",
        f"Document check {made.SOLO.check_code()}",
        "Page 1 of 1",
    ):
        assert needed in said, needed


def test_a_supervised_superbill_names_both_and_bills_under_the_supervisor() -> None:
    said = text(render_superbill(made.SUPERVISED))
    for needed in (
        "Rendering provider (associate)",
        "AMFT 139204, California",
        "Associate, supervised",
        "Supervising provider’s NPI, type 1",
        "Taxonomy, supervisor",
        "Rendered under supervision; bill under the supervising provider’s identifiers",
        "Peter James Whitfield, 09/03/1989",
        "Supervising provider, signed electronically 11/19/2026",
    ):
        assert needed in said, needed


def test_a_kind_typed_before_the_license_number_is_printed_once() -> None:
    typed = replace(made.MARGUERITE, license_number="LMFT 84117")
    said = text(render_superbill(replace(made.SOLO, providers=Providers(typed))))
    assert "LMFT 84117, California" in said
    assert "LMFT LMFT LMFT" not in said, "once after the name, once before the number"


def test_a_long_superbill_carries_its_sums_over_and_names_the_patient_again() -> None:
    first, second = pages(render_superbill(made.LONG))
    carried = re.search(r"Carried to page 2 charged (\S+) · paid (\S+)", first.text)
    assert carried is not None
    assert f"Carried from page 1 charged {carried[1]} · paid {carried[2]}" in second.text
    shown = re.search(r"Lines 1 – (\d+) of 24", first.text)
    assert shown is not None
    assert carried[1] == str(Money(16500) * int(shown[1]))
    assert f"Lines {int(shown[1]) + 1} – 24 of 24" in second.text
    for needed in ("SB-2026-0150", "Priya Raman", "02/11/1988", "2 of 2", "Total charged"):
        assert needed in second.text, needed
    assert "Total charged" not in first.text


@pytest.mark.parametrize("content", [made.SOLO, made.SUPERVISED])
def test_a_usual_month_fits_one_page(content: SuperbillContent) -> None:
    month = replace(content, lines=made.lines(5))
    assert len(pages(render_superbill(month))) == 1


@given(st.integers(1, 120))
@settings(max_examples=8, deadline=None)
def test_every_line_is_printed_once_and_no_page_is_bare(count: int) -> None:
    content = replace(made.SOLO, lines=made.lines(count))
    found = pages(render_superbill(content))
    assert sum(page.text.count("0001Z") for page in found) == count
    assert all("0001Z" in page.text for page in found)
    assert all(f"Page {n} of {len(found)}" in page.text for n, page in enumerate(found, start=1))


def test_a_proof_says_everywhere_that_it_is_none_yet() -> None:
    proof = replace(made.SOLO, number="", issued_on=None)
    said = text(render_superbill(proof))
    for needed in (
        "Given when created",
        "Not yet",
        "Rendering provider, signs when it is created",
        "Superbill draft · Alder Street Therapy, PC",
        "Not issued",
    ):
        assert needed in said, needed
    assert "Document check" not in said


def test_part_paid_and_unpaid_lines_say_so() -> None:
    first, second, *_ = made.SOLO.lines
    lines = (
        replace(first, paid=Money(10000)),
        replace(second, paid=Money(0), paid_by=()),
    )
    said = text(render_superbill(replace(made.SOLO, lines=lines)))
    assert "The client has paid $100.00 of $330.00 for these services." in said
    assert "not paid" in said
    assert "0.00" in said
    assert "$230.00" in said
    assert "paid in full" not in said


def test_a_fee_below_the_usual_one_stands_beside_its_adjustment() -> None:
    line = replace(made.line(), fee=Money(20000), adjustment=Money(-3500))
    said = text(render_superbill(replace(made.SOLO, lines=(line,))))
    assert "200.00 −35.00 165.00" in said
    assert "Adjustments −$35.00" in said
    assert "Adjust-" not in text(render_superbill(made.SOLO))


def test_what_replaces_another_says_which() -> None:
    said = text(render_superbill(replace(made.SOLO, supersedes="SB-2026-0140")))
    assert "Replaces superbill SB-2026-0140" in said


def test_a_demo_practice_marks_every_page() -> None:
    demo = replace(made.LONG, entity=replace(made.ENTITY, is_demo=True))
    assert all("DEMO" in page.text for page in pages(render_superbill(demo)))


def test_another_place_of_service_has_its_address() -> None:
    content = replace(
        made.SOLO,
        lines=(replace(made.line(), place="12"), made.line(date(2026, 10, 13))),
        places=(Place("12", "9 Lantern Court, Alder Bay, CA 95999"),),
    )
    said = text(render_superbill(content))
    assert "Place of service 12" in said
    assert "9 Lantern Court" in said


def test_missing_insurance_leaves_its_cells_to_the_client() -> None:
    said = text(render_superbill(replace(made.SOLO, insurance=None)))
    assert "Not given" in said
    assert "Same as patient" not in said


def test_twelve_diagnoses_and_four_modifiers_have_room() -> None:
    description = "Major depressive disorder, recurrent severe without psychotic features"
    content = replace(
        made.SOLO,
        diagnoses=tuple(Diagnosis(letter, "F33.2", description) for letter in LETTERS),
        lines=(replace(made.line(), modifiers=("HO", "95", "GT", "U1"), pointers="ABCD"),),
    )
    said = text(render_superbill(content))
    assert said.count("F33.2") >= 12
    for needed in (
        "HO 95",
        "GT U1",
        "A, B",
        "C, D",
        "Each valid on the dates of service that name it",
    ):
        assert needed in said, needed


def test_short_diagnoses_stand_side_by_side_over_several_rows() -> None:
    content = replace(
        made.SOLO,
        diagnoses=tuple(
            Diagnosis(letter, "F41.1", "Anxiety, generalized") for letter in LETTERS[:9]
        ),
    )
    (page,) = pages(render_superbill(content))
    places = {round(top) for word, _, top, *_ in page.words if word == "F41.1"}
    assert 2 <= len(places) <= 4


def test_equal_contents_give_equal_bytes_whatever_was_drawn_before() -> None:
    before = render_superbill(made.SOLO)
    render_superbill(replace(made.LONG, patient=replace(made.PRIYA, legal_name="مريم الحداد")))
    assert render_superbill(made.SOLO) == before
    arabic = replace(made.SOLO, patient=replace(made.PRIYA, legal_name="מרים כהן"))
    assert render_superbill(arabic) == render_superbill(arabic)


def test_the_fonts_are_embedded_as_subsets_and_nothing_is_too_small() -> None:
    for page in pages(render_superbill(made.LONG)):
        assert page.fonts
        assert all(re.match(r"[A-Z]{6}\+Inter-", font) for font in page.fonts), page.fonts
        assert page.smallest >= LEAST_SIZE - 0.01


@pytest.mark.parametrize("content", [made.SOLO, made.SUPERVISED, made.LONG])
def test_a_paper_carries_the_letters_that_it_shows_and_no_more(content: SuperbillContent) -> None:
    paper = render_superbill(content)

    # Ten years of papers lie in the practice file: 45 kB each made it a gigabyte.
    assert len(paper) < 33_000


def test_the_file_tells_its_number_and_no_name() -> None:
    with pdfplumber.open(io.BytesIO(render_superbill(made.SOLO))) as document:
        said = dict(document.metadata)
    assert said["Title"] == "Superbill SB-2026-0149"
    assert not any("Raman" in str(value) for value in said.values())


def test_digits_line_up() -> None:
    lines = (
        replace(made.line(), fee=Money(11111), paid=Money(11111)),
        replace(made.line(), fee=Money(88888), paid=Money(88888)),
    )
    (page,) = pages(render_superbill(replace(made.SOLO, lines=lines)))
    left = {word: x0 for word, x0, *_ in page.words if word in ("111.11", "888.88")}
    assert left["111.11"] == pytest.approx(left["888.88"], abs=0.05)


def test_markup_is_printed_as_it_was_typed() -> None:
    line = replace(made.line(), description="<b>Talk</b> & <i>more")
    assert "<b>Talk</b> & <i>more" in text(render_superbill(replace(made.SOLO, lines=(line,))))


_NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=200)


@given(name=_NAMES, words=_NAMES, cents=st.integers(0, 10_000_000_000))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_is_set_outside_the_measure(name: str, words: str, cents: int) -> None:
    content = replace(
        made.SOLO,
        entity=replace(made.ENTITY, legal_name=name or "A", address=words),
        patient=replace(made.PRIYA, legal_name=name, address=words),
        lines=(replace(made.line(), description=words, fee=Money(cents), paid=Money(cents)),),
    )
    for page in pages(render_superbill(content)):
        assert min(x0 for _, x0, *_ in page.words) >= LEFT - 1
        assert max(x1 for *_, x1, _ in page.words) <= RIGHT + 1


def test_long_names_stay_in_their_cells() -> None:
    content = replace(
        made.SOLO,
        patient=replace(made.PRIYA, legal_name=made.LONG_NAME),
        insurance=replace(made.SOLO.insurance, payer=made.LONG_NAME, member_number="X" * 60),  # type: ignore[type-var]
    )
    with pdfplumber.open(io.BytesIO(render_superbill(content))) as document:
        page = document.pages[0]
        rules = [rect for rect in page.rects if rect["width"] < 1 and rect["height"] > 20]
        chars = [char for char in page.chars if char["text"].strip()]
        for rule in rules:
            middle = (rule["x0"] + rule["x1"]) / 2
            crossed = [
                char["text"]
                for char in chars
                if char["x0"] < middle - PIXEL < middle + PIXEL < char["x1"]
                and rule["top"] < char["top"] < rule["bottom"]
            ]
            assert not crossed, crossed


def test_no_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    render_superbill(replace(made.SOLO, number=f"SB-2026-{random.Random(1).randrange(9999):04d}"))
    assert list(tmp_path.iterdir()) == []

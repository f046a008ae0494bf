"""The invoice's PDF."""

from __future__ import annotations

from dataclasses import replace

from app.core.kernel.money import Money
from app.core.paper.invoice import render_invoice
from tests.core.paper import made
from tests.core.paper.reading import pages, text


def test_everything_that_is_asked_for_is_on_the_paper() -> None:
    said = text(render_invoice(made.INVOICE))
    for needed in (
        "Family sessions, November 2026",
        "INV-2026-0203",
        "11/30/2026",
        "$135.00",
        "Soo-jin Rhee",
        "Rhee family",
        "12-3456789",
        "0005Z, family session, 80 min",
        "285.00",
        "Check 1042",
        "RC-2026-0161",
        "Paid −$150.00",
        "Amount due $135.00",
        "billing@alderstreet.example",
        "Questions about this invoice?",
        "Please write the invoice number on your check",
        "Page 1 of 1",
    ):
        assert needed in said, needed


def test_a_bare_invoice_leaves_out_what_it_has_not() -> None:
    bare = replace(made.INVOICE, payments=(), ways_to_pay=(), footer="", subject="", number="")
    said = text(render_invoice(bare))
    for absent in ("Payments so far", "How to pay", "Questions"):
        assert absent not in said
    assert "Given when created" in said
    assert "Not issued" in said


def test_a_long_invoice_carries_its_sum_over() -> None:
    long = replace(made.INVOICE, lines=made.INVOICE.lines * 60)
    found = pages(render_invoice(long))
    assert len(found) == 3
    assert sum(page.text.count("0005Z") for page in found) == 60
    assert "Carried to page 2" in found[0].text
    assert "Carried from page 2" in found[2].text
    assert "$17,100.00" in found[2].text


def test_the_supervisor_is_named_and_a_demo_says_so() -> None:
    line = replace(made.INVOICE.lines[0], supervisor="Marguerite Lindqvist, LMFT")
    demo = replace(made.ENTITY, is_demo=True)
    said = text(render_invoice(replace(made.INVOICE, lines=(line,), entity=demo)))
    assert "supervised by" in said
    assert "DEMO" in said


def test_credit_and_adjustments_are_shown_apart() -> None:
    line = replace(made.INVOICE.lines[0], adjustment=Money(-3500))
    said = text(render_invoice(replace(made.INVOICE, lines=(line,), credit=Money(5000))))
    assert "−35.00 250.00" in said
    assert "Credit applied −$50.00" in said


def test_an_invoice_carries_no_diagnosis_and_gives_equal_bytes() -> None:
    paper = render_invoice(made.INVOICE)
    assert "ICD" not in text(paper)
    assert render_invoice(made.INVOICE) == paper

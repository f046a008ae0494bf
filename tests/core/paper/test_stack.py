"""A month as one PDF: every page as it was issued."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2
import pytest

from app.core.paper.stack import stack
from app.core.paper.superbill import render_superbill
from tests.core.paper import made
from tests.core.paper.reading import pages


def _contents(paper: bytes) -> list[bytes]:
    document = pypdfium2.PdfDocument(paper)
    pictures = [
        document[number].render(scale=0.5).to_pil().tobytes() for number in range(len(document))
    ]
    document.close()
    return pictures


def test_a_stack_has_every_page_unchanged_and_in_order() -> None:
    papers = [
        render_superbill(each)
        for each in (made.SOLO, made.LONG, replace(made.SUPERVISED, number="SB-2026-0151"))
    ]
    whole = stack(papers)
    assert [page.text for page in pages(whole)] == [
        page.text for paper in papers for page in pages(paper)
    ]
    assert _contents(whole) == [picture for paper in papers for picture in _contents(paper)]


def test_nothing_makes_no_stack() -> None:
    with pytest.raises(ValueError, match="nothing"):
        stack([])


def test_one_paper_is_a_stack_of_one() -> None:
    paper = render_superbill(made.SOLO)
    assert len(pypdfium2.PdfDocument(io.BytesIO(stack([paper])))) == 1

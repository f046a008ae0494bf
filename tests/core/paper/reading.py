"""Read a PDF back as a clerk would."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pdfplumber

PIXEL = 0.75


@dataclass(frozen=True, slots=True)
class Page:
    """Words of a page with their places, in pixels of the design."""

    text: str
    words: list[tuple[str, float, float, float, float]]
    fonts: frozenset[str]
    smallest: float


def pages(paper: bytes) -> list[Page]:
    """Return the pages of ``paper``."""
    with pdfplumber.open(io.BytesIO(paper)) as document:
        return [
            Page(
                page.extract_text(),
                [
                    (word["text"], *(word[edge] / PIXEL for edge in ("x0", "top", "x1", "bottom")))
                    for word in page.extract_words()
                ],
                frozenset(char["fontname"] for char in page.chars),
                min(char["size"] for char in page.chars) / PIXEL,
            )
            for page in document.pages
        ]


def text(paper: bytes) -> str:
    """Return all text of ``paper``."""
    return "\n".join(page.text for page in pages(paper))

"""Several issued papers as one PDF for the printer, every page as it was issued."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

import pypdfium2


def stack(papers: Iterable[bytes]) -> bytes:
    """Return one PDF with the pages of ``papers`` in order; page contents are taken unchanged.

    Nothing is written to disk. Raises ``ValueError`` when there is no paper.
    """
    whole = pypdfium2.PdfDocument.new()
    try:
        for paper in papers:
            part = pypdfium2.PdfDocument(paper)
            try:
                whole.import_pages(part)
            finally:
                part.close()
        if not len(whole):
            raise ValueError("there is nothing to stack")
        return _saved(whole)
    finally:
        whole.close()


def _saved(document: pypdfium2.PdfDocument) -> bytes:
    target = BytesIO()
    document.save(target)
    return target.getvalue()

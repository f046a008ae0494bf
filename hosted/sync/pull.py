"""Pull: a page of the log after a cursor. The columns are spliced from the log undecoded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from hosted.sync import log
from hosted.sync.book import Book

Lines = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Entries:
    """A page as it will travel: every entry is JSON text already."""

    texts: list[str]
    seq: int
    head: int


def page(
    book: Book, after: int, head: int, rows: int, visible: Callable[[Lines], Lines]
) -> Entries:
    """Return at most ``rows`` entries after ``after``, ending between two change sets.

    A change set that is larger than a page comes whole. ``visible`` picks, of the lines read,
    those that the caller may see. The ``head`` was read before: of a log without gaps everything
    up to it is there.
    """
    # One more than asked for, so that the page's end is known to lie between two change sets.
    lines = log.lines(book, after, head, rows + 1) if after < head else []
    if len(lines) > rows:
        lines = _cut(book, lines, head)
    seq = int(lines[-1][0]) if lines else max(after, head)
    return Entries(_texts(book, visible(lines), _ends(lines)), seq, head)


def _cut(book: Book, lines: Lines, head: int) -> Lines:
    """Leave out the change set that the page would end within; a lone one is completed."""
    last = lines[-1][1]
    end = len(lines)
    while end and lines[end - 1][1] == last:
        end -= 1
    if end:
        return lines[:end]
    while True:
        more = log.lines(book, int(lines[-1][0]), head, len(lines))
        same = [line for line in more if line[1] == last]
        lines = lines + same
        if not more or len(same) < len(more):
            return lines


def _ends(lines: Lines) -> dict[int, int]:
    """Return by seq the last seq of each line's change set, of which lines may be hidden."""
    ends: dict[int, int] = {}
    end, last = 0, None
    for line in reversed(lines):
        if line[1] != last:
            end, last = line[0], line[1]
        ends[line[0]] = end
    return ends


def _texts(book: Book, lines: Sequence[tuple[Any, ...]], ends: dict[int, int]) -> list[str]:
    said = book.hex
    return [
        f'[{seq},"{said(change_set)}","{said(incarnation)}","{said(operation)}","{entity}",'
        f'"{said(pk)}",{int(is_new)},{columns},{lsn},{ends[seq]}]'
        for seq, change_set, incarnation, operation, entity, pk, is_new, columns, _by, lsn in lines
    ]

"""Lines of text: which face sets which letters, right-to-left runs, widths, wrapping, fitting.

Sizes and widths are in pixels of the design, 96 to the inch.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

from bidi import algorithm as bidi

from app.core.paper.fonts import Face, Glyph, Weight, faces

#: Nothing on our papers is set smaller (7.9 pt), so that fax and scan stay legible.
LEAST_SIZE = 10.5
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"
#: Bidirectional classes that the reordering knows; isolates and unassigned letters are neutral.
_KNOWN_CLASSES = frozenset(
    {*("L", "R", "AL", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "B", "S", "WS", "ON")}
    | {"LRE", "LRO", "RLE", "RLO", "PDF"}
)
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is set: size and line height in pixels, weight, ink or soft ink."""

    size: float
    leading: float
    weight: Weight = Weight.REGULAR
    soft: bool = False
    spacing: float = 0.0


@dataclass(frozen=True, slots=True)
class Run:
    """Letters of one face in one direction; ``glyphs`` are set for right-to-left text."""

    face: Face
    text: str
    glyphs: tuple[Glyph, ...]
    width: float
    """In em/1000."""


def runs(text: str, weight: Weight) -> tuple[Run, ...]:
    """Return ``text`` as runs from left to right, as they are drawn on a left-to-right page."""
    if not _RIGHT_TO_LEFT.search(text):
        return tuple(_straight(face, part) for face, part in _by_face(text, weight))
    found: list[Run] = []
    for level, part in _visual_order(text):
        if level % 2 == 0:
            found.extend(_straight(face, bit) for face, bit in _by_face(part, weight))
            continue
        joined = [_joined(face, bit) for face, bit in _by_face(part, weight)]
        found.extend(reversed(joined))
    return tuple(found)


def width_of(text: str, style: Style) -> float:
    """Return how wide ``text`` is when set in ``style``."""
    return sum(run.width for run in runs(text, style.weight)) * style.size / 1000


def wrap(text: str, style: Style, width: float) -> list[str]:
    """Break ``text`` into lines no wider than ``width``, between words where that is possible."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, style) <= width:
            lines[-1] = longer
            continue
        lines.extend(_broken(word, style, width))
    return lines or [""]


def fit(text: str, style: Style, width: float, *, lines: int = 99) -> tuple[Style, list[str]]:
    """Set ``text`` within ``width``: smaller down to the least size, then on several lines.

    What does not go into ``lines`` lines ends in an ellipsis.
    """
    natural = width_of(text, style)
    if natural <= width:
        return style, [text]
    size = style.size * width / natural
    if size >= LEAST_SIZE:
        return replace(style, size=size), [text]
    least = replace(style, size=min(LEAST_SIZE, style.size))
    broken = wrap(text, least, width)
    if len(broken) > lines:
        broken = [*broken[: lines - 1], _elided(" ".join(broken[lines - 1 :]), least, width)]
    return least, broken


def shrink(text: str, style: Style, width: float) -> Style:
    """Return ``style`` small enough that an amount or a date stays whole on its line."""
    natural = width_of(text, style)
    return style if natural <= width else replace(style, size=style.size * width / natural)


def _elided(text: str, style: Style, width: float) -> str:
    while text and width_of(text + ELLIPSIS, style) > width:
        text = text[:-1]
    return text.rstrip() + ELLIPSIS


def _broken(word: str, style: Style, width: float) -> Iterator[str]:
    start = 0
    for end in range(1, len(word) + 1):
        if end - start > 1 and width_of(word[start:end], style) > width:
            yield word[start : end - 1]
            start = end - 1
    yield word[start:]


def _by_face(text: str, weight: Weight) -> list[tuple[Face, str]]:
    known = faces(weight)
    first = known[0]
    if first.has(text):
        return [(first, text)]
    parts: list[tuple[Face, str]] = []
    for char in text:
        face = next((face for face in known if face.has(char)), first)
        if parts and (parts[-1][0] is face or (char.isspace() and parts[-1][0].has(char))):
            parts[-1] = (parts[-1][0], parts[-1][1] + char)
        else:
            parts.append((face, char))
    return parts


def _straight(face: Face, text: str) -> Run:
    return Run(face, text, (), face.width(text))


def _joined(face: Face, text: str) -> Run:
    glyphs = face.shape(text)
    return Run(face, text, glyphs, sum(glyph.advance for glyph in glyphs))


def _visual_order(text: str) -> list[tuple[int, str]]:
    """Return the runs of one embedding level from left to right (UAX #9, rule L2)."""
    # Our forms read from left to right; a name that is wholly right-to-left is a paragraph of
    # its own direction, so that the bracket or point at its end stays with it.
    latin = any(unicodedata.bidirectional(char) == "L" for char in text)
    storage = bidi.get_empty_storage()
    storage["base_level"], storage["base_dir"] = (0, "L") if latin else (1, "R")
    bidi.get_embedding_levels(text, storage)
    for char in storage["chars"]:
        if char["type"] not in _KNOWN_CLASSES:
            char["type"] = char["orig"] = "ON"
    bidi.explicit_embed_and_overrides(storage)
    bidi.resolve_weak_types(storage)
    bidi.resolve_neutral_types(storage, False)
    bidi.resolve_implicit_levels(storage, False)
    parts = [
        (level, "".join(char["ch"] for char in chars))
        for level, chars in groupby(storage["chars"], key=lambda char: int(char["level"]))
    ]
    highest = max((level for level, _ in parts), default=0)
    for depth in range(highest, 0, -1):
        ordered: list[tuple[int, str]] = []
        for inside, grouped in groupby(parts, key=lambda part: part[0] >= depth):
            stretch = list(grouped)
            ordered.extend(reversed(stretch) if inside else stretch)
        parts = ordered
    return parts

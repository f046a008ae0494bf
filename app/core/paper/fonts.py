"""The typefaces of our papers: Inter, and Noto Sans for Arabic and Hebrew names.

Faces are read once and registered with ReportLab; digits are set to one width, so that amounts
line up. What none of the faces has, ``missing_glyphs`` names.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import uharfbuzz
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

_FOLDER = Path(__file__).parents[3] / "resources" / "fonts"
#: Joiners and variation selectors steer shaping; they have no glyph of their own.
_INVISIBLE = frozenset("\u200b\u200c\u200d\u2060\ufe0e\ufe0f\ufeff")
_PRIVATE_USE = 0xE000
#: Tables that ReportLab copies whole into every PDF: names and license, metrics of other systems.
#: The PDF standard (ISO 32000-1, 9.9) does not want them of an embedded TrueType font.
_NOT_FOR_VIEWERS = ("name", "OS/2")


class Weight(StrEnum):
    """How heavy text is set."""

    REGULAR = "Regular"
    MEDIUM = "Medium"
    SEMIBOLD = "SemiBold"
    BOLD = "Bold"


_NOTO_WEIGHT = {
    Weight.REGULAR: Weight.REGULAR,
    Weight.MEDIUM: Weight.REGULAR,
    Weight.SEMIBOLD: Weight.BOLD,
    Weight.BOLD: Weight.BOLD,
}
_NOTO_FAMILIES = ("NotoSansArabic", "NotoSansHebrew")


@dataclass(frozen=True, slots=True)
class Glyph:
    """A shaped glyph: the character code that draws it, its advance and offset in em/1000."""

    code: int
    advance: float
    x_offset: float
    y_offset: float


class Face:
    """One font file: what it can set, how wide, and how its letters join."""

    def __init__(self, name: str) -> None:
        path = _FOLDER / f"{name}.ttf"
        self.name = name
        # Only the letters of a paper go into it, not every one of ASCII.
        self.font = TTFont(name, str(path), asciiReadable=False, shapable=False)
        pdfmetrics.registerFont(self.font)
        self._shaper = uharfbuzz.Font(uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path))))
        self._per_mille = 1000 / self._shaper.face.upem
        if name.startswith("Inter"):
            self._set_digits_to_one_width()
        self._lighten()
        self._missing_width: float = self.font.face.defaultWidth
        self._widths: dict[str, float] = {
            chr(code): width for code, width in self.font.face.charWidths.items()
        }

    def has(self, text: str) -> bool:
        """Return whether this face has a glyph for every character of ``text``."""
        return self._widths.keys() >= set(text)

    def width(self, text: str) -> float:
        """Return the width of unshaped ``text`` in em/1000; what it lacks is as wide as a box."""
        try:
            return sum(map(self._widths.__getitem__, text))
        except KeyError:
            return sum(self._widths.get(char, self._missing_width) for char in text)

    def shape(self, text: str) -> tuple[Glyph, ...]:
        """Return the joined glyphs of a right-to-left ``text``, from left to right."""
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.guess_segment_properties()
        buffer.direction = "rtl"
        uharfbuzz.shape(self._shaper, buffer, {"calt": False})
        scale = self._per_mille
        return tuple(
            Glyph(
                self._code_of(info.codepoint, at.x_advance * scale),
                at.x_advance * scale,
                at.x_offset * scale,
                at.y_offset * scale,
            )
            for info, at in zip(buffer.glyph_infos, buffer.glyph_positions, strict=True)
        )

    def _code_of(self, glyph: int, width: float) -> int:
        # Joined forms have characters of their own in Unicode; the few glyphs without one get
        # a private code that depends on the font alone, so that bytes never depend on history.
        face = self.font.face
        known: list[int] | None = face.glyphToChar.get(glyph)
        if known:
            return known[0]
        code = _PRIVATE_USE + glyph
        face.charToGlyph[code] = glyph
        face.charWidths[code] = width
        return code

    def _lighten(self) -> None:
        """Leave out what a viewer never asks of a font within a PDF, and parts of a width."""
        face = self.font.face
        for table in _NOT_FOR_VIEWERS:
            face.table.pop(table, None)
        for code, width in face.charWidths.items():
            face.charWidths[code] = round(width)

    def _set_digits_to_one_width(self) -> None:
        face = self.font.face
        buffer = uharfbuzz.Buffer()
        buffer.add_str("0123456789")
        buffer.guess_segment_properties()
        uharfbuzz.shape(self._shaper, buffer, {"tnum": True, "calt": False, "kern": False})
        for char, info, at in zip(
            "0123456789", buffer.glyph_infos, buffer.glyph_positions, strict=True
        ):
            face.charToGlyph[ord(char)] = info.codepoint
            face.charWidths[ord(char)] = at.x_advance * self._per_mille


_LOADING = threading.Lock()


@cache
def _load(weight: Weight) -> tuple[Face, ...]:
    noto = _NOTO_WEIGHT[weight]
    return (Face(f"Inter-{weight}"), *(_noto(f"{family}-{noto}") for family in _NOTO_FAMILIES))


@cache
def _noto(name: str) -> Face:
    return Face(name)


def faces(weight: Weight) -> tuple[Face, ...]:
    """Return the faces of ``weight`` in the order in which text asks them for a glyph."""
    with _LOADING:
        return _load(weight)


def register() -> None:
    """Read all faces now, so that the first paper does not have to (about 40 ms)."""
    for weight in Weight:
        faces(weight)


def missing_glyphs(text: str) -> str:
    """Return the characters of ``text`` that our papers cannot set, each once, in order."""
    # Nearly every text is plain letters, each of which is looked up once.
    return "".join(char for char in dict.fromkeys(text) if not _can_be_set(char))


@cache
def _can_be_set(char: str) -> bool:
    if char in _INVISIBLE or char.isspace():
        return True
    return any(face.has(char) for face in faces(Weight.REGULAR))

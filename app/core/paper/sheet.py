"""One PDF being drawn: US Letter in pixels of the design, measured from the top left corner.

Text is drawn as given, never parsed as markup.
"""

from __future__ import annotations

import io
import threading
from dataclasses import dataclass
from enum import Enum
from typing import Self

from reportlab import rl_config
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from app.core.paper.typeset import Run, Style, runs, width_of

WIDTH, HEIGHT = 816.0, 1056.0
LEFT, RIGHT = 56.0, WIDTH - 56.0
TOP, BOTTOM = 48.0, HEIGHT - 40.0
MEASURE = RIGHT - LEFT

#: Points in a pixel of the design.
_POINT = 0.75
#: Inter's ascender and descender in em: they place the baseline in a line's height.
_ASCENT, _DESCENT = 0.96875, 0.2412
# Pages go to printers and into the practice file, never through seven-bit mail: a fifth smaller.
rl_config.useA85 = 0

#: ReportLab keeps the glyphs used so far with the font, so papers are drawn one at a time.
_DRAWING = threading.Lock()


class Ink(Enum):
    """The grays of print, from 0 (black) to 255: a printer needs its black alone for them."""

    BLACK = 0x11
    SOFT = 0x44
    RULE = 0x8C
    ROW = 0xC4
    COLUMN = 0xE2


@dataclass(frozen=True, slots=True)
class About:
    """What the PDF says of itself. ``title`` carries a number, never a person's name."""

    title: str
    author: str


class Sheet:
    """Draws pages. Use it as a context manager: papers are drawn one at a time.

    The same calls give the same bytes: no clock, no chance, no compression level of the machine.
    """

    def __init__(self, about: About) -> None:
        self._about = about
        self._bytes = io.BytesIO()
        self._ink: Ink | None = None

    def __enter__(self) -> Self:
        _DRAWING.acquire()
        canvas = _Canvas(
            self._bytes,
            pagesize=(WIDTH * _POINT, HEIGHT * _POINT),
            invariant=1,
            pageCompression=1,
            lang="en-US",
        )
        canvas.setTitle(self._about.title)
        canvas.setAuthor(self._about.author)
        canvas.setSubject("")
        canvas.setViewerPreference("DisplayDocTitle", "true")
        self._canvas = canvas
        return self

    def __exit__(self, *failure: object) -> None:
        _DRAWING.release()

    def next_page(self) -> None:
        """End this page and begin another."""
        self._canvas.showPage()
        self._ink = None

    def finish(self) -> bytes:
        """Return the whole PDF."""
        self._canvas.save()
        return self._bytes.getvalue()

    def text(self, x: float, top: float, text: str, style: Style) -> None:
        """Draw one line with its left edge at ``x``; ``top`` is the top of its line height."""
        content = (_ASCENT + _DESCENT) * style.size
        baseline = top + (style.leading - content) / 2 + _ASCENT * style.size
        y = (HEIGHT - baseline) * _POINT
        self._use(Ink.SOFT if style.soft else Ink.BLACK)
        at = x * _POINT
        size = style.size * _POINT
        for run in runs(text, style.weight):
            self._run(run, at, y, size, style.spacing * size)
            at += run.width * size / 1000

    def text_right(self, right: float, top: float, text: str, style: Style) -> None:
        """Draw one line that ends at ``right``."""
        self.text(right - width_of(text, style), top, text, style)

    def text_center(self, middle: float, top: float, text: str, style: Style) -> None:
        """Draw one line with its middle at ``middle``."""
        self.text(middle - width_of(text, style) / 2, top, text, style)

    def across(self, x: float, top: float, width: float, ink: Ink, weight: float = 1) -> None:
        """Draw a horizontal rule whose upper left corner is given."""
        self._fill(x, top, width, weight, ink)

    def down(self, x: float, top: float, height: float, ink: Ink) -> None:
        """Draw a vertical rule whose upper left corner is given."""
        self._fill(x, top, 1, height, ink)

    def box(self, x: float, top: float, width: float, height: float, ink: Ink) -> None:
        """Draw the outline of a rectangle, its line inside the edge."""
        self.across(x, top, width, ink)
        self.across(x, top + height - 1, width, ink)
        self.down(x, top, height, ink)
        self.down(x + width - 1, top, height, ink)

    def _fill(self, x: float, top: float, width: float, height: float, ink: Ink) -> None:
        # Filled, not stroked: every viewer and printer keeps the same thickness.
        self._use(ink)
        corner = (x * _POINT, (HEIGHT - top - height) * _POINT)
        sides = (width * _POINT, height * _POINT)
        self._canvas.addLiteral(f"{_numbers(*corner, *sides)} re f")

    def _use(self, ink: Ink) -> None:
        if ink is not self._ink:
            self._canvas.addLiteral(f"{ink.value / 255:.4f} g")
            self._ink = ink

    def _run(self, run: Run, x: float, y: float, size: float, spacing: float) -> None:
        show, font = self._canvas.show, run.face.font
        if not run.glyphs:
            show(x, y, run.text, font, size, spacing)
            return
        for glyph in run.glyphs:
            dx, dy = glyph.x_offset * size / 1000, glyph.y_offset * size / 1000
            show(x + dx, y + dy, chr(glyph.code), font, size, 0.0)
            x += glyph.advance * size / 1000


class _Canvas(Canvas):  # type: ignore[misc] # ReportLab comes without types.
    """A canvas that sets one line of text without the layout that ReportLab does anew for each.

    What holds until it is changed (ink, font, spacing) is said once.
    """

    _said_font = ""
    _said_spacing = 0.0

    def showPage(self) -> None:  # noqa: N802 - ReportLab's name
        super().showPage()
        self._said_font, self._said_spacing = "", 0.0

    def show(
        self, x: float, y: float, text: str, font: TTFont, size: float, spacing: float
    ) -> None:
        """Draw ``text`` with its baseline's left end at ``x``, ``y``, in points."""
        said = [f"BT 1 0 0 1 {_numbers(x, y)} Tm"]
        if spacing != self._said_spacing:
            said.append(f"{_numbers(spacing)} Tc")
            self._said_spacing = spacing
        for subset, codes in font.splitString(text, self._doc):
            named = f"{font.getSubsetInternalName(subset, self._doc)} {_numbers(size)} Tf"
            if named != self._said_font:
                said.append(named)
                self._said_font = named
            said.append(f"<{codes.hex()}> Tj")
        said.append("ET")
        self.addLiteral(" ".join(said))


def _numbers(*values: float) -> str:
    """Return numbers as a page's content has them; a hundredth of a point is finer than print."""
    return " ".join(f"{value:.2f}" for value in values)

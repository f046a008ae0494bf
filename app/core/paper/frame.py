"""What stands around every paper: head, section headings, totals, signatures, foot."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.paper.fonts import Weight
from app.core.paper.sheet import BOTTOM, LEFT, MEASURE, RIGHT, TOP, Ink, Sheet
from app.core.paper.typeset import Style, fit
from app.core.practice.content import BillingEntity

TITLE = Style(22, 28, Weight.SEMIBOLD, spacing=-0.018)
SMALL_TITLE = Style(16, 20, Weight.SEMIBOLD, spacing=-0.018)
NAME = Style(14, 18, Weight.SEMIBOLD)
SIGNED = Style(14, 18, Weight.MEDIUM)
TEXT = Style(12, 16)
SOFT = Style(12, 16, soft=True)
STRONG = Style(12, 16, Weight.SEMIBOLD)
NOTE = Style(11, 14, soft=True)
FOOT = Style(10.5, 14, soft=True)
_SUM = Style(12, 18)
_LAST_SUM = Style(13, 18, Weight.BOLD)

_FOOT_TOP = BOTTOM - 36
#: Nothing but the foot is set below.
BODY_BOTTOM = _FOOT_TOP - 14
#: Where the body of a continued page begins.
SMALL_HEAD_BOTTOM = TOP + SMALL_TITLE.leading + 25.5
_SECTION_GAP, _SECTION_HEIGHT = 14.0, 21.0
_TOTALS_WIDTH = 286.0
_SENDER_WIDTH = 430.0
SIGNATURE_HEIGHT = 42.0
_DEMO = "DEMO. These people do not exist."


@dataclass(frozen=True, slots=True)
class Head:
    """Title and what stands below it at the left, who sends the paper at the right."""

    title: str
    subtitles: tuple[str, ...]
    sender: BillingEntity


def draw_head(sheet: Sheet, head: Head) -> float:
    """Draw the head of a first page; return where the body begins."""
    sheet.text(LEFT, TOP, head.title, TITLE)
    left_end = TOP + TITLE.leading
    for subtitle in head.subtitles:
        left_end = _draw_fitted(sheet, left_end, subtitle, SOFT)
    sender = head.sender
    if sender.is_demo:
        left_end = _draw_fitted(sheet, left_end, _DEMO, STRONG)
    y = _draw_right(sheet, TOP, sender.legal_name, NAME)
    for line in (sender.address, " · ".join(filter(None, (sender.phone, sender.email)))):
        if line:
            y = _draw_right(sheet, y, line, SOFT)
    return _rule_below(sheet, max(y, left_end))


def draw_small_head(sheet: Sheet, title: str, sender: str, *, demo: bool) -> float:
    """Draw the head of a continued page; return where the body begins."""
    sheet.text(LEFT, TOP, f"{title}, continued{' · DEMO' if demo else ''}", SMALL_TITLE)
    style, lines = fit(sender, SOFT, _SENDER_WIDTH, lines=1)
    sheet.text_right(RIGHT, TOP + 3, lines[0], style)
    return _rule_below(sheet, TOP + SMALL_TITLE.leading)


def draw_section(sheet: Sheet, top: float, title: str, remark: str = "") -> float:
    """Draw a section's heading below ``top``; return where its content begins."""
    y = top + _SECTION_GAP
    sheet.text(LEFT, y, title, STRONG)
    sheet.text_right(RIGHT, y + 1, remark, NOTE)
    return top + section_height()


def section_height() -> float:
    """Return how much room a section's heading takes."""
    return _SECTION_GAP + _SECTION_HEIGHT


def totals_height(sums: int) -> float:
    """Return how high a totals box with ``sums`` lines above its balance is."""
    return 2 + 14 + 20 * sums - 2 + 13 + 18


def draw_totals(
    sheet: Sheet, top: float, sums: list[tuple[str, str]], last: tuple[str, str]
) -> float:
    """Draw the box of sums at the right edge; return where it ends."""
    height = totals_height(len(sums))
    left, right = RIGHT - _TOTALS_WIDTH + 13, RIGHT - 13
    sheet.box(RIGHT - _TOTALS_WIDTH, top, _TOTALS_WIDTH, height, Ink.BLACK)
    y = top + 8
    for label, amount in sums:
        sheet.text(left, y, label, _SUM)
        sheet.text_right(right, y, amount, _SUM)
        y += 20
    sheet.across(left, y + 4, right - left, Ink.BLACK)
    y += 11
    sheet.text(left, y, last[0], _LAST_SUM)
    sheet.text_right(right, y, last[1], _LAST_SUM)
    return top + height


def draw_carried(sheet: Sheet, top: float, label: str, sums: str) -> float:
    """Draw the sum carried from or to another page; return where it ends."""
    sheet.text_right(RIGHT, top, f"{label}      {sums}", STRONG)
    return top + STRONG.leading


def draw_signature(sheet: Sheet, top: float, column: int, name: str, capacity: str) -> float:
    """Draw a typed signature in the left (0) or right (1) half; return where it ends."""
    width = (MEASURE - 40) / 2
    left = LEFT + column * (width + 40)
    style, lines = fit(name, SIGNED, width, lines=1)
    sheet.text(left, top, lines[0], style)
    sheet.across(left, top + 21, width, Ink.BLACK)
    sheet.text(left, top + 27, capacity, NOTE)
    return top + SIGNATURE_HEIGHT


@dataclass(frozen=True, slots=True)
class Foot:
    """The two lines at the foot of every page, left and right."""

    left: tuple[str, str]
    right: str
    demo: bool = False


def draw_foot(sheet: Sheet, foot: Foot, page: int, pages: int) -> None:
    """Draw the foot with *Page n of m*."""
    sheet.across(LEFT, _FOOT_TOP, MEASURE, Ink.RULE)
    y = _FOOT_TOP + 8
    of = f"Page {page} of {pages}"
    half = MEASURE / 2 - 12
    for number, (left, right) in enumerate(zip(foot.left, (foot.right, of), strict=True)):
        at = y + FOOT.leading * number
        style, lines = fit(left, FOOT, half, lines=1)
        sheet.text(LEFT, at, lines[0], style)
        style, lines = fit(right, FOOT, half, lines=1)
        sheet.text_right(RIGHT, at, lines[0], style)


def _draw_right(sheet: Sheet, top: float, text: str, style: Style) -> float:
    fitted, lines = fit(text, style, _SENDER_WIDTH)
    for line in lines:
        sheet.text_right(RIGHT, top, line, fitted)
        top += style.leading
    return top


def _draw_fitted(sheet: Sheet, top: float, text: str, style: Style) -> float:
    fitted, lines = fit(text, style, MEASURE - _SENDER_WIDTH - 12, lines=2)
    for line in lines:
        sheet.text(LEFT, top, line, fitted)
        top += style.leading
    return top


def _rule_below(sheet: Sheet, y: float) -> float:
    sheet.across(LEFT, y + 12, MEASURE, Ink.BLACK, 1.5)
    return y + 13.5 + 12

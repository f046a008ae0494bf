"""How a row of superbills uses its width: names, numbers, sums and reasons are never cut."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from app.ui.billing.superbills_rows import Kind, ListRow
from app.ui.theme import look
from app.ui.widgets import paint

PADDING = 12
CHECK, GAP = 20, 10
ICON = 14
#: Columns at the right of a row, and the number of an issued one or who held the sessions.
SESSIONS, AMOUNT, ASIDE = 80, 84, 150
#: Narrower than this a row leaves out who held the sessions, and its number goes below: names
#: take the room.
_ROOM_FOR_ASIDE = 330
ROW_HEIGHT, LINE = 34, 20
_REFUSED_HEIGHT = 30
_BETWEEN = 8


@dataclass(frozen=True, slots=True)
class Fit:
    """What of a superbill stands on the first line of its row, and what below.

    ``below`` are words with the token of their ink; each may wrap. ``height`` is the whole row's.
    """

    name_lines: int
    sessions: bool
    aside: bool
    note: bool
    below: tuple[tuple[str, str], ...]
    height: int


def name_weight(row: ListRow) -> str:
    """Return the weight of a row's name."""
    return "semibold" if row.kind is Kind.REFUSED else "medium"


def beside_name(row: ListRow) -> tuple[str, str]:
    """Return what follows the name where there is room, and the token of its ink."""
    if row.kind is Kind.REFUSED:
        return f"{row.sessions}, {row.amount}", "text.secondary"
    return row.note, "warn.text" if row.kind is Kind.BILL else "text.muted"


def fit(width: float, row: ListRow) -> Fit:
    """Return what has room beside the name in a row of ``width``."""
    room = inner_room(width)
    numbers = look.font("body", tabular=True)
    name = paint.width_of(row.title, look.font("body", name_weight(row))) + 1
    note, token = beside_name(row)
    columns = row.kind is not Kind.REFUSED
    left = room - look.px(AMOUNT if columns else 0)
    sessions = columns and name <= left - look.px(SESSIONS)
    left -= look.px(SESSIONS) if sessions else 0
    aside = _has_aside(row, left) and name <= left - look.px(ASIDE + _BETWEEN)
    if aside:
        left -= look.px(ASIDE + _BETWEEN)
    beside = bool(note) and name + look.px(_BETWEEN) + paint.width_of(note, numbers) <= left
    facts = [row.provider] if row.kind is Kind.ISSUED and not aside else []
    facts += [row.sessions] if columns and not sessions else []
    below = [(", ".join(facts), "text.secondary")] if facts else []
    below += [(note, token)] if note and not beside else []
    name_lines = paint.lines_of(row.title, look.font("body", name_weight(row)), left)
    more = name_lines - 1 + sum(paint.lines_of(words, numbers, room) for words, _ in below)
    height = look.px(ROW_HEIGHT if columns else _REFUSED_HEIGHT) + more * look.px(LINE)
    return Fit(name_lines, sessions, aside, beside, tuple(below), height)


def _has_aside(row: ListRow, left: float) -> bool:
    # By the width alone, so that the numbers of all rows stand in one column, or all below.
    fits = left >= look.px(_ROOM_FOR_ASIDE)
    return fits and (row.kind is Kind.ISSUED or (row.kind is Kind.BILL and not row.note))


def inner_room(width: float) -> float:
    """Return the width between the check and the end of a row."""
    return width - look.px(2 * PADDING + CHECK + GAP)


def finding_areas(area: QRectF, row: ListRow) -> tuple[QRectF, QRectF]:
    """Return where the sentence of a finding and its mend are drawn in its row.

    Where both do not fit on a line the sentence wraps and the mend goes below.
    """
    left = area.left() + look.px(PADDING + CHECK + GAP + ICON + 6)
    room = area.right() - look.px(PADDING) - left
    words = row.finding.mend.words if row.finding else ""
    wide = paint.width_of(words, look.font("body", "medium")) + 1
    taken, line = paint.width_of(row.title, look.font("body")) + 1, look.px(LINE)
    if taken + look.px(8) + wide <= room:
        said = QRectF(left, area.top(), taken, line)
        return said, QRectF(said.right() + look.px(7), area.top(), wide, line)
    lines = paint.lines_of(row.title, look.font("body"), room)
    said = QRectF(left, area.top(), room, lines * line)
    return said, QRectF(left, said.bottom(), min(wide, room), line)

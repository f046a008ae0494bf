"""How the columns of a table share its width: names take the room, money and dates keep theirs."""

from __future__ import annotations

from collections.abc import Sequence

from app.ui.theme import look
from app.ui.widgets.cells import Column

_LONG_NAME = 240


def divided(room: float, columns: Sequence[Column], natural: Sequence[float]) -> list[int]:
    """Return the width of each column, together the whole ``room`` to the pixel; 0 is a hidden one.

    ``natural`` is what the columns are wide when nothing is elided. Columns that yield go before
    a name elides; then very long names are held back; only then names elide, money never does.
    """
    widths = list(natural)
    stretches = [column.stretch for column in columns]
    for position, column in enumerate(columns):
        if column.yields and sum(_capped(widths, stretches)) > room:
            widths[position] = 0.0
    shares = [share if width else 0 for share, width in zip(stretches, widths, strict=True)]
    if not any(shares):
        shares = [1 if width else 0 for width in widths]
    spare = room - sum(widths)
    if spare < 0:
        widths = _capped(widths, shares)
        spare = room - sum(widths)
    if spare < 0:
        widths = _squeezed(widths, shares, -spare)
    else:
        widths = [w + spare * share / sum(shares) for w, share in zip(widths, shares, strict=True)]
    # Rounded at their edges, so that tables under each other end at one line.
    found, right = [], 0.0
    for width in widths:
        left, right = right, right + width
        found.append(round(right) - round(left))
    return found


def _capped(widths: list[float], shares: list[int]) -> list[float]:
    """Return widths with no very long name: it must not take the room of all other columns."""
    widest = float(look.px(_LONG_NAME))
    return [
        min(width, widest) if share else width for width, share in zip(widths, shares, strict=True)
    ]


def _squeezed(widths: list[float], shares: list[int], over: float) -> list[float]:
    """Return widths that lose ``over`` where columns stretch: names elide, money never does."""
    able = sum(width for width, share in zip(widths, shares, strict=True) if share)
    if able <= 0:
        return widths
    return [
        max(look.px(48), width - over * width / able) if share else width
        for width, share in zip(widths, shares, strict=True)
    ]

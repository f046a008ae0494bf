"""The box of lettered diagnoses, as wide as it needs and in as many rows as it needs."""

from __future__ import annotations

from app.core.billing.superbills.content.printed import Diagnosis
from app.core.paper.fonts import Weight
from app.core.paper.sheet import LEFT, MEASURE, Ink, Sheet
from app.core.paper.typeset import Style, fit, width_of

_CODE = Style(12, 16, Weight.BOLD)
_WORDS = Style(12, 16)
_LEFT_PADDING, _RIGHT_PADDING, _GAP = 10.0, 14.0, 8.0
_ROW_HEIGHT = 28.0
#: Where there are many rows they close up, so that the services keep their page.
_CLOSE_ROW_HEIGHT, _CLOSE_AFTER = 19.0, 3


class DiagnosisRow:
    """Diagnoses side by side; a new row begins when the measure is full."""

    def __init__(self, diagnoses: tuple[Diagnosis, ...]) -> None:
        self._rows: list[list[tuple[Diagnosis, Style, str, float]]] = []
        used = 0.0
        for diagnosis in diagnoses:
            before = _before(diagnosis)
            room = MEASURE - 2 - before - _RIGHT_PADDING
            style, lines = fit(diagnosis.description, _WORDS, room, lines=1)
            width = before + width_of(lines[0], style) + _RIGHT_PADDING
            if not self._rows or used + width > MEASURE - 2:
                self._rows.append([])
                used = 0.0
            self._rows[-1].append((diagnosis, style, lines[0], width))
            used += width
        self._row_height = _CLOSE_ROW_HEIGHT if len(self._rows) > _CLOSE_AFTER else _ROW_HEIGHT
        self.height = 2 + self._row_height * max(len(self._rows), 1)

    def draw(self, sheet: Sheet, top: float) -> float:
        """Draw the box; return where it ends."""
        widest = max((sum(width for *_, width in row) for row in self._rows), default=80.0)
        y = top + 1
        for number, row in enumerate(self._rows):
            if number:
                sheet.across(LEFT, y - 1, widest + 2, Ink.RULE)
            x = LEFT + 1
            for diagnosis, style, words, width in row:
                if x > LEFT + 1:
                    sheet.down(x, y - 1, self._row_height + 1, Ink.RULE)
                at = x + _LEFT_PADDING
                line = y + (self._row_height - _CODE.leading) / 2
                for code in (diagnosis.letter, diagnosis.code):
                    sheet.text(at, line, code, _CODE)
                    at += width_of(code, _CODE) + _GAP
                sheet.text(at, line, words, style)
                x += width
            y += self._row_height
        sheet.box(LEFT, top, widest + 2, self.height, Ink.BLACK)
        return top + self.height


def _before(diagnosis: Diagnosis) -> float:
    letters = width_of(diagnosis.letter, _CODE) + width_of(diagnosis.code, _CODE)
    return _LEFT_PADDING + letters + 2 * _GAP

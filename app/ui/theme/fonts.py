"""The bundled type: Inter, and Noto Sans for names in Arabic and Hebrew.

Loaded from the program's own files, so that text looks the same on every computer and there is
text at all where a system has no fonts.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from app.ui.theme.tokens import RESOURCES

FAMILIES = ("Inter", "Noto Sans Arabic", "Noto Sans Hebrew")
_FILES = (
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "NotoSansArabic-Regular.ttf",
    "NotoSansArabic-Bold.ttf",
    "NotoSansHebrew-Regular.ttf",
    "NotoSansHebrew-Bold.ttf",
)


class MissingFont(RuntimeError):
    """A font file of the program is absent or damaged: the installation is broken."""


@cache
def load() -> None:
    """Make the bundled fonts known to Qt. Needs a ``QGuiApplication``; once is enough."""
    for name in _FILES:
        if QFontDatabase.addApplicationFont(str(RESOURCES / "fonts" / name)) < 0:
            raise MissingFont(f"The font {name} is missing: install PracticeRunner again.")


def inter(pixels: float, weight: int, tracking: float, *, tabular: bool) -> QFont:
    """Return Inter at ``pixels`` with ``tracking`` in pixels; ``tabular`` lines figures up."""
    font = QFont(list(FAMILIES))
    font.setPixelSize(max(1, round(pixels)))
    font.setWeight(QFont.Weight(weight))
    font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, tracking)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setStyleStrategy(QFont.StyleStrategy.PreferAntialias)
    if tabular:
        font.setFeature(QFont.Tag("tnum"), 1)
    return font

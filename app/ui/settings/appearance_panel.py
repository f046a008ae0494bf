"""Appearance: theme, text size, density, motion, hints. They hold for this computer account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QApplication

from app.ui.settings.panel import SettingsPanel
from app.ui.shell.context import ScreenContext
from app.ui.shell.preferences import Preferences
from app.ui.theme.tokens import SCALES
from app.ui.widgets.choices import Check, Segmented
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.text import Text

_THEMES = (
    ("system", "As the system"),
    ("light", "Light"),
    ("dark", "Dark"),
    ("highContrast", "High contrast"),
)
_DENSITIES = (("compact", "Compact"), ("regular", "Regular"), ("roomy", "Roomy"))


class AppearancePanel(SettingsPanel):
    """Every choice shows at once and is kept."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__("Appearance", "For this computer. Other computers keep their own.")
        program = context.program
        self._preferences = program.preferences if program else Preferences()
        said = self._preferences
        self._choice("Theme", "theme", _THEMES, said.theme)
        sizes = [(percent, f"{percent}%") for percent in SCALES]
        self._choice("Text size", "percent", sizes, said.percent)
        self._choice("Density", "density", _DENSITIES, said.density)
        manners = column_layout(gap=10)
        for name, words in (
            ("motion", "Let things move for a moment when they change"),
            ("hints", "Show shortcuts in buttons"),
        ):
            check = Check(words, checked=getattr(said, name))
            check.toggled.connect(lambda on, name=name: self._change(name, on))
            manners.addWidget(check)
        self.content.addLayout(manners)

    def _choice(
        self, title: str, name: str, options: Sequence[tuple[Any, str]], value: Any
    ) -> None:
        part = column_layout(gap=6)
        part.addWidget(Text(title, weight="medium"))
        segmented = Segmented(options, value, name=title)
        segmented.chosen.connect(lambda chosen: self._change(name, chosen))
        line = row_layout(gap=0)
        line.addWidget(segmented)
        line.addStretch(1)
        part.addLayout(line)
        self.content.addLayout(part)

    def _change(self, name: str, value: Any) -> None:
        setattr(self._preferences, name, value)
        self._preferences.save()
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self._preferences.apply(app)

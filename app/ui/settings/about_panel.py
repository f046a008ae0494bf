"""About: the version, and what others made that is in the program."""

from __future__ import annotations

from pathlib import Path

import app
from app.ui.settings.panel import SettingsPanel
from app.ui.shell.context import ScreenContext
from app.ui.theme import look
from app.ui.theme.tokens import RESOURCES
from app.ui.widgets.cells import Cell, Column, TableRow
from app.ui.widgets.layout import Facts
from app.ui.widgets.tables import DataTable
from app.ui.widgets.text import Text

#: Written by packaging/licenses.py: a package, its version and its license a line.
LICENSES = RESOURCES / "licenses.tsv"
_COLUMNS = (
    Column("name", "Made by others", stretch=2, weight="medium"),
    Column("version", "Version"),
    Column("license", "License", stretch=3, tone="text.secondary"),
)


def licenses(file: Path = LICENSES) -> list[tuple[str, str, str]]:
    """Return name, version and license of everything in the program that others made."""
    rows = [line.split("\t") for line in file.read_text(encoding="utf-8").splitlines()]
    return [(name, version, words) for name, version, words in rows]


class AboutPanel(SettingsPanel):
    """What this is, and whom it thanks."""

    def __init__(self, _context: ScreenContext) -> None:
        super().__init__("About", "A therapist's whole practice on the therapist's own computer.")
        facts = Facts()
        facts.add("PracticeRunner", f"Version {app.__version__}")
        facts.add("Diagnosis codes", "ICD-10-CM, of the National Center for Health Statistics")
        self.content.addWidget(facts)
        table = DataTable(_COLUMNS, name="Made by others", row="compact", bleeds=False)
        table.set_rows(
            TableRow(name, (Cell(name), Cell(version), Cell(words)))
            for name, version, words in licenses()
        )
        table.setMinimumHeight(look.px(420))
        self.content.addWidget(table)
        words = "Service codes are yours: the program ships none and names none."
        self.content.addWidget(Text(words, tone="text.secondary", wrap=True))

"""The recovery key on paper: one page, black on white, that says what it is for."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import QTextDocument
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QWidget

_TITLE = "PracticeRunner recovery key"
_WORDS = (
    "This key opens the practice and every backup of it, on any computer, if the passphrase is"
    " lost. Whoever has it and a copy of the file can read the records. Keep it sealed, away from"
    " the computer."
)


def sheet_text(groups: list[str]) -> str:
    """Return the sheet as plain text."""
    lines = [" ".join(groups[:4]), " ".join(groups[4:])]
    return "\n".join([_TITLE, "", *lines, "", _WORDS, ""])


def print_sheet(parent: QWidget, groups: list[str]) -> bool:
    """Ask for a printer and print the sheet; return whether it was sent."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(_TITLE)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle("Print the recovery key")
    sent = dialog.exec() == QDialog.DialogCode.Accepted
    if sent:
        sheet(groups).print_(printer)
    dialog.deleteLater()
    return sent


def sheet(groups: list[str]) -> QTextDocument:
    """Return the sheet as a document to print."""
    rows = [
        "".join(f"<td style='padding: 8pt 18pt 8pt 0'>{escape(group)}</td>" for group in part)
        for part in (groups[:4], groups[4:])
    ]
    table = "".join(f"<tr>{row}</tr>" for row in rows)
    made = QTextDocument()
    made.setHtml(
        f"<h2>{_TITLE}</h2>"
        f"<table style='font-size: 20pt; font-weight: 600'>{table}</table><p>{escape(_WORDS)}</p>"
    )
    return made

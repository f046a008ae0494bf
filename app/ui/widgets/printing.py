"""Papers to the printer and to a file, from memory: no temporary file is made."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, QSettings, QStandardPaths
from PySide6.QtGui import QPageSize, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget

from app.core.kernel.errors import FolderNotWritable
from app.ui.widgets.preview import draw_page

#: Fine enough for print and fax; more only makes the spool file grow.
_DOTS_PER_INCH = 300
_INCHES_WIDE = 8.5
_LAST_FOLDER = "papers/folder"


def print_paper(parent: QWidget, paper: bytes, name: str) -> bool:
    """Ask for a printer and print ``paper``; return whether it was printed.

    ``name`` is what the print queue shows: a number, never a person's name.
    """
    printer = letter_printer(name)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(f"Print {name}")
    accepted = bool(dialog.exec())
    dialog.deleteLater()
    if accepted:
        paint_paper(paper, printer)
    return accepted


def letter_printer(name: str) -> QPrinter:
    """Return a printer set to US Letter without margins of its own."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(name)
    printer.setResolution(_DOTS_PER_INCH)
    printer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    printer.setFullPage(True)
    return printer


def paint_paper(paper: bytes, printer: QPrinter) -> None:
    """Paint every page of ``paper`` on ``printer``, one to a sheet."""
    painter = QPainter(printer)
    width = round(_INCHES_WIDE * _DOTS_PER_INCH)
    number, pages = 0, 1
    while number < pages:
        picture = draw_page(paper, number, width)
        pages = picture.pages
        if number:
            printer.newPage()
        area = QRectF(printer.pageLayout().fullRectPixels(printer.resolution()))
        painter.drawImage(area, picture.image())
        number += 1
    painter.end()


def save_paper(parent: QWidget, paper: bytes, file_name: str) -> Path | None:
    """Ask where to save ``paper`` and write it; return the file, or ``None``.

    ``file_name`` is offered: a number, never a person's name. The folder is remembered.
    Raises ``FolderNotWritable`` when the file cannot be written.
    """
    settings = QSettings()
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    folder = Path(str(settings.value(_LAST_FOLDER, documents)))
    chosen, _ = QFileDialog.getSaveFileName(
        parent, "Save as PDF", str(folder / file_name), "PDF (*.pdf)"
    )
    if not chosen:
        return None
    target = Path(chosen).with_suffix(".pdf")
    write_paper(paper, target)
    settings.setValue(_LAST_FOLDER, str(target.parent))
    return target


def write_paper(paper: bytes, target: Path) -> None:
    """Write ``paper``; raises ``FolderNotWritable`` with one sentence where that fails."""
    try:
        target.write_bytes(paper)
    except OSError as error:
        raise FolderNotWritable(
            "The file could not be written there: choose another folder."
        ) from error

"""What the clinical record registers with the window."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from uuid import UUID

from app.core.kernel.acting import Permission
from app.ui.shell.actions import Action
from app.ui.shell.context import ScreenContext
from app.ui.shell.registry import Area, House, Panel

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


def register(house: House) -> None:
    """Register the note page, the record's tabs Clinical and Documents, the actions of a note."""
    house.areas.add(
        Area(
            "clinical",
            words="Note",
            icon="file-text",
            page=_page,
            nav=False,
            needs=Permission.READ_NOTES,
        )
    )
    for kind in ("case", "client"):
        house.panels.add(
            Panel(
                kind=kind,
                place="tab",
                key="clinical",
                words="Clinical",
                position=20,
                build=_record_panel(kind),
                needs=Permission.READ_NOTES,
            )
        )
        house.panels.add(Panel(kind, "tab", "documents", "Documents", _documents(kind), 50))
    house.actions.add(
        Action(
            "clinical.sign",
            "Sign and lock",
            icon="lock",
            keys="Ctrl+Return",
            areas=("clinical",),
            menu="Session",
        )
    )
    house.actions.add(
        Action("clinical.discard", "Discard draft", icon="x", areas=("clinical",), menu="Session")
    )


def _page(context: ScreenContext) -> QWidget:
    from app.ui.clinical.note_page import NotePage  # noqa: PLC0415 - built when first shown

    return NotePage(context)


def _record_panel(kind: str) -> Callable[[ScreenContext, UUID | None], QWidget]:
    def build(context: ScreenContext, record_id: UUID | None) -> QWidget:
        from app.ui.clinical.record_panel import RecordPanel  # noqa: PLC0415 - see _page

        if record_id is None:
            raise ValueError("the Clinical tab belongs to a record")
        return RecordPanel(context, (kind, record_id))

    return build


def _documents(kind: str) -> Callable[[ScreenContext, UUID | None], QWidget]:
    def build(context: ScreenContext, record_id: UUID | None) -> QWidget:
        from app.ui.clinical.documents_panel import DocumentsPanel  # noqa: PLC0415 - see _page

        if record_id is None:
            raise ValueError("the Documents tab belongs to a record")
        return DocumentsPanel(context, (kind, record_id))

    return build

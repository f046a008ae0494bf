"""The record's tab *Documents*: the files of each of its people."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from app.core.clinical.queries.attachments import owners
from app.core.kernel.acting import Permission
from app.ui.clinical.attachments_list import AttachmentsList
from app.ui.clinical.attachments_presenter import AttachmentsPresenter
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Record
from app.ui.shell.presenter import Presenter
from app.ui.widgets.layout import ScrollPage, column_layout


class DocumentsPanel(QWidget):
    """One list a person: a couple's record has two, headed by their names."""

    def __init__(self, context: ScreenContext, record: Record) -> None:
        super().__init__()
        self._context = context
        self._lists: list[AttachmentsList] = []
        self._page = ScrollPage(margin=(40, 28, 40, 32), width=660, gap=28, name="Documents")
        column_layout(self).addWidget(self._page)
        self.setAccessibleName("Documents")
        self._presenter = Presenter(context.desk, context.deliver)
        self._presenter.read("people", owners, record, then=self._show, failed=context.fail)

    def closing(self) -> None:
        """Let go of what was read."""
        self._presenter.close()
        for each in self._lists:
            each.closing()

    def _show(self, found: list[tuple[UUID, str]]) -> None:
        for client_id, name in found:
            made = attachments_of(
                self._context,
                ("client", client_id),
                title=name if len(found) > 1 else "Files",
                needs=Permission.EDIT_CLIENTS,
            )
            self._lists.append(made)
            self._page.body.addWidget(made)


def attachments_of(
    context: ScreenContext, owner: tuple[str, UUID], *, title: str, needs: Permission
) -> AttachmentsList:
    """Return the list of one owner's files, which who ``needs`` the right may change."""
    program = context.program
    store = program.practice if program is not None else None
    presenter = AttachmentsPresenter(context.desk, context.deliver, store, owner, did=context.did)
    may_add = store is not None and context.desk.actor.may(needs)
    return AttachmentsList(presenter, title=title, may_add=may_add, unsent=context.unsent)

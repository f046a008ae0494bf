"""The plain list of files on a client's and a note's page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QPushButton

from app import bootstrap
from app.core.cases.commands import add_client_with_case, add_couple
from app.core.kernel.text import PersonName
from app.core.people.rules import NewClient
from app.ui.clinical.attachments_list import AttachmentsList
from app.ui.clinical.attachments_presenter import AttachmentsPresenter
from app.ui.clinical.documents_panel import DocumentsPanel
from app.ui.shell.program import Program
from tests.support.pumping import Pump


@dataclass
class Opened:
    """The part of the program that the lists look at."""

    practice: bootstrap.OpenPractice


def somebody(given: str) -> NewClient:
    return NewClient(PersonName(given, "", "Okonkwo-Bell"))


@pytest.fixture
def client(practice: bootstrap.OpenPractice) -> UUID:
    return practice.desk.do(add_client_with_case, somebody("Daniel")).value.client_ids[0]


def test_files_come_in_go_out_and_can_be_brought_back(
    practice: bootstrap.OpenPractice, client: UUID, tmp_path: Path
) -> None:
    letter = tmp_path / "Letter.pdf"
    letter.write_bytes(b"Dear colleague")
    empty = tmp_path / "empty.txt"
    empty.touch()
    pump = Pump()
    undone: list[Any] = []
    presenter = AttachmentsPresenter(
        practice.desk, pump, practice, ("client", client), did=undone.append
    )
    presenter.refresh()
    presenter.attach([empty, letter])
    assert presenter.waiting == ["empty.txt", "Letter.pdf"]
    pump.until(lambda: bool(presenter.files) and not presenter.waiting)
    assert presenter.problem == "empty.txt: This file is empty: choose another one."
    (file,) = presenter.files or []
    presenter.save_copy(file, tmp_path / "copy.pdf")
    pump.until(lambda: bool(presenter.said))
    assert (tmp_path / "copy.pdf").read_bytes() == b"Dear colleague"
    presenter.remove(file)
    pump.until(lambda: presenter.files == [])
    assert undone[-1].label == "Remove file"
    assert undone[-1].undo is not None
    presenter.close()


def test_a_copy_that_has_no_room_says_why(
    practice: bootstrap.OpenPractice, client: UUID, tmp_path: Path
) -> None:
    letter = tmp_path / "Letter.pdf"
    letter.write_bytes(b"Dear colleague")
    pump = Pump()
    presenter = AttachmentsPresenter(practice.desk, pump, practice, ("client", client))
    presenter.attach([letter])
    pump.until(lambda: bool(presenter.files))
    presenter.save_copy((presenter.files or [])[0], tmp_path / "nowhere" / "copy.pdf")
    pump.until(lambda: bool(presenter.problem))
    presenter.close()


def test_a_couples_record_has_a_list_for_each_of_them(
    looked: QApplication, qtbot: Any, screen: Any, practice: bootstrap.OpenPractice, tmp_path: Path
) -> None:
    desk = practice.desk
    case = desk.do(add_couple, somebody("Daniel"), somebody("Ruth")).value.case_id
    bare, _heard = screen(desk)
    context = replace(bare, program=cast(Program, Opened(practice)))
    panel = DocumentsPanel(context, ("case", case))
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: len(panel.findChildren(AttachmentsList)) == 2)
    lists = panel.findChildren(AttachmentsList)
    letter = tmp_path / "Letter.pdf"
    letter.write_bytes(b"Dear colleague")
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(letter))])
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    lists[1].dropEvent(drop)

    def named() -> set[str]:
        return {each.accessibleName() for each in lists[1].findChildren(QPushButton)}

    qtbot.waitUntil(lambda: "Save a copy of Letter.pdf" in named())
    assert "Attach file to Ruth Okonkwo-Bell" in named()
    panel.closing()

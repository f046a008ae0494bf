"""The superbills' page on the real widgets: keyboard, mends, papers."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from PySide6.QtCore import QPoint, QRectF, QSettings, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from app.core.billing.ledger.commands import reverse_payment
from app.core.billing.ledger.queries.payments import payments_of_clients
from app.core.billing.superbills.queries.issued import superbills_issued
from app.core.kernel.errors import FolderNotWritable
from app.core.paper.superbill import render_superbill
from app.core.tasks.queries import When
from app.core.tasks.queries.attention import attention
from app.core.tasks.rules.attention import AttentionKind
from app.ui.billing.superbills import register
from app.ui.billing.superbills_fitting import (
    AMOUNT,
    ASIDE,
    LINE,
    SESSIONS,
    beside_name,
    finding_areas,
    fit,
    inner_room,
    name_weight,
)
from app.ui.billing.superbills_list import check_spot
from app.ui.billing.superbills_page import CREATE, PRINT_ALL, SuperbillsPage
from app.ui.billing.superbills_rows import Kind, ListRow
from app.ui.shell.mending import place_to_mend as task_place
from app.ui.shell.places import Place
from app.ui.shell.registry import House
from app.ui.theme import look
from app.ui.widgets import paint
from app.ui.widgets.bars import SelectionBar
from app.ui.widgets.preview import PagePreview, draw_page
from app.ui.widgets.printing import letter_printer, paint_paper, save_paper, write_paper
from tests.core.paper import made
from tests.support.practice import StoredPractice, TestDesk
from tests.ui.billing.scene import PEOPLE, stored_october

FEW = tuple(each for each in PEOPLE if each.name.split()[0] in ("Callum", "Noor", "Jun", "Ada"))


class Shown:
    """The page with its surroundings."""

    def __init__(self, page: SuperbillsPage, heard: Any, qtbot: QtBot) -> None:
        self.page, self.heard, self.qtbot = page, heard, qtbot
        self.presenter = page._presenter
        self.list = page._list

    def row(self, title: str) -> Any:
        return next(row for row in self.list.rows() if row.title.startswith(title))

    def put_cursor(self, title: str) -> None:
        position = self.list.rows().index(self.row(title))
        self.list.setCurrentIndex(self.list.model().index(position, 0))

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(self.list, key)  # type: ignore[no-untyped-call]

    def click(self, point: Any) -> None:
        button = Qt.MouseButton.LeftButton
        self.qtbot.mouseClick(self.list.viewport(), button, pos=point)  # type: ignore[no-untyped-call]

    def area(self, title: str) -> QRectF:
        position = self.list.rows().index(self.row(title))
        return QRectF(self.list.visualRect(self.list.model().index(position, 0)))


@pytest.fixture(scope="module")
def stored_practice(tmp_path_factory: pytest.TempPathFactory) -> StoredPractice:
    """A practice with that October, made once for this file."""
    return stored_october(tmp_path_factory, FEW)


@pytest.fixture
def shown(desk: TestDesk, screen: Any, qtbot: QtBot) -> Any:
    context, heard = screen(desk)
    page = SuperbillsPage(context)
    page.resize(1216, 872)
    page.show()
    qtbot.waitUntil(lambda: page._presenter.paper is not None and bool(page._list.rows()))
    yield Shown(page, heard, qtbot)
    page.closing()
    page.close()
    page.deleteLater()


def test_the_keyboard_alone_mends_chooses_and_creates(shown: Shown, desk: TestDesk) -> None:
    shown.list.setFocus()
    shown.put_cursor("The diagnosis begins")
    shown.press(Qt.Key.Key_Return)
    shown.qtbot.waitUntil(
        lambda: any(r.title == "Noor Haddad" and r.kind is Kind.BILL for r in shown.list.rows())
    )
    shown.put_cursor("Ada Lowry")
    shown.press(Qt.Key.Key_Space)
    assert not shown.row("Ada Lowry").checked
    shown.press(Qt.Key.Key_Space)
    assert shown.page.can(CREATE)
    assert not shown.page.can(PRINT_ALL)
    shown.page.act(CREATE)
    shown.qtbot.waitUntil(lambda: any(r.kind is Kind.ISSUED for r in shown.list.rows()))
    assert len(desk.ask(superbills_issued)) == 3
    assert shown.page.can(PRINT_ALL)


def test_a_second_click_on_create_creates_nothing_more(shown: Shown, desk: TestDesk) -> None:
    create, left = shown.page._create, Qt.MouseButton.LeftButton
    create.setFocus()
    QTest.mouseClick(create, left)
    QTest.mouseClick(create, left)
    QTest.mouseDClick(create, left)
    shown.page.act(CREATE)
    shown.qtbot.waitUntil(lambda: any(r.kind is Kind.ISSUED for r in shown.list.rows()))
    shown.page.act(CREATE)
    shown.qtbot.waitUntil(lambda: shown.presenter.work is None and not create.isVisible())
    assert [each.number for each in desk.ask(superbills_issued)] == ["SB-2026-0002", "SB-2026-0001"]
    assert shown.page.window().focusWidget() is shown.list


def test_a_payment_taken_back_leads_to_the_superbill_to_replace(
    shown: Shown, desk: TestDesk
) -> None:
    shown.page.act(CREATE)
    shown.qtbot.waitUntil(lambda: any(r.kind is Kind.ISSUED for r in shown.list.rows()))
    issued = desk.ask(superbills_issued)[0]
    payment = desk.ask(payments_of_clients, [issued.client_id])[0]
    desk.do(reverse_payment, payment.id)
    now = desk.clock.now()
    tasks = desk.ask(attention, desk.entitlement, When(now, now.date()))
    (task,) = (each for each in tasks if each.kind is AttentionKind.SUPERBILL_OVERSTATED)
    assert (task.title, task.detail) == (
        "Superbill to replace",
        f"{issued.number} shows too much",
    )
    room = look.px(284 - 2 * 24 - 28)
    assert paint.width_of(task.detail, look.font("body", tabular=True)) <= room
    shown.page.show_place(task_place(task))
    shown.qtbot.waitUntil(lambda: shown.presenter.selected_issued() is not None)
    selected = shown.presenter.selected_issued()
    assert selected is not None
    assert selected.number == issued.number


def test_arrows_pass_over_heads_and_show_the_paper(shown: Shown) -> None:
    shown.put_cursor("Callum Reyes")
    before = shown.presenter.selected
    for _ in range(4):
        shown.press(Qt.Key.Key_Down)
    row = shown.list.current_row()
    assert row is not None
    assert not row.kind.is_head
    assert shown.presenter.selected != before


def test_a_mend_link_goes_to_the_very_field(shown: Shown) -> None:
    row = shown.row("Date of birth is missing")
    area = finding_areas(shown.area(row.title), row)[1]
    shown.click(area.center().toPoint())
    (place,) = shown.heard.visited
    assert (place.area, place.part, place.ask) == ("people", "details", {"field": "birth_date"})


def test_a_click_on_the_check_chooses_and_one_beside_it_does_not(shown: Shown) -> None:
    area = shown.area("Ada Lowry")
    shown.click(check_spot(area).center().toPoint())
    assert not shown.row("Ada Lowry").checked
    shown.click(QPoint(int(area.center().x()), int(area.center().y())))
    assert not shown.row("Ada Lowry").checked


def test_every_row_has_a_name_for_a_screen_reader(shown: Shown) -> None:
    names = [
        shown.list.model().index(at, 0).data(Qt.ItemDataRole.AccessibleTextRole)
        for at in range(len(shown.list.rows()))
    ]
    assert all(names)
    assert "Date of birth is missing., Add date of birth" in names
    interface = QAccessible.queryAccessibleInterface(shown.list)
    assert interface.text(QAccessible.Text.Name) == "Superbills"


@pytest.mark.parametrize("width", [900, 640, 560, 480, 360, 240])
@pytest.mark.parametrize(
    "name", ["Ingrid Vasquez-Holm", "Maximiliana Featherstonehaugh-Montgomery"]
)
def test_a_narrow_row_puts_below_what_has_no_room_and_cuts_nothing(
    looked: QApplication, name: str, width: int
) -> None:
    reason = "Telehealth modifier absent, Oct 8; Note not signed, 3 dates from Oct 8"
    bill = ListRow(Kind.BILL, 1, name, reason, "", "4 sessions", "$660.00")
    issued = ListRow(Kind.ISSUED, 2, name, "", "SB-2026-0001", "4 sessions", "$660.00")
    replaced = replace(issued, note="Replaced by SB-2026-0014")
    refused = ListRow(Kind.REFUSED, 3, name, sessions="4 sessions", amount="$660.00")
    for row in (bill, issued, replaced, refused):
        fits, font = fit(width, row), look.font("body", name_weight(row))
        room = inner_room(width) - look.px(0 if row is refused else AMOUNT)
        assert fits.name_lines == 1 or paint.width_of(name, font) > room, "a name wraps last"
        room -= look.px(SESSIONS) * fits.sessions + look.px(ASIDE + 8) * fits.aside
        beside = beside_name(row)[0] if fits.note else ""
        taken = paint.width_of(name, font) + paint.width_of(beside, look.font("body"))
        assert fits.name_lines > 1 or taken <= room, (row.kind, fits)
        below = " ".join(words for words, _ in fits.below)
        assert row.note == beside or row.note in below
        assert row is refused or fits.sessions or row.sessions in below
        assert row.kind is not Kind.ISSUED or fits.aside or row.provider in below
        lines = (fits.height - look.px(30)) // look.px(LINE)
        assert lines >= fits.name_lines - 1 + len(fits.below)


def test_an_issued_one_is_shown_where_a_link_leads(shown: Shown, desk: TestDesk) -> None:
    shown.page.act(CREATE)
    shown.qtbot.waitUntil(lambda: any(r.kind is Kind.ISSUED for r in shown.list.rows()))
    issued = desk.ask(superbills_issued)[0]
    shown.page.show_place(Place("billing", ("superbill", issued.id), "superbills"))
    shown.qtbot.waitUntil(
        lambda: shown.presenter.selected_issued() is not None and shown.presenter.paper is not None
    )
    assert shown.page._pane._acts.isVisible()
    shown.page._history.click()
    shown.qtbot.waitUntil(lambda: not shown.presenter.history)


def test_the_bars_of_list_and_paper_end_the_page_in_one_line(shown: Shown) -> None:
    shown.page.act(CREATE)
    shown.qtbot.waitUntil(lambda: any(r.kind is Kind.ISSUED for r in shown.list.rows()))
    issued = next(r for r in shown.list.rows() if r.kind is Kind.ISSUED)
    shown.presenter.select(issued.key)
    bars = shown.page.findChildren(SelectionBar)

    def line() -> set[tuple[int, int]]:
        return {(each.mapTo(shown.page, QPoint()).y(), each.height()) for each in bars}

    shown.qtbot.waitUntil(lambda: all(each.isVisible() for each in bars) and len(line()) == 1)
    assert len(bars) == 2


def test_an_empty_month_says_what_makes_a_superbill(
    desk: TestDesk, screen: Any, qtbot: QtBot
) -> None:
    context, _ = screen(desk)
    page = SuperbillsPage(context)
    page.resize(1216, 872)
    page.show()
    page._presenter.step_month(-1)
    qtbot.waitUntil(lambda: page._presenter.found is not None)
    assert not page._pane.isVisible()
    page.closing()
    page.deleteLater()


def test_the_page_and_the_tabs_are_registered() -> None:
    house = House()
    register(house)
    assert [panel.key for panel in house.panels.of("billing", "page")] == ["superbills"]
    for kind in ("case", "client"):
        assert [panel.key for panel in house.panels.of(kind, "tab")] == ["superbills"]
    assert CREATE in house.actions
    assert PRINT_ALL in house.actions


def test_pages_of_a_preview_are_turned(desk: TestDesk, screen: Any, qtbot: QtBot) -> None:
    context, _ = screen(desk)
    preview = PagePreview("Superbill", context.desk, context.deliver)
    qtbot.addWidget(preview)
    preview.resize(460, 600)
    preview.show()
    preview.show_paper(render_superbill(made.LONG))
    qtbot.waitUntil(lambda: preview.pages == 2)
    preview.step(1)
    preview.step(5)
    assert preview.page == 1
    preview.step(-9)
    assert preview.page == 0
    preview.show_paper(None)
    assert preview.pages == 0
    preview.closing()


def test_printing_to_a_file_takes_the_same_path(tmp_path: Path, qapp: Any) -> None:
    printer = letter_printer("SB-2026-0150")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    paint_paper(render_superbill(made.LONG), printer)
    printed = pypdfium2.PdfDocument(tmp_path / "printed.pdf")
    assert len(printed) == 2
    assert printed[0].get_size() == pytest.approx((612, 792), abs=1)
    small = draw_page((tmp_path / "printed.pdf").read_bytes(), 0, 306)
    image = small.image().convertToFormat(small.image().format())
    dark = sum(
        image.pixelColor(x, y).lightness() < 128
        for x in range(0, image.width(), 3)
        for y in range(0, image.height(), 3)
    )
    assert dark > 100
    printed.close()


def test_a_paper_is_saved_under_its_number(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    QSettings.setPath(QSettings.defaultFormat(), QSettings.Scope.UserScope, str(tmp_path))
    offered: list[str] = []

    def choose(_parent: Any, _title: str, path: str, _filter: str) -> tuple[str, str]:
        offered.append(Path(path).name)
        return str(tmp_path / "mine"), ""

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    paper = render_superbill(made.SOLO)
    target = save_paper(None, paper, "SB-2026-0149.pdf")  # type: ignore[arg-type]
    assert offered == ["SB-2026-0149.pdf"]
    assert target == tmp_path / "mine.pdf"
    assert target.read_bytes() == paper
    assert len(pypdfium2.PdfDocument(io.BytesIO(paper))) == 1
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    assert save_paper(None, paper, "SB-2026-0149.pdf") is None  # type: ignore[arg-type]


def test_a_folder_that_cannot_be_written_gets_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FolderNotWritable, match="another folder"):
        write_paper(b"", tmp_path / "missing" / "paper.pdf")

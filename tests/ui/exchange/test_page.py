"""The import's page as a person uses it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from app.core.exchange import running
from app.ui.exchange.finding_row import FindingRow
from app.ui.exchange.page import ImportPage
from app.ui.exchange.presenter import Step
from app.ui.exchange.settings_page import ImportsPage
from app.ui.widgets.fields import LineField
from app.ui.widgets.message import Message
from app.ui.widgets.text import Text
from tests.core.exchange.samples import CONTACTS, DEMOGRAPHICS, DETAILS
from tests.support.practice import TestDesk

Screen = Callable[..., Any]


@pytest.fixture
def page(desk: TestDesk, screen: Screen, qtbot: QtBot) -> ImportPage:
    context, _heard = screen(desk)
    made = ImportPage(context)
    qtbot.addWidget(made, before_close_func=lambda widget: widget.closing())
    made.resize(1224, 872)
    made.show()
    return made


def _review(page: ImportPage, qtbot: QtBot) -> None:
    page.presenter.choose_files([DETAILS, DEMOGRAPHICS])
    qtbot.waitUntil(lambda: page.presenter.step is Step.REVIEW)


def _words(page: ImportPage) -> list[str]:
    return [text.text() for text in page.findChildren(Text) if text.isVisible()]


def _button(page: ImportPage, words: str) -> QPushButton:
    return next(
        each for each in page.findChildren(QPushButton) if each.text() == words and each.isVisible()
    )


def test_review_shows_the_counts_and_the_meter(page: ImportPage, qtbot: QtBot) -> None:
    _review(page, qtbot)
    words = _words(page)

    assert {"48", "53", "5", "1", "10 of 10 chosen"} <= set(words)
    assert "24 over your plan arrive inactive" in words
    assert page.can("exchange.start")


def test_clearing_one_lets_another_in(page: ImportPage, qtbot: QtBot) -> None:
    _review(page, qtbot)
    checks = [each for each in page.findChildren(QCheckBox) if each.isVisible()]
    chosen = [each for each in checks if each.isChecked()]
    closed = next(each for each in checks if not each.isEnabled())

    chosen[0].click()

    assert "9 of 10 chosen" in _words(page)
    assert any(each.isEnabled() and not each.isChecked() for each in checks)
    assert closed is not None


def test_a_name_is_typed_for_the_refused_row(page: ImportPage, qtbot: QtBot) -> None:
    _review(page, qtbot)
    entry = page.findChildren(FindingRow)[0]
    entry.link.click()
    given, family = entry.findChildren(LineField)
    qtbot.waitUntil(given.isVisible)
    given.setText("Zed")
    family.setText("Nobody")
    before = page.presenter.plan
    _button(page, "Use this name").click()
    qtbot.waitUntil(lambda: page.presenter.plan is not before)

    assert page.presenter.plan is not None
    assert len(page.presenter.plan.newcomers) == 54
    qtbot.waitUntil(lambda: "54" in _words(page))


def test_import_and_result(page: ImportPage, qtbot: QtBot) -> None:
    _review(page, qtbot)
    page.act("exchange.start")
    qtbot.waitUntil(lambda: page.presenter.step is Step.DONE)

    assert "53 people are here" in _words(page)
    assert not page.can("exchange.start")


def test_an_interrupted_import_is_offered(desk: TestDesk, screen: Screen, qtbot: QtBot) -> None:
    planned = running.plan(desk, running.read_files([CONTACTS, DETAILS]))
    run_id = running.begin(desk, planned)
    running.run(desk, run_id, planned, lambda _progress: False)
    context, _heard = screen(desk)
    settings = ImportsPage(context)
    qtbot.addWidget(settings, before_close_func=lambda widget: widget.closing())
    settings.show()

    def offered() -> bool:
        said = [message.accessibleName() for message in settings.findChildren(Message)]
        return any(words.startswith("Continue or undo the import (") for words in said)

    qtbot.waitUntil(offered)


def test_in_a_small_window_no_sentence_of_the_review_is_cut(page: ImportPage, qtbot: QtBot) -> None:
    _review(page, qtbot)
    page.resize(631, 430)  # the smallest window, with text at 150 %

    def cut() -> list[str]:
        shown = [each for each in page.findChildren(Text) if each.isVisible()]
        return [
            each.text()
            for each in shown
            if each.height() < each.heightForWidth(each.width())
            or (not each.hasHeightForWidth() and each.width() < each.sizeHint().width())
        ]

    qtbot.waitUntil(lambda: page.width() == 631 and not cut())


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (bytes(range(256)) * 9, "is not a text file"),
        (b'"Name","Email"\n"Ana Li,a@example.com\n', "A quotation mark in line 2"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_in_one_sentence(
    page: ImportPage, qtbot: QtBot, tmp_path: Path, content: bytes, said: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(content)
    page.presenter.choose_files([file])

    def messages() -> list[Message]:
        return [each for each in page.findChildren(Message) if each.isVisible()]

    qtbot.waitUntil(lambda: bool(messages()))
    (message,) = messages()
    assert said in message.accessibleName()
    assert message.accessibleName().count(". ") == 0
    assert page.presenter.step is Step.FILES


def test_a_file_in_utf_16_is_read(page: ImportPage, qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(CONTACTS.read_text(encoding="utf-8").encode("utf-16"))
    page.presenter.choose_files([file])
    qtbot.waitUntil(lambda: page.presenter.step is Step.REVIEW)
    assert page.presenter.plan is not None
    assert page.presenter.plan.newcomers

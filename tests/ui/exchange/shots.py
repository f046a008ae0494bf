"""Pictures of the import."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QWidget

from app.core.exchange import running
from app.core.kernel.desk import Desk
from app.ui.exchange.finding_row import FindingRow
from app.ui.exchange.page import ImportPage
from app.ui.exchange.presenter import Step
from app.ui.shell.bridge import Bridge
from tests.core.exchange.samples import CONTACTS, DEMOGRAPHICS, DETAILS
from tests.support.pictures import application
from tests.support.screens import bare_context
from tests.support.shots import Shot

#: The picture without the side bar.
_SIZE = (1224, 872)


def _page(desk: Desk) -> ImportPage:
    context, _heard = bare_context(desk, Bridge(application()))
    return ImportPage(context)


def _reach(page: ImportPage, step: Step) -> ImportPage:
    loop = QEventLoop()
    page.presenter.on_change(lambda: loop.quit() if page.presenter.step is step else None)
    patience = QTimer(loop)
    patience.setSingleShot(True)
    patience.timeout.connect(loop.quit)
    patience.start(20_000)
    loop.exec()
    patience.stop()
    return page


def _review(desk: Desk) -> QWidget:
    page = _page(desk)
    page.presenter.choose_files([DETAILS, DEMOGRAPHICS])
    return _reach(page, Step.REVIEW)


def _mending(desk: Desk) -> QWidget:
    page = _review(desk)
    for entry in page.findChildren(FindingRow):
        entry.toggle()
    return page


def _done(desk: Desk) -> QWidget:
    page = _page(desk)
    page.presenter.choose_files([DETAILS, DEMOGRAPHICS])
    _reach(page, Step.REVIEW)
    page.presenter.start()
    return _reach(page, Step.DONE)


def _interrupted(desk: Desk) -> QWidget:
    planned = running.plan(desk, running.read_files([CONTACTS, DETAILS]))
    run_id = running.begin(desk, planned)
    running.run(desk, run_id, planned, lambda _progress: False)
    return _page(desk)


SHOTS = [
    Shot("import-files", _page, _SIZE),
    Shot("import-review", _review, _SIZE),
    Shot("import-mending", _mending, _SIZE),
    Shot("import-done", _done, _SIZE),
    Shot("import-interrupted", _interrupted, _SIZE),
]

"""The seats by role: at every size each word of a row can be read, and no figure is cut."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from app.ui.settings.seats_table import SeatsTable
from app.ui.settings.subscription_panel import SubscriptionPanel
from app.ui.settings.team_panel import TeamPanel
from app.ui.theme import look
from app.ui.widgets.text import Text
from tests.support.screens import part
from tests.ui.settings.accounts import FULL, STARTER, Account
from tests.ui.settings.conftest import Opens


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("account", [Account(FULL), Account(STARTER)], ids=["group", "starter"])
@pytest.mark.parametrize("kind", [SubscriptionPanel, TeamPanel])
def test_no_word_is_cut_or_broken(
    opens: Opens, looked: QApplication, kind: Any, account: Account, percent: int
) -> None:
    look.use(looked, theme="light", percent=percent, density="regular", motion=False)
    room = opens(kind, account)
    # The window without side bar and the menu of Settings.
    room.page.resize(1224 - 224 * percent // 100, 870)
    room.words()
    cells = part(room.page, SeatsTable).findChildren(Text)
    assert cells
    for cell in cells:
        advance = QFontMetricsF(cell.font()).horizontalAdvance
        assert all(advance(word) <= cell.width() for word in cell.text().split()), cell.text()
        assert not cell.toolTip()

"""Which step may follow which stage of an import, and for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.core.exchange.rules import UNDO_OFFERED, ImportState, check_continue, check_undo
from app.core.kernel.errors import UserError

NOW = datetime(2026, 11, 19, tzinfo=UTC)


@pytest.mark.parametrize("state", list(ImportState))
def test_only_an_unfinished_import_goes_on(state: ImportState) -> None:
    assert state.label
    if state is ImportState.RUNNING:
        check_continue(state)
    else:
        with pytest.raises(UserError):
            check_continue(state)


@pytest.mark.parametrize("state", list(ImportState))
def test_an_import_is_undone_once_and_within_30_days(state: ImportState) -> None:
    late = NOW - UNDO_OFFERED - timedelta(seconds=1)
    if state is ImportState.UNDONE:
        with pytest.raises(UserError, match="undone already"):
            check_undo(state, NOW, NOW)
        return
    check_undo(state, NOW - UNDO_OFFERED, NOW)
    if state is ImportState.STAGING:
        check_undo(state, late, NOW)
    else:
        with pytest.raises(UserError, match="30 days"):
            check_undo(state, late, NOW)

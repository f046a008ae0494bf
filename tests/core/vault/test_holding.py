"""An open editor and the slices of sync: neither ever writes over what the other had not seen."""

from __future__ import annotations

import threading
from typing import Any
from uuid import uuid4

from app.core.kernel.changes import Changes
from tests.support.practice import TestDesk

SOON = 20.0


def test_an_editor_opens_only_when_the_slice_under_way_is_written(desk: TestDesk) -> None:
    note, looked, go_on = uuid4(), threading.Event(), threading.Event()
    order: list[str] = []

    def slice_of_sync(_session: Any) -> tuple[None, Changes]:
        assert not desk.holds(note)
        looked.set()
        go_on.wait(SOON)
        order.append("written")
        return None, Changes()

    def open_editor() -> None:
        go_on.set()
        desk.hold(note)
        order.append("held")

    written = desk.confirm(slice_of_sync)
    assert looked.wait(SOON)
    editor = threading.Thread(target=open_editor)
    editor.start()
    written.result(SOON)
    editor.join(SOON)
    assert order == ["written", "held"]
    assert desk.holds(note)
    desk.release(note)

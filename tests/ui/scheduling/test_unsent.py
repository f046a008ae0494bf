"""Sessions that are not uploaded yet, in the real calendar."""

from __future__ import annotations

from app.ui.widgets.unsent import NOT_UPLOADED, Unsent
from tests.ui.scheduling.room import Room


def test_a_session_that_waits_says_so_until_it_is_uploaded(room: Room) -> None:
    unsent = Unsent()
    room.canvas.follow(unsent)
    block = room.block("Noor Haddad")
    session = room.find("Noor Haddad")
    own = session.id if session.is_kept else session.series_id
    assert own is not None
    plain = block.grab().toImage()
    unsent.set(frozenset({own}))
    assert block.accessibleName().endswith(f", {NOT_UPLOADED}")
    assert block.toolTip() == block.accessibleName()
    assert block.grab().toImage() != plain
    room.canvas.render_sessions()
    assert block.accessibleName().endswith(f", {NOT_UPLOADED}")
    unsent.set(frozenset())
    assert NOT_UPLOADED not in block.accessibleName()
    assert block.grab().toImage() == plain

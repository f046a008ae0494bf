"""What happens when a practice opens: the first place to show, and what could not be done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.ui.onboarding.assistant import Arrival
from app.ui.shell.places import Place

if TYPE_CHECKING:
    from app.ui.shell.program import Program


def arrive(program: Program, arrival: Arrival) -> None:
    """Show an opened practice and go where the first run said."""
    program.opened(arrival.practice)
    if not program.is_demo and program.begun is not None:
        # Made or restored: the first run is over. Out of the demo it goes on where it was left.
        program.begun.deleteLater()
        program.begun = None
    draft = arrival.draft
    navigator = program.window.navigator
    if draft is not None and draft.import_now and navigator is not None:
        navigator.go(Place("settings", part="import"))
    if arrival.problem:
        program.window.say(arrival.problem)

"""What stands in the window while no practice is open."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.core.kernel.clock import SystemClock
from app.ui.shell.registry import House

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.ui.onboarding.first_run import FirstRun
    from app.ui.shell.program import PracticeFile, Program


def register(house: House) -> None:
    """Register the first run and the lock."""
    house.fronts["first_run"] = _first_run
    house.fronts["locked"] = _locked
    house.fronts["restore"] = _restore


def _first_run(program: Program) -> FirstRun:
    from app.ui.onboarding.arrival import arrive  # noqa: PLC0415  loaded when first shown
    from app.ui.onboarding.assistant import Assistant  # noqa: PLC0415
    from app.ui.onboarding.drafts import beginning  # noqa: PLC0415
    from app.ui.onboarding.first_run import FirstRun  # noqa: PLC0415

    if program.begun is None or program.begun.folder != program.folder:
        here = SystemClock().now().astimezone()
        assistant = Assistant(
            program.keeper,
            program.folder,
            program.work,
            lambda come: arrive(program, come),
            beginning(here),
            program.bridge.deliver,
        )
        program.begun = FirstRun(assistant)
    begun: FirstRun = program.begun
    return begun


def _restore(program: Program) -> FirstRun:
    front = _first_run(program)
    front.ask_for_backup()
    return front


_DEMO = "This is the demo practice. Its lock takes any passphrase."


def _locked(program: Program) -> QWidget:
    from app.ui.onboarding.arrival import arrive  # noqa: PLC0415  loaded when first shown
    from app.ui.onboarding.lock_presenter import LockPresenter, opener_of  # noqa: PLC0415
    from app.ui.onboarding.locked import Locked  # noqa: PLC0415

    def open_demo(_secret: str, _by_recovery_key: bool) -> PracticeFile:
        return program.keeper.open_demo()

    opener = open_demo if program.is_demo else opener_of(program.keeper, program.folder)
    return Locked(
        LockPresenter(opener, program.work, lambda come: arrive(program, come)),
        _DEMO if program.is_demo else program.lock_reason,
        other=lambda: _choose_other(program),
        restore=lambda: program.window.show_front(_restore(program)),
    )


def _choose_other(program: Program) -> None:
    from PySide6.QtWidgets import QFileDialog  # noqa: PLC0415

    folder = QFileDialog.getExistingDirectory(
        program.window, "Choose the folder of a practice", str(program.folder)
    )
    if folder:
        program.folder, program.lock_reason = Path(folder), ""
        program.start()

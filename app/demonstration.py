"""Makes and opens fictional practices: the demo, and those that tests and benchmarks read.

Apart from ``bootstrap``, so that opening a real practice never loads what makes fictional ones.
"""

from __future__ import annotations

import shutil
from datetime import datetime, timedelta
from pathlib import Path

from app import bootstrap, folders, places
from app.bootstrap import PreparedKeys
from app.core.demo.clock import MovingClock
from app.core.demo.fiction import DEMO_PRACTICE, PASSPHRASE
from app.core.demo.generator import Heard, fill
from app.core.demo.sizes import SIZES, Size
from app.core.kernel.clock import SystemClock
from app.open_practice import OpenPractice


def make_demo(
    folder: Path,
    prepared: PreparedKeys,
    size: Size,
    *,
    seed: int = 1,
    moment: datetime | None = None,
    heard: Heard = lambda _done, _all: None,
) -> None:
    """Make a fictional practice in ``folder``, its years ending at ``moment`` (now).

    ``heard`` is told how many days of how many are lived through.
    """
    moment = moment or SystemClock().now()
    clock = MovingClock(moment - timedelta(days=366 * (size.years + 1)))
    practice = bootstrap.create_practice(folder, prepared, DEMO_PRACTICE, clock)
    try:
        clock.set(moment)
        fill(practice.desk, clock, size, seed=seed, heard=heard)
    finally:
        practice.close()


def open_demo(heard: Heard = lambda _done, _all: None) -> OpenPractice:
    """Open the demo practice beside the usual data folder, made if it is not there yet."""
    usual = folders.default_data_dir()
    folder = usual.with_name(f"{usual.name} demo")
    if not places.place_of(folder).keys.exists():
        # Made under another name, so that one that was not finished is never opened.
        making = folder.with_name(f"{folder.name} making")
        shutil.rmtree(making, ignore_errors=True)
        make_demo(making, bootstrap.prepare_keys(PASSPHRASE), SIZES["demo"], heard=heard)
        making.replace(folder)
    keys = bootstrap.unlock(folder, passphrase=PASSPHRASE)
    return bootstrap.open_practice(folder, keys)

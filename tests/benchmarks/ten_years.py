"""The ten-year practice that figures are measured on: made once, then copied."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app import bootstrap
from app.core.demo.fiction import PASSPHRASE
from app.core.demo.sizes import SIZES
from app.demonstration import make_demo
from tests.support.clock import THE_MOMENT, StillClock

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "out" / "ten-years"
#: What the practice depends on: its tables, and who fills them.
_SOURCES = ("app/core/store/migrations", "app/core/vault/migrations", "app/core/demo")


def stored() -> Path:
    """Return the folder of the ten-year practice, made if it is not there or is outdated.

    Making it takes several minutes; it tells how far it is.
    """
    folder = KEPT / _fingerprint()
    if not (folder / "data").exists():
        shutil.rmtree(KEPT, ignore_errors=True)
        making = KEPT / "making"
        with _state(making / "state"):
            make_demo(
                making / "data",
                bootstrap.prepare_keys(PASSPHRASE),
                SIZES["ten-year"],
                moment=THE_MOMENT,
                heard=_tell,
            )
        making.replace(folder)
    return folder


@contextmanager
def ten_years() -> Iterator[bootstrap.OpenPractice]:
    """A copy of the ten-year practice, open at the moment of the design's pictures."""
    source = stored()
    with tempfile.TemporaryDirectory() as root:
        shutil.copytree(source / "data", f"{root}/data")
        shutil.copytree(source / "state", f"{root}/state")
        with _state(Path(root) / "state"):
            keys = bootstrap.unlock(Path(root) / "data", passphrase=PASSPHRASE)
            practice = bootstrap.open_practice(Path(root) / "data", keys, StillClock())
            try:
                yield practice
            finally:
                practice.close()


@contextmanager
def _state(folder: Path) -> Iterator[None]:
    before = os.environ.get("PRACTICERUNNER_STATE_DIR")
    os.environ["PRACTICERUNNER_STATE_DIR"] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ["PRACTICERUNNER_STATE_DIR"]
        else:
            os.environ["PRACTICERUNNER_STATE_DIR"] = before


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for source in _SOURCES:
        for path in sorted((ROOT / source).rglob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _tell(done: int, of: int) -> None:
    if done % 365 == 0 or done == of:
        print(f"  living through ten years: day {done:,} of {of:,}", flush=True)

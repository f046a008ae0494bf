"""``python3 dev.py tour``: the real window, kept as pictures and papers.

The main job, then a week apart with two computers. Numbered PNGs and the superbill's PDF go to
``out/tour``.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from PySide6.QtWidgets import QApplication

OUT = Path(__file__).resolve().parents[2] / "out" / "tour"


def main() -> int:
    """Take the tour; returns the exit code."""
    shutil.rmtree(OUT, ignore_errors=True)
    with tempfile.TemporaryDirectory() as root:
        os.environ["PRACTICERUNNER_STATE_DIR"] = f"{root}/state"
        _application = QApplication([])
        # Imported here: they read where the state lies.
        from tests.e2e.main_job import MainJob  # noqa: PLC0415
        from tests.e2e.two_computers import journey  # noqa: PLC0415

        job = MainJob(Path(root), OUT)
        job.set_up()
        job.bring_in()
        job.book()
        job.hold()
        for number, paper in enumerate(job.bill(), 1):
            name = f"superbill-{number}.pdf"
            (OUT / name).write_bytes(paper)
            print(f"  {name}")
        job.lock()
        job.close()
        # Two computers and a server process, from an empty folder of their own.
        journey(Path(root) / "two", OUT, lambda _made: None)
    print(f"The tour lies in {OUT.relative_to(Path.cwd())}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

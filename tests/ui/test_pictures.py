"""Every screen still looks as it did when somebody looked at it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from tests.support import kept_pictures
from tests.support.kept_pictures import difference, file_of, small
from tests.support.shots import LOOKS, Shot, Studio

pytestmark = pytest.mark.skipif(
    sys.platform == "darwin", reason="macOS writes shortcuts with other signs"
)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """Practices for pictures, whose state lies in folders of their own."""
    before = os.environ.get("PRACTICERUNNER_STATE_DIR")
    yield Studio(tmp_path_factory.mktemp("pictures"))
    if before is None:
        os.environ.pop("PRACTICERUNNER_STATE_DIR", None)
    else:
        os.environ["PRACTICERUNNER_STATE_DIR"] = before


@pytest.mark.parametrize("shot", list(kept_pictures.shots()), ids=lambda shot: shot.name)
def test_a_screen_looks_as_it_did(studio: Studio, shot: Shot, looked: QApplication) -> None:
    kept = QImage(str(file_of(shot)))
    assert not kept.isNull(), "take it with: python -m tests.support.kept_pictures"
    found = difference(kept, small(studio.take(shot, LOOKS[0])))
    assert found.is_small, (
        f"{found}. If the change is meant, look at it with dev.py shots {shot.name} and take the "
        "pictures anew: python -m tests.support.kept_pictures"
    )


def test_another_rasterizer_passes_and_a_lost_button_does_not() -> None:
    plain = QImage(str(file_of(next(kept_pictures.shots()))))
    moved = QImage(plain)
    painter = QPainter(moved)
    painter.setOpacity(0.5)
    painter.drawImage(1, 0, plain)
    painter.end()
    assert difference(plain, moved).is_small
    lost = QImage(plain)
    painter = QPainter(lost)
    # The button "Open note" of Today, in the color of the page.
    painter.fillRect(230, 38, 62, 14, QColor("#FBF9F5"))
    painter.end()
    assert not difference(plain, lost).is_small
    assert not difference(plain, plain.scaled(100, 100)).is_small


def test_they_are_small() -> None:
    assert sum(each.stat().st_size for each in kept_pictures.FOLDER.iterdir()) < 3_000_000

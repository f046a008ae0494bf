"""The page of all components."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from app.core.kernel.desk import Desk
from tests.support.gallery import Gallery
from tests.support.shots import Shot


def _components(_desk: Desk) -> QWidget:
    return Gallery()


SHOTS = [Shot("components", _components, looks=("light", "dark", "contrast", "150"))]

"""How this person likes the window, kept per computer account; never anything of a practice."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QApplication

from app.ui.theme.contrast import ContrastPort, UsualContrast
from app.ui.theme.tokens import DENSITIES, SCALES, THEMES, tokens


@dataclass(slots=True)
class Preferences:
    """Looks and manners. ``theme`` ``system`` follows the system: contrast, light or dark."""

    file: Path | None = None
    theme: str = "system"
    percent: int = 100
    density: str = "regular"
    motion: bool = True
    hints: bool = True
    """Whether shortcuts are shown in buttons."""
    contrast: ContrastPort = field(default_factory=UsualContrast)
    """Asked each time the look is applied; never kept."""

    @classmethod
    def load(cls, folder: Path) -> Preferences:
        """Read them from ``folder``; what is absent or nonsense is as delivered."""
        made = cls(folder / "window.ini")
        store = made._store()
        for name, known in _KNOWN.items():
            text = str(store.value(f"look/{name}", ""))
            if text in known:
                kind = type(getattr(made, name))
                setattr(made, name, text == "True" if kind is bool else kind(text))
        return made

    def save(self) -> None:
        """Keep them for the next start."""
        store = self._store()
        for each in fields(self):
            if each.name in _KNOWN:
                store.setValue(f"look/{each.name}", str(getattr(self, each.name)))
        store.sync()

    def apply(self, app: QApplication) -> None:
        """Make the whole program look so."""
        # Imported here: the window stands before its fonts, icons and style sheet are read.
        from app.ui.theme import look  # noqa: PLC0415

        theme = self.theme
        if theme not in THEMES:
            theme = "highContrast" if self.contrast.wanted() else _system_theme(app)
        follows = theme == "highContrast" and self.contrast.wanted()
        look.use(
            app,
            theme=theme,
            system=self.contrast.colors() if follows else None,
            percent=self.percent,
            density=self.density,
            motion=self.motion,
            hints=self.hints,
        )

    def step_text(self, step: int) -> None:
        """Make the text a step larger or smaller, or with 0 as large as usual, and keep that."""
        at = SCALES.index(self.percent) if step else 0
        self.percent = SCALES[min(max(at + step, 0), len(SCALES) - 1)]
        self._put_on()

    def wear(self, theme: str) -> None:
        """Put on a theme, and keep that."""
        self.theme = theme
        self._put_on()

    def _put_on(self) -> None:
        app = QApplication.instance()
        if isinstance(app, QApplication):
            self.apply(app)
            self.save()

    def first_color(self, app: QApplication) -> str:
        """Return the color of a page as hex, told by the palette that the system brings."""
        dark = app.palette().window().color().lightness() < _HALF
        theme = self.theme if self.theme in THEMES else "dark" if dark else "light"
        return tokens().colors[theme]["surface.page"]

    def window_place(self) -> QByteArray:
        """Return where the window stood last."""
        place = self._store().value("window/place", QByteArray())
        return place if isinstance(place, QByteArray) else QByteArray()

    def keep_window_place(self, place: QByteArray) -> None:
        """Remember where the window stands."""
        store = self._store()
        store.setValue("window/place", place)
        store.sync()

    def last_folder(self, purpose: str) -> str:
        """Return the folder of the last file dialog of a purpose (``import``, ``papers``)."""
        return str(self._store().value(f"folders/{purpose}", ""))

    def keep_folder(self, purpose: str, folder: str) -> None:
        """Remember the folder of a file dialog."""
        self._store().setValue(f"folders/{purpose}", folder)

    def _store(self) -> QSettings:
        place = str(self.file) if self.file is not None else ""
        return QSettings(place, QSettings.Format.IniFormat)


_HALF = 128

_KNOWN: dict[str, tuple[str, ...]] = {
    "theme": ("system", *THEMES),
    "percent": tuple(str(percent) for percent in SCALES),
    "density": DENSITIES,
    "motion": ("True", "False"),
    "hints": ("True", "False"),
}


def _system_theme(app: QApplication) -> str:
    hints = app.styleHints()
    scheme = getattr(hints, "colorScheme", None)
    if scheme is not None and scheme().name == "Dark":
        return "dark"
    return "light"

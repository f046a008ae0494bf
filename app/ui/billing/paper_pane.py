"""An invoice as it prints, over the edge of the page."""

from __future__ import annotations

from collections.abc import Callable

from app.ui.shell.context import ScreenContext
from app.ui.widgets.bars import ActsBar
from app.ui.widgets.buttons import Button
from app.ui.widgets.panes import Inspector
from app.ui.widgets.preview import PagePreview

_WIDTH = 560


class PaperPane(Inspector):
    """Shows the PDF as it was issued, with print and save."""

    def __init__(
        self,
        number: str,
        context: ScreenContext,
        *,
        print_it: Callable[[], object],
        save: Callable[[], object],
    ) -> None:
        super().__init__(number, "As it was issued", width=_WIDTH)
        self._preview = PagePreview(f"Invoice {number}", context.desk, context.deliver)
        self.body.addWidget(self._preview)
        acts = (
            Button("Save as PDF", icon="download", on_click=save),
            Button("Print", kind="primary", icon="printer", on_click=print_it),
        )
        self.foot(ActsBar("", acts, surface="canvas", margin=24))

    def show_paper(self, paper: bytes | None) -> None:
        """Show a PDF, or the blank sheet while it is read."""
        self._preview.show_paper(paper)

    def closing(self) -> None:
        """Drop the paper."""
        self._preview.closing()

"""The first page of help."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer

from app.ui.help.articles import ARTICLES, Article, article_about
from app.ui.shell.context import ScreenContext
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.widgets.bars import PageHead
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.layout import ScrollPage, Section, Surface, column_layout, row
from app.ui.widgets.text import Text

_MEASURE = 620


class HelpPage(Surface):
    """Short articles, each with the way to what it is about."""

    def __init__(self, context: ScreenContext) -> None:
        super().__init__("page")
        self._context = context
        keys = Button(
            "Keyboard shortcuts",
            icon="command",
            keys=context.house.actions.keys_of("shell.keys"),
            on_click=partial(context.run_action, "shell.keys"),
        )
        box = column_layout(self)
        box.addWidget(PageHead("Help", "How the program thinks, on one page", acts=(keys,)))
        self._page = ScrollPage(margin=(40, 24, 40, 40), width=_MEASURE, gap=24, name="Help")
        self._sections = {article.title: self._section(article) for article in ARTICLES}
        for section in self._sections.values():
            self._page.body.addWidget(section)
        box.addWidget(self._page, 1)
        self.setFocusProxy(keys)

    def show_place(self, place: Place) -> None:
        """Bring the article on the screen that help was asked for to the top."""
        article = article_about(place.ask.get("about", ""))
        top = self._sections[article.title] if article is not None else None
        # Once the page is laid out: only then is known where the article stands.
        QTimer.singleShot(0, self, lambda: self._scroll_to(top))

    def _scroll_to(self, section: Section | None) -> None:
        bar = self._page.verticalScrollBar()
        inner = self._page.widget()
        if section is None or inner is None:
            bar.setValue(0)
            return
        bar.setValue(section.mapTo(inner, section.rect().topLeft()).y() - look.px(24))
        links = section.findChildren(Link)
        if links:
            links[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _section(self, article: Article) -> Section:
        section = Section(article.title, gap=4)
        for paragraph in article.paragraphs:
            section.add(Text(paragraph, tone="text.secondary", wrap=True))
            section.body.addSpacing(look.px(6))
        if article.place is not None:
            link = Link(article.link, on_click=partial(self._context.go, article.place))
            section.add(row(link, None))
        return section

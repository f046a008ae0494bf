"""The first page of help."""

from __future__ import annotations

from functools import partial

from app.ui.help.articles import ARTICLES, Article
from app.ui.shell.context import ScreenContext
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
        page = ScrollPage(margin=(40, 24, 40, 40), width=_MEASURE, gap=24, name="Help")
        for article in ARTICLES:
            page.body.addWidget(self._section(article))
        box.addWidget(page, 1)
        self.setFocusProxy(keys)

    def _section(self, article: Article) -> Section:
        section = Section(article.title, gap=4)
        for paragraph in article.paragraphs:
            section.add(Text(paragraph, tone="text.secondary", wrap=True))
            section.body.addSpacing(look.px(6))
        if article.place is not None:
            link = Link(article.link, on_click=partial(self._context.go, article.place))
            section.add(row(link, None))
        return section

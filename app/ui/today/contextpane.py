"""The session looked at: head and acts, then what to know before it, or what is left to do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from app.core.clinical.queries.notes import LastPlan
from app.core.kernel.acting import Permission
from app.core.tasks.queries import SessionContext, TodaySession
from app.core.tasks.rules.attention import Attention, AttentionKind, NextAct, asked_of
from app.ui.shell.mending import icon_of, place_to_mend, tone_of
from app.ui.shell.places import Place
from app.ui.theme import look
from app.ui.today import acts
from app.ui.today.presenter import TodayPresenter
from app.ui.today.words import ContextWords, DiagnosisLine, context_words
from app.ui.widgets.buttons import Button, Link
from app.ui.widgets.folding import FoldingRow
from app.ui.widgets.layout import Hairline, ScrollPage, column_layout, emptied, row_layout
from app.ui.widgets.menus import Entry, MenuButton
from app.ui.widgets.message import IconMark
from app.ui.widgets.phrases import weekday_day
from app.ui.widgets.status import Status, StatusLabel, Tone
from app.ui.widgets.text import Text

#: Tasks that the session's own lines say already.
_SAID_ELSEWHERE = frozenset({AttentionKind.UNPAID})


class ContextPane(ScrollPage):
    """Renders a ``SessionContext``; every act goes through ``do(action id)``."""

    def __init__(
        self,
        presenter: TodayPresenter,
        do: Callable[[str], None],
        go: Callable[[Place], None],
    ) -> None:
        super().__init__(margin=(32, 33, 32, 24), name="The session")
        self._presenter = presenter
        self._do, self._go = do, go
        self._stops: list[QPushButton] = []
        self._shown: tuple[SessionContext | None, str] | None = None

    def stops(self) -> list[QPushButton]:
        """Return the controls that Tab visits, in their order on the page."""
        return self._stops

    def restyle(self) -> None:
        """Build it anew for another look."""
        self._shown = None
        self.show_context()

    def show_context(self) -> None:
        """Show the presenter's context, if it changed."""
        context = self._presenter.context
        words = context_words(context, self._presenter.now()) if context else None
        key = (context, words.when if words else "")
        if key == self._shown:
            return
        self._shown = key
        self._stops = []
        emptied(self.body)
        if context is not None and words is not None:
            content = QWidget()
            self.body.addWidget(content)
            self._build(column_layout(content), context, words)
            self._stops = list(content.findChildren(QPushButton))

    def _build(self, box: QVBoxLayout, context: SessionContext, words: ContextWords) -> None:
        box.addLayout(self._head(words))
        box.addSpacing(look.px(14))
        box.addWidget(self._acts(context.today))
        box.addSpacing(look.px(18))
        sections: list[QWidget] = []
        asked = asked_of(self._presenter.desk.actor, context.attention)
        waiting = [each for each in asked if each.kind not in _SAID_ELSEWHERE]
        if waiting:
            title = "Before you start" if context.today.session.status.is_open else "Left to do"
            sections.append(self._waiting(title, waiting))
        if context.plan is not None:
            sections.append(self._plan(context.plan))
        if self._presenter.may(Permission.READ_NOTES):
            sections.append(self._diagnoses(words.diagnoses))
        if self._presenter.may(Permission.BILL):
            sections.append(self._balance(context, words))
        for place, section in enumerate(sections):
            box.addWidget(Hairline(token="line.strong" if place == 0 else "line.hair"))
            box.addSpacing(look.px(13))
            box.addWidget(section)
            box.addSpacing(look.px(14))

    # Head

    @staticmethod
    def _head(words: ContextWords) -> QVBoxLayout:
        line = row_layout(gap=10)
        line.addWidget(Text(words.title, "title", "semibold", elide=True))
        if words.pronouns:
            line.addWidget(Text(words.pronouns, tone="text.muted", elide=True, drop=2), 0)
        line.addStretch(1)
        line.addWidget(Text(words.when, "lead", "semibold", "accent.text", tabular=True))
        box = column_layout(gap=1)
        box.addLayout(line)
        box.addWidget(Text(words.detail, tone="text.secondary", elide=True, tabular=True))
        return box

    def _acts(self, each: TodaySession) -> FoldingRow:
        allowed = acts.possible(each, self._presenter.may)
        front = acts.in_front(each, allowed)
        rest = [act_id for act_id in allowed if act_id not in front]

        def entries() -> list[Entry | None]:
            return self._entries([*(front[place] for place in line.folded()), *rest])

        line = FoldingRow(
            [
                self._button(act_id, each, primary=place == 0 and _asks(each))
                for place, act_id in enumerate(front)
            ],
            MenuButton("", entries, icon="ellipsis", name="More acts"),
        )
        return line

    def _button(self, act_id: str, each: TodaySession, *, primary: bool) -> Button:
        act = acts.ACTS[act_id]
        words = act.words
        if act_id == acts.NOTE:
            words = acts.note_words(each)
        elif act_id == acts.PAYMENT:
            words = f"Take {each.owing}"
        return Button(
            words,
            kind="primary" if primary else "secondary",
            icon=act.icon,
            keys=act.keys if primary else "",
            on_click=lambda: self._do(act_id),
        )

    def _entries(self, ids: Sequence[str]) -> list[Entry | None]:
        found = [acts.ACTS[act_id] for act_id in ids]
        return [Entry(act.words, partial(self._do, act.id), act.keys, act.icon) for act in found]

    # Sections

    @staticmethod
    def _titled(title: str, aside: QWidget | None = None) -> tuple[QWidget, QVBoxLayout]:
        section = QWidget()
        section.setAccessibleName(title)
        box = column_layout(section, gap=0)
        line = row_layout(gap=8)
        line.addWidget(Text(title, weight="semibold"))
        line.addStretch(1)
        if aside is not None:
            line.addWidget(aside)
        box.addLayout(line)
        box.addSpacing(look.px(4))
        return section, box

    def _waiting(self, title: str, items: Sequence[Attention]) -> QWidget:
        section, box = self._titled(title)
        for item in items:
            line = row_layout(gap=10)
            line.addWidget(IconMark(icon_of(item), tone_of(item).value))
            line.addWidget(Text(item.title, elide=True), 1)
            line.addWidget(Link(item.rule.act, on_click=partial(self._go, place_to_mend(item))))
            holder = QWidget()
            holder.setLayout(line)
            holder.setFixedHeight(look.px(28))
            box.addWidget(holder)
        return section

    def _plan(self, plan: LastPlan) -> QWidget:
        signed = Status("lock", f"{weekday_day(plan.held_on)}, signed", Tone.MUTED)
        section, box = self._titled("Plan from the last note", StatusLabel(signed))
        words = Text(plan.text, "lead", wrap=True)
        words.setMaximumWidth(look.px(640))
        box.addWidget(words)
        return section

    def _diagnoses(self, lines: Sequence[DiagnosisLine]) -> QWidget:
        section, box = self._titled("Diagnosis")
        if not lines:
            box.addWidget(Text("None recorded.", tone="text.secondary"))
        for line in lines:
            head = row_layout(gap=8)
            head.addWidget(Text(line.code, weight="semibold", tabular=True))
            head.addWidget(Text(line.since, tone="text.muted", tabular=True))
            if line.whose:
                head.addWidget(Text(line.whose, tone="text.secondary", elide=True))
            head.addStretch(1)
            box.addLayout(head)
            box.addWidget(Text(line.description, wrap=True))
        return section

    def _balance(self, context: SessionContext, words: ContextWords) -> QWidget:
        owes = context.balance.owing.cents > 0
        link = Link(
            "Take payment" if owes else "Open billing",
            on_click=lambda: self._do(acts.PAYMENT if owes else "today.billing"),
        )
        section, box = self._titled("Balance", link)
        box.addWidget(Text(words.balance, weight="medium" if owes else "regular", tabular=True))
        if context.today.charged:
            said = f"This session: {context.today.charged}"
            said += f", {context.today.owing} open" if context.today.owing.cents > 0 else ", paid"
            box.addWidget(Text(said, tone="text.secondary", tabular=True))
        return section


def _asks(each: TodaySession) -> bool:
    """Return whether the session waits for an act, so that one button is filled."""
    return each.session.status.is_open or each.next is not NextAct.NOTHING

"""The practice and its owner: names, address, how to reach them."""

from __future__ import annotations

from typing import Any

from app.core.practice.rules.organization import PracticeFields
from app.core.practice.rules.places import STATES
from app.core.team.rules import MemberFields
from app.ui.onboarding.drafts import NAMELESS_OWNER, NAMELESS_PRACTICE, Draft, named
from app.ui.onboarding.page import PageView, advice
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import FormField

#: Field of ``MemberFields``, label, hint, whether it may stay empty.
_OWNER = (
    ("given", "Your first name", "", False),
    ("family", "Your last name", "", False),
    ("credentials", "Credentials", "The letters after your name, like LMFT", True),
)
#: Field of ``PracticeFields``, the same.
_PRACTICE = (
    ("name", "Practice name", "", False),
    ("legal_name", "Legal name", "As registered with your NPI and tax ID", True),
    ("phone", "Phone", "", True),
    ("email", "Email", "", True),
    ("address1", "Street", "", True),
    ("address2", "Suite, floor", "", True),
    ("city", "City", "", True),
    ("zip", "ZIP", "", True),
)


class PracticePage(PageView):
    """Who is asking, and what stands at the top of every paper."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            "You and your practice",
            "This stands at the top of invoices and superbills. Change it at any time in Settings.",
            aside=advice(
                (
                    "Which name goes where?",
                    "Screens show the practice name. Papers for insurers use the legal name, if"
                    " there is one.",
                ),
                ("Nothing leaves this computer", "There is no account, and none is needed."),
            ),
        )
        self._lines: dict[str, LineField] = {}
        for name, label, hint, optional in (*_OWNER, *_PRACTICE):
            self._lines[name] = LineField(tall=True)
            field = FormField(label, self._lines[name], hint=hint, optional=optional)
            self.form.add(name, field)
        self._state = Choice([("", ""), *STATES.items()], tall=True)
        self.form.add("state", FormField("State", self._state, optional=True))
        self.add_pairs(
            *(self.form[name] for name in ("given", "family", "credentials", "name")),
            *(self.form[name] for name in ("legal_name", "phone", "email", "address1")),
            *(self.form[name] for name in ("address2", "city", "state", "zip")),
        )
        self._show(draft)

    def take(self, draft: Draft) -> Draft:
        practice: dict[str, Any] = {name: self._lines[name].text() for name, *_ in _PRACTICE}
        owner = {name: self._lines[name].text() for name, *_ in _OWNER}
        typed = PracticeFields(**practice, state=self._state.value() or "")
        return named(draft, typed, MemberFields(**owner))

    def _show(self, draft: Draft) -> None:
        for said, nameless, names in (
            (draft.owner, NAMELESS_OWNER, _OWNER),
            (draft.practice, NAMELESS_PRACTICE, _PRACTICE),
        ):
            for name, *_ in names:
                words = getattr(said, name)
                self._lines[name].setText("" if words == getattr(nameless, name) else words)
        self._state.set_value(draft.practice.state)

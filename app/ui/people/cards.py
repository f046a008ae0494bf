"""The cards of the people in a record: how they are called, born, reached and insured."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.phrases import date_words
from app.core.people.queries import ClientRecord
from app.core.people.rules import EmailFields, PhoneFields, is_minor
from app.core.tasks.queries.roster import RecordOverview
from app.ui.widgets.buttons import Link
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.message import IconMark
from app.ui.widgets.papers import Avatar
from app.ui.widgets.text import Text

Act = Callable[[UUID], object]


class PersonCard(QWidget):
    """One person of the record. The name leads to their details."""

    def __init__(
        self, person: ClientRecord, found: RecordOverview, today: date, *, on_edit: Act
    ) -> None:
        super().__init__()
        self.setAccessibleName(person.name.display)
        line = row_layout(self, gap=12)
        avatar = Avatar(person.name.initials)
        line.addWidget(avatar, 0, Qt.AlignmentFlag.AlignTop)
        box = column_layout(gap=4)
        line.addLayout(box, 1)
        head = row_layout(gap=8)
        name = Link(
            person.name.display,
            on_click=lambda: on_edit(person.id),
            tone="text.primary",
            weight="semibold",
            size="lead",
            elide=True,
        )
        name.setToolTip(f"Edit {person.name.called}’s details")
        head.addWidget(name)
        head.addWidget(Text(person.details.pronouns, tone="text.secondary", elide=True), 1)
        box.addLayout(head)
        box.addWidget(Text(_about(person, found, today), tone="text.secondary", wrap=True))
        if person.name.legal != person.name.display:
            box.addWidget(Text(f"Legal name {person.name.legal}", tone="text.secondary", wrap=True))
        for icon, said, aside in _lines(person, found):
            box.addWidget(_Line(icon, said, aside))


class HeldApart(QWidget):
    """Says what a couple's or family's record keeps apart."""

    def __init__(self) -> None:
        super().__init__()
        box = column_layout(self, gap=4)
        box.addWidget(Text("Held apart", weight="semibold"))
        sentence = "Each person’s own notes stay out of the other’s record when one is released."
        box.addWidget(Text(sentence, tone="text.secondary", wrap=True))


class _Line(QWidget):
    def __init__(self, icon: str, said: str, aside: str) -> None:
        super().__init__()
        line = row_layout(self, gap=12, margin=(0, 1, 0, 1))
        line.addWidget(IconMark(icon, "text.secondary", 14))
        line.addWidget(Text(said, elide=True, tabular=True), 1)
        line.addWidget(Text(aside, "caption", tone="text.secondary"))
        self.setAccessibleName(f"{said} {aside}".strip())


def _about(person: ClientRecord, found: RecordOverview, today: date) -> str:
    born = person.details.birth_date
    parts = [f"Born {date_words(born)}" if born else "Date of birth not known"]
    if is_minor(born, today):
        parts.append("minor")
    if len(found.people) > 1 and found.case and found.case.identified_client_id == person.id:
        parts.append("identified patient")
    return " · ".join(parts)


def _lines(person: ClientRecord, found: RecordOverview) -> list[tuple[str, str, str]]:
    lines = [("phone", each.number, _phone_consents(each)) for each in person.phones]
    lines += [("mail", each.address, _email_consents(each)) for each in person.emails]
    lines += [("map-pin", ", ".join(each.address.lines()), "") for each in person.addresses[:1]]
    if person.insurances:
        insurers = ", ".join(each.payer for each in person.insurances)
        lines.append(("circle-check", f"Insured, {insurers}", ""))
    if found.case is not None and any(each.client_id == person.id for each in found.case.payers):
        lines.append(("wallet", "Billing contact", ""))
    for tie in person.relationships:
        if tie.is_emergency:
            lines.append(("life-buoy", f"Emergency: {tie.name}", tie.phone))
    return lines


def _phone_consents(phone: PhoneFields) -> str:
    marks = {"text": phone.consent_text, "voicemail": phone.consent_voicemail}
    return _marked(marks, phone.is_shared)


def _email_consents(email: EmailFields) -> str:
    return _marked({"email": email.consent_email}, email.is_shared)


def _marked(marks: dict[str, bool], shared: bool) -> str:
    words = [word for word, given in marks.items() if given]
    return ", ".join(words + (["shared"] if shared else []))

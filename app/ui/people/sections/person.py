"""Who a client is: names, and what else is known of them."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from app.core.kernel.text import PersonName
from app.core.people.rules import DetailFields, Sex
from app.ui.people.sections.section import Save, SectionForm, set_quietly, show_day, show_words
from app.ui.widgets.fields import Choice, LineField, TextArea
from app.ui.widgets.forms import FormField
from app.ui.widgets.typed import DateField


class NameSection(SectionForm[PersonName]):
    """Legal name as insurers know it, and the name the person goes by."""

    def __init__(self, save: Save[PersonName]) -> None:
        super().__init__("Name", save)
        self._given, self._middle = LineField(), LineField()
        self._family, self._suffix = LineField(), LineField()
        self._called = LineField()
        add = self.form.add
        self._first = add("legal_given", FormField("Legal first name", self._given))
        middle = add("legal_middle", FormField("Middle", self._middle))
        family = add("legal_family", FormField("Legal last name", self._family))
        suffix = add("legal_suffix", FormField("Suffix", self._suffix))
        hint = "Screens use it; papers for insurers use the legal name."
        chosen = add("chosen_name", FormField("Chosen first name", self._called, hint=hint))
        self.line((self._first, 4), (middle, 2), (family, 5), (suffix, 2))
        self.line((chosen, 1))
        self.watch(self._given, self._middle, self._family, self._suffix, self._called)

    def typed(self) -> PersonName:
        """Return what stands in the fields."""
        return PersonName(
            self._given.text().strip(),
            self._middle.text().strip(),
            self._family.text().strip(),
            self._suffix.text().strip(),
            self._called.text().strip(),
        )

    def fill(self, value: PersonName) -> None:
        """Show ``value`` in the fields."""
        show_words(self._given, value.given)
        show_words(self._middle, value.middle)
        show_words(self._family, value.family)
        show_words(self._suffix, value.suffix)
        show_words(self._called, value.chosen)

    def first_field(self) -> FormField:
        """Return the field that says what belongs to no other one."""
        return self._first


class AboutSection(SectionForm[DetailFields]):
    """Date of birth, sex, pronouns, the first day, and remarks that are no clinical notes."""

    def __init__(self, save: Save[DetailFields], today: date) -> None:
        super().__init__("About", save)
        self._member: UUID | None = None
        self._birth = DateField(field="birth_date", today=today)
        self._sex = Choice([(each, each.label) for each in Sex], Sex.NOT_SAID)
        self._pronouns = LineField()
        self._since = DateField(field="first_seen", today=today)
        self._notes = TextArea(lines=3)
        add = self.form.add
        self._first = add("birth_date", FormField("Date of birth", self._birth))
        sex = add("sex", FormField("Sex on the insurance card", self._sex))
        pronouns = add("pronouns", FormField("Pronouns", self._pronouns))
        since = add("first_seen", FormField("With you since", self._since))
        hint = "Not part of the clinical record; never printed."
        notes = add("notes", FormField("Remarks", self._notes, hint=hint))
        self.line((self._first, 1), (sex, 1))
        self.line((pronouns, 1), (since, 1))
        self.line((notes, 1))
        self.watch(self._birth, self._sex, self._pronouns, self._since, self._notes)

    def typed(self) -> DetailFields:
        """Return what stands in the fields."""
        return DetailFields(
            pronouns=self._pronouns.text().strip(),
            birth_date=self._birth.day(),
            sex=self._sex.value() or Sex.NOT_SAID,
            first_seen=self._since.day(),
            primary_member_id=self._member,
            notes=self._notes.text().strip(),
        )

    def fill(self, value: DetailFields) -> None:
        """Show ``value`` in the fields."""
        self._member = value.primary_member_id
        show_day(self._birth, value.birth_date)
        show_day(self._since, value.first_seen)
        show_words(self._pronouns, value.pronouns)
        set_quietly(self._sex, value.sex)
        show_words(self._notes, value.notes)

    def first_field(self) -> FormField:
        """Return the field that says what belongs to no other one."""
        return self._first

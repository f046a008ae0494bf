"""Who insures a client: what a superbill repeats from the insurance card."""

from __future__ import annotations

from datetime import date

from app.core.people.rules import InsuranceFields, InsuredRelation
from app.ui.people.sections.merging import merged
from app.ui.people.sections.section import Save, SectionForm, set_quietly, show_day, show_words
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import row
from app.ui.widgets.typed import DateField

_RELATIONS = {
    InsuredRelation.SELF: "The client",
    InsuredRelation.SPOUSE: "Their spouse",
    InsuredRelation.CHILD: "Their parent",
    InsuredRelation.OTHER: "Somebody else",
}
"""The relation is the client's to the insured: a client who is *child* is insured by a parent."""

_NONE = InsuranceFields("")


class InsuranceSection(SectionForm[tuple[InsuranceFields, ...]]):
    """The primary insurance; further ones are kept as they are."""

    def __init__(self, save: Save[tuple[InsuranceFields, ...]], today: date) -> None:
        super().__init__("Insurance", save)
        self._others: tuple[InsuranceFields, ...] = ()
        self._payer, self._member, self._group = LineField(), LineField(), LineField()
        self._relation = Choice(list(_RELATIONS.items()), InsuredRelation.SELF)
        self._insured = LineField()
        self._birth = DateField(field="insured_birth_date", today=today)
        add = self.form.add
        self._first = add("payer", FormField("Insurer", self._payer))
        add("insurance", self._first)
        member = add("member_number", FormField("Member ID", self._member))
        group = add("group_number", FormField("Group number", self._group))
        relation = add("relation", FormField("Who is insured", self._relation))
        name = add("insured_name", FormField("Their legal name", self._insured))
        birth = add("insured_birth_date", FormField("Their date of birth", self._birth))
        self._other_person = row(name, birth, gap=12)
        self.line((self._first, 3), (member, 2), (group, 2))
        self.line((relation, 1))
        self.line((self._other_person, 1))
        self._relation.changed.connect(self._relation_chosen)
        self._show_insured(InsuredRelation.SELF)
        self.watch(self._payer, self._member, self._group, self._insured, self._birth)

    def typed(self) -> tuple[InsuranceFields, ...]:
        """Return what stands in the fields."""
        relation = self._relation.value() or InsuredRelation.SELF
        own = relation is InsuredRelation.SELF
        insurance = InsuranceFields(
            self._payer.text().strip(),
            self._member.text().strip(),
            self._group.text().strip(),
            relation,
            "" if own else self._insured.text().strip(),
            None if own else self._birth.day(),
        )
        stated = insurance.payer or insurance.member_number or insurance.group_number
        return ((insurance,) if stated else ()) + self._others

    def fill(self, value: tuple[InsuranceFields, ...]) -> None:
        """Show ``value`` in the fields."""
        first = self._primary(value)
        self._others = value[1:]
        show_words(self._payer, first.payer)
        show_words(self._member, first.member_number)
        show_words(self._group, first.group_number)
        set_quietly(self._relation, first.relation)
        show_words(self._insured, first.insured_name)
        show_day(self._birth, first.insured_birth_date)
        self._show_insured(first.relation)

    def merge(
        self,
        shown: tuple[InsuranceFields, ...],
        typed: tuple[InsuranceFields, ...],
        stored: tuple[InsuranceFields, ...],
    ) -> tuple[InsuranceFields, ...]:
        """Return ``stored`` with what was typed of the primary insurance; further ones stay.

        Where both sides changed the insurer these are two cards, and the typed one is kept whole.
        """
        if typed == shown:
            return stored
        was, now, there = (self._primary(each) for each in (shown, typed, stored))
        if now == _NONE:
            return stored[1:]
        if now.payer != was.payer and there.payer not in (was.payer, now.payer):
            return (now, *stored[1:])
        return (merged(was, now, there), *stored[1:])

    def _primary(self, value: tuple[InsuranceFields, ...]) -> InsuranceFields:
        return value[0] if value else _NONE

    def first_field(self) -> FormField:
        """Return the field that says what belongs to no other one."""
        return self._first

    def _show_insured(self, relation: InsuredRelation) -> None:
        self._other_person.setVisible(relation is not InsuredRelation.SELF)

    def _relation_chosen(self, relation: InsuredRelation) -> None:
        self._show_insured(relation)
        # Another person's insurance waits for that person's name before it is saved.
        if relation is InsuredRelation.SELF or self._insured.text().strip():
            self.commit()

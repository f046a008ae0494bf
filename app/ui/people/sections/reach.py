"""How a client is reached: phones and e-mail addresses with their consents, and the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.kernel.text import LINE_LIMIT
from app.core.people.rules import AddressFields, EmailFields, PhoneFields, PhoneKind
from app.core.practice.rules.contact_points import format_phone
from app.core.practice.rules.places import Address
from app.ui.people.sections.merging import merged, merged_rows
from app.ui.people.sections.section import Save, SectionForm, check_quietly, set_quietly, show_words
from app.ui.widgets.buttons import IconButton, Link
from app.ui.widgets.choices import Check
from app.ui.widgets.fields import Choice, LineField
from app.ui.widgets.forms import FormField
from app.ui.widgets.layout import column_layout, row_layout
from app.ui.widgets.text import Text

R = TypeVar("R")


class RowEditor(QWidget, Generic[R]):
    """One of several: a number, an address."""

    def show_value(self, value: R | None) -> None:
        """Show one of several, or nothing."""
        raise NotImplementedError

    def read(self) -> R:
        """Return what stands in the row."""
        raise NotImplementedError

    def editors(self) -> Sequence[QWidget]:
        """Return the fields of the row, the first one first."""
        raise NotImplementedError

    def is_used(self) -> bool:
        """Return whether the keyboard is in the row."""
        return any(each.hasFocus() for each in self.editors())


class RowsSection(SectionForm[tuple[R, ...]], Generic[R]):
    """Rows of one kind. An empty row is the way to add another."""

    def __init__(
        self,
        title: str,
        name: str,
        add_words: str,
        make: Callable[[], RowEditor[R]],
        save: Save[tuple[R, ...]],
    ) -> None:
        super().__init__(title, save)
        self._make, self._name = make, name
        self._rows: list[RowEditor[R]] = []
        self._lines: dict[RowEditor[R], QWidget] = {}
        self._holder = QWidget()
        self._box = column_layout(self._holder, gap=8)
        self._first = self.form.add(name, FormField("", self._holder))
        self.section.add(self._first)
        more = row_layout()
        more.addWidget(Link(add_words, on_click=self._add_empty))
        more.addStretch(1)
        self.section.body.addLayout(more)

    def typed(self) -> tuple[R, ...]:
        """Return what stands in the fields."""
        return tuple(row.read() for row in self._rows if not self.is_empty(row.read()))

    def is_empty(self, value: R) -> bool:
        """Return whether a row says nothing."""
        raise NotImplementedError

    def key(self, value: R) -> str:
        """Return what tells a row from the others, however it is typed."""
        raise NotImplementedError

    def merge(
        self, shown: tuple[R, ...], typed: tuple[R, ...], stored: tuple[R, ...]
    ) -> tuple[R, ...]:
        """Return ``stored`` with the rows that were changed, added and removed."""
        return merged_rows(shown, typed, stored, self.key)

    def fill(self, value: tuple[R, ...]) -> None:
        """Show ``value`` in the fields."""
        # Rows are kept, so that the keyboard stays where it is while a number is saved; what
        # arrives takes a row of its own, not the empty one in which somebody is about to type.
        wanted: tuple[R | None, ...] = value or (None,)
        rows = [row for row in self._rows if not self.is_empty(row.read())]
        empty = [row for row in self._rows if row not in rows]
        for row in rows[len(wanted) :]:
            self._drop(row)
        rows += [row for row in empty if not value or not row.is_used()]
        while len(rows) < len(wanted):
            rows.append(self._append())
        for row, each in zip(rows, wanted, strict=False):
            row.show_value(each)

    def first_field(self) -> FormField:
        """Return the field that says what belongs to no other one."""
        return self._first

    def _add_empty(self) -> None:
        row = self._append()
        row.editors()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def _append(self) -> RowEditor[R]:
        row = self._make()
        position = len(self._rows) + 1
        line = QWidget()
        box = row_layout(line, gap=10)
        box.addWidget(row, 1)
        remove = IconButton(
            "x", f"Remove {self._name[:-1]} {position}", on_click=lambda: self._remove(row)
        )
        box.addWidget(remove)
        if not self._rows:
            # A mend link that names the section leads to its first row.
            self._holder.setFocusProxy(row.editors()[0])
        self._rows.append(row)
        self._lines[row] = line
        self._box.addWidget(line)
        self.watch(*row.editors())
        return row

    def _remove(self, row: RowEditor[R]) -> None:
        self._drop(row)
        if not self._rows:
            self._append()
        self._holder.setFocusProxy(self._rows[0].editors()[0])
        self.commit()

    def _drop(self, row: RowEditor[R]) -> None:
        self._rows.remove(row)
        line = self._lines.pop(row)
        self._box.removeWidget(line)
        line.hide()
        line.deleteLater()


class _PhoneRow(RowEditor[PhoneFields]):
    def __init__(self) -> None:
        super().__init__()
        self._was = PhoneFields("")
        self._number = LineField(name="Phone number")
        kinds = [(each, each.label) for each in PhoneKind]
        self._kind = Choice(kinds, PhoneKind.MOBILE, name="Kind of phone")
        self._text = Check("Text", name="May be sent texts")
        self._voicemail = Check("Voicemail", name="Voicemail may be left")
        self._shared = Text(tone="text.muted")
        line = row_layout(self, gap=10)
        line.addWidget(self._number, 1)
        line.addWidget(self._kind)
        line.addWidget(self._text)
        line.addWidget(self._voicemail)
        line.addWidget(self._shared)

    def show_value(self, value: PhoneFields | None) -> None:
        self._was = value or PhoneFields("")
        show_words(self._number, self._was.number)
        set_quietly(self._kind, self._was.kind)
        check_quietly(self._text, self._was.consent_text)
        check_quietly(self._voicemail, self._was.consent_voicemail)
        self._shared.set("shared" if self._was.is_shared else "")

    def read(self) -> PhoneFields:
        return replace(
            self._was,
            number=self._number.text().strip(),
            kind=self._kind.value() or PhoneKind.MOBILE,
            consent_text=self._text.isChecked(),
            consent_voicemail=self._voicemail.isChecked(),
        )

    def editors(self) -> Sequence[QWidget]:
        return (self._number, self._kind, self._text, self._voicemail)


class PhonesSection(RowsSection[PhoneFields]):
    """Phone numbers, and whether texts and voicemail are welcome there."""

    def __init__(self, save: Save[tuple[PhoneFields, ...]]) -> None:
        super().__init__("Phones", "phones", "Add phone", _PhoneRow, save)

    def is_empty(self, value: PhoneFields) -> bool:
        """Return whether the row says nothing."""
        return not value.number

    def key(self, value: PhoneFields) -> str:
        """Return the number in one form."""
        return format_phone(value.number[:LINE_LIMIT])


class _EmailRow(RowEditor[EmailFields]):
    def __init__(self) -> None:
        super().__init__()
        self._was = EmailFields("")
        self._address = LineField(name="Email address")
        self._consent = Check("Email", name="May be sent email")
        self._shared = Text(tone="text.muted")
        line = row_layout(self, gap=10)
        line.addWidget(self._address, 1)
        line.addWidget(self._consent)
        line.addWidget(self._shared)

    def show_value(self, value: EmailFields | None) -> None:
        self._was = value or EmailFields("")
        show_words(self._address, self._was.address)
        check_quietly(self._consent, self._was.consent_email)
        self._shared.set("shared" if self._was.is_shared else "")

    def read(self) -> EmailFields:
        return replace(
            self._was,
            address=self._address.text().strip(),
            consent_email=self._consent.isChecked(),
        )

    def editors(self) -> Sequence[QWidget]:
        return (self._address, self._consent)


class EmailsSection(RowsSection[EmailFields]):
    """E-mail addresses, and whether we may write to them."""

    def __init__(self, save: Save[tuple[EmailFields, ...]]) -> None:
        super().__init__("Email", "emails", "Add email", _EmailRow, save)

    def is_empty(self, value: EmailFields) -> bool:
        """Return whether the row says nothing."""
        return not value.address

    def key(self, value: EmailFields) -> str:
        """Return the address in one form."""
        return value.address.casefold()


class AddressSection(SectionForm[tuple[AddressFields, ...]]):
    """The postal address; a second one, from an import, is kept as it is."""

    def __init__(self, save: Save[tuple[AddressFields, ...]]) -> None:
        super().__init__("Address", save)
        self._others: tuple[AddressFields, ...] = ()
        self._was = _main(())
        self._line1, self._line2 = LineField(), LineField()
        self._city, self._zip = LineField(), LineField()
        self._state = LineField()
        add = self.form.add
        self._first = add("line1", FormField("Street", self._line1))
        add("address", self._first)
        line2 = add("line2", FormField("Apartment, suite", self._line2))
        city = add("city", FormField("City", self._city))
        state = add("state", FormField("State", self._state))
        code = add("zip", FormField("ZIP", self._zip))
        self.line((self._first, 3), (line2, 2))
        self.line((city, 4), (state, 1), (code, 2))
        self.watch(self._line1, self._line2, self._city, self._state, self._zip)

    def typed(self) -> tuple[AddressFields, ...]:
        """Return what stands in the fields."""
        address = Address(
            self._line1.text().strip(),
            self._line2.text().strip(),
            self._city.text().strip(),
            self._state.text().strip(),
            self._zip.text().strip(),
            self._was.address.country,
        )
        main = () if address.is_empty else (replace(self._was, address=address),)
        return main + self._others

    def fill(self, value: tuple[AddressFields, ...]) -> None:
        """Show ``value`` in the fields."""
        self._was = _main(value)
        self._others = tuple(each for each in value if not each.is_main)
        address = self._was.address
        show_words(self._line1, address.line1)
        show_words(self._line2, address.line2)
        show_words(self._city, address.city)
        show_words(self._zip, address.zip)
        show_words(self._state, address.state)

    def merge(
        self,
        shown: tuple[AddressFields, ...],
        typed: tuple[AddressFields, ...],
        stored: tuple[AddressFields, ...],
    ) -> tuple[AddressFields, ...]:
        """Return ``stored`` with the main address as typed, if it was; further ones stay."""
        if typed == shown:
            return stored
        was, now, there = (_main(each) for each in (shown, typed, stored))
        others = tuple(each for each in stored if not each.is_main)
        main = merged(was, now, there)
        return others if main.address.is_empty else (main, *others)

    def first_field(self) -> FormField:
        """Return the field that says what belongs to no other one."""
        return self._first


def _main(value: tuple[AddressFields, ...]) -> AddressFields:
    return next((each for each in value if each.is_main), AddressFields(Address(), is_main=True))

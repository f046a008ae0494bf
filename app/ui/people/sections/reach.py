"""How a client is reached: phones and e-mail addresses with their consents, and the address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Generic, TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from app.core.people.rules import AddressFields, EmailFields, PhoneFields, PhoneKind
from app.core.practice.rules.places import Address
from app.ui.people.sections.section import Save, SectionForm, check_quietly, set_quietly
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

    def fill(self, value: tuple[R, ...]) -> None:
        """Show ``value`` in the fields."""
        # Rows are kept, so that the keyboard stays where it is while a number is saved.
        wanted: tuple[R | None, ...] = value or (None,)
        while len(self._rows) < len(wanted):
            self._append()
        for row in self._rows[len(wanted) :]:
            if not self.is_empty(row.read()):
                self._drop(row)
        for row, each in zip(self._rows, wanted, strict=False):
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
        self._number.setText(self._was.number)
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
        self._address.setText(self._was.address)
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


class AddressSection(SectionForm[tuple[AddressFields, ...]]):
    """The postal address; a second one, from an import, is kept as it is."""

    def __init__(self, save: Save[tuple[AddressFields, ...]]) -> None:
        super().__init__("Address", save)
        self._others: tuple[AddressFields, ...] = ()
        self._was = AddressFields(Address(), is_main=True)
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
        mains = [each for each in value if each.is_main]
        self._was = mains[0] if mains else AddressFields(Address(), is_main=True)
        self._others = tuple(each for each in value if not each.is_main)
        address = self._was.address
        self._line1.setText(address.line1)
        self._line2.setText(address.line2)
        self._city.setText(address.city)
        self._zip.setText(address.zip)
        self._state.setText(address.state)

    def first_field(self) -> FormField:
        """Return the field that says what belongs to no other one."""
        return self._first

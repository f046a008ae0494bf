"""The one table of settings: pages, ``cli set KEY VALUE`` and their help are made from it.

Where a setting is kept is its *home*: a row of its own, a column of the practice, or a column
of the member who sets it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.core.kernel.errors import UserError
from app.core.kernel.text import clean_text
from app.core.practice.rules.identifiers import TAXONOMIES
from app.core.practice.rules.places import ZONES

Value = str | int | bool

_YES = frozenset({"yes", "true", "on", "1"})
_NO = frozenset({"no", "false", "off", "0"})


class Kind(StrEnum):
    """What may be typed."""

    LINE = "LINE"
    TEXT = "TEXT"
    NUMBER = "NUMBER"
    YES_NO = "YES_NO"
    CHOICE = "CHOICE"


class Home(StrEnum):
    """Where the value is kept."""

    SETTING = "SETTING"
    PRACTICE = "PRACTICE"
    MEMBER = "MEMBER"


class Page(StrEnum):
    """The page of Settings on which it stands."""

    PRACTICE = "Practice"
    IDENTIFIERS = "Identifiers"
    CALENDAR = "Calendar"
    NOTES = "Notes"
    BILLING = "Billing"
    SECURITY = "Security"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting. ``column`` is its column where the home is no row of its own.

    ``lowest`` and ``highest`` bound a number; ``choices`` are (value, words) pairs.
    """

    key: str
    page: Page
    kind: Kind
    label: str
    words: str = ""
    default: Value = ""
    home: Home = Home.SETTING
    column: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    lowest: int = 0
    highest: int = 0
    aliases: tuple[str, ...] = ()


_ZONES = tuple((name, f"{words} ({name})") for name, words in ZONES.items())

#: Every setting, in the order of the pages.
SETTINGS: tuple[Setting, ...] = (
    Setting("practice.name", Page.PRACTICE, Kind.LINE, "Name", home=Home.PRACTICE, column="name"),
    Setting(
        "practice.legal_name",
        Page.PRACTICE,
        Kind.LINE,
        "Legal name",
        "As registered with your NPI and tax ID; papers for insurers use it.",
        home=Home.PRACTICE,
        column="legal_name",
    ),
    Setting(
        "practice.phone", Page.PRACTICE, Kind.LINE, "Phone", home=Home.PRACTICE, column="phone"
    ),
    Setting(
        "practice.email", Page.PRACTICE, Kind.LINE, "Email", home=Home.PRACTICE, column="email"
    ),
    Setting(
        "practice.website",
        Page.PRACTICE,
        Kind.LINE,
        "Website",
        home=Home.PRACTICE,
        column="website",
    ),
    Setting(
        "practice.address1",
        Page.PRACTICE,
        Kind.LINE,
        "Street",
        "The address on invoices and superbills.",
        home=Home.PRACTICE,
        column="address1",
    ),
    Setting(
        "practice.address2",
        Page.PRACTICE,
        Kind.LINE,
        "Suite, floor",
        home=Home.PRACTICE,
        column="address2",
    ),
    Setting("practice.city", Page.PRACTICE, Kind.LINE, "City", home=Home.PRACTICE, column="city"),
    Setting(
        "practice.state", Page.PRACTICE, Kind.LINE, "State", home=Home.PRACTICE, column="state"
    ),
    Setting("practice.zip", Page.PRACTICE, Kind.LINE, "ZIP", home=Home.PRACTICE, column="zip"),
    Setting(
        "practice.zone",
        Page.PRACTICE,
        Kind.LINE,
        "Time zone",
        "Sessions keep this zone's wall time through both clock changes.",
        home=Home.PRACTICE,
        column="zone",
        choices=_ZONES,
    ),
    Setting(
        "provider.given",
        Page.IDENTIFIERS,
        Kind.LINE,
        "Your first name",
        "As your license has it; superbills and signatures from now on use it.",
        home=Home.MEMBER,
        column="given",
    ),
    Setting(
        "provider.family",
        Page.IDENTIFIERS,
        Kind.LINE,
        "Your last name",
        home=Home.MEMBER,
        column="family",
    ),
    Setting(
        "provider.npi",
        Page.IDENTIFIERS,
        Kind.LINE,
        "Your NPI",
        home=Home.MEMBER,
        column="npi",
        aliases=("npi",),
    ),
    Setting(
        "practice.npi2",
        Page.IDENTIFIERS,
        Kind.LINE,
        "Practice NPI",
        "Only where the practice has a type 2 NPI of its own.",
        home=Home.PRACTICE,
        column="npi2",
    ),
    Setting(
        "provider.credentials",
        Page.IDENTIFIERS,
        Kind.LINE,
        "Credentials",
        "The letters after your name.",
        home=Home.MEMBER,
        column="credentials",
    ),
    Setting(
        "provider.taxonomy",
        Page.IDENTIFIERS,
        Kind.LINE,
        "Taxonomy",
        home=Home.MEMBER,
        column="taxonomy",
        choices=tuple((code, f"{code}, {words}") for code, words in TAXONOMIES.items()),
    ),
    Setting(
        "practice.tax_id",
        Page.IDENTIFIERS,
        Kind.LINE,
        "Tax ID",
        "An EIN is better than a Social Security number on papers.",
        home=Home.PRACTICE,
        column="tax_id",
        aliases=("ein", "ssn"),
    ),
    Setting(
        "calendar.week_starts",
        Page.CALENDAR,
        Kind.CHOICE,
        "The week starts on",
        default="MONDAY",
        choices=(("SUNDAY", "Sunday"), ("MONDAY", "Monday")),
    ),
    Setting(
        "notes.format",
        Page.NOTES,
        Kind.CHOICE,
        "New notes are",
        "A case that has notes goes on in the format of its last one.",
        default="SOAP",
        choices=(("SOAP", "SOAP"), ("DAP", "DAP"), ("BIRP", "BIRP"), ("PLAIN", "Plain")),
    ),
    Setting(
        "invoice.terms_days",
        Page.BILLING,
        Kind.NUMBER,
        "Invoices are due after",
        "Days from the date of issue.",
        default=30,
        home=Home.PRACTICE,
        column="payment_terms_days",
        highest=365,
    ),
    Setting(
        "invoice.footer",
        Page.BILLING,
        Kind.TEXT,
        "Invoice footer",
        "How to pay you, in your own words.",
        home=Home.PRACTICE,
        column="invoice_footer",
    ),
    Setting(
        "superbill.diagnosis_words",
        Page.BILLING,
        Kind.YES_NO,
        "Print what diagnosis codes mean",
        "Without it, superbills show the codes alone.",
        default=True,
    ),
    Setting(
        "lock.idle_minutes",
        Page.SECURITY,
        Kind.NUMBER,
        "Lock after",
        "Minutes without a key or a click; while a session runs, at its end.",
        default=15,
        lowest=1,
        highest=240,
    ),
)


def find_setting(key: str) -> Setting:
    """Return the setting named ``key``; its last word is enough where only one has it."""
    wanted = key.strip().lower().replace("-", "_")
    for setting in SETTINGS:
        if wanted == setting.key or wanted in setting.aliases:
            return setting
    ends = [each for each in SETTINGS if each.key.rpartition(".")[2] == wanted]
    if len(ends) != 1:
        raise UserError(f"There is no setting {key}: see the list with --help.", field="key")
    return ends[0]


def read_value(setting: Setting, text: str) -> Value:
    """Return what a person typed for ``setting`` as its value; raises ``UserError`` otherwise."""
    typed = clean_text(text, field=setting.key, limit=2_000)
    if setting.kind is Kind.NUMBER:
        return _read_number(setting, typed)
    if setting.kind is Kind.YES_NO:
        return _read_yes_no(setting, typed)
    if setting.kind is Kind.CHOICE:
        return _read_choice(setting, typed)
    return typed


def _read_number(setting: Setting, typed: str) -> int:
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1
    if not setting.lowest <= number <= setting.highest:
        raise UserError(
            f"{setting.label}: type a whole number from {setting.lowest} to {setting.highest}.",
            field=setting.key,
        )
    return number


def _read_yes_no(setting: Setting, typed: str) -> bool:
    word = typed.lower()
    if word not in _YES | _NO:
        raise UserError(f"{setting.label}: type yes or no.", field=setting.key)
    return word in _YES


def _read_choice(setting: Setting, typed: str) -> str:
    for value, words in setting.choices:
        if typed.casefold() in (value.casefold(), words.casefold()):
            return value
    offered = ", ".join(value for value, _ in setting.choices)
    raise UserError(f"{setting.label}: choose one of {offered}.", field=setting.key)

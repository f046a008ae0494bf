"""Text that people type: cleaning, names of persons, folding for search, shortening.

Pure functions. How full names are read is the rule *How we read them* of the import formats.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from app.core.kernel.errors import UserError

#: Characters that one line of a form may hold.
LINE_LIMIT = 200
#: Characters that a free text may hold.
TEXT_LIMIT = 100_000
ELLIPSIS = "\N{HORIZONTAL ELLIPSIS}"

_APOSTROPHES = frozenset("'`\u00b4\u02b9\u02bb\u02bc\u02bd\u02bf\u2018\u2019\u201b\u2032\uff07")
#: Letters that decomposition leaves whole, as people type them on a US keyboard.
_PLAIN_LETTERS = str.maketrans(
    {"æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "ħ": "h", "ı": "i"}
)
#: Bidirectional overrides can make a name read as another one; lone surrogates cannot be stored;
#: Cc, Zl and Zp are Unicode's; the last ones take no room and join nothing, so that text of them
#: alone looks empty. Joiners stay: emoji and several scripts need them.
_CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    r"\u00ad\u180e\u200b\u2060-\u2064\ufeff]"
)
_SPACES = re.compile(r"\s+")
#: What each ASCII byte is folded to.
_FOLDED = bytes(ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)).ljust(
    256, b" "
)
_COUPLE = re.compile(r"\s+(?:&|and)\s+", re.IGNORECASE)
_HYPHENS_AND_SPACES = re.compile(r"[\s\-\u2010\u2011]+")
_PARTICLE = re.compile(
    r"(van|von|vom|zu|zum|zur|der|den|de|la|le|las|los|del|della|di|da|do|dos|das|du|bin|ibn"
    r"|bint|ben|al|el|ter|ten|te|st\.?|san|santa|mac|mc|af|av)",
    re.IGNORECASE,
)
_SUFFIXES = {
    "jr": "Jr.",
    "sr": "Sr.",
    "ii": "II",
    "iii": "III",
    "iv": "IV",
    "v": "V",
    "esq": "Esq.",
    "phd": "PhD",
    "md": "MD",
}


# Cleaning


def clean_line(text: str, *, field: str | None = None, limit: int = LINE_LIMIT) -> str:
    """Return ``text`` as one line: composed (NFC), without control characters, spaces single.

    Raises ``UserError`` naming ``field`` when it is longer than ``limit`` characters.
    """
    line = _SPACES.sub(" ", _without_controls(text, keep="\t\n\r")).strip()
    return _within(line, limit, field)


def clean_text(text: str, *, field: str | None = None, limit: int = TEXT_LIMIT) -> str:
    """Return ``text`` with its lines: composed, line ends as ``\\n``, no other control characters.

    Raises ``UserError`` naming ``field`` when it is longer than ``limit`` characters.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return _within(_without_controls(lines, keep="\n\t").strip(), limit, field)


def _without_controls(text: str, *, keep: str) -> str:
    # Looked for by one pattern, or at once: a note of 50,000 words is kept while it is typed.
    if text.isascii():
        return text.encode("ascii").translate(None, _ascii_controls(keep)).decode("ascii")
    kept = _CONTROLS.sub(lambda found: found[0] if found[0] in keep else "", text)
    return kept if kept.isascii() else unicodedata.normalize("NFC", kept)


@cache
def _ascii_controls(keep: str) -> bytes:
    return bytes(code for code in (*range(32), 127) if chr(code) not in keep)


def _within(text: str, limit: int, field: str | None) -> str:
    if len(text) > limit:
        raise UserError(f"That is {len(text):,} characters; {limit:,} fit here.", field=field)
    return text


# Search


def fold(text: str) -> str:
    """Return ``text`` as search compares it.

    Case, accents, apostrophes and punctuation do not count: ``O'Brien-Müller`` is
    ``obrien muller``, an e-mail address becomes its words. Folding twice changes nothing.
    """
    if text.isascii():
        # The same, at once: lists of thousands of people are folded while they load.
        return b" ".join(text.encode().translate(_FOLDED, b"'`").split()).decode()
    decomposed = unicodedata.normalize("NFKD", text).casefold().translate(_PLAIN_LETTERS)
    chars: list[str] = []
    for char in unicodedata.normalize("NFKD", decomposed).casefold():
        category = unicodedata.category(char)
        if category == "Mn" or char in _APOSTROPHES:
            continue
        chars.append(char if category[0] in "LNM" else " ")
    return " ".join("".join(chars).split())


def finds(query: str, folded: str) -> bool:
    """Return whether every word of ``query`` begins a word of ``folded`` (made by ``fold``)."""
    haystack = f" {folded}"
    return all(f" {word}" in haystack for word in fold(query).split())


def digits(text: str) -> str:
    """Return the ASCII digits of ``text``; other scripts' digits become ASCII."""
    return "".join(
        str(unicodedata.digit(char)) for char in text if unicodedata.digit(char, -1) >= 0
    )


# Names of persons


@dataclass(frozen=True, slots=True)
class PersonName:
    """A person's legal name, and the one the person chose to be called by."""

    given: str = ""
    middle: str = ""
    family: str = ""
    suffix: str = ""
    chosen: str = ""

    @property
    def called(self) -> str:
        """Return the name in a greeting: the chosen name, else the given one, else the family's."""
        return self.chosen or self.given or self.family

    @property
    def display(self) -> str:
        """Return the name on screens: chosen (else given) name and legal family name."""
        return _joined(self.chosen or self.given, self.family)

    @property
    def legal(self) -> str:
        """Return the name on papers for insurers, without the chosen name."""
        return _joined(self.given, self.middle, self.family, self.suffix)

    @property
    def filed(self) -> str:
        """Return the name in lists by family: ``Okonkwo-Bell, Daniel``."""
        return ", ".join(part for part in (self.family, self.chosen or self.given) if part)

    @property
    def initials(self) -> str:
        """Return two letters: of the name called by, and of the last part of the family name."""
        return initials(self.chosen or self.given, self.family)

    @property
    def sort_key(self) -> str:
        """Return what lists by name sort by: the display name, folded."""
        return fold(self.display)


@dataclass(frozen=True, slots=True)
class ReadName:
    """A full name as read from one field. ``doubtful`` = a person should look at the split."""

    name: PersonName
    doubtful: bool


def read_full_name(text: str) -> ReadName:
    """Split a full name as another system wrote it.

    ``Last, First M.`` where there is a comma; else the first word is the given name, single
    letters after it the middle one, the rest the family name with its particles. Two words
    that could both be given names, or a lone word, are doubtful. Empty text gives empty names.
    """
    parts = [
        part for part in (clean_line(part, limit=TEXT_LIMIT) for part in text.split(",")) if part
    ]
    parts, suffix = _suffix_after_comma(parts)
    if not parts:
        return ReadName(PersonName(), doubtful=True)
    if len(parts) == 1:
        return _read_in_order(parts[0].split(" "), suffix)
    family, family_suffix = _suffix_at_end(parts[0].split(" "), leaving=1)
    words, given_suffix = _suffix_at_end(" ".join(parts[1:]).split(" "), leaving=1)
    name = PersonName(
        given=words[0],
        middle=" ".join(words[1:]),
        family=" ".join(family),
        suffix=suffix or family_suffix or given_suffix,
    )
    return ReadName(name, doubtful=any(not _is_letter(word) for word in words[1:]))


def read_given_names(text: str) -> tuple[str, str]:
    """Split a *first name* field into given and middle name: ``Ingrid F.``, ``Mary Ann``.

    Only single letters at the end are a middle name; two names stay together.
    """
    words = text.split()
    end = len(words)
    while end > 1 and _is_letter(words[end - 1]):
        end -= 1
    return " ".join(words[:end]), " ".join(words[end:])


def split_couple(text: str) -> tuple[str, ...]:
    """Return the full names in ``text``: two where it holds " & " or " and ", else one.

    A partner given without a family name takes the other's: ``Ana & Luis Prieto``.
    """
    whole = text.strip()
    halves = _COUPLE.split(whole)
    if len(halves) != 2 or not all(halves):
        return (whole,) if whole else ()
    first, second = halves
    if " " not in first and " " in second and "," not in second:
        first = _joined(first, read_full_name(second).name.family)
    return first, second


def initials(given: str, family: str) -> str:
    """Return the first letters of ``given`` and of the last part of ``family``, in capitals."""
    last = [part for part in _HYPHENS_AND_SPACES.split(family) if part]
    letters = given.strip()[:1] + (last[-1][:1] if last else "")
    return letters.upper()


def _read_in_order(words: list[str], suffix: str) -> ReadName:
    words, suffix_at_end = _suffix_at_end(words, leaving=2)
    given, rest = words[0], words[1:]
    middle: list[str] = []
    while len(rest) > 1 and _is_letter(rest[0]):
        middle.append(rest.pop(0))
    name = PersonName(given, " ".join(middle), " ".join(rest), suffix or suffix_at_end)
    unclear = not rest or _is_letter(rest[-1]) or any(not _is_particle(word) for word in rest[:-1])
    return ReadName(name, doubtful=unclear)


def _suffix_after_comma(parts: list[str]) -> tuple[list[str], str]:
    # "Walsh, Gideon, Jr." and "Gideon Walsh, Jr.": what follows the last comma is no given name.
    if len(parts) > 1 and (suffix := _as_suffix(parts[-1])):
        return parts[:-1], suffix
    return parts, ""


def _suffix_at_end(words: list[str], *, leaving: int) -> tuple[list[str], str]:
    # A single letter is a middle name or an initial far more often than "the fifth".
    if len(words) > leaving and len(words[-1]) > 1 and (suffix := _as_suffix(words[-1])):
        return words[:-1], suffix
    return words, ""


def _as_suffix(word: str) -> str:
    return _SUFFIXES.get(word.replace(".", "").casefold(), "")


def _is_letter(word: str) -> bool:
    # Only letters with case: in Chinese one character is a whole name.
    bare = word.removesuffix(".")
    return len(bare) == 1 and bare.isalpha() and bare.lower() != bare.upper()


def _is_particle(word: str) -> bool:
    return bool(_PARTICLE.fullmatch(word)) or word[-1:] in _APOSTROPHES or word.endswith("-")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


# Shortening


def elide(text: str, width: int) -> str:
    """Return ``text`` in at most ``width`` characters, the end replaced by an ellipsis."""
    if len(text) <= width:
        return text
    return text[: max(width - 1, 0)].rstrip() + ELLIPSIS


def elide_middle(text: str, width: int) -> str:
    """Return a file name in at most ``width`` characters, its beginning and its ending kept."""
    if len(text) <= width:
        return text
    kept = max(width - 1, 0)
    tail = kept // 2
    return text[: kept - tail] + ELLIPSIS + (text[-tail:] if tail else "")


def listed(words: list[str]) -> str:
    """Return words as a sentence lists them: ``a``, ``a and b``, ``a, b and c``."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"

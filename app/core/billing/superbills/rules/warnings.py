"""What can be issued as it is, but somebody should look at (reference: warn; and quiet lines)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from uuid import UUID

from app.core.billing.superbills.rules.choosing import live_elsewhere
from app.core.billing.superbills.rules.drafting import Draft, license_for
from app.core.billing.superbills.rules.facts import Holder, Session
from app.core.billing.superbills.rules.findings import (
    Act,
    Found,
    Mend,
    day_words,
    days_words,
    link,
)
from app.core.kernel.money import ZERO, total
from app.core.kernel.text import listed
from app.core.practice.rules.identifiers import TaxIdKind
from app.core.practice.rules.places import (
    OFFICE,
    TELEHEALTH_ELSEWHERE,
    TELEHEALTH_HOME,
    SessionFormat,
)
from app.core.team.rules import holds_on

VIDEO_MODIFIER, OLD_VIDEO_MODIFIER, PHONE_MODIFIER = "95", "GT", "93"
_TELEHEALTH_MODIFIERS = frozenset({VIDEO_MODIFIER, OLD_VIDEO_MODIFIER, PHONE_MODIFIER})
_TELEHEALTH_PLACES = frozenset({TELEHEALTH_HOME, TELEHEALTH_ELSEWHERE})


def telehealth_in_office(draft: Draft) -> Iterator[Found]:
    """A telehealth modifier on a session in the office."""
    for line in draft.lines:
        used = _TELEHEALTH_MODIFIERS.intersection(line.modifiers)
        if used and line.place == OFFICE:
            sentence = f"Modifier {listed(sorted(used))} at the office, {day_words(line.held_on)}"
            yield Found(sentence, _open_session(line, "location"))


def no_telehealth_modifier(draft: Draft) -> Iterator[Found]:
    """Telehealth sessions without the modifier that says so; by phone it is another one."""
    without = [
        line
        for line in draft.lines
        if line.place in _TELEHEALTH_PLACES
        and not _TELEHEALTH_MODIFIERS.intersection(line.modifiers)
    ]
    for modifier in (VIDEO_MODIFIER, PHONE_MODIFIER):
        lines = [line for line in without if _modifier_for(line) == modifier]
        if lines:
            days = days_words(line.held_on for line in lines)
            yield Found(f"Telehealth modifier absent, {days}", _add_modifier(modifier, lines))


def part_paid(draft: Draft) -> Iterator[Found]:
    """Lines of which something is still owed."""
    lines = [line for line in draft.lines if line.paid > ZERO and line.owed > ZERO]
    if lines:
        owed = total(line.owed for line in lines)
        days = days_words(line.held_on for line in lines)
        yield Found(f"Part paid, {days}: {owed} is still owed", _take_payment(draft, lines[0]))


def unpaid(draft: Draft) -> Iterator[Found]:
    """Unpaid lines that the person included."""
    lines = [line for line in draft.lines if line.paid <= ZERO]
    if lines:
        days = days_words(line.held_on for line in lines)
        yield Found(f"Not paid, {days}", _take_payment(draft, lines[0]))


def fee_below_usual(draft: Draft) -> Iterator[Found]:
    """Lines charged below the usual fee: the paper shows the difference as an adjustment."""
    lines = [line for line in draft.lines if line.reduced_by]
    if lines:
        count = "1 line" if len(lines) == 1 else f"{len(lines)} lines"
        mend = link("Look at the fees", "case", lines[0].case_id, "fees")
        yield Found(f"Fee below the usual fee, {count}", mend)


def ssn_as_tax_id(draft: Draft) -> Iterator[Found]:
    """A Social Security number where an EIN would do."""
    practice = draft.facts.practice
    if practice.tax_id and practice.tax_id_kind is TaxIdKind.SSN:
        mend = link("Use an EIN", "practice", draft.facts.practice_id, "tax_id")
        yield Found("Your Social Security number is printed as tax ID", mend)


def note_not_signed(draft: Draft) -> Iterator[Found]:
    """Sessions without a signed note."""
    lines = [line for line in draft.lines if line.appointment_id and not line.note_signed]
    if lines:
        days = days_words(line.held_on for line in lines)
        words = "Sign the note" if len(lines) == 1 else "Sign the first note"
        yield Found(f"Note not signed, {days}", _session_link(words, lines[0], "note"))


def duplicate_line(draft: Draft) -> Iterator[Found]:
    """The same code twice on one day by one provider."""
    counts = Counter((line.held_on, line.code, line.rendering_id) for line in draft.lines)
    for line in draft.lines:
        key = (line.held_on, line.code, line.rendering_id)
        if counts.pop(key, 0) > 1:
            sentence = f"{line.code or line.description} twice on {day_words(line.held_on)}"
            yield Found(sentence, _open_session(line, "lines"))


def on_another_superbill(draft: Draft) -> Iterator[Found]:
    """Lines that a live superbill holds already."""
    held: dict[Holder, list[Session]] = {}
    for line in draft.lines:
        for holder in live_elsewhere(line, draft.wish):
            held.setdefault(holder, []).append(line)
    for holder, lines in held.items():
        days = days_words(line.held_on for line in lines)
        mend = link(f"Open {holder.number}", "superbill", holder.id, "number")
        yield Found(f"Already on {holder.number}: {days}", mend)


def outside_license(draft: Draft) -> Iterator[Found]:
    """Dates on which no license of the provider or supervisor held: the one printed is wrong."""
    for clinician in draft.clinicians:
        outside: dict[tuple[UUID, str], list[date]] = {}
        for line in draft.lines:
            printed = license_for(clinician, line.held_on)
            if printed is not None and not holds_on(printed, line.held_on):
                ended = printed.valid_to is not None and printed.valid_to < line.held_on
                field = "valid_to" if ended else "valid_from"
                outside.setdefault((printed.id, field), []).append(line.held_on)
        for (license_id, field), days in outside.items():
            mend = link("Correct the license", "license", license_id, field)
            sentence = f"Outside the dates of {clinician.name}’s license: {days_words(days)}"
            yield Found(sentence, mend)


def code_unchecked(draft: Draft) -> Iterator[Found]:
    """One line where the ICD-10-CM table in force on a date is not held."""
    for line in draft.lines:
        for diagnosis in draft.diagnoses_on(line):
            verdict = draft.facts.judges.icd(diagnosis.code, line.held_on)
            if not verdict.governing:
                mend = link("Look at the diagnosis", "client", diagnosis.client_id, "diagnosis")
                yield Found(verdict.quiet_line, mend)
                return


def no_insurance(draft: Draft) -> Iterator[Found]:
    """A client whose insurance is not on record: the client has to fill it in by hand."""
    if draft.person and draft.person.insurance is None:
        mend = link("Add insurance", "client", draft.person.client_id, "insurance")
        yield Found("No insurance is on record: its cells stay empty.", mend)


def _modifier_for(line: Session) -> str:
    return PHONE_MODIFIER if line.format is SessionFormat.PHONE else VIDEO_MODIFIER


def _add_modifier(modifier: str, lines: Iterable[Session]) -> Mend:
    words = f"Add modifier {modifier}"
    known = [line for line in lines if line.service_line_id]
    records = tuple(
        ("service_line", line.service_line_id) for line in known if line.service_line_id
    )
    if not records:
        return _open_session(next(iter(lines)), "lines")
    return Mend(words, records, "modifiers", Act.ADD_MODIFIER, modifier)


def _take_payment(draft: Draft, line: Session) -> Mend:
    client = draft.person.client_id if draft.person else None
    if client is None:
        return link("Record payment", "case", line.case_id, "payment")
    return link("Record payment", "client", client, "payment")


def _open_session(line: Session, field: str) -> Mend:
    return _session_link("Open the session", line, field)


def _session_link(words: str, line: Session, field: str) -> Mend:
    if line.appointment_id is None:
        return link(words, "case", line.case_id, field)
    return link(words, "appointment", line.appointment_id, field)

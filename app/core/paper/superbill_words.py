"""The sentences of a superbill: what was paid, and what its codes stand for."""

from __future__ import annotations

from app.core.billing.superbills.content.printed import Line, SuperbillContent

#: Our own words for places of service and modifiers; others are printed as they are.
_PLACES = {
    "11": "office",
    "10": "telehealth with the patient at home",
    "02": "telehealth with the patient elsewhere",
    "12": "patient’s home",
    "03": "school",
    "53": "community mental health center",
    "99": "other place",
}
_MODIFIERS = {
    "95": "live audio and video",
    "GT": "live audio and video",
    "93": "audio only",
    "HO": "master’s degree level",
    "HN": "bachelor’s degree level",
    "HP": "doctoral level",
    "AJ": "clinical social worker",
    "AH": "clinical psychologist",
    "HQ": "group setting",
}


def paid_sentences(content: SuperbillContent) -> tuple[str, str]:
    """Return the two bold sentences: what the client paid, and whom to pay."""
    owed = content.charged + content.adjusted
    if not content.balance:
        first = "The client has paid for these services in full."
    else:
        first = f"The client has paid {content.paid} of {owed} for these services."
    return first, "Please send any reimbursement to the client."


def legend(content: SuperbillContent) -> str:
    """Return what the codes on the lines stand for, and the counts."""
    lines = content.lines
    # In the order of our table: the office first, then telehealth.
    used = {line.place for line in lines if line.place}
    known = [code for code in _PLACES if code in used]
    places = _explained([*known, *sorted(used - set(known))], _PLACES)
    sentences = [f"Place of service: {places}."] if places else []
    modifiers = sorted({modifier for line in lines for modifier in line.modifiers})
    sentences.extend(
        f"Modifier {word}: {_MODIFIERS[word]}." for word in modifiers if word in _MODIFIERS
    )
    sentences.append(_counts(lines))
    if len(content.diagnoses) > 1:
        codes = ", ".join(
            f"{diagnosis.letter}: {diagnosis.code}" for diagnosis in content.diagnoses
        )
        sentences.append(f"{codes}.")
    return " ".join(sentences)


def _explained(codes: list[str], words: dict[str, str]) -> str:
    return ", ".join(f"{code} {words[code]}" if code in words else code for code in codes)


def _counts(lines: tuple[Line, ...]) -> str:
    dates = len({line.held_on for line in lines})
    units = sum(line.units for line in lines)
    return f"{_counted(dates, 'date')} of service, {_counted(units, 'unit')}."


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"

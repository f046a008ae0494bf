"""What the review asks a person to look at: one entry for each kind of trouble, with its mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.core.exchange.plans import ImportPlan, Problem, RowRef, Trouble
from app.core.kernel.text import listed
from app.core.practice.rules.catalogue import CaseKind
from app.ui.exchange.choosing import names_of
from app.ui.widgets.phrases import plural
from app.ui.widgets.status import Tone

#: Rows that a sentence names before it counts the rest.
_NAMED = 3


class Mend(StrEnum):
    """What opens under an entry."""

    SHOW = "SHOW"
    NAMES = "NAMES"
    BIRTH_DATES = "BIRTH_DATES"
    SAME = "SAME"


@dataclass(frozen=True, slots=True)
class Finding:
    """One entry of *Please look at these*."""

    icon: str
    tone: Tone
    title: str
    detail: str
    link: str
    mend: Mend
    problems: tuple[Problem, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Look:
    """How a kind of trouble is shown. ``one`` and ``many`` are its titles."""

    icon: str
    tone: Tone
    one: str
    many: str
    detail: str
    link: str = "Show"
    mend: Mend = Mend.SHOW


_EMPTY = "{Values} in {rows}. The field stays empty and is listed."
_LOOKS: Mapping[Trouble, _Look] = {
    Trouble.NO_NAME: _Look(
        "octagon-alert",
        Tone.DANGER,
        "{Row} is refused: it has no name",
        "{n} rows are refused: they have no name",
        "Only this stands there: {Values}. It is listed in the report.",
        "Type a name",
        Mend.NAMES,
    ),
    Trouble.LONG_NAME: _Look(
        "octagon-alert",
        Tone.DANGER,
        "{Row} is refused: its name is too long",
        "{n} rows are refused: their names are too long",
        "{Values} in {rows}.",
        "Type a name",
        Mend.NAMES,
    ),
    Trouble.DUPLICATE: _Look(
        "copy",
        Tone.QUIET,
        "{Row} is the same as {other}",
        "{n} rows are the same as earlier ones",
        "{Values}, every cell the same. It counts once.",
        "Show both",
    ),
    Trouble.SAME_PERSON: _Look(
        "copy",
        Tone.QUIET,
        "{Row} is the person of {other}",
        "{n} rows are people of earlier rows",
        "{Values}: the name agrees, and birth date, email or phone. The first row counts.",
    ),
    Trouble.KNOWN: _Look(
        "user-round",
        Tone.QUIET,
        "{value} is your client already",
        "{n} people are your clients already",
        "{Values}. Their records stay as they are.",
    ),
    Trouble.NAME_ALONE: _Look(
        "user-round-search",
        Tone.WARN,
        "You have a client called {value}",
        "{n} names belong to clients you have",
        "{Values} in {rows}. Nothing but the name agrees. Is it the same person?",
        "Decide",
        Mend.SAME,
    ),
    Trouble.DOUBTFUL_NAME: _Look(
        "user-round-search",
        Tone.WARN,
        "1 name could be read two ways",
        "{n} names could be read two ways",
        "{Values} in {rows}. Where does the family name begin?",
        "Decide",
        Mend.NAMES,
    ),
    Trouble.LONE_COUPLE: _Look(
        "users-round",
        Tone.WARN,
        "1 couple names one person",
        "{n} couples name one person",
        "{Values} in {rows}. Each arrives alone; add the partner later.",
    ),
    Trouble.BIRTH_DATE: _Look(
        "cake",
        Tone.WARN,
        "1 birth date could not be read",
        "{n} birth dates could not be read",
        _EMPTY,
        "Fill in",
        Mend.BIRTH_DATES,
    ),
    Trouble.WHOSE_BIRTH_DATE: _Look(
        "cake",
        Tone.WARN,
        "1 birth date stands for two people",
        "{n} birth dates stand for two people",
        "{Values} in {rows}. The field stays empty for both and is listed.",
    ),
    Trouble.FIELD: _Look(
        "pencil-line",
        Tone.WARN,
        "1 value could not be read",
        "{n} values could not be read",
        _EMPTY,
    ),
    Trouble.NO_PAYER: _Look(
        "shield-check",
        Tone.WARN,
        "1 insurance ID has no insurer",
        "{n} insurance IDs have no insurer",
        "{Values} in {rows}. They are kept as a remark on the record.",
    ),
    Trouble.NOT_JOINED: _Look(
        "link",
        Tone.WARN,
        "1 person stands in one file only",
        "{n} people stand in one file only",
        "{Values}. They arrive with what that file says.",
    ),
    Trouble.JOINED_TWICE: _Look(
        "link",
        Tone.WARN,
        "1 name fits several clients",
        "{n} names fit several clients",
        "{Values}. Nobody got these details; add them by hand.",
    ),
    Trouble.SHAPE: _Look(
        "columns-2",
        Tone.WARN,
        "{Row} has more cells than columns",
        "{n} rows have more cells than columns",
        "{Rows}: a comma too many, perhaps. Check them after the import.",
    ),
}


def findings(plan: ImportPlan) -> tuple[Finding, ...]:
    """Return what there is to look at: refusals first, then what counts once, couples, the rest."""
    by_trouble: defaultdict[Trouble, list[Problem]] = defaultdict(list)
    for problem in plan.problems:
        by_trouble[problem.trouble].append(problem)
    found = [
        _finding(plan, _LOOKS[each], by_trouble[each]) for each in Trouble if each in by_trouble
    ]
    first = [each for each in found if each.tone is not Tone.WARN]
    rest = [each for each in found if each.tone is Tone.WARN]
    return (*first, *_couples(plan), *rest)


def _finding(plan: ImportPlan, look: _Look, problems: list[Problem]) -> Finding:
    rows = _rows(plan, [problem.row for problem in problems])
    values = _some([f"“{problem.value}”" for problem in problems if problem.value]) or "nothing"
    first = problems[0]
    words = {
        "n": f"{len(problems):,}",
        "rows": rows,
        "Rows": rows[:1].upper() + rows[1:],
        "Row": _capital(plan.place(first.row)),
        "other": plan.place(first.other) if first.other else "",
        "value": first.value,
        "Values": values,
    }
    title = look.one if len(problems) == 1 else look.many
    return Finding(
        look.icon,
        look.tone,
        title.format(**words),
        look.detail.format(**words),
        look.link,
        look.mend,
        tuple(problems),
        tuple(plan.sentence(problem) for problem in problems),
    )


def _couples(plan: ImportPlan) -> tuple[Finding, ...]:
    couples = [each for each in plan.arrivals if each.kind is CaseKind.COUPLE]
    if not couples:
        return ()
    people = sum(len(each.people) for each in couples)
    cases = plural(len(couples), "couple case")
    title = (
        f"{plural(len(couples), 'couple')} {'becomes' if len(couples) == 1 else 'become'} "
        f"{people} people in {cases}"
    )
    return (
        Finding(
            "users-round",
            Tone.INFO,
            title,
            "Phone, email and address go to both, marked shared; insurance to the first.",
            "Show",
            Mend.SHOW,
            lines=tuple(f"{_capital(plan.place(c.row))}: {names_of(plan, c)}" for c in couples),
        ),
    )


def _rows(plan: ImportPlan, rows: list[RowRef]) -> str:
    if len(rows) == 1 or any(row.file != plan.sheets.plain for row in rows):
        return _some([plan.place(row) for row in rows])
    return f"rows {_some([str(row.number) for row in rows])}"


def _some(words: list[str]) -> str:
    if len(words) > _NAMED + 1:
        return f"{', '.join(words[:_NAMED])} and {len(words) - _NAMED:,} more"
    return listed(words)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]

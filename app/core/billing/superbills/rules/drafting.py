"""Superbills to be: one for each person, and for each provider with the license of the dates.

One superbill is for one person and states one provider; a license, NPI or supervisor that
changed within the dates makes two, so that every line is true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.core.billing.superbills.rules.choosing import LeftOut, Omission, Wish, choose
from app.core.billing.superbills.rules.facts import Clinician, Facts, HeldLicense, Person, Session
from app.core.billing.superbills.rules.parties import Provider, Providers
from app.core.clinical.rules.diagnoses import Diagnosis, valid_for_session
from app.core.team.rules import LicenseFields, license_as_of

#: A line of a claim points at four diagnoses at most.
MOST_POINTERS = 4


@dataclass(frozen=True, slots=True)
class Draft:
    """One superbill before it is issued. ``person`` is missing where no patient is named."""

    facts: Facts
    person: Person | None
    providers: Providers
    clinicians: tuple[Clinician, ...]
    """Who rendered, then who supervised."""
    first_on: date
    last_on: date
    lines: tuple[Session, ...]
    omitted: tuple[Omission, ...]
    wish: Wish

    @property
    def key(self) -> tuple[UUID, ...]:
        """Return what tells this draft from the others of the same dates."""
        subject = self.person.client_id if self.person else self.lines[0].case_id
        licenses = (license_for(each, self.lines[0].held_on) for each in self.clinicians)
        return (
            subject,
            *(clinician.member_id for clinician in self.clinicians),
            *(held.id for held in licenses if held is not None),
        )

    @property
    def title(self) -> str:
        """Return whom it is for, as lists show it."""
        return self.person.name.display if self.person else self.lines[0].case_title

    @property
    def diagnoses(self) -> tuple[Diagnosis, ...]:
        """Return every dated diagnosis of the person."""
        return self.facts.diagnoses.get(self.person.client_id, ()) if self.person else ()

    def diagnoses_on(self, line: Session) -> tuple[Diagnosis, ...]:
        """Return the diagnoses that a line points at, the principal one first."""
        return valid_for_session(self.diagnoses, line.held_on, line.case_id)[:MOST_POINTERS]


def license_for(clinician: Clinician, day: date) -> HeldLicense | None:
    """Return the license to print for ``day``: the one that held, else the nearest one.

    A day outside every license is the pre-flight's to warn of.
    """
    held = license_as_of(clinician.licenses, day)
    if held is not None or not clinician.licenses:
        return held
    return min(clinician.licenses, key=lambda each: _days_off(each, day))


def drafts(facts: Facts, first_on: date, last_on: date, wish: Wish) -> tuple[Draft, ...]:
    """Return the superbills that the sessions of these dates make, by the person's name.

    Sessions left out stand with the person's first draft; a person with none of their sessions
    left in has no draft.
    """
    found: list[Draft] = []
    for sessions in _by_subject(facts.sessions):
        chosen, omitted = choose(sessions, wish)
        for number, (providers, lines) in enumerate(_by_providers(facts, chosen)):
            patient = lines[0].client_id
            found.append(
                Draft(
                    facts=facts,
                    person=facts.people.get(patient) if patient else None,
                    providers=providers,
                    clinicians=_clinicians(facts, lines[0]),
                    first_on=first_on,
                    last_on=last_on,
                    lines=lines,
                    omitted=omitted if number == 0 else (),
                    wish=wish,
                )
            )
    return tuple(sorted(found, key=_by_name))


def issued_already(facts: Facts, wish: Wish) -> tuple[Omission, ...]:
    """Return the sessions that are left out because a live superbill holds them."""
    _, omitted = choose(facts.sessions, wish)
    return tuple(each for each in omitted if each.reason is LeftOut.ISSUED)


def _by_subject(sessions: Sequence[Session]) -> list[list[Session]]:
    subjects: dict[UUID, list[Session]] = {}
    for session in sessions:
        subjects.setdefault(session.client_id or session.case_id, []).append(session)
    return list(subjects.values())


def _by_providers(
    facts: Facts, sessions: Sequence[Session]
) -> list[tuple[Providers, tuple[Session, ...]]]:
    groups: dict[Providers, list[Session]] = {}
    for session in sessions:
        groups.setdefault(_providers(facts, session), []).append(session)
    return [(providers, tuple(lines)) for providers, lines in groups.items()]


def _providers(facts: Facts, session: Session) -> Providers:
    rendering, *supervising = (
        _provider(clinician, session.held_on) for clinician in _clinicians(facts, session)
    )
    return Providers(rendering, supervising[0] if supervising else None)


def _clinicians(facts: Facts, session: Session) -> tuple[Clinician, ...]:
    ids = (session.rendering_id, session.supervisor_id)
    return tuple(facts.clinicians[each] for each in ids if each is not None)


def _provider(clinician: Clinician, day: date) -> Provider:
    printed = license_for(clinician, day)
    held = printed.fields if printed else LicenseFields("", "")
    return Provider(
        name=clinician.name,
        license_number=held.number,
        license_kind=held.kind,
        license_state=held.state,
        npi=clinician.npi,
        taxonomy=clinician.taxonomy,
    )


def _days_off(held: HeldLicense, day: date) -> int:
    before = (held.valid_from - day).days if held.valid_from else 0
    after = (day - held.valid_to).days if held.valid_to else 0
    return max(before, after)


def _by_name(draft: Draft) -> tuple[str, date, str]:
    key = draft.person.name.sort_key if draft.person else draft.title.casefold()
    return key, draft.lines[0].held_on, draft.providers.rendering.name

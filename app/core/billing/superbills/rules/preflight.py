"""The pre-flight: a table of rules, and what they find of a superbill before it is issued."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from app.core.billing.superbills.rules import blocks, warnings
from app.core.billing.superbills.rules.drafting import Draft
from app.core.billing.superbills.rules.findings import Finding, Found, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the table; ``find`` yields what is wrong with a draft, or nothing."""

    severity: Severity
    find: Callable[[Draft], Iterator[Found]]

    @property
    def code(self) -> str:
        """Return the rule's name, the same in the window, on the command line and in tests."""
        return self.find.__name__


RULES: tuple[Rule, ...] = (
    Rule(Severity.BLOCK, blocks.no_identified_patient),
    Rule(Severity.BLOCK, blocks.no_legal_name),
    Rule(Severity.BLOCK, blocks.no_birth_date),
    Rule(Severity.BLOCK, blocks.not_printable),
    Rule(Severity.BLOCK, blocks.no_diagnosis),
    Rule(Severity.BLOCK, blocks.diagnosis_later),
    Rule(Severity.BLOCK, blocks.code_not_billable),
    Rule(Severity.BLOCK, blocks.too_many_diagnoses),
    Rule(Severity.BLOCK, blocks.no_service_code),
    Rule(Severity.BLOCK, blocks.no_place_of_service),
    Rule(Severity.BLOCK, blocks.no_npi),
    Rule(Severity.BLOCK, blocks.no_license),
    Rule(Severity.BLOCK, blocks.no_tax_id),
    Rule(Severity.BLOCK, blocks.no_practice_address),
    Rule(Severity.BLOCK, blocks.no_practice_phone),
    Rule(Severity.WARN, warnings.no_telehealth_modifier),
    Rule(Severity.WARN, warnings.telehealth_in_office),
    Rule(Severity.WARN, warnings.part_paid),
    Rule(Severity.WARN, warnings.unpaid),
    Rule(Severity.WARN, warnings.fee_below_usual),
    Rule(Severity.WARN, warnings.note_not_signed),
    Rule(Severity.WARN, warnings.duplicate_line),
    Rule(Severity.WARN, warnings.on_another_superbill),
    Rule(Severity.WARN, warnings.outside_license),
    Rule(Severity.WARN, warnings.ssn_as_tax_id),
    Rule(Severity.QUIET, warnings.code_unchecked),
    Rule(Severity.QUIET, warnings.no_insurance),
)


def preflight(draft: Draft) -> tuple[Finding, ...]:
    """Return everything found of ``draft``: blocks first, then warnings, then quiet lines."""
    return tuple(
        Finding(rule.code, rule.severity, found.sentence, found.mend)
        for rule in RULES
        for found in rule.find(draft)
    )


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft with what the pre-flight found of it."""

    draft: Draft
    findings: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        """Return the gravest severity found; ``QUIET`` for nothing."""
        found = {finding.severity for finding in self.findings}
        return next((each for each in Severity if each in found), Severity.QUIET)

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """Return what keeps it from being issued."""
        return tuple(each for each in self.findings if each.severity is Severity.BLOCK)


def check(draft: Draft) -> Checked:
    """Return ``draft`` with everything that the pre-flight finds of it."""
    return Checked(draft, preflight(draft))

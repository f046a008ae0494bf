"""Kinds of charges and payments, means of paying, and how they are called."""

from __future__ import annotations

from enum import StrEnum

from app.core.practice.rules.catalogue import CaseKind


class ChargeKind(StrEnum):
    """What a charge is for. A reversal has the kind of the charge that it reverses."""

    SESSION = "SESSION"
    MISSED = "MISSED"
    """A session missed or canceled late that is charged all the same; never on a superbill."""
    OPENING_BALANCE = "OPENING_BALANCE"
    """What was owed when the practice began with this program."""


class PaymentKind(StrEnum):
    """What a row of payments does."""

    PAYMENT = "PAYMENT"
    OPENING_CREDIT = "OPENING_CREDIT"
    """What the practice held for a client when it began with this program."""
    REFUND = "REFUND"
    """Money given back; below zero, of the payment that it names."""
    REVERSAL = "REVERSAL"
    """A payment entered by mistake or not honored, taken out; below zero."""


class Method(StrEnum):
    """By what means money came or went."""

    CASH = "CASH"
    CHECK = "CHECK"
    ZELLE = "ZELLE"
    CARD_ELSEWHERE = "CARD_ELSEWHERE"
    OTHER = "OTHER"
    BROUGHT_FORWARD = "BROUGHT_FORWARD"
    """Of opening credits alone: no money moved."""

    @property
    def label(self) -> str:
        """Return the word that screens and papers use."""
        return _METHOD_LABELS[self]


_METHOD_LABELS = {
    Method.CASH: "Cash",
    Method.CHECK: "Check",
    Method.ZELLE: "Zelle",
    Method.CARD_ELSEWHERE: "Card",
    Method.OTHER: "Other",
    Method.BROUGHT_FORWARD: "Credit brought forward",
}

#: What a person may choose.
OFFERED_METHODS = (
    Method.CASH,
    Method.CHECK,
    Method.ZELLE,
    Method.CARD_ELSEWHERE,
    Method.OTHER,
)

#: In these cases everybody pays for the whole: a payment or credit of one of its people reaches
#: every charge of the case. In groups each participant pays for their own part.
SHARED_CASES = frozenset({CaseKind.COUPLE, CaseKind.FAMILY})

OPENING_BALANCE_WORDS = "Balance brought forward"


def method_words(method: Method, reference: str = "") -> str:
    """Return how a paper names a payment: ``Check 1042``, ``Zelle``.

    A reference of another means than a check stands after a comma: ``Card, ending 4242``.
    """
    if not reference:
        return method.label
    if method is Method.CHECK:
        return f"{method.label} {reference}"
    return f"{method.label}, {reference}"


def within_sentence(words: str) -> str:
    """Return ``method_words`` as they stand inside a line: ``check 1042``, but ``Zelle``."""
    if words.startswith(Method.ZELLE.label):
        return words
    return words[:1].lower() + words[1:]

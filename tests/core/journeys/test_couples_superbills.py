"""Superbills of couples: whose paper it is, and what each of the two hears."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.core.billing.superbills.queries.issued import superbill, superbill_content
from app.core.cases.commands import open_case, set_identified_patient
from app.core.cases.rules import NewCase
from app.core.journeys.superbills import issue_superbill, issue_superbills, overview, proof
from app.core.kernel.errors import UserError
from app.core.practice.rules.catalogue import CaseKind
from tests.core.billing.conftest import Walter
from tests.core.journeys.superbill_practice import (
    FIRST,
    LAST,
    charges_seen,
    complete,
    hold,
    november,
    order,
)
from tests.core.paper.reading import text
from tests.support.practice import TestDesk


def test_a_couple_needs_its_patient_named(couple: tuple[Walter, Walter], desk: TestDesk) -> None:
    daniel, ruth = couple
    complete(ruth)
    desk.do(set_identified_patient, ruth.case_id, None)
    hold(daniel, 5)
    daniel.pay(165_00)
    (checked,) = november(daniel).checked
    assert checked.draft.person is None
    assert [block.code for block in checked.blocks] == ["no_identified_patient"]
    seen = replace(order(daniel), client_id=None, charge_ids=charges_seen(daniel))
    assert "Okonkwo" in text(desk.ask(proof, seen))
    desk.do(set_identified_patient, ruth.case_id, ruth.client_id)
    (checked,) = november(daniel).checked
    assert checked.draft.title == "Ruth Okonkwo"
    issued = desk.do(issue_superbill, order(ruth)).value
    assert desk.ask(superbill, issued).patient == "Ruth Okonkwo"


def test_either_of_a_couple_without_patient_hears_what_to_mend(
    couple: tuple[Walter, Walter], desk: TestDesk
) -> None:
    for each in couple:
        complete(each)
    daniel, ruth = couple
    desk.do(set_identified_patient, ruth.case_id, None)
    hold(daniel, 5)
    daniel.pay(165_00)
    for each in couple:
        (checked,) = desk.ask(overview, FIRST, LAST, client_id=each.client_id).checked
        with pytest.raises(UserError) as refused:
            desk.do(issue_superbill, order(each))
        assert refused.value.sentence == checked.blocks[0].sentence
        assert "no identified patient" in refused.value.sentence
        assert refused.value.field == "patient"
        assert refused.value.record == ("case", str(ruth.case_id))
    (result,) = desk.do(issue_superbills, [order(daniel)]).value
    assert "no identified patient" in result.refusal


def test_the_partner_hears_whose_superbill_it_is(
    couple: tuple[Walter, Walter], desk: TestDesk
) -> None:
    daniel, ruth = couple
    complete(ruth)
    desk.do(set_identified_patient, ruth.case_id, ruth.client_id)
    hold(daniel, 5)
    daniel.pay(165_00)
    assert desk.ask(overview, FIRST, LAST, client_id=daniel.client_id).checked == ()
    with pytest.raises(UserError, match="go on the superbill of Ruth Okonkwo, the identified"):
        desk.do(issue_superbill, order(daniel))
    (result,) = desk.do(issue_superbills, [order(daniel)]).value
    assert "issue it for Ruth Okonkwo" in result.refusal
    desk.do(issue_superbill, order(ruth))


def test_own_sessions_are_issued_beside_a_couple_without_patient(
    couple: tuple[Walter, Walter], desk: TestDesk
) -> None:
    daniel, ruth = couple
    complete(ruth)
    desk.do(set_identified_patient, ruth.case_id, None)
    hold(daniel, 5)
    alone = desk.do(open_case, NewCase(CaseKind.INDIVIDUAL, (ruth.client_id,))).value
    hold(replace(ruth, case_id=alone), 6)
    ruth.pay(330_00)
    issued = desk.do(issue_superbill, order(ruth)).value
    assert [line.held_on.day for line in desk.ask(superbill_content, issued).lines] == [6]

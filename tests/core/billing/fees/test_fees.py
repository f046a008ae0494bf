"""The fee of a client: own where there is one, else the catalogue's."""

from __future__ import annotations

import pytest

from app.core.billing.fees.commands import set_client_fee
from app.core.billing.fees.queries import fees_of_case
from app.core.billing.fees.rules import Fee, check_own_fee
from app.core.kernel.errors import UserError
from app.core.kernel.money import ZERO, Money
from tests.core.billing.conftest import Walter
from tests.support.practice import TestDesk


def test_own_fee_before_usual_fee() -> None:
    assert Fee(Money(165_00)).charged == Money(165_00)
    sliding = Fee(Money(165_00), Money(82_50))
    assert (sliding.charged, sliding.reduced_by) == (Money(82_50), Money(82_50))
    assert Fee(Money(100_00), Money(120_00)).reduced_by == ZERO
    assert Fee(Money(100_00), ZERO).charged == ZERO


def test_a_fee_is_never_below_zero() -> None:
    with pytest.raises(UserError) as refused:
        check_own_fee(Money(-1))
    assert refused.value.field == "fee"


def test_setting_and_taking_back_a_clients_fee(desk: TestDesk, walter: Walter) -> None:
    desk.do(set_client_fee, walter.case_id, walter.service_id, Money(100_00))
    done = desk.do(set_client_fee, walter.case_id, walter.service_id, Money(82_50))
    fees = desk.ask(fees_of_case, walter.case_id)
    assert fees[walter.service_id] == Fee(Money(165_00), Money(82_50))
    assert done.undo is not None
    desk.undo(done.undo).result()
    assert desk.ask(fees_of_case, walter.case_id)[walter.service_id].own == Money(100_00)
    desk.do(set_client_fee, walter.case_id, walter.service_id, None)
    assert desk.ask(fees_of_case, walter.case_id, [walter.service_id]) == {
        walter.service_id: Fee(Money(165_00))
    }

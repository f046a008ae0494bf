"""Pictures of Billing."""

from __future__ import annotations

from tests.ui.billing.money_shots import MONEY_SHOTS
from tests.ui.billing.superbill_shots import SUPERBILL_SHOTS

SHOTS = [*MONEY_SHOTS, *SUPERBILL_SHOTS]

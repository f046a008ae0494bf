"""The people of the billing tests."""

from tests.core.billing.conftest import couple, office, walter

__all__ = ["couple", "office", "walter"]

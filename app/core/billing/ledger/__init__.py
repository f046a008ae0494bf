"""The append-only ledger: charges, payments, and which payment paid what."""

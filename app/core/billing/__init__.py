"""Money: fees, ledger, invoices, superbills."""

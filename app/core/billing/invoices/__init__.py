"""Invoices: which charges are asked for on one paper, and by when."""

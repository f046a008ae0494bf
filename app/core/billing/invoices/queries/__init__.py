"""Reads of the invoices."""

"""Screens of money: what is to be billed, invoices, payments, superbills."""

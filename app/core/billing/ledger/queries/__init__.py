"""Reads of the ledger. Every balance is a sum; none is stored."""

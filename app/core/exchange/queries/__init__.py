"""Reads of the exchange area."""

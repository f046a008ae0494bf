"""Decisions of the account, as pure functions."""

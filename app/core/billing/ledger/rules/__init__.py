"""Decisions about charges and payments."""

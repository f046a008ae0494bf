"""Reads of the superbills: what could be billed, and what was issued."""

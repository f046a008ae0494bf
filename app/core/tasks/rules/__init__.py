"""Decisions of the tasks area."""

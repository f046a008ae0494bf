"""Decisions of the practice area, one idea a file."""

"""Reads of the clinical record."""

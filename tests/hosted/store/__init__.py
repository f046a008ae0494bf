"""Tests of the databases, their migrations and their walls."""

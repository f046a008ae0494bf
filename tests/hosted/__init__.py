"""Tests of the hosted account."""

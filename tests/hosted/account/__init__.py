"""Tests of the account: signing up and in, second factor, reset, computers."""

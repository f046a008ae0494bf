"""Tests of the HTTP skin, over real sockets."""

"""Signing in by way of the browser: codes, tokens, and where a computer keeps them."""

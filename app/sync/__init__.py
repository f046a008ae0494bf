"""Sync with the hosted account: the protocol, and the engine of the desktop."""

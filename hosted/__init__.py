"""The hosted account: the server that practices sync with."""

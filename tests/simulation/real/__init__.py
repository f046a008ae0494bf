"""The real sync engine under simulation: real stores, the real server, one thread."""

"""Before a practice is open: the first run, the lock, and what keeps it locked."""

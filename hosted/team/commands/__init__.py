"""What changes a team; each under the lock of the account."""

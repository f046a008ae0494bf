"""The plan of an account: its facts, what is granted, and the moves between plans."""

"""Long proofs. Each has a short form among the tests and a long one behind ``dev.py prove``."""

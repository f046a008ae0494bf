"""The server's half of the exchange: one log per practice, and the only place that merges."""

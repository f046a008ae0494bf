"""The shared controls: one idea a file, every state drawn from tokens."""

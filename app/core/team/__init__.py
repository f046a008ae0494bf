"""The members of the practice and their licenses."""

"""Figures of speed and size, each beside a floor measured in the same run."""

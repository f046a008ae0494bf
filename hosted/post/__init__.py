"""Letters by e-mail: written in the transaction that causes them, carried afterwards."""

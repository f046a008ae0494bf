"""The encrypted file of one practice and one member on one computer; desktop only."""

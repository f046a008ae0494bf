"""The words that a desktop and the hosted account exchange. Versioned and additive.

Each verb is one request and one answer, both JSON; the desktop and the server use these classes
alike. What a peer does not know it passes over, so that either side may be the newer one.
"""

"""Clients and cases: the list, the record page, adding and editing."""

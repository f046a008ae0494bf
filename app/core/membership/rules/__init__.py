"""Decisions about plans, prices, seats and moves, as pure functions; one file per idea."""

from app.core.membership.rules.capacity import Capacity, require_room

__all__ = ["Capacity", "require_room"]

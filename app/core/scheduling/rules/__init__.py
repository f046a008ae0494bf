"""Decisions of the calendar, as pure functions; one file per idea."""

from app.core.scheduling.rules.status import AppointmentStatus, CanceledBy, ClientPlace

__all__ = ["AppointmentStatus", "CanceledBy", "ClientPlace"]

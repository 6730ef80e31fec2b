"""Inspecting cards: staff look a card up by its number, the hotline blocks a lost one; both are logged."""

from gateway.inspection.routes import router

__all__ = ["router"]
